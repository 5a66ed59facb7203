import type { Program } from '../../linux/process/types';
import { journalctl } from './journal/journalctl';
import { logger } from './journal/logger';
import { service } from './service';
import { systemctl } from './systemctl/systemctl';

/** The administrator's commands. */
export const programs: Readonly<Record<string, Program>> = { journalctl, logger, service, systemctl };
