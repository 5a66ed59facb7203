import type { FileSystem } from '../../linux/fs/types';
import { fatal } from './error';

/** One value: `section.sub.key` (section and key in lower case) and where it stands. */
export interface ConfigEntry {
  readonly key: string;
  readonly value: string;
  readonly file: string;
}

/** `user.name`, `remote.origin.url`, `branch."a.b".merge`: section and key in lower case, what is between as it is. */
export function normalKey(key: string): string {
  const first = key.indexOf('.');
  const last = key.lastIndexOf('.');
  if (first < 0) return key.toLowerCase();
  return `${key.slice(0, first).toLowerCase()}${key.slice(first, last)}.${key.slice(last + 1).toLowerCase()}`;
}

/** Parses a configuration file (git-config(1), "Syntax"). */
export function parseConfig(text: string, file: string): readonly ConfigEntry[] {
  const entries: ConfigEntry[] = [];
  let section = '';
  const lines = text.replace(/\\\n/g, '').split('\n');
  for (const [number, raw] of lines.entries()) {
    let line = raw.trim();
    const head = /^\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]\s*/.exec(line);
    if (head !== null) {
      const sub = head[2]?.replace(/\\(.)/g, '$1');
      section = (head[1] ?? '').toLowerCase() + (sub === undefined ? '' : `.${sub}`);
      line = line.slice(head[0].length);
    }
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const [, name = '', value] = /^([A-Za-z][\w-]*)\s*(?:=\s*(.*))?$/.exec(line) ?? [];
    if (name === '' || section === '') fatal(`bad config line ${number + 1} in file ${file}`);
    entries.push({
      key: `${section}.${name.toLowerCase()}`,
      value: value === undefined ? 'true' : unquote(value),
      file,
    });
  }
  return entries;
}

function unquote(text: string): string {
  let result = '';
  let quoted = false;
  let kept = 0;
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b' };
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\\') {
      const next = text.charAt(++at);
      result += escapes[next] ?? next;
      kept = result.length;
    } else if (character === '"') {
      quoted = !quoted;
      kept = result.length;
    } else if (!quoted && (character === '#' || character === ';')) break;
    else {
      result += character;
      if (quoted || !/\s/.test(character)) kept = result.length;
    }
  }
  return result.slice(0, kept);
}

const quote = (value: string): string => {
  const escaped = value.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t');
  return /^\s|\s$|[#;]/.test(value) ? `"${escaped}"` : escaped;
};

const headOf = (section: string): string => {
  const dot = section.indexOf('.');
  return dot < 0 ? `[${section}]` : `[${section.slice(0, dot)} "${section.slice(dot + 1).replace(/["\\]/g, '\\$&')}"]`;
};

/** A file's text with `key` changed: `value` undefined removes it. Everything else stays as it was. */
export function editConfig(
  text: string,
  key: string,
  value: string | undefined,
  { add = false, all = false }: { readonly add?: boolean; readonly all?: boolean } = {},
): string {
  const dot = key.lastIndexOf('.');
  const section = normalKey(key).slice(0, normalKey(key).lastIndexOf('.'));
  const name = key.slice(dot + 1);
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  let current = '';
  let sectionEnd = -1;
  const found: number[] = [];
  lines.forEach((line, index) => {
    const head = /^\s*\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line);
    if (head !== null)
      current = (head[1] ?? '').toLowerCase() + (head[2] === undefined ? '' : `.${head[2].replace(/\\(.)/g, '$1')}`);
    if (current !== section) return;
    sectionEnd = index;
    if (head === null && new RegExp(`^\\s*${name.replace(/\W/g, '\\$&')}\\s*(=|$)`, 'i').test(line)) found.push(index);
  });
  const written = value === undefined ? undefined : `\t${name} = ${quote(value)}`;
  const last = found.at(-1);
  if (written === undefined) {
    const gone = new Set(all ? found : found.slice(-1));
    const kept = lines.filter((_, index) => !gone.has(index));
    return withoutEmptySections(kept);
  }
  if (last !== undefined && !add) {
    lines[last] = written;
    const gone = new Set(all ? found.slice(0, -1) : []);
    return `${lines.filter((_, index) => !gone.has(index)).join('\n')}\n`;
  }
  if (sectionEnd >= 0) lines.splice(sectionEnd + 1, 0, written);
  else {
    const original = key.slice(0, dot);
    lines.push(headOf(original.includes('.') ? normalKey(key).slice(0, -(name.length + 1)) : original), written);
  }
  return `${lines.join('\n')}\n`;
}

/** A section whose last key went goes too, unless a comment stands in it. */
function withoutEmptySections(lines: readonly string[]): string {
  const kept = lines.filter((line, index) => {
    if (!/^\s*\[[^\]]*\]\s*$/.test(line)) return true;
    const next = lines[index + 1];
    return next !== undefined && !/^\s*\[/.test(next);
  });
  return kept.length === 0 ? '' : `${kept.join('\n')}\n`;
}

/** Removes a whole section; false if there is none. */
export function removeSection(text: string, section: string, renamed?: string): string | undefined {
  let inside = false;
  let found = false;
  const kept = text.split('\n').flatMap((line) => {
    const head = /^\s*\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line);
    if (head !== null) {
      inside = `${(head[1] ?? '').toLowerCase()}${head[2] === undefined ? '' : `.${head[2]}`}` === section;
      if (inside) found = true;
      if (inside && renamed !== undefined) return [headOf(renamed)];
    }
    return inside && renamed === undefined ? [] : [line];
  });
  return found ? kept.join('\n') : undefined;
}

/** The configuration of a command: system, global, the repository's, `-c` and GIT_CONFIG_*; later ones win. */
export class Config {
  readonly entries: readonly ConfigEntry[];

  constructor(
    fs: FileSystem,
    readonly files: readonly string[],
    overrides: readonly ConfigEntry[],
  ) {
    this.entries = [...files.flatMap((file) => readConfig(fs, file)), ...overrides];
  }

  get(key: string): string | undefined {
    const wanted = normalKey(key);
    return this.entries.findLast((entry) => entry.key === wanted)?.value;
  }

  all(key: string): readonly string[] {
    const wanted = normalKey(key);
    return this.entries.flatMap((entry) => (entry.key === wanted ? [entry.value] : []));
  }

  boolean(key: string, fallback: boolean): boolean {
    const value = this.get(key)?.toLowerCase();
    if (value === undefined) return fallback;
    if (/^(true|yes|on|[1-9]\d*)$/.test(value)) return true;
    if (/^(false|no|off|0|)$/.test(value)) return false;
    return fatal(`bad boolean config value '${value}' for '${normalKey(key)}'`);
  }

  number(key: string, fallback: number): number {
    const value = this.get(key);
    return value === undefined ? fallback : Number(value);
  }

  /** `name` of each `section.name.key`. */
  subsections(section: string): readonly string[] {
    const names = this.entries.flatMap(({ key }) => {
      const last = key.lastIndexOf('.');
      return key.startsWith(`${section}.`) && last > section.length ? [key.slice(section.length + 1, last)] : [];
    });
    return [...new Set(names)];
  }
}

export function readConfig(fs: FileSystem, file: string): readonly ConfigEntry[] {
  const text = fs.readText(file);
  return text.ok ? parseConfig(text.value, file) : [];
}
