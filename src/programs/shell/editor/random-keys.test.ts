import fc from 'fast-check';
import headless from '@xterm/headless';
import { expect, test } from 'vitest';
import { LineBuffer } from './line-buffer';
import { Painter, type Frame } from './painter';
import { Terminal } from './testing/terminal';

/** Keys that do something, and texts that are hard to draw. */
const key = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('a', 'b ', 'echo ', '日', 'e\u0301', '\u{1f600}', '/', '"', '$H', '-', 'x'.repeat(30)),
  },
  {
    weight: 3,
    arbitrary: fc
      .integer({ min: 1, max: 31 })
      .filter((code) => code !== 3 && code !== 4)
      .map((code) => String.fromCharCode(code)),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(...'bdfutlcy.<>#-37*?={~@/$!&^_ \\rgnp'.split('')).map((char) => `\x1b${char}`),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '\x1b[A',
      '\x1b[B',
      '\x1b[C',
      '\x1b[D',
      '\x1b[H',
      '\x1b[F',
      '\x1b[3~',
      '\x1b[1;5D',
      '\x7f',
      '\t\t',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('\x1b[200~a\nb\x1b[201~', '\x18\x15', '\x18\x18', '\x18*', '\x1b[99~', '\x1bO', '\x1b['),
  },
);
const viKey = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('\x1b', 'i', 'a', 'A', 'I', 'cw', 'dd', 'D', 'x', 'p', 'P', 'u', '.', 'r日', '~', 'R'),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'h',
      'l',
      'w',
      'b',
      'e',
      'W',
      'B',
      'E',
      '0',
      '$',
      '^',
      '%',
      'fe',
      'Tb',
      ';',
      ',',
      '3',
      'd2w',
      'yw',
      'k',
      'j',
    ),
  },
  { weight: 1, arbitrary: key },
);

async function survives(keys: readonly string[], first: string, columns: number): Promise<void> {
  const terminal = new Terminal({
    columns,
    rows: 12,
    history: ['echo one', '日本 two', 'x'.repeat(50)],
    files: ['alpha', 'a日'],
  });
  await terminal.type(first);
  await terminal.type(keys.join(''), 700);
  const before = await terminal.see();
  expect(before.cursor[0]).toBeLessThanOrEqual(columns);
  // Whatever is on the way, ^C gives it up and the shell still answers.
  await terminal.type('\x07\x03\x03');
  await terminal.type('set -o emacs\r\x0c', 20);
  await terminal.type("echo a''live\r");
  const { screen } = await terminal.see();
  expect(screen.join('\n')).toContain('\nalive');
}

test('no keys break the editor: emacs', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(key, { maxLength: 25 }), fc.constantFrom(10, 20, 80), (keys, columns) =>
      survives(keys, '', columns),
    ),
    { numRuns: 40, seed: 4 },
  );
});

test('no keys break the editor: vi', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(viKey, { maxLength: 25 }), fc.constantFrom(20, 80), (keys, columns) =>
      survives(keys, 'set -o vi\r', columns),
    ),
    { numRuns: 40, seed: 4 },
  );
});

const drawn = fc.array(
  fc.record({
    text: fc
      .array(fc.constantFrom('a', 'b', ' ', '\n', '\t', '日', 'e\u0301', '\x01', '\u{1f600}', 'word'), {
        maxLength: 24,
      })
      .map((parts) => parts.join('')),
    at: fc.nat(100),
    ghost: fc.constantFrom('', '', 'ghost', '日本'),
    below: fc.constantFrom<readonly string[]>([], [], ['one', 'two']),
  }),
  { minLength: 1, maxLength: 8 },
);

/** What xterm shows after a text. */
async function screenOf(text: string, columns: number): Promise<readonly unknown[]> {
  const xterm = new headless.Terminal({ rows: 24, cols: columns, allowProposedApi: true });
  await new Promise<void>((resolve) => xterm.write(text.replaceAll(/\r?\n/g, '\r\n'), resolve));
  const { active } = xterm.buffer;
  const rows = Array.from({ length: 24 }, (_, y) => active.getLine(active.baseY + y)?.translateToString(true) ?? '');
  return [rows.map((row) => row.trimEnd()), active.cursorX, active.cursorY];
}

test('what is drawn step by step is what is drawn at once', async () => {
  await fc.assert(
    fc.asyncProperty(drawn, fc.constantFrom(10, 13, 40), async (steps, columns) => {
      let output = '';
      const painter = new Painter(
        (text) => (output += text),
        () => columns,
      );
      const frames = steps.map(({ text, at, ghost, below }): Frame => {
        const buffer = new LineBuffer();
        buffer.load(text, Math.min(at, text.length));
        const atEnd = buffer.cursor === text.length;
        return { text, cursor: buffer.cursor, ghost: atEnd ? ghost : '', below };
      });
      painter.start('$ ');
      for (const frame of frames) painter.update(frame);
      const stepped = await screenOf(output, columns);
      output = '';
      const once = new Painter(
        (text) => (output += text),
        () => columns,
      );
      once.start('$ ');
      once.update(frames.at(-1) ?? { text: '', cursor: 0 });
      expect(stepped).toEqual(await screenOf(output, columns));
      painter.refresh();
    }),
    { numRuns: 150, seed: 4 },
  );
});

const change = fc.oneof(
  fc.record({
    kind: fc.constant('insert' as const),
    text: fc.constantFrom('a', '日', 'e\u0301', '\u{1f600}', 'word '),
  }),
  fc.record({ kind: fc.constant('cut' as const), from: fc.nat(30), to: fc.nat(30) }),
  fc.record({ kind: fc.constant('move' as const), to: fc.integer({ min: -5, max: 40 }) }),
  fc.record({
    kind: fc.constant('replace' as const),
    from: fc.nat(30),
    to: fc.nat(30),
    text: fc.string({ maxLength: 4 }),
  }),
);

test('the cursor stays in the line between characters, and undoing everything brings the beginning back', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      const buffer = new LineBuffer();
      buffer.load('one 日本 two');
      for (const each of changes) {
        if (each.kind === 'insert') buffer.insert(each.text, { typed: each.text.length === 1 });
        else if (each.kind === 'move') buffer.moveTo(each.to);
        else if (each.kind === 'cut') buffer.cut(Math.min(each.from, buffer.length), Math.min(each.to, buffer.length));
        else buffer.replace(Math.min(each.from, buffer.length), Math.min(each.to, buffer.length), each.text);
        expect(buffer.cursor).toBeGreaterThanOrEqual(0);
        expect(buffer.cursor).toBeLessThanOrEqual(buffer.length);
        expect(buffer.next).toBeGreaterThanOrEqual(buffer.cursor);
        expect(buffer.previous).toBeLessThanOrEqual(buffer.cursor);
      }
      while (buffer.undo());
      expect(buffer.text).toBe('one 日本 two');
    }),
    { numRuns: 500, seed: 4 },
  );
});
