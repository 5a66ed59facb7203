/** What `index.ts` has programs for: known without loading them. */
export const names: readonly string[] =
  'arch basename cat chgrp chmod chown cp cut date df du dmesg free [ base64 cmp column comm diff env expr fold kill killall less md5sum more mount nl nohup paste pgrep pidof pkill printenv ps rev sha1sum sha256sum sha512sum tac test timeout umount watch find egrep fgrep grep sed sort xargs groups hostname id ls mktemp readlink realpath stat stty tty uname uptime which clear dirname echo false head ln logname mkdir mv nproc printf pwd rm rmdir seq sleep sync tail tee touch tr true uniq wc whoami yes'.split(
    ' ',
  );
