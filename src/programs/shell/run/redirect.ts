import type { Redirection, WordPart } from 'unbash';
import { fail, type Sys } from '../../../linux/errno';
import type { OpenFile } from '../../../linux/io/open-file';
import type { OpenOptions } from '../../../linux/fs/types';
import { expandFields, expandText, expandQuoted } from '../expand/word';
import { TextSink } from '../expand/split';
import type { Shell } from '../shell';
import { toBytes } from '../text';
import { HereFile } from './here-file';

/** What redirections make of the descriptors, not yet done; `undefined` closes. */
export type Overlay = Map<number, OpenFile | undefined>;

/** A redirection that failed: the command does not run, its status is 1. */
export class RedirectError extends Error {
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}

const PRIVATE = 10;

/** Works out what redirections do, from left to right. Throws RedirectError with bash's words. */
export async function prepareRedirects(shell: Shell, redirects: readonly Redirection[]): Promise<Overlay> {
  const overlay: Overlay = new Map();
  for (const redirect of redirects) await prepare(shell, redirect, overlay);
  return overlay;
}

const current = (shell: Shell, overlay: Overlay, fd: number): OpenFile | undefined =>
  overlay.has(fd) ? overlay.get(fd) : shell.process.fds.get(fd);

async function prepare(shell: Shell, redirect: Redirection, overlay: Overlay): Promise<void> {
  if (redirect.type === 'HereDoc') {
    const { body, delimiter } = redirect;
    const tabs = redirect.operator === '<<-';
    let text = tabs ? body.text.replace(/^\t+/gm, '') : body.text;
    if (delimiter?.quoted !== true && body.parts === undefined) text = text.replace(/\\([$`\\])/g, '$1');
    if (delimiter?.quoted !== true && body.parts !== undefined) {
      const sink = new TextSink();
      shell.inHereDocument = true;
      try {
        await expandQuoted(shell, tabs ? withoutTabs(body.parts) : body.parts, sink);
      } finally {
        shell.inHereDocument = false;
      }
      text = sink.text;
    } else if (delimiter?.quoted !== true)
      text = text.replace(/\\([$`\\\n])/g, (_all, char: string) => (char === '\n' ? '' : char));
    // At the end of all text bash reads a newline more.
    if (redirect.closing === undefined && text !== '' && !text.endsWith('\n')) text += '\n';
    place(shell, overlay, redirect, 0, new HereFile(toBytes(text)));
    return;
  }
  if (redirect.type === 'HereString') {
    const text = redirect.target === undefined ? '' : await expandText(shell, redirect.target, 'word');
    place(shell, overlay, redirect, 0, new HereFile(toBytes(`${text}\n`)));
    return;
  }
  const { operator } = redirect;
  const target = await targetOf(shell, redirect);
  if (operator === '>&' || operator === '<&') {
    duplicate(shell, redirect, target, overlay);
    return;
  }
  if (operator === '&>' || operator === '&>>') {
    const file = openTarget(shell, overlay, target, operator === '&>' ? '>' : '>>');
    overlay.set(1, file).set(2, file);
    return;
  }
  place(shell, overlay, redirect, operator.startsWith('<') ? 0 : 1, openTarget(shell, overlay, target, operator));
}

/** `<<-`: tabs at the beginning of lines go, before anything is expanded. */
function withoutTabs(parts: readonly WordPart[]): readonly WordPart[] {
  return parts.map((part, index) => {
    if (part.type !== 'Literal') return part;
    const value = part.value.replace(index === 0 ? /^\t+/gm : /(?<=\n)\t+/g, '');
    return { ...part, value, text: value };
  });
}

async function targetOf(shell: Shell, redirect: Extract<Redirection, { type: 'Redirect' }>): Promise<string> {
  if (redirect.target === undefined) return '';
  const fields = await expandFields(shell, [redirect.target]);
  const [only, second] = fields;
  if (only === undefined || second !== undefined)
    throw new RedirectError(`${redirect.target.text}: ambiguous redirect`);
  return only;
}

function place(
  shell: Shell,
  overlay: Overlay,
  { descriptor }: Redirection,
  usual: number,
  file: OpenFile | undefined,
): void {
  if (descriptor?.type === 'FileDescriptorVariable') {
    const { name } = descriptor;
    if (file === undefined) {
      const fd = Number(shell.get(name) ?? '');
      overlay.set(fd, undefined);
      return;
    }
    let fd = PRIVATE;
    while (current(shell, overlay, fd) !== undefined) fd++;
    shell.set(name, String(fd));
    shell.process.fds.set(fd, file); // stays open after the command, as in bash
    return;
  }
  overlay.set(descriptor?.value ?? usual, file);
}

function duplicate(
  shell: Shell,
  redirect: Extract<Redirection, { type: 'Redirect' }>,
  target: string,
  overlay: Overlay,
): void {
  const usual = redirect.operator === '<&' ? 0 : 1;
  if (target === '-') {
    place(shell, overlay, redirect, usual, undefined);
    return;
  }
  const [, digits, move] = /^(\d+)(-?)$/.exec(target) ?? [];
  if (digits === undefined) {
    const standard = redirect.descriptor?.type !== 'FileDescriptorVariable' && (redirect.descriptor?.value ?? 1) === 1;
    if (redirect.operator === '>&' && standard) {
      const file = openTarget(shell, overlay, target, '>');
      overlay.set(1, file).set(2, file);
      return;
    }
    throw new RedirectError(`${target}: ambiguous redirect`);
  }
  const from = Number(digits);
  const file = shell.privateFds.has(from) ? undefined : current(shell, overlay, from);
  if (file === undefined) throw new RedirectError(`${digits}: Bad file descriptor`);
  place(shell, overlay, redirect, usual, file);
  if (move === '-') overlay.set(from, undefined);
}

