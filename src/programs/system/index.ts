import type { Program } from '../../linux/process/types';
import { adduser, deluser } from './accounts/adduser';
import { gpasswd, groupadd, groupdel, groupmod } from './accounts/groups';
import { chage, chpasswd, passwd } from './accounts/passwd';
import { useradd, userdel, usermod } from './accounts/useradd';
import { apk } from './apt/apk';
import { apt, aptGet } from './apt/apt-get';
import { aptMark } from './apt/apt-mark';
import { dpkg, dpkgQuery } from './apt/dpkg';
import { aptCache } from './apt/queries';
import { addAptRepository, aptKey, gpg } from './apt/repositories';
import { crontab } from './cron';
import { killall5 } from './killall5';
import { loginctl } from './loginctl';
import { nice } from './nice';
import { journalctl } from './journal/journalctl';
import { logger } from './journal/logger';
import { hostnamectl, timedatectl } from './ctl';
import { chroot } from './kernel/chroot';
import { lsblk, lscpu } from './kernel/hardware';
import { lsmod, modinfo, modprobe, swapoff, swapon } from './kernel/modules';
import { stress } from './kernel/stress';
import { sysctl } from './kernel/sysctl';
import { fuser, lsof } from './procps/lsof';
import { pstree } from './procps/pstree';
import { iostat, last, vmstat, w } from './procps/statistics';
import { top } from './procps/top';
import { lsbRelease } from './lsb-release';
import { service } from './service';
import { newgrp } from './sudo/newgrp';
import { nologin, runuser, su } from './sudo/su';
import { sudo } from './sudo/sudo';
import { systemdCgls } from './systemctl/cgls';
import { systemctl } from './systemctl/systemctl';

/** The administrator's commands. */
export const programs: Readonly<Record<string, Program>> = {
  'add-apt-repository': addAptRepository,
  addgroup: adduser,
  adduser,
  apk,
  apt,
  'apt-cache': aptCache,
  'apt-get': aptGet,
  'apt-key': aptKey,
  'apt-mark': aptMark,
  chage,
  chpasswd,
  chroot,
  crontab,
  delgroup: deluser,
  deluser,
  dpkg,
  'dpkg-query': dpkgQuery,
  fuser,
  gpasswd,
  gpg,
  groupadd,
  groupdel,
  groupmod,
  hostnamectl,
  iostat,
  journalctl,
  killall5,
  last,
  logger,
  loginctl,
  lsb_release: lsbRelease,
  lsblk,
  lscpu,
  lsmod,
  lsof,
  modinfo,
  modprobe,
  newgrp,
  nice,
  nologin,
  passwd,
  pstree,
  rmmod: modprobe,
  runuser,
  service,
  sg: newgrp,
  stress,
  su,
  sudo,
  swapoff,
  swapon,
  sysctl,
  systemctl,
  'systemd-cgls': systemdCgls,
  timedatectl,
  top,
  useradd,
  userdel,
  usermod,
  vmstat,
  w,
};
