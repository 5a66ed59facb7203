import { strftime } from '../../toolkit/date-format';
import { modeText } from '../../toolkit/format';
import type { Member } from './format';

/** Lines of `tar -tv`: the columns grow with what was seen. */
export class Lister {
  #width = 19;

  constructor(
    private readonly numeric: boolean,
    private readonly fullTime: boolean,
  ) {}

  line(member: Member, name: string, target: string): string {
    const owner = this.numeric || member.user === '' ? String(member.uid) : member.user;
    const group = this.numeric || member.group === '' ? String(member.gid) : member.group;
    const device = member.type === 'char' || member.type === 'block';
    const size = device ? `${member.major},${member.minor}` : String(member.type === 'file' ? member.size : 0);
    const wide = owner.length + 1 + group.length + 1 + size.length;
    this.#width = Math.max(this.#width, wide);
    const type = member.type === 'hardlink' ? 'file' : member.type;
    const mode =
      (member.type === 'hardlink' ? 'h' : modeText(type, 0).charAt(0)) + modeText(type, member.mode).slice(1);
    const time = strftime(this.fullTime ? '%Y-%m-%d %H:%M:%S' : '%Y-%m-%d %H:%M', member.mtime);
    const link = member.type === 'symlink' ? ` -> ${target}` : member.type === 'hardlink' ? ` link to ${target}` : '';
    return `${mode} ${owner}/${group} ${size.padStart(size.length + this.#width - wide)} ${time} ${name}${link}`;
  }
}

const escapes: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
  '\x07': '\\a',
  '\\': '\\\\',
};

/** A name as tar shows it (--quoting-style=escape). */
export function shown(name: string, ascii: boolean): string {
  const text = name.replace(
    /[\x00-\x1f\x7f\\]/g,
    (char) => escapes[char] ?? `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
  if (!ascii) return text;
  return text.replace(/[^\x00-\x7f]/gu, (char) =>
    [...new TextEncoder().encode(char)].map((byte) => `\\${byte.toString(8)}`).join(''),
  );
}
