import type { Program } from '../../linux/process/types';
import { adduser, deluser } from './accounts/adduser';
import { gpasswd, groupadd, groupdel, groupmod } from './accounts/groups';
import { chage, chpasswd, passwd } from './accounts/passwd';
import { useradd, userdel, usermod } from './accounts/useradd';
import { journalctl } from './journal/journalctl';
import { logger } from './journal/logger';
import { service } from './service';
import { newgrp } from './sudo/newgrp';
import { nologin, runuser, su } from './sudo/su';
import { sudo } from './sudo/sudo';
import { systemctl } from './systemctl/systemctl';

/** The administrator's commands. */
export const programs: Readonly<Record<string, Program>> = {
  addgroup: adduser,
  adduser,
  chage,
  chpasswd,
  delgroup: deluser,
  deluser,
  gpasswd,
  groupadd,
  groupdel,
  groupmod,
  journalctl,
  logger,
  newgrp,
  nologin,
  passwd,
  runuser,
  service,
  sg: newgrp,
  su,
  sudo,
  systemctl,
  useradd,
  userdel,
  usermod,
};
