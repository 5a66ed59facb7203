import { gaiText, resolve } from '../../../linux/net/dns/resolve';
import { elf, programOf } from '../../../linux/process/executable';
import type { Process, Program } from '../../../linux/process/types';
import { parseOptions } from '../../toolkit/options';

interface AlpinePackage {
  readonly version: string;
  readonly programs: readonly string[];
  /** KiB. */
  readonly size: number;
  readonly depends: readonly string[];
}

const of = (version: string, size: number, programs: string, depends = ''): AlpinePackage => ({
  version,
  size,
  programs: programs.split(' ').filter((word) => word !== ''),
  depends: depends.split(' ').filter((word) => word !== ''),
});

/** What Alpine 3.22 has of the programs of this world. */
const packages: Readonly<Record<string, AlpinePackage>> = {
  bash: of('5.2.37-r0', 1284, 'bash', 'ncurses-terminfo-base readline'),
  'bind-tools': of('9.20.13-r0', 464, 'dig host nslookup', 'libuv'),
  'ca-certificates': of('20250911-r0', 648, ''),
  coreutils: of('9.7-r1', 1056, 'ls cat cp date sort stat'),
  curl: of('8.14.1-r2', 276, 'curl', 'libcurl'),
  findutils: of('4.10.0-r0', 312, 'find xargs'),
  gawk: of('5.3.2-r1', 964, 'gawk'),
  gettext: of('0.24.1-r0', 2568, 'envsubst'),
  git: of('2.49.1-r0', 12_820, 'git', 'libcurl'),
  gzip: of('1.14-r0', 104, 'gzip'),
  iproute2: of('6.15.0-r0', 692, 'ip ss'),
  iptables: of('1.8.11-r1', 532, 'iptables iptables-save iptables-restore'),
  iputils: of('20240905-r0', 140, 'ping'),
  jq: of('1.8.1-r0', 420, 'jq', 'oniguruma'),
  libcurl: of('8.14.1-r2', 552, ''),
  libuv: of('1.51.0-r0', 208, ''),
  'ncurses-terminfo-base': of('6.5_p20250503-r0', 36, ''),
  'netcat-openbsd': of('1.229.1-r0', 56, 'nc'),
  nginx: of('1.28.0-r3', 1156, 'nginx', 'pcre2'),
  oniguruma: of('6.9.10-r0', 592, ''),
  'openssh-client': of('10.0_p1-r7', 2024, 'ssh scp'),
  openssl: of('3.5.4-r0', 836, 'openssl'),
  pcre2: of('10.43-r1', 712, ''),
  procps: of('4.0.4-r3', 488, 'ps top free uptime'),
  readline: of('8.2.13-r1', 308, ''),
  redis: of('8.0.4-r0', 5316, 'redis-server redis-cli'),
  sed: of('4.9-r2', 140, 'sed'),
  tar: of('1.35-r3', 504, 'tar'),
  tcpdump: of('4.99.5-r1', 1064, 'tcpdump'),
  tree: of('2.2.1-r0', 76, 'tree'),
  tzdata: of('2025b-r0', 1784, ''),
  unzip: of('6.0-r15', 320, 'unzip'),
  vim: of('9.1.1566-r0', 2976, 'vim vi'),
  wget: of('1.25.0-r1', 512, 'wget'),
  zip: of('3.0-r13', 308, 'zip'),
};

const world = '/etc/apk/world';
const database = '/lib/apk/db/installed';
const repositories = ['main', 'community'];

/** The installed packages that apk itself put there, and those of the image. */
function installed({ fs }: Process): Map<string, string> {
  const text = fs.readText(database);
  const found = new Map<string, string>();
  for (const [, name = '', version = ''] of (text.ok ? text.value : '').matchAll(/^P:(.*)\nV:(.*)$/gm))
    found.set(name, version);
  return found;
}

function save({ fs }: Process, all: ReadonlyMap<string, string>): void {
  fs.mkdirAll('/lib/apk/db');
  fs.writeFile(database, [...all].map(([name, version]) => `P:${name}\nV:${version}\n\n`).join(''));
}

