import type { Program } from '../../../linux/process/types';
import { compareVersions } from '../../toolkit/format';
import { globToRegExp } from '../../toolkit/glob';
import { parseOptions } from '../../toolkit/options';
import type { Apt } from './run';
import { archiveName, type Package } from './catalogue';
import { locatable, sourceOf } from './sources';
import { Dpkg, type Installed } from './status';
import { aptCacheUsage } from './usage';
import { sizeText } from './words';

const suiteOf = ({ origin }: Package): string =>
  origin === 'debian' ? 'oldstable' : origin === 'docker' ? 'bookworm' : 'unknown';

function listLine(each: Package, there: Installed | undefined, version: string): string {
  const here = there?.version === version;
  const newest = each.versions[0] ?? '';
  const upgradable = there !== undefined && compareVersions(newest, there.version) > 0;
  const mark = here
    ? ` [installed${there.auto ? ',automatic' : upgradable ? `,upgradable to: ${newest}` : ''}]`
    : upgradable && version === newest
      ? ` [upgradable from: ${there.version}]`
      : '';
  return `${each.name}/${suiteOf(each)}${here ? ',now' : ''} ${version} ${each.architecture}${mark}\n`;
}

/** `apt list`. */
export async function listPackages(apt: Apt, operands: readonly string[]): Promise<number> {
  const { process, options, dpkg, known } = apt;
  const patterns = operands.map((operand) => globToRegExp(operand));
  let text = `Listing...${apt.terminal ? ' Done' : ''}\n`;
  const all = new Map([
    ...known,
    ...[...dpkg.installed.values()].map(
      (each) => [each.package.name, known.get(each.package.name) ?? each.package] as const,
    ),
  ]);
  for (const name of [...all.keys()].sort()) {
    const each = all.get(name);
    if (each === undefined || (patterns.length > 0 && !patterns.some((pattern) => pattern.test(name)))) continue;
    const there = dpkg.present(name);
    if (options.has('installed', 'manual') && there === undefined) continue;
    const newest = each.versions[0] ?? '';
    if (options.has('upgradable') && (there === undefined || compareVersions(newest, there.version) <= 0)) continue;
    const versions = options.has('a')
      ? each.versions
      : [options.has('installed') && there !== undefined ? there.version : newest];
    for (const version of versions) text += listLine(each, there, version);
    if (options.has('a')) text += '\n';
  }
  await process.stdout.write(text);
  return 0;
}

const matches = (each: Package, words: readonly string[], namesOnly: boolean): boolean =>
  words.every((word) => {
    const expression = new RegExp(word, 'i');
    return expression.test(each.name) || (!namesOnly && expression.test(each.description));
  });

/** `apt search`. */
export async function searchPackages(apt: Apt, words: readonly string[]): Promise<number> {
  const done = apt.terminal ? ' Done' : '';
  let text = `Sorting...${done}\nFull Text Search...${done}\n`;
  for (const name of [...apt.known.keys()].sort()) {
    const each = apt.known.get(name);
    if (each === undefined || !matches(each, words, apt.options.has('n'))) continue;
    text += `${listLine(each, apt.dpkg.present(name), each.versions[0] ?? '')}  ${each.description}\n\n`;
  }
  await apt.process.stdout.write(text);
  return 0;
}

/** `apt show`. */
export async function showPackages(apt: Apt, names: readonly string[]): Promise<number> {
  let status = 0;
  for (const name of names) {
    const each = apt.known.get(name) ?? apt.dpkg.present(name)?.package;
    if (each === undefined) {
      await apt.process.stderr.write(`N: Unable to locate package ${name}\n`);
      status = 100;
      continue;
    }
    const source = sourceOf(apt.process.fs, each);
    await apt.process.stdout.write(
      [
        `Package: ${name}`,
        `Version: ${each.versions[0] ?? ''}`,
        `Priority: ${each.priority}`,
        `Section: ${each.section}`,
        `Installed-Size: ${sizeText(each.installedSize * 1024)}`,
        ...(each.depends.length === 0 ? [] : [`Depends: ${each.depends.join(', ')}`]),
        `Download-Size: ${sizeText(each.size)}`,
        `APT-Manual-Installed: ${apt.dpkg.present(name)?.auto === true ? 'no' : 'yes'}`,
        `APT-Sources: ${source?.uri ?? ''} ${source?.suite === '/' ? '' : `${source?.suite ?? ''}/${source?.components[0] ?? 'main'} amd64 `}Packages`,
        `Description: ${each.description}`,
        '',
        '',
      ].join('\n'),
    );
  }
  if (status !== 0 && names.length > 0) await apt.process.stderr.write('E: No packages found\n');
  return status;
}

