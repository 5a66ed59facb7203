/** What `index.ts` has programs for: known without loading them. */
export const names: readonly string[] = (
  'add-apt-repository addgroup adduser apk apt apt-cache apt-get apt-key apt-mark chage chpasswd chroot ' +
  'delgroup deluser dpkg dpkg-query fuser gpasswd gpg groupadd groupdel groupmod hostnamectl iostat ' +
  'journalctl last logger lsb_release lsblk lscpu lsmod lsof modinfo modprobe newgrp nologin passwd pstree ' +
  'rmmod runuser service sg stress su sudo swapoff swapon sysctl systemctl systemd-cgls timedatectl top useradd userdel ' +
  'usermod vmstat w crontab killall5 loginctl nice'
).split(' ');
