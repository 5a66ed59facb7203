import { formatDate, mailOf, nameOf, whenOf } from './date';
import type { Git } from './git';
import type { Commit, Oid } from './objects/object';

/** How a commit is shown. */
export interface PrettyOptions {
  /** `oneline`, `short`, `medium`, `full`, `fuller`, `reference`, `raw`, `email`, or a format with `%`. */
  readonly format: string;
  /** Whether each commit ends in a newline of its own (`tformat:`). */
  readonly terminated: boolean;
  readonly abbreviate: boolean;
  readonly date: string;
  readonly decorate: ReadonlyMap<Oid, string> | undefined;
  readonly color: boolean;
}

const colors: Readonly<Record<string, string>> = {
  red: '31',
  green: '32',
  yellow: '33',
  blue: '34',
  magenta: '35',
  cyan: '36',
  white: '37',
  black: '30',
  bold: '1',
  dim: '2',
  ul: '4',
  reset: '',
  normal: '',
};

/** Names of each commit, `HEAD -> main, tag: v1`, as `git log --decorate` lists them. */
export function decorations(git: Git, style: 'short' | 'full', color: boolean): ReadonlyMap<Oid, string> {
  const { refs, objects } = git.repository;
  const names = new Map<Oid, string[]>();
  const paint = (code: string, text: string): string => (color ? `\u001b[${code}m${text}\u001b[m` : text);
  const add = (oid: Oid, text: string): void => {
    const peeled = objects.peel(oid);
    names.set(peeled, [...(names.get(peeled) ?? []), text]);
  };
  const short = (name: string): string => (style === 'full' ? name : name.replace(/^refs\/(heads|remotes|tags)\//, ''));
  const current = refs.symbolic('HEAD');
  const { head } = refs;
  if (head !== undefined) {
    const branch =
      current !== undefined && refs.read(current) !== undefined ? paint('1;32', short(current)) : undefined;
    add(head, branch === undefined ? paint('1;36', 'HEAD') : `${paint('1;36', 'HEAD')}${paint('33', ' -> ')}${branch}`);
  }
  const groups: readonly (readonly [string, string])[] = [
    ['refs/tags/', '1;33'],
    ['refs/remotes/', '1;31'],
    ['refs/heads/', '1;32'],
    ['refs/stash', '1;35'],
  ];
  for (const [prefix, code] of groups) {
    for (const { name, oid } of [...refs.list(prefix)]) {
      if (name === current) continue;
      add(
        oid,
        paint(
          code,
          prefix === 'refs/tags/'
            ? `tag: ${short(name)}`
            : style === 'short' && name === 'refs/stash'
              ? 'refs/stash'
              : short(name),
        ),
      );
    }
  }
  return new Map([...names].map(([oid, list]) => [oid, list.join(paint('33', ', '))]));
}

const indent = (message: string): string =>
  message
    .replace(/\n+$/, '')
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('');

/** The subject: the first paragraph in one line. */
const subjectOf = (message: string): string =>
  (message.replace(/^\n+/, '').split(/\n\s*\n/)[0] ?? '')
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .join(' ');

const bodyOf = (message: string): string => {
  const rest = message.replace(/^\n+/, '');
  const end = rest.search(/\n\s*\n/);
  return end < 0 ? '' : rest.slice(end).replace(/^\n\s*\n+/, '');
};

/** One commit's text; patch and newline between commits are the caller's. */
export function pretty(git: Git, commit: Commit, options: PrettyOptions): string {
  const { objects } = git.repository;
  const name = options.abbreviate ? objects.abbreviate(commit.oid) : commit.oid;
  const yellow = (text: string): string => (options.color ? `\u001b[33m${text}\u001b[m` : text);
  const names = options.decorate?.get(commit.oid);
  const decoration = names === undefined ? '' : `${yellow(' (')}${names}${yellow(')')}`;
  if (options.format.includes('%')) return expand(git, commit, options.format, options);
  if (options.format === 'oneline') return `${yellow(name)}${decoration} ${subjectOf(commit.message)}\n`;
  if (options.format === 'reference') {
    return `${objects.abbreviate(commit.oid)} (${subjectOf(commit.message)}, ${formatDate(commit.author, 'short', git.process)})\n`;
  }
  let text = `${yellow(`commit ${name}`)}${decoration}\n`;
  if (options.format === 'raw') {
    text += `tree ${commit.tree}\n${commit.parents.map((parent) => `parent ${parent}\n`).join('')}author ${commit.author}\ncommitter ${commit.committer}\n\n`;
    return text + indent(commit.message);
  }
  if (commit.parents.length > 1)
    text += `Merge: ${commit.parents.map((parent) => objects.abbreviate(parent)).join(' ')}\n`;
  const person = (who: string): string => `${nameOf(who)} <${mailOf(who)}>`;
  const date = (who: string): string => formatDate(who, options.date, git.process);
  switch (options.format) {
    case 'short':
      return `${text}Author: ${person(commit.author)}\n\n    ${subjectOf(commit.message)}\n`;
    case 'full':
      return `${text}Author: ${person(commit.author)}\nCommit: ${person(commit.committer)}\n\n${indent(commit.message)}`;
    case 'fuller':
      return `${text}Author:     ${person(commit.author)}\nAuthorDate: ${date(commit.author)}\nCommit:     ${person(commit.committer)}\nCommitDate: ${date(commit.committer)}\n\n${indent(commit.message)}`;
    default: {
      const body = commit.message === '' ? '' : `\n${indent(commit.message)}`;
      return `${text}Author: ${person(commit.author)}\nDate:   ${date(commit.author)}\n${body}`;
    }
  }
}

/** The placeholders of `--format` (git-log(1), "PRETTY FORMATS"). */
function expand(git: Git, commit: Commit, format: string, options: PrettyOptions): string {
  const { objects } = git.repository;
  const short = (oid: Oid): string => objects.abbreviate(oid);
  const person = (who: string, letter: string): string | undefined => {
    const date = (style: string): string => formatDate(who, style, git.process);
    switch (letter) {
      case 'n':
      case 'N':
        return nameOf(who);
      case 'e':
      case 'E':
        return mailOf(who);
      case 'l':
        return mailOf(who).split('@')[0] ?? '';
      case 'd':
        return date(options.date);
      case 'D':
        return date('rfc');
      case 'r':
        return date('relative');
      case 't':
        return String(whenOf(who).seconds);
      case 'i':
        return date('iso');
      case 'I':
        return date('iso-strict');
      case 's':
        return date('short');
      case 'h':
        return date('human');
      default:
        return undefined;
    }
  };
  const plain = options.decorate?.get(commit.oid);

  const names = plain?.replace(/\u001b\[[\d;]*m/g, '');
  const one = (code: string): string | undefined => {
    switch (code.charAt(0)) {
      case 'H':
        return commit.oid;
      case 'h':
        return short(commit.oid);
      case 'T':
        return commit.tree;
      case 't':
        return short(commit.tree);
      case 'P':
        return commit.parents.join(' ');
      case 'p':
        return commit.parents.map(short).join(' ');
      case 'a':
        return person(commit.author, code.charAt(1));
      case 'c':
        return person(commit.committer, code.charAt(1));
      case 's':
        return subjectOf(commit.message);
      case 'f':
        return subjectOf(commit.message)
          .replace(/[^\w.]+/g, '-')
          .replace(/^-|[-.]+$/g, '');
      case 'b':
        return bodyOf(commit.message);
      case 'B':
        return commit.message;
      case 'd':
        return names === undefined ? '' : ` (${names})`;
      case 'D':
        return names ?? '';
      case 'n':
        return '\n';
      case 'm':
        return '>';
      case '%':
        return '%';
      case 'e':
      case 'N':
      case 'S':
      case 'G':
        return '';
      default:
        return undefined;
    }
  };
  let pad: { readonly width: number; readonly left: boolean } | undefined;
  let text = '';
  for (let at = 0; at < format.length; at++) {
    if (format.charAt(at) !== '%') {
      text += format.charAt(at);
      continue;
    }
    const rest = format.slice(at + 1);
    const padding = /^([<>])\|?\(\s*(\d+)[^)]*\)/.exec(rest);
    if (padding !== null) {
      pad = { width: Number(padding[2]), left: padding[1] === '>' };
      at += padding[0].length;
      continue;
    }
    const color = /^C\(([^)]*)\)|^C(red|green|blue|reset)/.exec(rest);
    if (color !== null) {
      const words = (color[1] ?? color[2] ?? '')
        .replace(/^(auto|always),?/, '')
        .split(/[ ,]+/)
        .filter((word) => word !== '');
      if (options.color || (color[1] ?? '').startsWith('always')) {
        const codes = words.map((word) => colors[word] ?? '').filter((code) => code !== '');
        text += `\u001b[${codes.join(';')}m`;
      }
      at += color[0].length;
      continue;
    }
    const hexadecimal = /^x([0-9a-fA-F]{2})/.exec(rest);
    if (hexadecimal !== null) {
      text += String.fromCharCode(Number.parseInt(hexadecimal[1] ?? '0', 16));
      at += 3;
      continue;
    }
    const sign = /^[-+ ]/.exec(rest)?.[0] ?? '';
    const code = rest.slice(sign.length);
    const value = one(code);
    const length = (/^[ac]/.test(code) ? 2 : 1) + sign.length;
    if (value === undefined) {
      text += '%';
      continue;
    }
    if (sign === '+' && value !== '') text += '\n';
    if (sign === ' ' && value !== '') text += ' ';
    if (sign === '-' && value === '') text = text.replace(/\n+$/, '');
    text += pad === undefined ? value : pad.left ? value.padStart(pad.width) : value.padEnd(pad.width);
    pad = undefined;
    at += length;
  }
  return text;
}
