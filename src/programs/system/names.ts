/** What `index.ts` has programs for: known without loading them. */
export const names: readonly string[] = (
  'add-apt-repository addgroup adduser apk apt apt-cache apt-get apt-key apt-mark chage chpasswd delgroup ' +
  'deluser dpkg dpkg-query gpasswd gpg groupadd groupdel groupmod journalctl logger lsb_release newgrp ' +
  'nologin passwd runuser service sg su sudo systemctl useradd userdel usermod'
).split(' ');