const modes: Readonly<Record<string, OpenOptions>> = {
  '<': { read: true },
  '<>': { read: true, write: true, create: true, mode: 0o666 },
  '>': { write: true, create: true, truncate: true, mode: 0o666 },
  '>|': { write: true, create: true, truncate: true, mode: 0o666 },
  '>>': { write: true, create: true, append: true, mode: 0o666 },
};

function openTarget(shell: Shell, overlay: Overlay, path: string, operator: string): OpenFile {
  if (operator === '>' && shell.options.has('noclobber')) {
    const there = shell.process.fs.stat(path);
    if (there.ok && there.value.type === 'file')
      throw new RedirectError(
        shell.dialect === 'dash' ? `cannot create ${path}: File exists` : `${path}: cannot overwrite existing file`,
      );
  }
  const opened = openPath(shell, path, modes[operator] ?? {}, (fd) => current(shell, overlay, fd));
  if (!opened.ok) {
    const { message } = opened.error;
    if (shell.dialect === 'dash') {
      throw new RedirectError(
        `cannot ${operator.startsWith('<') ? 'open' : 'create'} ${path}: ${dashText(message, operator)}`,
      );
    }
    if (shell.dialect === 'ash') {
      throw new RedirectError(
        `can't ${operator.startsWith('<') ? 'open' : 'create'} ${path}: ${ashText(message, operator)}`,
      );
    }
    throw new RedirectError(`${path}: ${message}`);
  }
  return opened.value;
}

/** dash and ash call ENOENT by what they wanted to do (error.c, errmsg). */
const dashText = (message: string, operator: string): string =>
  message === 'No such file or directory'
    ? operator.startsWith('<')
      ? 'No such file'
      : 'Directory nonexistent'
    : message;
const ashText = (message: string, operator: string): string =>
  message === 'No such file or directory'
    ? operator.startsWith('<')
      ? 'no such file'
      : 'nonexistent directory'
    : message;

/** Opens a path; `/dev/fd/N` and its like are the shell's own descriptors. */
export function openPath(
  shell: Shell,
  path: string,
  options: OpenOptions,
  own: (fd: number) => OpenFile | undefined = (fd) => shell.process.fds.get(fd),
): Sys<OpenFile> {
  const standard = ['/dev/stdin', '/dev/stdout', '/dev/stderr'].indexOf(path);
  const [, digits] = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(path) ?? [];
  if (standard >= 0 || digits !== undefined) {
    const file = own(digits === undefined ? standard : Number(digits));
    if (file === undefined) return fail('ENOENT');
    if (file.kind !== 'file') return { ok: true, value: file };
  }
  return shell.process.fs.open(path, options);
}

/** What redirections replaced; given to `restore`. */
export type Saved = readonly (readonly [number, number | undefined])[];

/** Does it to the shell's own descriptors and keeps what was there at private ones. */
export function applyOverlay(shell: Shell, overlay: Overlay): Saved {
  const { fds } = shell.process;
  const saved: [number, number | undefined][] = [];
  for (const file of overlay.values()) file?.retain();
  for (const fd of overlay.keys()) {
    const before = fds.get(fd);
    const keeper = before === undefined ? undefined : fds.install(before, PRIVATE);
    if (keeper !== undefined) shell.privateFds.add(keeper);
    saved.push([fd, keeper]);
  }
  applyForGood(shell, overlay);
  for (const file of overlay.values()) file?.release();
  return saved;
}

/** `exec >file`: for good. */
export function applyForGood(shell: Shell, overlay: Overlay): void {
  const { fds } = shell.process;
  for (const file of overlay.values()) file?.retain();
  for (const [fd, file] of overlay) {
    if (file === undefined) fds.close(fd);
    else fds.set(fd, file);
  }
  for (const file of overlay.values()) file?.release();
}

export function restore(shell: Shell, saved: Saved): void {
  const { fds } = shell.process;
  for (const [fd, keeper] of [...saved].reverse()) {
    const file = keeper === undefined ? undefined : fds.get(keeper);
    if (file === undefined) fds.close(fd);
    else fds.set(fd, file);
    if (keeper !== undefined) {
      fds.close(keeper);
      shell.privateFds.delete(keeper);
    }
  }
}

/** The descriptors a child gets: all but the private ones, with an overlay. */
export function inheritedFds(shell: Shell, overlay?: Overlay): Map<number, OpenFile> {
  const inherited = new Map<number, OpenFile>();
  for (const [fd, file] of shell.process.fds.entries())
    if (!shell.privateFds.has(fd) && !shell.ownFds.has(fd)) inherited.set(fd, file);
  if (overlay === undefined) return inherited;
  for (const [fd, file] of overlay) {
    if (file === undefined) inherited.delete(fd);
    else inherited.set(fd, file);
  }
  return inherited;
}

/** Closes descriptors that process substitutions opened since `count` of them were open. */
export function closeSubstitutions(shell: Shell, count: number): void {
  while (shell.substitutions.length > count) {
    const fd = shell.substitutions.pop();
    if (fd !== undefined) shell.process.fds.close(fd);
  }
}
