import type { Program } from '../../linux/process/types';
import { cmd } from './cmd';
import { powershell } from './powershell';
import { hostname, ipconfig, ping, whoami } from './system32';

export const programs: Readonly<Record<string, Program>> = {
  'windows-cmd': cmd,
  'windows-hostname': hostname,
  'windows-ipconfig': ipconfig,
  'windows-ping': ping,
  'windows-powershell': powershell,
  'windows-whoami': whoami,
};