/** How many packages and how much: the last line of most runs. */
const total = (all: ReadonlyMap<string, string>): string => {
  const kib = [...all.keys()].reduce((sum, name) => sum + (packages[name]?.size ?? 0), 8192);
  return `OK: ${Math.round(kib / 1024)} MiB in ${16 + [...all.keys()].length} packages\n`;
};

const release = ({ fs }: Process): string => {
  const text = fs.readText('/etc/alpine-release');
  return text.ok ? `v${text.value.trim().split('.').slice(0, 2).join('.')}` : 'v3.22';
};

/** Fetches the indexes; false where there is no way to them. */
async function fetchIndexes(process: Process, quiet: boolean): Promise<boolean> {
  const found = await resolve(process, 'dl-cdn.alpinelinux.org');
  let good = true;
  for (const repository of repositories) {
    const url = `https://dl-cdn.alpinelinux.org/alpine/${release(process)}/${repository}`;
    if (!quiet) await process.stdout.write(`fetch ${url}/x86_64/APKINDEX.tar.gz\n`);
    await process.sleep(120);
    if (found.ok) continue;
    good = false;
    const why = gaiText(found.error).startsWith('Temporary')
      ? 'DNS: transient error (try again later)'
      : 'DNS: name does not exist';
    await process.stderr.write(`WARNING: updating and opening ${url}: ${why}\n`);
  }
  return good;
}

