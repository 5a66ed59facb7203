import type { Editor } from './editor';
import type { ExCall, ExCommand } from './ex';
import { bufferFor, byteLength, linesOf, readInto, showBuffer, textFor, writeBuffer } from './files';
import { expandBang } from './operators';
import { Refused, type Step } from './types';

const changed = (): Refused => new Refused('E37: No write since last change (add ! to override)');

/** A file name with % and # in it. */
function nameIn(editor: Editor, args: string): string {
  const words = args.trim().replace(/\\(.)/g, '\0$1');
  const expanded = words
    .replace(/(^|[^\0])%/g, (_, head: string) => head + editor.buffer.name)
    .replace(/(^|[^\0])#/g, (_, head: string) => {
      if (editor.alternate === undefined) throw new Refused("E194: No alternate file name to substitute for '#'");
      return head + editor.alternate.name;
    });
  return editor.files.expand(expanded.replaceAll('\0', ''));
}

function quit(editor: Editor, force: boolean): void {
  const { buffer, buffers } = editor;
  if (!force) {
    if (buffer.modified) throw changed();
    const left = editor.arguments.length - editor.argument - 1;
    const other = buffers.find((each) => each.modified);
    if (left > 0 && !editor.warnedOfMore) {
      editor.warnedOfMore = true;
      throw new Refused(`E173: ${left} more file${left === 1 ? '' : 's'} to edit`);
    }
    if (other !== undefined) throw new Refused(`E162: No write since last change for buffer "${other.name}"`);
  }
  editor.ended = 0;
}

function* write(editor: Editor, call: ExCall): Step {
  const { args, bang, from, to, given } = call;
  const range = given > 0 && !(from === 0 && to === editor.buffer.last) ? { from, to } : {};
  if (args.startsWith('!')) {
    const input = textFor(editor, editor.buffer, given > 0 ? from : 0, given > 0 ? to : editor.buffer.last);
    yield { kind: 'shell', command: expandBang(editor, nameIn(editor, args.slice(1))), input, capture: false };
    return;
  }
  const append = args.startsWith('>>');
  const path = nameIn(editor, append ? args.slice(2) : args);
  writeBuffer(editor, { ...(path === '' ? {} : { path }), force: bang, append, ...range });
}

/** `:e`. */
function edit(editor: Editor, { args, bang }: ExCall): void {
  const plus = /^\+(\S*)\s*/.exec(args);
  const name = nameIn(editor, plus === null ? args : args.slice(plus[0].length));
  const { buffer } = editor;
  if (name === '' || name === buffer.name) {
    if (buffer.modified && !bang) throw changed();
    if (buffer.name === '') throw new Refused('E32: No file name');
    const { line } = editor.cursor;
    readInto(editor, buffer);
    editor.toFirstNonBlank(line);
    return;
  }
  if (buffer.modified && !bang && !editor.options.bool('hidden')) throw changed();
  if (bang && buffer.modified) {
    buffer.modified = false;
    buffer.loaded = buffer.name === '';
  }
  showBuffer(
    editor,
    bufferFor(editor, name),
    plus === null ? undefined : plus[1] === '' ? Infinity : Number(plus[1]) - 1,
  );
}

function goTo(editor: Editor, index: number, bang: boolean): void {
  const { arguments: files, buffer } = editor;
  if (files.length < 2) throw new Refused('E163: There is only one file to edit');
  if (index >= files.length) throw new Refused('E165: Cannot go beyond last file');
  if (index < 0) throw new Refused('E164: Cannot go before first file');
  if (buffer.modified && !bang && !editor.options.bool('hidden')) throw changed();
  editor.argument = index;
  showBuffer(editor, bufferFor(editor, files[index] ?? ''));
}

function cycle(editor: Editor, by: number, bang: boolean): void {
  const { buffers, buffer } = editor;
  if (buffers.length < 2) return;
  if (buffer.modified && !bang && !editor.options.bool('hidden')) throw changed();
  const index = (buffers.indexOf(buffer) + by + buffers.length * Math.abs(by)) % buffers.length;
  const next = buffers[index];
  if (next !== undefined) showBuffer(editor, next);
}

