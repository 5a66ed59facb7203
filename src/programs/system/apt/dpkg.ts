import type { Process, Program } from '../../../linux/process/types';
import { globToRegExp } from '../../toolkit/glob';
import { Dpkg, filesOf, stanzaOf, type Installed } from './status';
import { removeAll } from './transaction';
import { dpkgUsage } from './usage';

const hint = `
Type dpkg --help for help about installing and deinstalling packages [*];
Use 'apt' or 'aptitude' for user-friendly package management;
Type dpkg -Dhelp for a list of dpkg debug flag values;
Type dpkg --force-help for a list of forcing options;
Type dpkg-deb --help for help about manipulating *.deb files;

Options marked [*] produce a lot of output - pipe it through 'less' or 'more' !
`;

const version = `Debian 'dpkg' package management program version 1.21.22 (amd64).
This is free software; see the GNU General Public License version 2 or
later for copying conditions. There is NO warranty.
`;

/** dpkg(1): the database, and what is in it. */
export const dpkg: Program = async (process) => {
  const { stdout, stderr, args } = process;
  const [action = '', ...rest] = args.filter((arg) => !/^--(force|no-force|refuse|admindir|root|no-pager)/.test(arg));
  const names = rest.filter((arg) => !arg.startsWith('-'));
  switch (action) {
    case '--help':
    case '-?':
      await stdout.write(dpkgUsage);
      return 0;
    case '--version':
      await stdout.write(version);
      return 0;
    case '--print-architecture':
      await stdout.write('amd64\n');
      return 0;
    case '--print-foreign-architectures':
    case '--audit':
    case '-C':
      return 0;
    case '--configure':
    case '--add-architecture':
      return 0;
    case '-l':
    case '--list':
      return list(process, names);
    case '-L':
    case '--listfiles':
      return files(process, names);
    case '-s':
    case '--status':
      return status(process, names);
    case '-S':
    case '--search':
      return search(process, names);
    case '--get-selections':
      return selections(process, names);
    case '-i':
    case '--install':
      for (const name of names) {
        if (!process.fs.stat(name).ok) {
          await stderr.write(`dpkg: error: cannot access archive '${name}': No such file or directory\n`);
          return 2;
        }
        await stderr.write(
          `dpkg-deb: error: '${name}' is not a Debian format archive\ndpkg: error processing archive ${name} (--install):\n dpkg-deb --control subprocess returned error exit status 2\nErrors were encountered while processing:\n ${name}\n`,
        );
      }
      return names.length === 0 ? needsPackage(process, '--install') : 1;
    case '-r':
    case '--remove':
    case '-P':
    case '--purge':
      return remove(process, names, action === '-P' || action === '--purge');
    case '':
      await stderr.write(`dpkg: error: need an action option\n${hint}`);
      return 2;
    default:
      await stderr.write(`dpkg: error: unknown option ${action}\n${hint}`);
      return 2;
  }
};

async function needsPackage({ stderr }: Process, action: string): Promise<number> {
  await stderr.write(`dpkg: error: ${action} needs at least one package archive file argument\n${hint}`);
  return 2;
}

const mark = ({ want, state }: Installed): string =>
  `${want === 'hold' ? 'h' : want === 'deinstall' ? 'r' : 'i'}${state === 'installed' ? 'i' : 'c'} `;

async function list(process: Process, patterns: readonly string[]): Promise<number> {
  const { installed } = new Dpkg(process.fs);
  const all = [...installed.values()].sort((a, b) => (a.package.name < b.package.name ? -1 : 1));
  let status = 0;
  const shown = patterns.length === 0 ? all : [];
  for (const pattern of patterns) {
    const expression = globToRegExp(pattern);
    const found = all.filter(
      ({ package: { name } }) => expression.test(name) && !shown.some((each) => each.package.name === name),
    );
    shown.push(...found);
    if (found.length > 0) continue;
    await process.stderr.write(`dpkg-query: no packages found matching ${pattern}\n`);
    status = 1;
  }
  if (shown.length === 0) return status;
  shown.sort((a, b) => (a.package.name < b.package.name ? -1 : 1));
  const columns = process.fds.get(1)?.kind === 'tty' ? (process.tty?.size.columns ?? 80) : Infinity;
  const wide = (least: number, texts: readonly string[]): number =>
    Math.max(least, ...texts.map((text) => text.length));
  const nameWidth = wide(
    14,
    shown.map(({ package: { name } }) => name),
  );
  const versionWidth = wide(
    12,
    shown.map((each) => each.version),
  );
  const archWidth = wide(
    12,
    shown.map(({ package: { architecture } }) => architecture),
  );
  const longest = wide(
    33,
    shown.map(({ package: { description } }) => description),
  );
  const room = Math.max(33, Math.min(longest, columns - 4 - nameWidth - versionWidth - archWidth - 3));
  const head =
    'Desired=Unknown/Install/Remove/Purge/Hold\n' +
    '| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend\n' +
    '|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)\n' +
    `||/ ${'Name'.padEnd(nameWidth)} ${'Version'.padEnd(versionWidth)} ${'Architecture'.padEnd(archWidth)} Description\n` +
    `+++-${'='.repeat(nameWidth)}-${'='.repeat(versionWidth)}-${'='.repeat(archWidth)}-${'='.repeat(room)}\n`;
  const lines = shown.map(
    (each) =>
      `${mark(each)} ${each.package.name.padEnd(nameWidth)} ${each.version.padEnd(versionWidth)} ${each.package.architecture.padEnd(archWidth)} ${each.package.description.slice(0, room)}\n`,
  );
  await process.stdout.write(head + lines.join(''));
  return status;
}