/** apk(8) of Alpine Linux. */
export const apk: Program = async (process) => {
  const { stdout, stderr, fs, credentials } = process;
  const options = parseOptions(process.args, {
    short: 'hqvfUt:X:ueLRWIad',
    long: {
      'no-cache': 'no-cache',
      update: 'U',
      'update-cache': 'U',
      quiet: 'q',
      virtual: 't',
      'virtual:': 't',
      'repository:': 'X',
      upgrade: 'u',
      purge: 'purge',
      'allow-untrusted': 'x',
      installed: 'e',
      available: 'a',
    },
  });
  if (typeof options === 'string') {
    await stderr.write(`apk: ${options}\n`);
    return 1;
  }
  if (options.has('version')) {
    await stdout.write('apk-tools 2.14.9, compiled for x86_64.\n');
    return 0;
  }
  const [verb, ...names] = options.operands;
  const quiet = options.has('q');
  if (verb === undefined || options.has('help', 'h')) {
    await stdout.write(
      'apk-tools 2.14.9, compiled for x86_64.\n\nusage: apk [<OPTIONS>...] COMMAND [<ARGUMENTS>...]\n',
    );
    return verb === undefined && !options.has('help', 'h') ? 1 : 0;
  }
  const all = installed(process);
  const needsRoot = verb === 'add' || verb === 'del' || verb === 'update' || verb === 'upgrade' || verb === 'fix';
  if (needsRoot && credentials.uid !== 0) {
    await stderr.write(
      'ERROR: Unable to lock database: Permission denied\nERROR: Failed to open apk database: Permission denied\n',
    );
    return 99;
  }
  const index = `/var/cache/apk/APKINDEX.tar.gz`;
  switch (verb) {
    case 'update': {
      const good = await fetchIndexes(process, quiet);
      if (!good) {
        await stdout.write('2 unavailable, 0 stale; 16 distinct packages available\n');
        return 2;
      }
      fs.mkdirAll('/var/cache/apk');
      fs.writeFile(index, '');
      for (const repository of repositories)
        if (!quiet)
          await stdout.write(
            `${release(process)}.0 [https://dl-cdn.alpinelinux.org/alpine/${release(process)}/${repository}]\n`,
          );
      if (!quiet) await stdout.write('OK: 26325 distinct packages available\n');
      return 0;
    }
    case 'upgrade':
      if (!quiet) await stdout.write(total(all));
      return 0;
    case 'add': {
      const wanted = names.map((name) => name.replace(/[=<>~@].*$/, ''));
      const cached = fs.stat(index).ok && !options.has('no-cache', 'U');
      const todo: string[] = [];
      const pull = (name: string): void => {
        if (todo.includes(name) || all.has(name)) return;
        for (const depend of packages[name]?.depends ?? []) pull(depend);
        todo.push(name);
      };
      const reachable = cached || (await fetchIndexes(process, quiet));
      const missing = wanted.filter((name) => !Object.hasOwn(packages, name) || (!reachable && !all.has(name)));
      if (missing.length > 0) {
        await stderr.write(
          `ERROR: unable to select packages:\n${missing.map((name) => `  ${name} (no such package):\n    required by: world[${name}]\n`).join('')}`,
        );
        return missing.length;
      }
      for (const name of wanted) pull(name);
      for (const [at, name] of todo.entries()) {
        const each = packages[name];
        if (each === undefined) continue;
        if (!quiet) await stdout.write(`(${at + 1}/${todo.length}) Installing ${name} (${each.version})\n`);
        await process.sleep(30 + each.size / 20);
        for (const program of each.programs) {
          const path = `/usr/bin/${program}`;
          fs.mkdirAll('/usr/bin');
          const head = fs.readHead(path, 64);
          if (head.ok && programOf(head.value) === program) continue;
          if (fs.lstat(path).ok) fs.unlink(path);
          fs.writeFile(path, elf(program, each.size * 256), 0o755);
        }
        all.set(name, each.version);
      }
      const before = fs.readText(world);
      const kept = new Set((before.ok ? before.value : '').split('\n').filter((line) => line !== ''));
      for (const name of names) kept.add(name);
      fs.mkdirAll('/etc/apk');
      fs.writeFile(
        world,
        [...kept]
          .sort()
          .map((name) => `${name}\n`)
          .join(''),
      );
      save(process, all);
      if (!quiet) await stdout.write(`${todo.length > 0 ? 'Executing busybox-1.37.0-r18.trigger\n' : ''}${total(all)}`);
      return 0;
    }
    case 'del': {
      const gone = names.filter((name) => all.has(name));
      for (const [at, name] of gone.entries()) {
        if (!quiet) await stdout.write(`(${at + 1}/${gone.length}) Purging ${name} (${all.get(name) ?? ''})\n`);
        for (const program of packages[name]?.programs ?? []) fs.unlink(`/usr/bin/${program}`);
        all.delete(name);
      }
      save(process, all);
      const before = fs.readText(world);
      if (before.ok)
        fs.writeFile(
          world,
          before.value
            .split('\n')
            .filter((line) => line !== '' && !names.includes(line))
            .map((line) => `${line}\n`)
            .join(''),
        );
      if (!quiet) await stdout.write(`${gone.length > 0 ? 'Executing busybox-1.37.0-r18.trigger\n' : ''}${total(all)}`);
      return 0;
    }
    case 'info': {
      if (names.length === 0) {
        await stdout.write(
          [...all.keys()]
            .sort()
            .map((name) => `${name}${options.has('v') ? `-${all.get(name) ?? ''}` : ''}\n`)
            .join(''),
        );
        return 0;
      }
      let status = 0;
      for (const name of names) {
        const version = all.get(name);
        if (version === undefined) status = 1;
        else if (options.has('e')) await stdout.write(`${name}\n`);
        else await stdout.write(`${name}-${version} installed size:\n${packages[name]?.size ?? 0} KiB\n\n`);
      }
      return status;
    }
    case 'search':
      await stdout.write(
        Object.keys(packages)
          .filter((name) => names.every((word) => name.includes(word)))
          .map((name) => `${name}-${packages[name]?.version ?? ''}\n`)
          .join(''),
      );
      return 0;
    case 'list':
      await stdout.write(
        Object.keys(packages)
          .filter((name) => (names.length === 0 || names.includes(name)) && (!options.has('e', 'I') || all.has(name)))
          .map(
            (name) =>
              `${name}-${packages[name]?.version ?? ''} x86_64 {${name}} (unknown)${all.has(name) ? ' [installed]' : ''}\n`,
          )
          .join(''),
      );
      return 0;
    default:
      await stderr.write(`ERROR: '${verb}' is not an apk command. See 'apk --help'.\n`);
      return 1;
  }
};
