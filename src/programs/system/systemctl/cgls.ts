import type { Program } from '../../../linux/process/types';
import { Scope } from '../../../linux/systemd/scope';
import { valueOf } from '../../../linux/systemd/unit-file';
import { lookOf, managerOf, systemdOptions, systemdVersion } from '../systemd';
import { processTree } from './tree';

const help = `systemd-cgls [OPTIONS...] [CGROUP...]

Recursively show control group contents.

  -h --help           Show this help
     --version        Show package version
     --no-pager       Do not pipe output into a pager
  -a --all            Show all groups, including empty
  -u --unit           Show the subtrees of specified system units
     --user-unit      Show the subtrees of specified user units
  -x --xattr=BOOL     Show cgroup extended attributes
  -c --cgroup-id=BOOL Show cgroup ID
  -l --full           Do not ellipsize output
  -k                  Include kernel threads in output
  -M --machine=       Show container

See the systemd-cgls(1) man page for details.
`;

/** systemd-cgls(1): the control groups in which somebody lives, and who. */
export const systemdCgls: Program = async (process) => {
  const options = await systemdOptions(process, 'systemd-cgls', {
    short: 'ha:u:x:c:lkM:'.replace('a:', 'a'),
    long: { help: 'h', version: 'version', 'no-pager': 'no-pager', all: 'a', 'unit:': 'u', full: 'l', 'machine:': 'M' },
  });
  if (typeof options === 'number') return options;
  if (options.has('help', 'h') || options.has('version')) {
    await process.stdout.write(options.has('version') ? systemdVersion : help);
    return 0;
  }
  const look = lookOf(process);
  const manager = managerOf(process);
  // A group that is given away to whoever runs in it.
  const delegated = (name: string): string => {
    if (manager === undefined || !/\.(?:service|scope)$/.test(name)) return '';
    const unit = manager.unit(name);
    const given = unit instanceof Scope || valueOf(unit.definition, 'Service', 'Delegate') === 'yes';
    return given ? (look.unicode ? ' …' : ' ...') : '';
  };
  const terminal = process.fds.get(1)?.kind === 'tty';
  const width = options.has('l', 'full') || terminal ? Infinity : look.columns;
  const short = (line: string): string =>
    line.length > width && /[─-] *\d+ /.test(line) ? `${line.slice(0, width - 1)}…` : line;
  const units = options.values('u').map((name) => ({ title: `Unit ${name}`, path: `/system.slice/${name}` }));
  const groups = options.operands.map((path) => ({
    title: `Control group ${path}`,
    path: `/${path.replace(/^\/+/, '')}`,
  }));
  const wanted = [...units, ...groups];
  if (wanted.length === 0) wanted.push({ title: 'Control group /', path: '/' });
  for (const { title, path } of wanted) {
    const lines = processTree({ process, look }, path, '', delegated).map(short);
    const head = path === '/' ? '-.slice\n' : '';
    await process.stdout.write(`${title}:\n${head}${lines.map((line) => `${line}\n`).join('')}`);
  }
  return 0;
};
