/** What `index.ts` has programs for: known without loading them. */
export const names: readonly string[] = (
  'addgroup adduser chage chpasswd delgroup deluser gpasswd groupadd groupdel groupmod journalctl logger newgrp nologin passwd ' +
  'runuser service sg su sudo systemctl useradd userdel usermod'
).split(' ');
