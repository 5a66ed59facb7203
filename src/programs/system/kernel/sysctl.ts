import type { Process, Program } from '../../../linux/process/types';
import { parseOptions } from '../../toolkit/options';

const usage = `
Usage:
 sysctl [options] [variable[=value] ...]

Options:
  -a, --all            display all variables
  -A                   alias of -a
  -X                   alias of -a
      --deprecated     include deprecated parameters to listing
      --dry-run        Print the key and values but do not write
  -b, --binary         print value without new line
  -e, --ignore         ignore unknown variables errors
  -N, --names          print variable names without values
  -n, --values         print only values of the given variable(s)
  -p, --load[=<file>]  read values from file
  -f                   alias of -p
      --system         read values from all system directories
  -r, --pattern <expression>
                       select setting that match expression
  -q, --quiet          do not echo variable set
  -w, --write          enable writing a value to variable
  -o                   does nothing
  -x                   does nothing
  -d                   alias of -h

 -h, --help     display this help and exit
 -V, --version  output version information and exit

For more details see sysctl(8).
`;

const spec = {
  short: 'aAXbeNnp::f::r:qwoxdhV',
  long: {
    all: 'a',
    deprecated: 'deprecated',
    'dry-run': 'dry-run',
    binary: 'b',
    ignore: 'e',
    names: 'N',
    values: 'n',
    'load::': 'p',
    system: 'system',
    'pattern:': 'r',
    quiet: 'q',
    write: 'w',
  },
};

/** `net.ipv4.conf.eth0/1.forwarding`: dots and slashes change places (sysctl(8)). */
const pathOf = (key: string): string =>
  `/proc/sys/${key.includes('/') && !key.includes('.') ? key : key.replace(/[./]/g, (letter) => (letter === '.' ? '/' : '.'))}`;
const keyOf = (path: string): string =>
  path.slice('/proc/sys/'.length).replace(/[./]/g, (letter) => (letter === '/' ? '.' : '/'));

/** Folders of `--system`, the first wins where files have the same name. */
const folders = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d'];

/** sysctl(8) of procps: settings of the kernel, through /proc/sys. */
export const sysctl: Program = async (process) => {
  const { stdout, stderr, fs } = process;
  const options = parseOptions(process.args, spec);
  if (typeof options === 'string') {
    await stderr.write(`sysctl: ${options}\n${usage}`);
    return 1;
  }
  if (options.has('help', 'h', 'd')) {
    await stdout.write(usage);
    return 0;
  }
  if (options.has('version', 'V')) {
    await stdout.write('sysctl from procps-ng 4.0.2\n');
    return 0;
  }
  const state = new Settings(process, {
    quiet: options.has('q'),
    values: options.has('n', 'b'),
    names: options.has('N'),
    ignore: options.has('e'),
    dry: options.has('dry-run'),
  });
  if (options.has('system')) {
    const files = new Map<string, string>();
    for (const folder of folders) {
      const listed = fs.readdir(folder);
      for (const { name } of listed.ok ? listed.value : [])
        if (name.endsWith('.conf') && !files.has(name)) files.set(name, `${folder}/${name}`);
    }
    const paths = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
    if (fs.stat('/etc/sysctl.conf').ok) paths.push('/etc/sysctl.conf');
    for (const path of paths) await state.print(`* Applying ${path} ...\n`);
    for (const path of paths) await state.load(path);
    return state.flush();
  }
  if (options.has('p', 'f')) {
    const given = options.value('p') ?? options.value('f');
    const files = [...(given === undefined ? [] : [given]), ...options.operands];
    for (const file of files.length === 0 ? ['/etc/sysctl.conf'] : files) await state.load(file);
    return state.flush();
  }
  if (options.has('a', 'A', 'X')) {
    const pattern = options.value('r');
    const expression = pattern === undefined ? undefined : new RegExp(pattern);
    for (const path of state.all('/proc/sys'))
      if (expression === undefined || expression.test(keyOf(path))) await state.show(path, true);
    await state.flush();
    return 0;
  }
  if (options.operands.length === 0) {
    await stdout.write(usage);
    return 1;
  }
  for (const operand of options.operands) {
    const equals = operand.indexOf('=');
    if (equals >= 0) await state.set(operand.slice(0, equals).trim(), operand.slice(equals + 1).trim());
    else if (options.has('w')) {
      await stderr.write(`sysctl: "${operand}" must be of the form name=value\n`);
      state.status = 1;
    } else {
      const path = pathOf(operand);
      const stat = fs.stat(path);
      if (stat.ok && stat.value.type === 'directory') for (const each of state.all(path)) await state.show(each, true);
      else await state.show(path, false, operand);
    }
  }
  return state.flush();
};

