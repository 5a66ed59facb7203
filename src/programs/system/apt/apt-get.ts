import type { Process, Program } from '../../../linux/process/types';
import { compareVersions } from '../../toolkit/format';
import { Options, parseOptions } from '../../toolkit/options';
import type { Package } from './catalogue';
import { aptGetUsage, aptUsage } from './usage';
import { listPackages, searchPackages, showPackages } from './queries';
import { sourceOf } from './sources';
import { Apt } from './run';
import { removeAll, unpackAll, type Step } from './transaction';
import { update } from './update';
import { sizeText, wrapped } from './words';

const spec = {
  short: 'hyqsdo:c:t:uV',
  long: {
    yes: 'y',
    'assume-yes': 'y',
    'assume-no': 'assume-no',
    quiet: 'q',
    simulate: 's',
    'just-print': 's',
    'dry-run': 's',
    'no-act': 's',
    'download-only': 'd',
    'option:': 'o',
    'config-file:': 'c',
    'target-release:': 't',
    'show-upgraded': 'u',
    'verbose-versions': 'V',
    'no-install-recommends': 'no-install-recommends',
    'install-recommends': 'install-recommends',
    'no-install-suggests': 'no-install-suggests',
    'fix-missing': 'fix-missing',
    'ignore-missing': 'fix-missing',
    'fix-broken': 'fix-broken',
    'allow-downgrades': 'allow-downgrades',
    'allow-change-held-packages': 'allow-change-held-packages',
    'allow-unauthenticated': 'allow-unauthenticated',
    'allow-insecure-repositories': 'allow-insecure-repositories',
    'allow-releaseinfo-change': 'allow-releaseinfo-change',
    'force-yes': 'force-yes',
    reinstall: 'reinstall',
    'only-upgrade': 'only-upgrade',
    'no-upgrade': 'no-upgrade',
    purge: 'purge',
    'auto-remove': 'autoremove',
    autoremove: 'autoremove',
    'no-remove': 'no-remove',
    'print-uris': 'print-uris',
    installed: 'installed',
    upgradable: 'upgradable',
    upgradeable: 'upgradable',
    'all-versions': 'a',
    'names-only': 'n',
    manual: 'manual',
  },
};

type Operation = (apt: Apt, names: readonly string[]) => Promise<number>;

interface Counts {
  readonly upgraded?: number;
  readonly fresh?: number;
  readonly again?: number;
  readonly downgraded?: number;
  readonly removed?: number;
  readonly behind: number;
}

const summary = ({ upgraded = 0, fresh = 0, again = 0, downgraded = 0, removed = 0, behind }: Counts): string =>
  `${upgraded} upgraded, ${fresh} newly installed, ${again > 0 ? `${again} reinstalled, ` : ''}${downgraded > 0 ? `${downgraded} downgraded, ` : ''}${removed} to remove and ${behind} not upgraded.\n`;

