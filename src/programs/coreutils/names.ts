/** What `index.ts` has programs for: known without loading them. */
export const names: readonly string[] =
  '[ arch b2sum base32 base64 basename basenc busybox-ls busybox-ps cat chgrp chmod chown cksum clear cmp comm cp cut date dd df diff dir dircolors dirname dmesg du echo egrep env expr fallocate false fgrep find fold free grep groups head hostid hostname id install kill killall link ln logname ls md5sum mkdir mkfifo mknod mktemp more mount mv nl nohup nproc paste pathchk pgrep pidof pkill printenv printf ps pwd readlink realpath rev rm rmdir sed seq sha1sum sha224sum sha256sum sha384sum sha512sum shred sleep sort split stat stdbuf stty sum sync tac tail tee test timeout touch tr true truncate tty umount uname uniq unlink uptime users vdir watch wc which whoami xargs yes'.split(
    ' ',
  );
