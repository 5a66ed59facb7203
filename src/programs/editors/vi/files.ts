import type { Buffer } from './buffer';
import type { Editor } from './editor';
import { Refused } from './types';

/** Octets of a text in UTF-8. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (code >= 0xd800 && code < 0xdc00) {
      bytes += 4;
      at++;
    } else bytes += 3;
  }
  return bytes;
}

/** A file's text as lines. */
export function linesOf(text: string): {
  readonly lines: readonly string[];
  readonly noEndOfLine: boolean;
  readonly dos: boolean;
} {
  if (text === '') return { lines: [''], noEndOfLine: false, dos: false };
  const noEndOfLine = !text.endsWith('\n');
  const lines = (noEndOfLine ? text : text.slice(0, -1)).split('\n');
  const dos = !noEndOfLine && lines.every((line) => line.endsWith('\r'));
  return { lines: dos ? lines.map((line) => line.slice(0, -1)) : lines, noEndOfLine, dos };
}

/** The file's text: what a buffer writes. */
export function textFor(editor: Editor, buffer: Buffer, from = 0, to = buffer.last): string {
  if (buffer.isEmpty && from === 0) return '';
  const end = editor.options.string('fileformat') === 'dos' && buffer === editor.buffer ? '\r\n' : '\n';
  const text = buffer.lines.slice(from, to + 1).join(end);
  return buffer.noEndOfLine && to === buffer.last ? text : text + end;
}

const counted = (lines: number, bytes: number): string => `${lines}L, ${bytes}B`;

/** Reads a file into a buffer and says so. */
export function readInto(editor: Editor, buffer: Buffer): void {
  const { name } = buffer;
  buffer.loaded = true;
  const found = editor.files.read(name);
  if ('error' in found) {
    buffer.load([]);
    if (found.error === 'is a directory') editor.sayError(`"${name}" is a directory`);
    else editor.sayError(`"${name}" [Permission Denied]`);
    buffer.readOnly = found.error !== 'is a directory' || buffer.readOnly;
    return;
  }
  if ('missing' in found) {
    buffer.load([]);
    buffer.isNew = true;
    editor.say(editor.flavour.name === 'busybox' ? '' : `"${name}" [New]`);
    return;
  }
  const { lines, noEndOfLine, dos } = linesOf(found.text);
  buffer.load(lines);
  buffer.noEndOfLine = noEndOfLine;
  buffer.dos = dos;
  buffer.readOnly ||= found.readOnly;
  editor.options.put('fileformat', dos ? 'dos' : 'unix');
  if (editor.flavour.name === 'busybox') return;
  const flags = `${buffer.readOnly ? '[readonly] ' : ''}${noEndOfLine ? '[noeol] ' : ''}${dos ? '[dos] ' : ''}`;
  const count = found.text === '' ? 0 : lines.length;
  editor.say(`"${name}" ${flags}${counted(count, byteLength(found.text))}`);
}

/** Shows a buffer; the one before is then the alternate one. */
export function showBuffer(editor: Editor, buffer: Buffer, line?: number): void {
  const former = editor.buffer;
  former.sync();
  former.cursor = editor.cursor;
  former.top = editor.top;
  if (former !== buffer) editor.alternate = former;
  editor.buffer = buffer;
  editor.visual = undefined;
  editor.options.put('readonly', buffer.readOnly);
  editor.cursor = { line: 0, col: 0 };
  if (!buffer.loaded) readInto(editor, buffer);
  else if (buffer.name !== '' && former !== buffer) {
    const lines = buffer.last + 1;
    const percent = Math.floor(((buffer.cursor.line + 1) * 100) / lines);
    editor.say(
      `"${buffer.name}"${buffer.modified ? ' [Modified]' : ''} ${lines === 1 && buffer.isEmpty ? '--No lines in buffer--' : `line ${buffer.cursor.line + 1} of ${lines} --${percent}%-- col ${buffer.cursor.col + 1}`}`,
    );
  }
  editor.cursor = editor.inside(buffer.cursor);
  editor.top = buffer.top;
  if (line !== undefined) editor.toFirstNonBlank(line);
  else editor.setWant();
}

/** The buffer of a file, made if there is none. */
export function bufferFor(editor: Editor, name: string): Buffer {
  const found = editor.buffers.find((buffer) => buffer.name === name);
  if (found !== undefined) return found;
  const { buffer } = editor;
  // The first, nameless buffer becomes the file.
  if (buffer.name === '' && !buffer.modified && buffer.isEmpty && !buffer.loaded && editor.buffers.length === 1) {
    buffer.name = name;
    return buffer;
  }
  return editor.newBuffer(name);
}

export interface WriteOptions {
  readonly path?: string;
  readonly force: boolean;
  readonly append?: boolean;
  readonly from?: number;
  readonly to?: number;
  readonly appending?: boolean;
}

/** `:w` of the buffer at work. */
export function writeBuffer(editor: Editor, { path, force, append = false, from, to }: WriteOptions): void {
  const { buffer } = editor;
  const name = path ?? buffer.name;
  if (name === '') throw new Refused('E32: No file name');
  const own = name === buffer.name;
  const part = from !== undefined;
  const exists = editor.files.exists(name);
  if (own && buffer.readOnly && !force && !part) throw new Refused("E45: 'readonly' option is set (add ! to override)");
  if (part && own && !force && exists) throw new Refused('E140: Use ! to write partial buffer');
  if (!own && exists && !force && !append) throw new Refused('E13: File exists (add ! to override)');
  const text = textFor(editor, buffer, from ?? 0, to ?? buffer.last);
  const error = editor.files.write(name, text, { append, force });
  if (error !== undefined)
    throw new Refused(
      error === 'is a directory' ? `E17: "${name}" is a directory` : `"${name}" E212: Can't open file for writing`,
    );
  const lines = text === '' ? 0 : (to ?? buffer.last) - (from ?? 0) + 1;
  const flags = `${exists ? '' : '[New] '}${buffer.noEndOfLine && text !== '' && !text.endsWith('\n') ? '[noeol] ' : ''}${editor.options.string('fileformat') === 'dos' ? '[dos] ' : ''}`;
  if (own && !part && !append) {
    buffer.saved();
    buffer.isNew = false;
    if (force) buffer.readOnly = false;
  } else if (buffer.name === '' && !part) {
    buffer.name = name;
    buffer.saved();
    buffer.isNew = false;
  }
  editor.say(
    editor.flavour.name === 'busybox'
      ? `'${name}' ${lines}L, ${byteLength(text)}C`
      : `"${name}" ${flags}${counted(lines, byteLength(text))} ${append ? 'appended' : 'written'}`,
  );
}