/** apt-cache(8). */
export const aptCache: Program = async (process) => {
  const { stdout, stderr, fs } = process;
  const options = parseOptions(process.args, {
    short: 'hqno:c:aif',
    long: { 'names-only': 'n', quiet: 'q', 'all-versions': 'a', installed: 'installed', 'no-all-versions': 'no-all' },
  });
  if (typeof options === 'string') {
    await stderr.write(
      `E: Command line option ${process.args[0] ?? ''} is not understood in combination with the other options\n`,
    );
    return 100;
  }
  const [verb, ...names] = options.operands;
  if (verb === undefined || options.has('h', 'help')) {
    await stdout.write(aptCacheUsage);
    return verb === undefined && !options.has('h', 'help') ? 1 : 0;
  }
  const dpkg = new Dpkg(fs);
  const known = locatable(fs);
  const whence = (each: Package): string => {
    const source = sourceOf(fs, each);
    return source === undefined
      ? ''
      : `${source.uri} ${source.suite === '/' ? ' ' : `${source.suite}/${source.components[0] ?? 'main'} amd64 `}Packages`;
  };
  let found = false;
  for (const name of names) {
    const there = dpkg.present(name);
    const each = known.get(name) ?? there?.package;
    if (verb === 'search') break;
    if (each === undefined) {
      if (verb !== 'policy' && verb !== 'madison') await stderr.write(`E: No packages found\n`);
      else if (verb === 'policy' && process.fds.get(1)?.kind === 'tty')
        await stderr.write(`N: Unable to locate package ${name}\n`);
      continue;
    }
    found = true;
    switch (verb) {
      case 'policy': {
        const versions = [...new Set([...each.versions, ...(there === undefined ? [] : [there.version])])].sort(
          (a, b) => compareVersions(b, a),
        );
        let text = `${name}:\n  Installed: ${there?.version ?? '(none)'}\n  Candidate: ${each.versions[0] ?? ''}\n  Version table:\n`;
        for (const version of versions) {
          const here = version === there?.version;
          text += ` ${here ? '***' : '   '} ${version} ${each.versions.includes(version) ? 500 : 100}\n`;
          if (each.versions.includes(version) && known.has(name)) text += `        500 ${whence(each)}\n`;
          if (here) text += '        100 /var/lib/dpkg/status\n';
        }
        await stdout.write(text);
        break;
      }
      case 'madison':
        for (const version of known.has(name) ? each.versions : [])
          await stdout.write(`${name.padStart(10)} | ${version.padStart(10)} | ${whence(each)}\n`);
        break;
      case 'show':
      case 'showpkg':
        for (const version of options.has('a')
          ? each.versions
          : each.versions.slice(0, each.origin === 'debian' ? 1 : undefined))
          await stdout.write(
            [
              `Package: ${name}`,
              `Version: ${version}`,
              `Installed-Size: ${each.installedSize}`,
              `Architecture: ${each.architecture}`,
              ...(each.depends.length === 0 ? [] : [`Depends: ${each.depends.join(', ')}`]),
              `Description-en: ${each.description}`,
              `Section: ${each.section}`,
              `Priority: ${each.priority}`,
              `Filename: pool/main/${name.charAt(0)}/${name}/${archiveName(each, version)}`,
              `Size: ${each.size}`,
              '',
              '',
            ].join('\n'),
          );
        break;
      case 'depends':
        await stdout.write(`${name}\n${each.depends.map((depend) => `  Depends: ${depend}\n`).join('')}`);
        break;
      case 'rdepends':
        await stdout.write(
          `${name}\nReverse Depends:\n${[...known.values()]
            .filter(({ depends }) => depends.includes(name))
            .map((other) => `  ${other.name}\n`)
            .join('')}`,
        );
        break;
      default:
        await stderr.write(`E: Invalid operation ${verb}\n`);
        return 100;
    }
  }
  if (verb === 'search') {
    for (const name of [...known.keys()].sort()) {
      const each = known.get(name);
      if (each !== undefined && matches(each, names, options.has('n')))
        await stdout.write(`${name} - ${each.description}\n`);
    }
    return 0;
  }
  if (verb === 'pkgnames') {
    await stdout.write([...known.keys()].map((name) => `${name}\n`).join(''));
    return 0;
  }
  if (verb === 'policy' && names.length === 0) {
    await stdout.write('Package files:\n 100 /var/lib/dpkg/status\n     release a=now\nPinned packages:\n');
    return 0;
  }
  return found || verb === 'policy' || verb === 'madison' ? 0 : 100;
};
