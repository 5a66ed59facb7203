import type { FileSystem } from '../fs/types';
import { unknownKey } from './unit-keys';

/** One `Key=value` of a unit file. */
export interface Setting {
  readonly section: string;
  readonly key: string;
  readonly value: string;
}

export type LoadState = 'loaded' | 'not-found' | 'masked' | 'bad-setting';

/** A unit as its files say it is (systemd.unit(5)): the fragment and its drop-ins, put together. */
export interface Definition {
  readonly name: string;
  readonly load: LoadState;
  /** The fragment's path, as the search found it. */
  readonly path: string | undefined;
  readonly dropIns: readonly string[];
  readonly settings: readonly Setting[];
  /** What the parser had to say. */
  readonly problems: readonly string[];
  /** Changes when one of the files does. */
  readonly stamp: string;
}

/** Where the system manager looks, the first wins (systemd.unit(5), Debian 12). */
export const searchPath: readonly string[] = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/lib/systemd/system',
];

/** `foo@bar.service` is an instance of `foo@.service`. */
export function templateOf(name: string): string | undefined {
  const match = /^([^@]+@)[^@]+(\.[^.]+)$/.exec(name);
  return match === null ? undefined : `${match[1] ?? ''}${match[2] ?? ''}`;
}

/** Where a unit file is found; undefined if nowhere. */
export function findUnitFile(fs: FileSystem, name: string): string | undefined {
  for (const wanted of [name, templateOf(name)]) {
    if (wanted === undefined) continue;
    for (const folder of searchPath) {
      const path = `${folder}/${wanted}`;
      if (fs.lstat(path).ok) return path;
    }
  }
  return undefined;
}

/** Whether the file is a link to /dev/null, or empty. */
export function isMasked(fs: FileSystem, path: string): boolean {
  const target = fs.readlink(path);
  if (target.ok && target.value === '/dev/null') return true;
  const stat = fs.stat(path);
  return stat.ok && stat.value.type === 'file' && stat.value.size === 0;
}

/** The name behind aliases: `sshd.service` is a link to `ssh.service`. */
export function canonicalName(fs: FileSystem, name: string): string {
  const path = findUnitFile(fs, name);
  if (path === undefined || isMasked(fs, path)) return name;
  const target = fs.readlink(path);
  const last = target.ok ? target.value.split('/').at(-1) : undefined;
  return last === undefined || last === templateOf(name) || last.includes('@.') ? name : last;
}

/** Reads a unit's files anew. */
export function loadUnit(fs: FileSystem, name: string): Definition {
  const path = findUnitFile(fs, name);
  const absent = { name, dropIns: [], settings: [], problems: [], stamp: '' };
  if (path === undefined) return { ...absent, load: 'not-found', path: undefined };
  if (isMasked(fs, path)) return { ...absent, load: 'masked', path };
  const text = fs.readText(path);
  if (!text.ok) return { ...absent, load: 'not-found', path: undefined };
  const problems: string[] = [];
  const settings: Setting[] = [];
  parse(text.value, path, settings, problems);
  const dropIns = dropInsOf(fs, name);
  for (const dropIn of dropIns) {
    const more = fs.readText(dropIn);
    if (more.ok) parse(more.value, dropIn, settings, problems);
  }
  return { name, load: 'loaded', path, dropIns, settings, problems, stamp: stampOf(fs, [path, ...dropIns]) };
}

/** What a unit's files on disk would be taken for now. */
export const currentStamp = (fs: FileSystem, name: string): string => {
  const path = findUnitFile(fs, name);
  return path === undefined ? '' : stampOf(fs, [path, ...dropInsOf(fs, name)]);
};

const stampOf = (fs: FileSystem, paths: readonly string[]): string =>
  paths
    .map((path) => {
      const stat = fs.stat(path);
      return `${path} ${stat.ok ? `${stat.value.ino} ${stat.value.mtime} ${stat.value.size}` : ''}`;
    })
    .join('\n');

function dropInsOf(fs: FileSystem, name: string): readonly string[] {
  const found = new Map<string, string>();
  const type = name.slice(name.lastIndexOf('.') + 1);
  const template = templateOf(name);
  for (const owner of [`${type}.d`, ...(template === undefined ? [] : [`${template}.d`]), `${name}.d`]) {
    for (const folder of searchPath) {
      const listed = fs.readdir(`${folder}/${owner}`);
      if (!listed.ok) continue;
      for (const { name: file } of listed.value)
        if (file.endsWith('.conf') && !found.has(file)) found.set(file, `${folder}/${owner}/${file}`);
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
}

/** systemd.syntax(7): sections, `Key=value`, comments, continued lines. */
function parse(text: string, path: string, settings: Setting[], problems: string[]): void {
  let section = '';
  let pending = '';
  let number = 0;
  for (const raw of text.split('\n')) {
    number++;
    const trimmed = raw.trim();
    if (pending === '' ? trimmed === '' || /^[#;]/.test(trimmed) : /^[#;]/.test(trimmed)) continue;
    if (raw.endsWith('\\')) {
      pending += `${raw.slice(0, -1)} `;
      continue;
    }
    const line = (pending + raw).trim();
    pending = '';
    if (line === '') continue;
    const header = /^\[(.+)\]$/.exec(line);
    if (header !== null) {
      section = header[1] ?? '';
      continue;
    }
    const equals = line.indexOf('=');
    if (equals < 0) {
      problems.push(`${path}:${number}: Missing '=', ignoring line.`);
      continue;
    }
    const key = line.slice(0, equals).trim();
    const value = line.slice(equals + 1).trim();
    if (section === '') problems.push(`${path}:${number}: Assignment outside of section. Ignoring.`);
    else if (unknownKey(section, key))
      problems.push(`${path}:${number}: Unknown key '${key}' in section [${section}], ignoring.`);
    else settings.push({ section, key, value });
  }
}

/** The last value of a setting. */
export function valueOf({ settings }: Definition, section: string, key: string): string | undefined {
  return settings.findLast((setting) => setting.section === section && setting.key === key)?.value;
}

/** All values of a setting that may be given several times; an empty one forgets those before. */
export function valuesOf({ settings }: Definition, section: string, key: string): readonly string[] {
  let values: string[] = [];
  for (const setting of settings) {
    if (setting.section !== section || setting.key !== key) continue;
    if (setting.value === '') values = [];
    else values.push(setting.value);
  }
  return values;
}

/** The words of settings that are lists of names. */
export const namesOf = (definition: Definition, section: string, key: string): readonly string[] =>
  valuesOf(definition, section, key).flatMap((value) => value.split(/\s+/).filter((word) => word !== ''));