interface Ways {
  readonly quiet: boolean;
  readonly values: boolean;
  readonly names: boolean;
  readonly ignore: boolean;
  readonly dry: boolean;
}

class Settings {
  status = 0;
  #kept = '';

  constructor(
    readonly process: Process,
    readonly ways: Ways,
  ) {}

  /** stdio keeps what does not go to a terminal until the end; what goes wrong is said at once. */
  async print(text: string): Promise<void> {
    if (this.process.fds.get(1)?.kind === 'tty') await this.process.stdout.write(text);
    else this.#kept += text;
  }

  async flush(): Promise<number> {
    if (this.#kept !== '') await this.process.stdout.write(this.#kept);
    return this.status;
  }

  /** The files below, in order. */
  all(folder: string): readonly string[] {
    const listed = this.process.fs.readdir(folder);
    if (!listed.ok) return [];
    return [...listed.value]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap(({ name, type }) => (type === 'directory' ? this.all(`${folder}/${name}`) : [`${folder}/${name}`]));
  }

  async fail(message: string): Promise<void> {
    await this.process.stderr.write(`sysctl: ${message}\n`);
    this.status = 1;
  }

  async show(path: string, lenient: boolean, name = keyOf(path)): Promise<void> {
    const { fs } = this.process;
    const key = name.replaceAll('/', '.');
    const text = fs.readText(path);
    if (!text.ok) {
      if (lenient && text.error.code !== 'EACCES') return;
      if (text.error.code === 'ENOENT' && this.ways.ignore) return;
      if (text.error.code === 'EACCES') return this.fail(`permission denied on key '${key}'`);
      return this.fail(`cannot stat ${path}: ${text.error.message}`);
    }
    for (const line of text.value.replace(/\n$/, '').split('\n'))
      await this.print(this.ways.names ? `${key}\n` : this.ways.values ? `${line}\n` : `${key} = ${line}\n`);
  }

  async set(name: string, value: string, optional = false): Promise<void> {
    const { fs } = this.process;
    const path = pathOf(name);
    const key = name.replaceAll('/', '.');
    const stat = fs.stat(path);
    if (!stat.ok) {
      if (this.ways.ignore || optional) return;
      return this.fail(`cannot stat ${path}: ${stat.error.message}`);
    }
    if ((stat.value.mode & 0o222) === 0) return this.fail(`permission denied on key '${key}'`);
    if (!this.ways.dry) {
      const written = fs.writeFile(path, `${value}\n`);
      if (!written.ok) {
        if (optional) return;
        if (written.error.code === 'EACCES' || written.error.code === 'EPERM')
          return this.fail(`permission denied on key "${key}", ignoring`);
        return this.fail(`setting key "${key}": ${written.error.message}`);
      }
    }
    if (!this.ways.quiet)
      await this.print(this.ways.values ? `${value}\n` : this.ways.names ? `${key}\n` : `${key} = ${value}\n`);
  }

  /** A file of settings (sysctl.conf(5)); `-` is standard input. */
  async load(file: string): Promise<void> {
    const { fs, stdin, stderr } = this.process;
    const read = file === '-' ? { ok: true as const, value: await stdin.text() } : fs.readText(file);
    if (!read.ok) return this.fail(`cannot open "${file}": ${read.error.message}`);
    for (const [index, raw] of read.value.split('\n').entries()) {
      const line = raw.trim();
      if (line === '' || /^[#;]/.test(line)) continue;
      const equals = line.indexOf('=');
      if (equals < 0) {
        await stderr.write(`sysctl: ${file}(${index + 1}): invalid syntax, continuing...\n`);
        continue;
      }
      const optional = line.startsWith('-');
      await this.set(line.slice(optional ? 1 : 0, equals).trim(), line.slice(equals + 1).trim(), optional);
    }
  }
}