const install: Operation = async (apt, operands) => {
  const { options, dpkg, known } = apt;
  await apt.open();
  const steps = new Map<string, Step>();
  const again: string[] = [];
  const failures: string[] = [];
  const notes: string[] = [];
  for (const operand of operands) {
    if (operand.endsWith('.deb') || operand.startsWith('./') || operand.startsWith('/')) {
      failures.push(`Unsupported file ${operand} given on commandline`);
      continue;
    }
    const [name = '', wanted] = operand.replace(/\/.*$/, '').replace(/\+$/, '').split('=');
    const each = known.get(name) ?? (dpkg.present(name) === undefined ? undefined : dpkg.present(name)?.package);
    if (each === undefined) {
      failures.push(`Unable to locate package ${name}`);
      continue;
    }
    const pattern =
      wanted === undefined
        ? undefined
        : new RegExp(`^${wanted.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
    const version = pattern === undefined ? apt.candidate(each) : each.versions.find((one) => pattern.test(one));
    if (version === undefined) {
      failures.push(`Version '${wanted ?? ''}' for '${name}' was not found`);
      continue;
    }
    if (wanted !== undefined && wanted !== version) notes.push(`Selected version '${version}' for '${name}'`);
    const present = dpkg.present(name);
    if (present !== undefined) present.auto = false;
    if (
      present !== undefined &&
      (compareVersions(present.version, version) === 0 || (present.want === 'hold' && wanted === undefined))
    ) {
      if (options.has('reinstall')) again.push(name);
      else await apt.print(`${name} is already the newest version (${present.version}).\n`);
      if (!options.has('reinstall')) continue;
    }
    if (present === undefined && options.has('only-upgrade')) {
      await apt.print(`Skipping ${name}, it is not installed and only upgrades are requested.\n`);
      continue;
    }
    steps.set(name, {
      package: each,
      version,
      ...(present === undefined ? {} : { before: present.version }),
      auto: false,
    });
  }
  if (failures.length > 0) {
    for (const message of failures) await apt.error(message);
    return 100;
  }
  for (const note of notes) await apt.print(`${note}\n`);
  const named = new Set(steps.keys());
  const pull = ({ depends }: Package): void => {
    for (const name of depends) {
      const each = known.get(name);
      if (each === undefined || dpkg.present(name) !== undefined || steps.has(name)) continue;
      pull(each);
      steps.set(name, { package: each, version: apt.candidate(each), auto: true });
    }
  };
  for (const { package: each } of [...steps.values()]) pull(each);
  return carryOut(
    apt,
    [...steps.values()].filter(({ auto }) => auto).concat([...steps.values()].filter(({ auto }) => !auto)),
    { named, again },
  );
};

/** Tells what will be done, asks, fetches and does it. */
async function carryOut(
  apt: Apt,
  steps: readonly Step[],
  { named, again }: { readonly named: ReadonlySet<string>; readonly again: readonly string[] },
): Promise<number> {
  const { process, options, dpkg } = apt;
  const { stdout, stderr, fs } = process;
  const names = (some: readonly Step[]): readonly string[] => some.map(({ package: { name } }) => name).sort();
  const extra = steps.filter(({ package: { name } }) => !named.has(name));
  const fresh = steps.filter(({ before }) => before === undefined);
  const changed = steps.filter(({ before, package: { name } }) => before !== undefined && !again.includes(name));
  const up = changed.filter(({ before, version }) => compareVersions(version, before ?? '') > 0);
  const down = changed.filter((step) => !up.includes(step));
  const held = changed.filter(({ package: { name } }) => dpkg.present(name)?.want === 'hold');
  const orphans = apt.orphans();
  if (orphans.length > 0 && steps.length > 0)
    await apt.print(
      `The following package${orphans.length === 1 ? ' was' : 's were'} automatically installed and ${orphans.length === 1 ? 'is' : 'are'} no longer required:\n${wrapped(orphans)}Use 'apt autoremove' to remove ${orphans.length === 1 ? 'it' : 'them'}.\n`,
    );
  if (extra.length > 0 && named.size > 0)
    await apt.print(`The following additional packages will be installed:\n${wrapped(names(extra))}`);
  if (fresh.length > 0) await apt.print(`The following NEW packages will be installed:\n${wrapped(names(fresh))}`);
  if (held.length > 0) await apt.print(`The following held packages will be changed:\n${wrapped(names(held))}`);
  if (up.length > 0) await apt.print(`The following packages will be upgraded:\n${wrapped(names(up))}`);
  if (down.length > 0) await apt.print(`The following packages will be DOWNGRADED:\n${wrapped(names(down))}`);
  const behind =
    apt.upgradable().filter(({ package: { name } }) => !steps.some((step) => step.package.name === name)).length +
    heldBack(apt);
  await apt.print(
    summary({ upgraded: up.length, fresh: fresh.length, again: again.length, downgraded: down.length, behind }),
  );
  if (steps.length === 0) {
    if (process.credentials.uid === 0) dpkg.save();
    return 0;
  }
  if (options.has('s')) {
    for (const { package: each, version, before } of steps)
      await stdout.write(
        `Inst ${each.name}${before === undefined ? '' : ` [${before}]`} (${version} ${release(apt, each)} [${each.architecture}])\n`,
      );
    for (const { package: each, version } of steps)
      await stdout.write(`Conf ${each.name} (${version} ${release(apt, each)} [${each.architecture}])\n`);
    return 0;
  }
  if (process.credentials.uid !== 0) return denied(apt);
  const yes = options.has('y', 'force-yes');
  if (held.length > 0 && yes && !options.has('allow-change-held-packages', 'force-yes'))
    return apt.error('Held packages were changed and -y was used without --allow-change-held-packages.');
  if (down.length > 0 && yes && !options.has('allow-downgrades', 'force-yes'))
    return apt.error('Packages were downgraded and -y was used without --allow-downgrades.');
  const bytes = steps.reduce((sum, { package: { size } }) => sum + size, 0);
  const disk = steps.reduce(
    (sum, { package: { installedSize }, before }) => sum + (before === undefined ? installedSize * 1024 : 0),
    0,
  );
  await apt.print(
    `Need to get ${sizeText(bytes)} of archives.\nAfter this operation, ${sizeText(disk)} of additional disk space will be used.\n`,
  );
  if (!yes && (extra.length > 0 || held.length > 0 || down.length > 0) && !(await confirm(apt))) return 1;
  let number = 0;
  const begun = process.clock.now;
  for (const { package: each, version } of steps) {
    const source = sourceOf(fs, each);
    const suite =
      source === undefined ? '' : source.suite === '/' ? '' : `${source.suite}/${source.components[0] ?? 'main'} amd64`;
    await apt.print(
      `Get:${++number} ${source?.uri ?? ''} ${suite === '' ? '' : `${suite} `}${each.name} ${each.architecture} ${version} [${sizeText(each.size)}]\n`,
      1,
    );
    await process.sleep(15 + each.size / 20_000);
  }
  if (dpkg.present('apt-utils') === undefined)
    await stderr.write('debconf: delaying package configuration, since apt-utils is not installed\n');
  const seconds = (process.clock.now - begun) / 1000;
  await apt.print(
    `Fetched ${sizeText(bytes)} in ${Math.floor(seconds)}s (${sizeText(bytes / Math.max(seconds, 0.01))}/s)\n`,
    1,
  );
  if (options.has('d')) return 0;
  await unpackAll(process, dpkg, steps);
  return 0;
}

const release = (apt: Apt, each: Package): string =>
  each.origin === 'debian' ? 'Debian:12.15/oldstable' : (sourceOf(apt.process.fs, each)?.uri ?? '');

const heldBack = (apt: Apt): number =>
  [...apt.dpkg.installed.values()].filter(({ package: { name }, want, version, state }) => {
    const each = apt.known.get(name);
    return (
      want === 'hold' &&
      state === 'installed' &&
      each !== undefined &&
      compareVersions(apt.candidate(each), version) > 0
    );
  }).length;

async function denied(apt: Apt): Promise<number> {
  await apt.error('Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)');
  return apt.error('Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?');
}

/** Asks; without an answer nothing is done. */
async function confirm({ process, options }: Apt): Promise<boolean> {
  await process.stdout.write('Do you want to continue? [Y/n] ');
  const answer = options.has('assume-no') ? 'n' : await process.stdin.readLine();
  if (options.has('assume-no')) await process.stdout.write('N\n');
  if (answer !== undefined && (answer === '' || /^y/i.test(answer))) return true;
  await process.stdout.write('Abort.\n');
  return false;
}

const remove =
  (purge: boolean): Operation =>
  async (apt, operands) => {
    const { dpkg, known, process, options } = apt;
    await apt.open();
    const names: string[] = [];
    for (const operand of operands) {
      const name = operand.replace(/-$/, '');
      const there = dpkg.installed.get(name);
      if (there === undefined && !known.has(name)) return apt.error(`Unable to locate package ${name}`);
      if (there === undefined || (there.state === 'config-files' && !purge))
        await apt.print(`Package '${name}' is not installed, so not removed\n`);
      else names.push(name);
    }
    const dependents = [...dpkg.installed.values()].filter(
      ({ package: { name, depends }, state }) =>
        state === 'installed' && !names.includes(name) && depends.some((each) => names.includes(each)),
    );
    const all = [...names, ...dependents.map(({ package: { name } }) => name)];
    return removal(apt, all, { purge: purge || options.has('purge'), orphans: options.has('autoremove'), process });
  };

async function removal(
  apt: Apt,
  given: readonly string[],
  { purge, orphans, process }: { readonly purge: boolean; readonly orphans: boolean; readonly process: Process },
): Promise<number> {
  const { dpkg, options } = apt;
  const left = given.length === 0 && !orphans ? [] : apt.orphans(given);
  const names = orphans ? [...given, ...left] : given;
  if (left.length > 0 && !orphans)
    await apt.print(
      `The following package${left.length === 1 ? ' was' : 's were'} automatically installed and ${left.length === 1 ? 'is' : 'are'} no longer required:\n${wrapped(left)}Use 'apt autoremove' to remove ${left.length === 1 ? 'it' : 'them'}.\n`,
    );
  if (names.length > 0)
    await apt.print(
      `The following packages will be REMOVED:\n${wrapped([...names].sort().map((name) => (purge ? `${name}*` : name)))}`,
    );
  const held = names.filter((name) => dpkg.present(name)?.want === 'hold');
  if (held.length > 0) await apt.print(`The following held packages will be changed:\n${wrapped(held)}`);
  await apt.print(summary({ removed: names.length, behind: apt.upgradable().length + heldBack(apt) }));
  if (names.length === 0) return 0;
  if (options.has('s')) {
    for (const name of names)
      await process.stdout.write(`${purge ? 'Purg' : 'Remv'} ${name} [${dpkg.installed.get(name)?.version ?? ''}]\n`);
    return 0;
  }
  if (process.credentials.uid !== 0) return denied(apt);
  if (held.length > 0 && options.has('y') && !options.has('allow-change-held-packages'))
    return apt.error('Held packages were changed and -y was used without --allow-change-held-packages.');
  const freed = names.reduce((sum, name) => sum + (dpkg.present(name)?.package.installedSize ?? 0) * 1024, 0);
  await apt.print(`After this operation, ${sizeText(freed)} disk space will be freed.\n`);
  if (!options.has('y') && !(await confirm(apt))) return 1;
  await removeAll(process, dpkg, names, purge);
  return 0;
}

const upgrade: Operation = async (apt) => {
  await apt.open();
  await apt.print(`Calculating upgrade...${apt.terminal ? ' Done' : ''}\n`);
  return carryOut(apt, apt.upgradable(), { named: new Set(), again: [] });
};

const autoremove: Operation = async (apt) => {
  await apt.open();
  return removal(apt, [], { purge: apt.options.has('purge'), orphans: true, process: apt.process });
};

const nothing: Operation = async () => 0;
const check: Operation = async (apt) => {
  await apt.open();
  return 0;
};

const operations: Readonly<Record<string, Operation>> = {
  update: async (apt) => {
    const status = await update(apt.process, { quiet: apt.quiet, terminal: apt.terminal });
    if (status !== 0 || !apt.isApt) return status;
    const fresh = new Apt(apt.process, apt.options, true);
    const done = apt.terminal ? ' Done' : '';
    const count = fresh.upgradable().length;
    await fresh.print(
      `Building dependency tree...${done}\nReading state information...${done}\n` +
        (count === 0
          ? 'All packages are up to date.\n'
          : `${count} package${count === 1 ? '' : 's'} can be upgraded. Run 'apt list --upgradable' to see ${count === 1 ? 'it' : 'them'}.\n`),
    );
    return 0;
  },
  install,
  reinstall: (apt, names) =>
    install(
      new Apt(
        apt.process,
        new Options([...apt.options.given, { name: 'reinstall', value: undefined }], names),
        apt.isApt,
      ),
      names,
    ),
  remove: remove(false),
  purge: remove(true),
  upgrade,
  'dist-upgrade': upgrade,
  'full-upgrade': upgrade,
  autoremove,
  'auto-remove': autoremove,
  autopurge: autoremove,
  clean: nothing,
  distclean: nothing,
  autoclean: check,
  'auto-clean': check,
  check,
};

const queries: Readonly<Record<string, Operation>> = { list: listPackages, search: searchPackages, show: showPackages };

const main =
  (isApt: boolean): Program =>
  async (process) => {
    const { stdout, stderr, args } = process;
    const options = parseOptions(args, spec);
    if (typeof options === 'string') {
      const bad =
        args.find((arg) => arg.startsWith('-') && options.includes(arg.replace(/^-+/, '').split('=')[0] ?? '')) ?? '';
      await stderr.write(`E: Command line option ${bad} is not understood in combination with the other options\n`);
      return 100;
    }
    if (options.has('version')) {
      await stdout.write('apt 2.6.1 (amd64)\n');
      return 0;
    }
    const [verb, ...names] = options.operands;
    if (verb === undefined || options.has('help', 'h')) {
      await stdout.write(isApt ? aptUsage : aptGetUsage);
      return verb === undefined && !options.has('help', 'h') ? 1 : 0;
    }
    const operation = operations[verb] ?? (isApt ? queries[verb] : undefined);
    if (operation === undefined) {
      await stderr.write(`E: Invalid operation ${verb}\n`);
      return 100;
    }
    if (isApt && process.fds.get(1)?.kind !== 'tty')
      await stderr.write('\nWARNING: apt does not have a stable CLI interface. Use with caution in scripts.\n\n');
    return operation(new Apt(process, options, isApt), names);
  };

/** apt-get(8). */
export const aptGet = main(false);
/** apt(8). */
export const apt = main(true);
