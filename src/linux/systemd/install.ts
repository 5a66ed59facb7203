import type { FileSystem } from '../fs/types';
import { canonicalName, findUnitFile, isMasked, loadUnit, namesOf, searchPath } from './unit-file';

const administrator = '/etc/systemd/system';

/** What enabling did, told as systemctl tells it. */
export interface Changes {
  readonly messages: readonly string[];
  readonly error?: string;
  /** There is nothing to enable: no [Install]. */
  readonly noInstall?: boolean;
}

/** The links that [Install] asks for: path and target. */
function linksOf(fs: FileSystem, name: string): readonly (readonly [string, string])[] {
  const definition = loadUnit(fs, name);
  const path = definition.path;
  if (path === undefined) return [];
  const links: (readonly [string, string])[] = [];
  for (const alias of namesOf(definition, 'Install', 'Alias')) links.push([`${administrator}/${alias}`, path]);
  for (const [setting, suffix] of [
    ['WantedBy', 'wants'],
    ['RequiredBy', 'requires'],
    ['UpheldBy', 'upholds'],
  ] as const)
    for (const target of namesOf(definition, 'Install', setting))
      links.push([`${administrator}/${target}.${suffix}/${name}`, path]);
  return links;
}

const hasInstall = (fs: FileSystem, name: string): boolean => {
  const definition = loadUnit(fs, name);
  return ['WantedBy', 'RequiredBy', 'UpheldBy', 'Also', 'Alias'].some(
    (setting) => namesOf(definition, 'Install', setting).length > 0,
  );
};

/** `systemctl enable`: makes the links of [Install]. */
export function enable(fs: FileSystem, given: string): Changes {
  const path = findUnitFile(fs, given);
  if (path === undefined) return { messages: [], error: `Unit file ${given} does not exist.` };
  if (isMasked(fs, path)) return { messages: [], error: `Unit file ${path} is masked.` };
  const name = canonicalName(fs, given);
  const messages: string[] = [];
  for (const [link, target] of linksOf(fs, name)) {
    const now = fs.readlink(link);
    if (now.ok && now.value === target) continue;
    fs.mkdirAll(link.slice(0, link.lastIndexOf('/')));
    if (now.ok) fs.unlink(link);
    fs.symlink(target, link);
    messages.push(`Created symlink ${link} → ${target}.`);
  }
  for (const also of namesOf(loadUnit(fs, name), 'Install', 'Also'))
    if (also !== name && findUnitFile(fs, also) !== undefined) messages.push(...enable(fs, also).messages);
  return { messages, noInstall: !hasInstall(fs, name) };
}

/** `systemctl disable`: takes all links to the unit away. */
export function disable(fs: FileSystem, given: string): Changes {
  if (findUnitFile(fs, given) === undefined) return { messages: [], error: `Unit file ${given} does not exist.` };
  const name = canonicalName(fs, given);
  const messages: string[] = [];
  for (const link of linksTo(fs, name)) {
    fs.unlink(link);
    messages.push(`Removed "${link}".`);
  }
  for (const also of namesOf(loadUnit(fs, name), 'Install', 'Also'))
    if (also !== name && findUnitFile(fs, also) !== undefined) messages.push(...disable(fs, also).messages);
  return { messages };
}

/** Links of the administrator's folder that point at a unit, its own file not among them. */
function linksTo(fs: FileSystem, name: string): readonly string[] {
  const found: string[] = [];
  const aliases = new Set(linksOf(fs, name).map(([link]) => link));
  const listed = fs.readdir(administrator);
  if (!listed.ok) return [];
  for (const { name: entry, type } of listed.value) {
    const path = `${administrator}/${entry}`;
    if (type === 'symlink' && aliases.has(path)) found.push(path);
    if (type !== 'directory' || !/\.(wants|requires|upholds)$/.test(entry)) continue;
    if (fs.lstat(`${path}/${name}`).ok) found.push(`${path}/${name}`);
  }
  return found.sort();
}

/** `systemctl mask`. */
export function mask(fs: FileSystem, name: string): Changes {
  const link = `${administrator}/${name}`;
  const now = fs.lstat(link);
  if (now.ok) {
    const target = fs.readlink(link);
    if (target.ok && target.value === '/dev/null') return { messages: [] };
    return { messages: [], error: `File ${link} already exists.` };
  }
  fs.mkdirAll(administrator);
  fs.symlink('/dev/null', link);
  return { messages: [`Created symlink ${link} → /dev/null.`] };
}

/** `systemctl unmask`. */
export function unmask(fs: FileSystem, name: string): Changes {
  const link = `${administrator}/${name}`;
  const target = fs.readlink(link);
  if (!target.ok || target.value !== '/dev/null') return { messages: [] };
  fs.unlink(link);
  return { messages: [`Removed "${link}".`] };
}

/** `systemctl is-enabled`: undefined if there is no such file. */
export function unitFileState(fs: FileSystem, given: string): string | undefined {
  const path = findUnitFile(fs, given);
  if (path === undefined) return undefined;
  if (isMasked(fs, path)) return 'masked';
  const target = fs.readlink(path);
  const name = canonicalName(fs, given);
  if (target.ok && name !== given && path.endsWith(`/${given}`)) return 'alias';
  if (linksTo(fs, name).length > 0) return 'enabled';
  return hasInstall(fs, name) ? 'disabled' : staticOrIndirect(fs, name);
}

function staticOrIndirect(fs: FileSystem, name: string): string {
  return namesOf(loadUnit(fs, name), 'Install', 'Also').length > 0 ? 'indirect' : 'static';
}

/** All unit files that can be found, by name. */
export function unitFiles(fs: FileSystem): readonly string[] {
  const names = new Set<string>();
  for (const folder of searchPath) {
    const listed = fs.readdir(folder);
    if (!listed.ok) continue;
    for (const { name, type } of listed.value)
      if (type !== 'directory' && /\.(service|socket|target|timer|path|mount|automount|swap|slice|scope)$/.test(name))
        names.add(name);
  }
  return [...names];
}
