import type { Program } from '../../linux/process/types';
import { quote } from '../toolkit/quote';

const help = `Usage: nice [OPTION] [COMMAND [ARG]...]
Run COMMAND with an adjusted niceness, which affects process scheduling.
With no COMMAND, print the current niceness.  Niceness values range from
-20 (most favorable to the process) to 19 (least favorable to the process).

Mandatory arguments to long options are mandatory for short options too.
  -n, --adjustment=N   add integer N to the niceness (default 10)
      --help        display this help and exit
      --version     output version information and exit

NOTE: your shell may have its own version of nice, which usually supersedes
the version described here.  Please refer to your shell's documentation
for details about the options it supports.

The scheduler of this machine keeps no niceness: every process stays at 0.
`;

/** nice(1): runs the command; the scheduler of this machine knows no niceness. */
export const nice: Program = async (process) => {
  const { stdout, stderr, args, credentials } = process;
  const hint = "\nTry 'nice --help' for more information.\n";
  let adjustment: string | undefined;
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at] ?? '';
    const attached = /^-n(.+)$|^--adj\w*=(.*)$|^-([-+]?\d+)$/.exec(arg);
    if (arg === '--help') {
      await stdout.write(help);
      return 0;
    }
    if (arg === '--version') {
      await stdout.write('nice (GNU coreutils) 9.1\n');
      return 0;
    }
    if (arg === '--') {
      at++;
      break;
    }
    if (attached) adjustment = attached[1] ?? attached[2] ?? attached[3];
    else if (/^(-n|--adj\w*)$/.test(arg)) {
      adjustment = args[++at];
      if (adjustment === undefined) {
        const option = arg === '-n' ? "option requires an argument -- 'n'" : `option '${arg}' requires an argument`;
        await stderr.write(`nice: ${option}${hint}`);
        return 125;
      }
    } else if (arg.length > 1 && arg.startsWith('-')) {
      const wrong = arg.startsWith('--') ? `unrecognized option '${arg}'` : `invalid option -- '${arg.charAt(1)}'`;
      await stderr.write(`nice: ${wrong}${hint}`);
      return 125;
    } else break;
  }
  if (adjustment !== undefined && !/^[-+]?\d+$/.test(adjustment)) {
    await stderr.write(`nice: invalid adjustment ${quote(adjustment)}\n`);
    return 125;
  }
  const argv = args.slice(at);
  const [command] = argv;
  if (command === undefined) {
    if (adjustment !== undefined) {
      await stderr.write(`nice: a command must be given with an adjustment${hint}`);
      return 125;
    }
    await stdout.write('0\n');
    return 0;
  }
  if (Number(adjustment ?? 10) < 0 && credentials.uid !== 0)
    await stderr.write('nice: cannot set niceness: Permission denied\n');
  const file = command.includes('/') ? command : process.which(command);
  const failed = file === undefined ? undefined : await process.exec(file, argv);
  if (failed?.ok) return 0;
  await stderr.write(`nice: ${quote(command)}: ${failed?.error.message ?? 'No such file or directory'}\n`);
  return failed === undefined || failed.error.code === 'ENOENT' ? 127 : 126;
};
