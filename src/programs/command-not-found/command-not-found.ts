import type { Process, Program } from '../../linux/process/types';
import { packages } from './packages';

/** Says what brings a command that is not there, or which ones are nearly called so (Debian's command-not-found). */
export const commandNotFound: Program = async (process) => {
  const options = process.args.filter((word) => word.startsWith('--') && word !== '--');
  const [name = ''] = process.args.filter((word) => !word.startsWith('--'));
  const found = packages.get(name);
  const similar = found === undefined ? near(name) : [];
  if (found !== undefined) await process.stderr.write(installable(process, name, found.name));
  else if (similar.length > 0) await process.stderr.write(meant(process, name, similar));
  else if (!options.includes('--no-failure-msg')) await process.stderr.write(`${name}: command not found\n`);
  return 127;
};

/** How a user installs something. */
const apt = (process: Process): string => (process.credentials.uid === 0 ? 'apt' : 'sudo apt');

const installable = (process: Process, name: string, packageName: string): string =>
  `Command '${name}' not found, but can be installed with:\n${apt(process)} install ${packageName}\n`;

function meant(process: Process, name: string, similar: readonly string[]): string {
  const lines = similar.map((command) => {
    const { name: from = '', version = '' } = packages.get(command) ?? {};
    return `  command '${command}' from deb ${from} (${version})\n`;
  });
  const missing = similar.some((command) => process.which(command) === undefined);
  return `Command '${name}' not found, did you mean:\n${lines.join('')}${missing ? `Try: ${apt(process)} install <deb name>\n` : ''}`;
}

/** Commands one slip of the fingers away: a letter too few, too many, wrong, or two exchanged. */
function near(name: string): readonly string[] {
  return [...packages.keys()].filter((command) => isSlip(name, command)).sort();
}

function isSlip(typed: string, meantName: string): boolean {
  if (Math.abs(typed.length - meantName.length) > 1 || typed.length < 2) return false;
  let at = 0;
  while (at < typed.length && typed.charAt(at) === meantName.charAt(at)) at++;
  const [a, b] = [typed.slice(at), meantName.slice(at)];
  return (
    a.slice(1) === b ||
    a === b.slice(1) ||
    a.slice(1) === b.slice(1) ||
    (a.charAt(0) === b.charAt(1) && a.charAt(1) === b.charAt(0) && a.slice(2) === b.slice(2))
  );
}