function* read(editor: Editor, { args, to, given, name }: ExCall): Step {
  const { buffer, cursor } = editor;
  const at = given === 0 ? cursor.line : to;
  let lines: readonly string[];
  if (args.startsWith('!')) {
    const command = expandBang(editor, args.slice(1));
    const answer = (yield { kind: 'shell', command, capture: true, input: '' }) as { output: string; status: number };
    ({ lines } = linesOf(answer.output));
    if (answer.output === '') return;
    editor.needModifiable();
    buffer.replace(at + 1, 0, lines, cursor);
    editor.toFirstNonBlank(at + lines.length);
    if (lines.length > 2) editor.say(`${lines.length} more lines`);
    return;
  }
  const path = args === '' ? buffer.name : nameIn(editor, args);
  if (path === '') throw new Refused('E32: No file name');
  const found = editor.files.read(path);
  if (!('text' in found)) throw new Refused(`E484: Can't open file ${path}`);
  if (found.text === '') return editor.say(`"${path}" 0L, 0B`);
  editor.needModifiable();
  ({ lines } = linesOf(found.text));
  buffer.replace(at + 1, 0, lines, cursor);
  editor.toFirstNonBlank(at + 1);
  if (name === 'read') editor.say(`"${path}" ${lines.length}L, ${byteLength(found.text)}B`);
}

function listed(editor: Editor): readonly string[] {
  return editor.buffers.map((buffer) => {
    const current = buffer === editor.buffer ? '%' : buffer === editor.alternate ? '#' : ' ';
    const loaded = buffer === editor.buffer ? 'a' : buffer.modified ? 'h' : ' ';
    const name = `"${buffer.name === '' ? '[No Name]' : buffer.name}"`;
    const line = buffer === editor.buffer ? editor.cursor.line + 1 : buffer.loaded ? buffer.cursor.line + 1 : 0;
    return `${String(buffer.number).padStart(3)} ${current}${loaded}${buffer.readOnly ? '=' : ' '}${buffer.modified ? '+' : ' '} ${name.padEnd(30)} line ${line}`;
  });
}

const quitCommand = (min: string): ExCommand => ({ min, run: (editor, { bang }) => quit(editor, bang) });

function writeAll(editor: Editor): number {
  const shown = editor.buffer;
  let count = 0;
  for (const buffer of editor.buffers) {
    if (!buffer.modified) continue;
    editor.buffer = buffer;
    writeBuffer(editor, { force: false });
    count++;
  }
  editor.buffer = shown;
  return count;
}

