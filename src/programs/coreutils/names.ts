/** What `index.ts` has programs for: known without loading them. */
export const names: readonly string[] =
  '[ arch base64 basename cat chgrp chmod chown clear cmp column comm cp cut date df diff dirname dmesg du echo egrep env expr false fgrep find fold free grep groups head hostname id kill killall less ln logname ls md5sum mkdir mkfifo mknod mktemp more mount mv nl nohup nproc paste pgrep pidof pkill printenv printf ps pwd readlink realpath rev rm rmdir sed seq sha1sum sha256sum sha512sum sleep sort split stat stty sync tac tail tee test timeout touch tr true truncate tty umount uname uniq uptime watch wc which whoami xargs yes'.split(
    ' ',
  );
