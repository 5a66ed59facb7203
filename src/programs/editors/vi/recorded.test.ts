import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editorWith, outcome, typeKeys, type Outcome } from '../testing/keys';

/**
 * What vim 9.0 made of texts under keys (`vim -u NONE -N`, 'backspace' at "indent,eol,start", keys by feedkeys(…, 'xt')),
 * recorded by us. A case: text, keys, the cursor's line and column, how many lines at the begin and the end stayed, and
 * the lines between them then.
 */
const recorded = JSON.parse(readFileSync(new URL('../testing/recorded-vim.json', import.meta.url), 'utf8')) as {
  readonly texts: readonly string[];
  readonly cases: readonly (readonly [number, string, number, number, number, number, ...string[]])[];
};

/** Where ours differs still: who mends one takes it off. */
const differs = new Set<string>([
  '/o\rvgnd',
  'jwixyz\x1bgg`.iX\x1b',
  'jfovititd',
  'v$A!\x1b',
  'l\x16jlXu',
  'yl\x164jp',
  'yiw\x16jp',
  'yy\x16jp',
  '\x16jIX\rY\x1b',
  '1vd',
  ':set et\r:ret\r',
  'Aabc\x0fdb\x1b',
  ':set ai paste nopaste\r3jox\x1b',
  'qa:s/e/E/g\rjq2@a',
  ':%s/\\n//\r',
]);

test('what keys make of a text is what vim makes of it', () => {
  const wrong: { keys: string; wanted: Outcome; ours: Outcome }[] = [];
  for (const [number, keys, line, col, head, tail, ...lines] of recorded.cases) {
    const text = recorded.texts[number] ?? '';
    const before = text.split('\n');
    const after = [...before.slice(0, head), ...lines, ...before.slice(before.length - tail)].join('\n');
    const ours = outcome(text, keys);
    const wanted = { after, line, col };
    if (ours.after !== after || ours.line !== line || ours.col !== col) wrong.push({ keys, wanted, ours });
  }
  expect(recorded.cases.length).toBeGreaterThan(2200);
  expect(wrong.filter(({ keys }) => !differs.has(keys))).toEqual([]);
  expect(wrong.map(({ keys }) => keys).sort()).toEqual([...differs].sort());
});

const anyKey = fc.constantFrom(
  ...'hjklwbeWBE0^$GfFtT;,HLM{}()%dcy<>=gxXDCsSYpPrRJ~.uiaoAIOvVqQ@mn*#/:"`\'&zZ123456789 abtn[]'.split(''),
  '\x1b',
  '\x1b',
  '\x1b',
  '\r',
  '\x08',
  '\t',
  '\x12',
  '\x16',
  '\x06',
  '\x02',
  '\x04',
  '\x15',
  '\x01',
  '\x18',
  '\x17',
  '\x0f',
);

test('no keys are too much for it, and undo gives the first text back', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('', 'one two', '\tfoo(bar, "x")', '日本 x', 'a: b # c', '  - {x: [1, 2]}'), {
        minLength: 1,
        maxLength: 6,
      }),
      fc.array(anyKey, { maxLength: 40 }),
      (lines, keys) => {
        const editor = editorWith(lines.join('\n'));
        typeKeys(editor, keys.join(''));
        if (editor.ended !== undefined) return;
        const { cursor, buffer } = editor;
        expect(cursor.line).toBeLessThanOrEqual(buffer.last);
        expect(cursor.col).toBeLessThanOrEqual(buffer.line(cursor.line).length);
        while (buffer.undo() !== undefined);
        expect(buffer.lines).toEqual(lines);
      },
    ),
    { numRuns: 1500, seed: 4 },
  );
});
