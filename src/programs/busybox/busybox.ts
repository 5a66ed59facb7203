import type { Process, Program } from '../../linux/process/types';
import { speak, type Build } from '../toolkit/dialect';
import { addgroup, adduser, delgroup, deluser } from './applets/accounts';
import { ifconfig } from './applets/ifconfig';
import { dos2unix, unix2dos, usleep } from './applets/small';
import { top } from './applets/top';
import { bannerOf, dialectFor, refusal, shortBanner } from './dialect';

/** Applets that differ from the program of the same name: their names in the program table. */
const own: Readonly<Record<string, string>> = {
  sh: 'ash',
  ash: 'ash',
  vi: 'busybox-vi',
  wget: 'busybox-wget',
  nslookup: 'busybox-nslookup',
  ip: 'busybox-ip',
  ping: 'busybox-ping',
  httpd: 'busybox-httpd',
  ps: 'busybox-ps',
  ls: 'busybox-ls',
};

const official: Build = {
  release: '1.37.0',
  version: '2024-09-26 21:31:42 UTC',
  psTime: true,
  ddStatistics: true,
  osName: 'GNU/Linux',
};
const alpine: Build = { ...official, version: '2025-05-26 20:04:45 UTC', osName: 'Linux' };
/** Debian's package `busybox`, of which images are made that need no registry. */
const debian: Build = {
  ...official,
  version: 'Debian 1:1.37.0-6',
  psTime: false,
  ddStatistics: false,
};
const testing: Build = { ...debian, release: '1.38.0', version: 'Debian 1:1.38.0-3+b1' };

/** busybox: one binary that is many programs, by the name it was called by or its first argument. */
export function busybox(programs: ReadonlyMap<string, Program>, packager?: 'debian' | 'debian-testing'): Program {
  const buildOf = ({ fs }: Process): Build =>
    packager === 'debian'
      ? debian
      : packager !== undefined
        ? testing
        : fs.stat('/etc/alpine-release').ok
          ? alpine
          : official;
  const run = (process: Process, name: string, program: Program | undefined): Promise<number> =>
    runApplet(process, name, program, buildOf(process));
  const applet = (name: string): Program | undefined =>
    name.startsWith('busybox') ? undefined : (made[name] ?? programs.get(own[name] ?? name));
  const made: Readonly<Record<string, Program>> = {
    ifconfig: ifconfig(programs.get('ifconfig')),
    top: top(programs.get('top')),
    adduser,
    addgroup,
    deluser,
    delgroup,
    usleep,
    dos2unix,
    unix2dos,
  };
  return (process) => {
    const called = nameOf(process.argv[0] ?? 'busybox');
    return called === 'busybox' ? multiCall(process) : run(process, called, applet(called));
  };
  async function multiCall(process: Process): Promise<number> {
    const [name, ...rest] = process.args;
    if (name === undefined || name === '--help') {
      await process.stdout.write(about(bannerOf(buildOf(process)), installed(process)));
      return 0;
    }
    if (name === '--list' || name === '--list-full') {
      const lines =
        name === '--list' ? installed(process).map(nameOf) : installed(process).map((path) => path.slice(1));
      await process.stdout.write(
        lines
          .toSorted()
          .map((line) => `${line}\n`)
          .join(''),
      );
      return 0;
    }
    return run(withArguments(process, [name, ...rest]), nameOf(name), applet(nameOf(name)));
  }
}

/** Not a function that waits itself: what an applet that waits for long leaves behind should be little. */
function runApplet(process: Process, name: string, program: Program | undefined, build: Build): Promise<number> {
  if (program === undefined) return refused(process, `${name}: applet not found\n`, 127);
  // A shell is called as it is called; all other messages begin with the applet's name.
  if (name === 'sh' || name === 'ash')
    return build.version.startsWith('Debian') && isTyped(process)
      ? process.stdout.write(greeting(build)).then(() => program(process))
      : program(process);
  const seen = process.argv[0] === name ? process : withArguments(process, [name, ...process.args]);
  const dialect = dialectFor(name, build);
  if (dialect !== undefined) {
    const wrong = process.args.length === 1 && process.args[0] === '--help' ? 'help' : refusal(name, process.args);
    if (wrong !== undefined) {
      const word = wrong === 'help' || wrong === '' ? '' : `${name}: ${wrong}\n`;
      return refused(process, word + dialect.usage, wrong === 'help' ? 0 : (dialect.trouble ?? 1));
    }
    speak(seen, dialect);
  }
  return program(seen);
}

/** What a shell says to whoever types to it; others build it without (FEATURE_SH_EXTRA_QUIET). */
const greeting = (build: Build): string =>
  `\n\n${shortBanner(build)} built-in shell (ash)\nEnter 'help' for a list of built-in commands.\n\n`;

/** No script and no command, but a terminal; or -i (shell/ash.c, procargs). */
const isTyped = ({ args, fds }: Process): boolean =>
  args.some((arg) => /^-[a-z]*i/.test(arg)) ||
  (args.every((arg) => /^-[^c]*$/.test(arg)) && [0, 1].every((fd) => fds.get(fd)?.kind === 'tty'));

async function refused(process: Process, message: string, status: number): Promise<number> {
  await process.stderr.write(message);
  return status;
}

const nameOf = (path: string): string => path.split('/').at(-1)?.replace(/^-/, '') ?? path;

/** The applets that this image has links for. */
function installed({ fs }: Process): readonly string[] {
  return ['/bin', '/sbin', '/usr/bin', '/usr/sbin'].flatMap((folder) => {
    const listed = fs.readdir(folder);
    if (!listed.ok) return [];
    return listed.value.flatMap(({ name }) => {
      const link = fs.readlink(`${folder}/${name}`);
      return link.ok && nameOf(link.value) === 'busybox' ? [`${folder}/${name}`] : [];
    });
  });
}

/** What it says of itself (libbb/appletlib.c, busybox_main), its functions in lines of at most 80 columns. */
function about(banner: string, paths: readonly string[]): string {
  const lines: string[] = [];
  let line = '\t';
  for (const [at, name] of [...new Set(paths.map(nameOf))].sort().entries()) {
    const word = at === 0 ? name : `, ${name}`;
    if (line.length + word.length > 72) {
      lines.push(`${line},`);
      line = `\t${name}`;
    } else line += word;
  }
  return `${banner}
BusyBox is copyrighted by many authors between 1998-2015.
Licensed under GPLv2. See source distribution for detailed
copyright notices.

Usage: busybox [function [arguments]...]
   or: busybox --list[-full]
   or: busybox --show SCRIPT
   or: busybox --install [-s] [DIR]
   or: function [arguments]...

	BusyBox is a multi-call binary that combines many common Unix
	utilities into a single executable.  Most people will create a
	link to busybox for each function they wish to use and BusyBox
	will act like whatever it was invoked as.

Currently defined functions:
${[...lines, line].join('\n')}
`;
}

/** The same process, as the applet sees it. */
function withArguments(process: Process, argv: readonly string[]): Process {
  return new Proxy(process, {
    get(target, key) {
      if (key === 'argv') return argv;
      if (key === 'args') return argv.slice(1);
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
}