/** Commands about files and buffers. */
export const fileCommands: Readonly<Record<string, ExCommand>> = {
  write: { min: 'w', run: write },
  quit: quitCommand('q'),
  close: quitCommand('clo'),
  wq: {
    min: 'wq',
    *run(editor, call) {
      yield* write(editor, call);
      quit(editor, call.bang);
    },
  },
  xit: { min: 'x', run: exit },
  exit: { min: 'exi', run: exit },
  qall: {
    min: 'qa',
    run: (editor, { bang }) => {
      const other = editor.buffers.find((each) => each.modified);
      if (other !== undefined && !bang) {
        if (other === editor.buffer) throw changed();
        throw new Refused(`E162: No write since last change for buffer "${other.name}"`);
      }
      editor.ended = 0;
    },
  },
  quitall: { min: 'quita', run: (editor, call) => fileCommands['qall']?.run(editor, call) },
  cquit: { min: 'cq', run: (editor, { given, to }) => void (editor.ended = given > 0 ? to + 1 : 1) },
  wall: { min: 'wa', run: (editor) => void writeAll(editor) },
  wqall: {
    min: 'wqa',
    run: (editor) => {
      writeAll(editor);
      editor.ended = 0;
    },
  },
  xall: { min: 'xa', run: (editor, call) => fileCommands['wqall']?.run(editor, call) },
  edit: { min: 'e', run: edit },
  visual: { min: 'vi', run: edit },
  view: {
    min: 'vie',
    run: (editor, call) => {
      edit(editor, call);
      editor.buffer.readOnly = true;
    },
  },
  enew: {
    min: 'ene',
    run: (editor, { bang }) => {
      if (editor.buffer.modified && !bang) throw changed();
      const buffer = editor.newBuffer('');
      buffer.loaded = true;
      showBuffer(editor, buffer);
    },
  },
  read: { min: 'r', zero: true, run: read },
  file: {
    min: 'f',
    run: (editor, { args }) => {
      if (args !== '') editor.buffer.name = nameIn(editor, args);
      const { name, modified, last } = editor.buffer;
      const lines = last + 1;
      editor.say(
        `"${name === '' ? '[No Name]' : name}"${modified ? ' [Modified]' : ''}${args === '' ? '' : '[Not edited]'} ${lines} line${lines === 1 ? '' : 's'} --${Math.floor(((editor.cursor.line + 1) * 100) / lines)}%--`,
      );
    },
  },
  saveas: {
    min: 'sav',
    run: (editor, { args, bang }) => {
      const name = nameIn(editor, args);
      if (editor.files.exists(name) && !bang) throw new Refused('E13: File exists (add ! to override)');
      editor.buffer.name = name;
      writeBuffer(editor, { force: true });
    },
  },
  update: {
    min: 'up',
    *run(editor, call) {
      if (editor.buffer.modified) yield* write(editor, call);
    },
  },
  next: { min: 'n', run: (editor, { bang }) => goTo(editor, editor.argument + 1, bang) },
  previous: { min: 'prev', run: (editor, { bang }) => goTo(editor, editor.argument - 1, bang) },
  Next: { min: 'N', run: (editor, { bang }) => goTo(editor, editor.argument - 1, bang) },
  rewind: { min: 'rew', run: (editor, { bang }) => goTo(editor, 0, bang) },
  first: { min: 'fir', run: (editor, { bang }) => goTo(editor, 0, bang) },
  last: { min: 'la', run: (editor, { bang }) => goTo(editor, editor.arguments.length - 1, bang) },
  wnext: {
    min: 'wn',
    run: (editor, { bang }) => {
      writeBuffer(editor, { force: bang });
      goTo(editor, editor.argument + 1, bang);
    },
  },
  args: {
    min: 'ar',
    run: (editor) =>
      editor.say(editor.arguments.map((name, index) => (index === editor.argument ? `[${name}]` : name)).join(' ')),
  },
  bnext: { min: 'bn', run: (editor, { bang }) => cycle(editor, 1, bang) },
  bprevious: { min: 'bp', run: (editor, { bang }) => cycle(editor, -1, bang) },
  bNext: { min: 'bN', run: (editor, { bang }) => cycle(editor, -1, bang) },
  bfirst: { min: 'bf', run: (editor, { bang }) => cycle(editor, -editor.buffers.indexOf(editor.buffer), bang) },
  blast: {
    min: 'bl',
    run: (editor, { bang }) => cycle(editor, editor.buffers.length - 1 - editor.buffers.indexOf(editor.buffer), bang),
  },
  buffer: {
    min: 'b',
    run: (editor, { args, bang }) => {
      const wanted = args.trim();
      const found = /^\d+$/.test(wanted)
        ? editor.buffers.find(({ number }) => number === Number(wanted))
        : wanted === '#'
          ? editor.alternate
          : editor.buffers.find(({ name }) => name.includes(wanted));
      if (found === undefined)
        throw new Refused(
          /^\d+$/.test(wanted) ? `E86: Buffer ${wanted} does not exist` : `E94: No matching buffer for ${wanted}`,
        );
      if (found !== editor.buffer && editor.buffer.modified && !bang && !editor.options.bool('hidden')) throw changed();
      showBuffer(editor, found);
    },
  },
  bdelete: {
    min: 'bd',
    run: (editor, { bang }) => {
      const { buffer } = editor;
      if (buffer.modified && !bang)
        throw new Refused(`E89: No write since last change for buffer ${buffer.number} (add ! to override)`);
      const others = editor.buffers.filter((each) => each !== buffer);
      const next = editor.alternate !== undefined && others.includes(editor.alternate) ? editor.alternate : others[0];
      editor.buffers = others;
      showBuffer(editor, next ?? editor.newBuffer(''));
      if (editor.alternate === buffer) editor.alternate = undefined;
    },
  },
  ls: { min: 'ls', run: (editor) => editor.show([':ls', ...listed(editor)]) },
  buffers: { min: 'buffers', run: (editor) => editor.show([':buffers', ...listed(editor)]) },
  files: { min: 'files', run: (editor) => editor.show([':files', ...listed(editor)]) },
};

function* exit(editor: Editor, call: ExCall): Step {
  if (editor.buffer.modified || call.args !== '') yield* write(editor, call);
  quit(editor, call.bang);
}