async function files(process: Process, names: readonly string[]): Promise<number> {
  const database = new Dpkg(process.fs);
  let status = 0;
  for (const name of names) {
    const found = database.installed.get(name);
    if (found === undefined) {
      await process.stderr.write(
        `dpkg-query: package '${name}' is not installed\nUse dpkg --contents (= dpkg-deb --contents) to list archive files contents.\n`,
      );
      status = 1;
    } else await process.stdout.write(`${filesOf(found.package).join('\n')}\n`);
  }
  return status;
}

async function status(process: Process, names: readonly string[]): Promise<number> {
  const database = new Dpkg(process.fs);
  let code = 0;
  for (const name of names) {
    const found = database.installed.get(name);
    if (found === undefined) {
      await process.stderr.write(
        `dpkg-query: package '${name}' is not installed and no information is available\nUse dpkg --info (= dpkg-deb --info) to examine archive files.\n`,
      );
      code = 1;
    } else await process.stdout.write(`${stanzaOf(found)}`);
  }
  return code;
}

async function search(process: Process, patterns: readonly string[]): Promise<number> {
  const { installed } = new Dpkg(process.fs);
  let code = 0;
  for (const pattern of patterns) {
    const hits: string[] = [];
    for (const { package: each } of installed.values())
      for (const path of filesOf(each))
        if (path === pattern || (!pattern.startsWith('/') && path.includes(pattern)))
          hits.push(`${each.name}: ${path}\n`);
    if (hits.length === 0) {
      await process.stderr.write(
        `dpkg-query: no path found matching pattern ${pattern.startsWith('/') ? pattern : `*${pattern}*`}\n`,
      );
      code = 1;
    } else await process.stdout.write(hits.join(''));
  }
  return code;
}

async function selections(process: Process, names: readonly string[]): Promise<number> {
  const { installed } = new Dpkg(process.fs);
  const shown = [...installed.values()]
    .filter(({ package: { name } }) => names.length === 0 || names.includes(name))
    .sort((a, b) => (a.package.name < b.package.name ? -1 : 1));
  for (const {
    package: { name },
    want,
  } of shown)
    await process.stdout.write(`${name}${'\t'.repeat(Math.max(1, 6 - Math.floor(name.length / 8)))}${want}\n`);
  return 0;
}

async function remove(process: Process, names: readonly string[], purge: boolean): Promise<number> {
  const database = new Dpkg(process.fs);
  if (process.credentials.uid !== 0) {
    await process.stderr.write('dpkg: error: requested operation requires superuser privilege\n');
    return 2;
  }
  for (const name of names) {
    const found = database.installed.get(name);
    if (found === undefined || (!purge && found.state !== 'installed'))
      await process.stderr.write(`dpkg: warning: ignoring request to remove ${name} which isn't installed\n`);
  }
  await removeAll(process, database, names, purge);
  return 0;
}

/** dpkg-query(1): -W with a format, and what dpkg hands on to it. */
export const dpkgQuery: Program = async (process) => {
  const { args, stdout, stderr } = process;
  const [first = ''] = args;
  if (first !== '-W' && first !== '--show') return dpkg(process);
  let format = '${binary:Package}\t${Version}\n';
  const names: string[] = [];
  for (let index = 1; index < args.length; index++) {
    const arg = args[index] ?? '';
    const inline = /^(?:-f|--showformat)=?(.+)$/s.exec(arg);
    if (arg === '-f' || arg === '--showformat') format = args[++index] ?? '';
    else if (inline !== null) format = inline[1] ?? '';
    else names.push(arg);
  }
  const { installed } = new Dpkg(process.fs);
  let status = 0;
  const all = [...installed.values()].sort((a, b) => (a.package.name < b.package.name ? -1 : 1));
  const shown = names.length === 0 ? all : [];
  for (const name of names) {
    const expression = globToRegExp(name);
    const found = all.filter(({ package: each }) => expression.test(each.name));
    if (found.length === 0) {
      await stderr.write(`dpkg-query: no packages found matching ${name}\n`);
      status = 1;
    }
    shown.push(...found);
  }
  for (const each of shown) {
    const fields: Readonly<Record<string, string>> = {
      Package: each.package.name,
      'binary:Package': each.package.name,
      Version: each.version,
      Architecture: each.package.architecture,
      Status: `${each.want} ok ${each.state}`,
      'db:Status-Abbrev': mark(each),
      'db:Status-Status': each.state,
      'Installed-Size': String(each.package.installedSize),
      Section: each.package.section,
      'binary:Summary': each.package.description,
      Description: each.package.description,
    };
    await stdout.write(
      format.replace(
        /\$\{([\w:-]+?)(?:;(-?\d+))?\}|\\n|\\t/g,
        (text, key: string | undefined, width: string | undefined) => {
          if (text === '\\n') return '\n';
          if (text === '\\t') return '\t';
          const value = fields[key ?? ''] ?? '';
          const size = Number(width ?? 0);
          return size < 0 ? value.padEnd(-size) : value.padStart(size);
        },
      ),
    );
  }
  return status;
};
