import type { Process } from '../../../linux/process/types';
import type { Group } from './command';
import { globalFlags } from './globals';
import { flagTable, sections, type Seen } from './help';

/** `docker --help`. */
export const rootHelp = (process: Process, root: Group, seen: Seen): string => `Usage:  docker [OPTIONS] COMMAND

${root.short}
${sections(root, seen)}
Global Options:
${flagTable(
  globalFlags(process).filter(({ hidden }) => hidden !== true),
  seen.width,
)}
Run 'docker COMMAND --help' for more information on a command.

For more help on how to use Docker, head to https://docs.docker.com/go/guides/
`;
