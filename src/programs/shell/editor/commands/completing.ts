import type { Shell } from '../../shell';
import { findCandidates, type Asked } from '../completion/find';
import { common, insertCommon, insertOpen, insertWhole } from '../completion/insert';
import { listRows } from '../completion/list';
import { runMenu } from '../completion/menu';
import { candidatesOf, type Offer } from '../completion/offer';
import { printList } from '../completion/pager';
import { commandOffer, fileOffer, hostOffer, userOffer, variableOffer } from '../completion/sources';
import { readTyped, type TypedWord } from '../completion/typed-line';
import type { LineEditor } from '../line-editor';
import type { Call, Command, Commands } from './types';

type Find = (editor: LineEditor, asked: Asked) => Offer | Promise<Offer>;

const everything: Find = ({ shell, buffer }, asked) => findCandidates(shell, buffer.text, buffer.cursor, asked);

/** Completion among one kind of names only (complete-filename and its like). */
const only =
  (source: (shell: Shell, word: TypedWord) => Offer | undefined): Find =>
  ({ shell, buffer }) => {
    const { word } = readTyped(shell, buffer.text, buffer.cursor);
    const offer = source(shell, word) ?? fileOffer(shell, word);
    return { ...offer, candidates: offer.candidates.toSorted((a, b) => (a.text < b.text ? -1 : 1)) };
  };

const sources: Readonly<Record<string, Find>> = {
  filename: only(fileOffer),
  username: only(userOffer),
  hostname: only(hostOffer),
  command: only(commandOffer),
  variable: only((shell, word) =>
    word.raw.includes('$') ? variableOffer(shell, word) : variableOffer(shell, { ...word, raw: `$${word.raw}` }),
  ),
};

/** Tab: puts in what is certain; pressed again, shows what there is. */
const complete =
  (find: Find): Command =>
  async (editor, call) => {
    const { variables } = editor.readline;
    if (variables.on('disable-completion')) return editor.run('self-insert', call);
    const { buffer } = editor;
    const again = editor.last === editor.running && !changed.has(editor);
    const offer = await find(editor, asked(call, again ? '63' : '9'));
    changed.delete(editor);
    const [first] = offer.candidates;
    if (first === undefined) return editor.bell();
    if (offer.candidates.length === 1) {
      const before = buffer.text;
      insertWhole(buffer, offer, first);
      if (buffer.text !== before) changed.add(editor);
      return;
    }
    if (insertCommon(buffer, offer, common(offer.candidates, variables.on('completion-ignore-case')))) {
      changed.add(editor);
      if (!variables.on('show-all-if-ambiguous')) return editor.bell();
    }
    if (again || variables.on('show-all-if-ambiguous') || variables.on('show-all-if-unmodified'))
      await show(editor, offer);
    else editor.bell();
  };

/** Editors whose last Tab changed the line: the next one begins anew. */
const changed = new WeakSet<LineEditor>();

const asked = ({ keys }: Pick<Call, 'keys'>, type: Asked['type']): Asked => ({
  key: keys.charCodeAt(keys.length - 1) || 9,
  type,
});

async function show(editor: LineEditor, offer: Offer): Promise<void> {
  const { variables } = editor.readline;
  const limit = variables.number('completion-query-items');
  const { candidates } = offer;
  const long = limit > 0 && candidates.length >= limit;
  if (variables.on('completion-menu') && !long) await runMenu(editor, offer);
  else await printList(editor, candidates.length, listRows(candidates, editor.columns));
}

const possible =
  (find: Find): Command =>
  async (editor, call) => {
    const offer = await find(editor, asked(call, '63'));
    if (offer.candidates.length === 0) editor.bell();
    else await show(editor, offer);
  };

const insertAll: Command = async (editor, call) => {
  const offer = await everything(editor, asked(call, '42'));
  const { buffer } = editor;
  if (offer.candidates.length === 0) return editor.bell();
  buffer.group(() => {
    for (const [index, each] of offer.candidates.entries())
      insertWhole(buffer, index === 0 ? offer : { ...offer, start: buffer.cursor }, { ...each, suffix: ' ' });
  });
};

interface Cycle {
  readonly offer: Offer;
  readonly before: { readonly text: string; readonly cursor: number };
  at: number;
}
const cycles = new WeakMap<LineEditor, Cycle>();

/** Puts one candidate after the other in place (menu-complete). */
const cycle =
  (direction: number): Command =>
  async (editor, call) => {
    const { buffer } = editor;
    const going = /^(old-)?menu-complete/.test(editor.last) ? cycles.get(editor) : undefined;
    const state = going ?? {
      offer: await everything(editor, asked(call, '37')),
      before: { text: buffer.text, cursor: buffer.cursor },
      at: direction > 0 ? -1 : 0,
    };
    cycles.set(editor, state);
    const { candidates } = state.offer;
    if (candidates.length === 0) return editor.bell();
    // After the last comes what was typed.
    const count = candidates.length + 1;
    state.at = (((state.at + direction * call.count) % count) + count) % count;
    const chosen = candidates[state.at];
    while (buffer.text !== state.before.text && buffer.undo());
    buffer.moveTo(state.before.cursor);
    if (chosen === undefined) editor.bell();
    else if (candidates.length === 1) insertWhole(buffer, state.offer, chosen);
    else insertOpen(buffer, state.offer, chosen);
  };

/** The word from words of the history (M-TAB). */
const fromHistory: Find = ({ shell, buffer }) => {
  const { word } = readTyped(shell, buffer.text, buffer.cursor);
  const words = new Set(shell.history.flatMap((line) => line.split(/[\s;|&()<>]+/)));
  const values = [...words].filter((each) => each.startsWith(word.raw) && each !== '');
  return { start: word.start, prefix: '', quote: '', quotes: false, candidates: candidatesOf(values.sort()) };
};

/** All files that fit, in braces (complete-into-braces). */
const intoBraces: Command = (editor) => {
  const { shell, buffer } = editor;
  const { word } = readTyped(shell, buffer.text, buffer.cursor);
  const offer = fileOffer(shell, word);
  const names = offer.candidates.map(({ text, suffix }) => text + (suffix === '/' ? '/' : '')).sort();
  const [first] = names;
  if (first === undefined) return editor.bell();
  const start = common(offer.candidates);
  const braced = names.length === 1 ? first : `${start}{${names.map((name) => name.slice(start.length)).join(',')}}`;
  buffer.replace(offer.start, buffer.cursor, `${offer.prefix}${braced} `);
};

const perSource = (make: (find: Find) => Command, name: (kind: string) => string): Commands =>
  Object.fromEntries(Object.entries(sources).map(([kind, find]) => [name(kind), make(find)]));

export const completing: Commands = {
  complete: complete(everything),
  'possible-completions': possible(everything),
  'insert-completions': insertAll,
  'menu-complete': cycle(1),
  'old-menu-complete': cycle(1),
  'menu-complete-backward': cycle(-1),
  'dynamic-complete-history': complete(fromHistory),
  'dabbrev-expand': complete(fromHistory),
  'complete-into-braces': intoBraces,
  ...perSource(complete, (kind) => `complete-${kind}`),
  ...perSource(possible, (kind) => `possible-${kind}-completions`),
};
