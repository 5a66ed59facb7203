import { isOption } from './arguments';
import { inputLine } from './input-line';
import type { Pager } from './pager';
import { information } from './prompt';
import { pattern } from './search';
import { runShell } from './shell';
import { toggle } from './settings';
import { Source } from './source';
import { View } from './view';

const forwardLine = new Set(['j', 'e', '\x05', '\x0e', '\r', '\n', 'J', '\x1b[B', '\x1bOB']);
const backLine = new Set(['k', 'y', '\x19', '\x0b', '\x10', 'K', 'Y', '\x1b[A', '\x1bOA']);
const forwardScreen = new Set([' ', 'f', '\x06', '\x16', '\x1b[6~', 'z']);
const backScreen = new Set(['b', '\x02', '\x1bv', '\x1b[5~', 'w']);

/** Does what a key says. */
export async function command(pager: Pager, typed: string): Promise<void> {
  let key = typed;
  const { view, terminal } = pager;
  let digits = '';
  while (/^\d$/.test(key)) {
    digits += key;
    await terminal.ask(`:${digits}`);
    const next = await terminal.key();
    if (next === undefined) return;
    key = next;
    if (key === '\x7f' || key === 'interrupted') return;
  }
  if (key === '\x1b' || key === ':' || key === 'Z') {
    if (key === ':') await terminal.ask(' :');
    key += (await terminal.key()) ?? '';
  }
  const count = digits === '' ? undefined : Number(digits);
  const moved = pager.fresh;
  pager.fresh = false;
  if (forwardLine.has(key)) await forward(pager, count ?? 1);
  else if (backLine.has(key)) view.back(count ?? 1);
  else if (forwardScreen.has(key)) {
    if (key === 'z' && count !== undefined) pager.settings.window = count;
    await forward(pager, count ?? pager.settings.window ?? view.height);
  } else if (backScreen.has(key)) view.back(count ?? pager.settings.window ?? view.height);
  else if (key === 'd' || key === '\x04' || key === 'u' || key === '\x15') {
    if (count !== undefined) pager.half = count;
    const rows = pager.half ?? Math.ceil(view.height / 2);
    if (key === 'd' || key === '\x04') await forward(pager, rows);
    else view.back(rows);
  } else if (
    key === 'g' ||
    key === '<' ||
    key === '\x1b<' ||
    key === '\x1b[H' ||
    key === '\x1bOH' ||
    key === '\x1b[1~'
  ) {
    if (count !== undefined) await pager.fill(count);
    pager.jump((count ?? 1) - 1);
  } else if (
    key === 'G' ||
    key === '>' ||
    key === '\x1b>' ||
    key === '\x1b[F' ||
    key === '\x1bOF' ||
    key === '\x1b[4~'
  ) {
    if (count !== undefined) {
      await pager.fill(count);
      pager.jump(count - 1);
    } else if (await pager.all()) {
      pager.jump(view.top.line);
      view.goToEnd();
    }
  } else if (key === 'p' || key === '%') {
    await pager.all();
    pager.jump(view.text.lineAt(Math.floor((view.text.bytes * Math.min(100, count ?? 0)) / 100)));
  } else if (key === '/' || key === '?') await ask(pager, key === '/');
  else if (key === 'n' || key === 'N') {
    if (view.found === undefined) pager.say('No previous regular expression');
    else await pager.find(view.found, (key === 'n') === pager.forwards, true, count ?? 1);
  } else if (key === '\x1bu') pager.settings.highlight = !pager.settings.highlight;
  else if (key === '\x1bU') view.found = undefined;
  else if (key === '&') await filter(pager);
  else if (key === 'F') await pager.follow();
  else if (key === 'r' || key === 'R' || key === '\x12' || key === '\x0c') terminal.forget();
  else if (key === '\x1b[C' || key === '\x1bOC' || key === '\x1b)') {
    view.shift += count ?? pager.settings.shift ?? Math.floor(view.size.columns / 2);
  } else if (key === '\x1b[D' || key === '\x1bOD' || key === '\x1b(') {
    view.shift = Math.max(0, view.shift - (count ?? pager.settings.shift ?? Math.floor(view.size.columns / 2)));
  } else if (key === '=' || key === '\x07' || key === ':f') {
    if (pager.source.regular) await pager.all();
    pager.say(information(view, { ...pager.about, fresh: moved }));
  } else if (key === 'm' || key === "'") await mark(pager, key);
  else if (key === '-') await option(pager);
  else if (key === 'h' || key === 'H') {
    if (pager.below !== undefined) return;
    pager.below = { source: pager.source, view };
    pager.source = Source.help(pager.process);
    pager.view = new View(pager.source.text, pager.settings, terminal.size);
    terminal.forget();
  } else if (key === ':n' || key === ':p') await other(pager, pager.index + (key === ':n' ? 1 : -1) * (count ?? 1));
  else if (key === ':e') {
    const name = await inputLine(terminal, () => 'Examine: ', []);
    if (name !== undefined && name.trim() !== '') {
      pager.files.splice(pager.index + 1, 0, name.trim());
      const said = await pager.open(pager.index + 1);
      if (said !== undefined) {
        pager.files.splice(pager.index + 1, 1);
        pager.say(said);
      } else terminal.forget();
    }
  } else if (key === '!') {
    const line = await inputLine(terminal, () => '!', pager.shellLines);
    if (line !== undefined) await runShell(pager, line, '!done');
  } else if (key === 'v') {
    const { name } = pager.source;
    const { env } = pager.process;
    if (name === undefined || pager.below !== undefined) pager.say('Cannot edit standard input');
    else
      await runShell(
        pager,
        `${env.get('VISUAL') ?? env.get('EDITOR') ?? 'vi'} +${String(view.top.line + 1)} '${name}'`,
      );
  } else if (['q', 'Q', ':q', ':Q', 'ZZ'].includes(key)) quit(pager);
}

function quit(pager: Pager): void {
  if (pager.below === undefined) {
    pager.ended = 0;
    return;
  }
  pager.source = pager.below.source;
  pager.view = pager.below.view;
  pager.below = undefined;
  pager.fresh = true;
  pager.terminal.forget();
}

async function forward(pager: Pager, rows: number): Promise<void> {
  await pager.ahead(rows);
  if (pager.view.atEnd && pager.settings.quitAtEnd !== '' && pager.below === undefined) {
    if (pager.files[pager.index + 1] === undefined) pager.ended = 0;
    else await other(pager, pager.index + 1);
    return;
  }
  pager.view.forward(rows);
}

async function other(pager: Pager, index: number): Promise<void> {
  if (pager.files[index] === undefined) {
    pager.say(index < 0 ? 'No previous file' : 'No next file');
    return;
  }
  const said = await pager.open(index);
  if (said === undefined) pager.terminal.forget();
  else if (said !== '') pager.say(said);
}

async function ask(pager: Pager, forwards: boolean): Promise<void> {
  let inverse = false;
  const line = await inputLine(
    pager.terminal,
    () => `${inverse ? 'Non-match ' : ''}${forwards ? '/' : '?'}`,
    pager.searches,
    (key, typed) => {
      const mode = typed === '' && (key === '!' || key === '\x0e');
      if (mode) inverse = !inverse;
      return mode;
    },
  );
  if (line !== undefined) await pager.search(line, forwards, inverse);
}

async function filter(pager: Pager): Promise<void> {
  let inverse = false;
  const line = await inputLine(
    pager.terminal,
    () => `${inverse ? 'Non-match ' : ''}&/`,
    pager.searches,
    (key, typed) => {
      const mode = typed === '' && (key === '!' || key === '\x0e');
      if (mode) inverse = !inverse;
      return mode;
    },
  );
  if (line === undefined) return;
  const wanted = line === '' ? undefined : pattern(line, pager.settings, { inverse });
  if (line !== '' && wanted === undefined) {
    pager.say('Invalid pattern');
    return;
  }
  pager.view.filter = wanted;
  pager.view.top = { line: pager.view.shownFrom(pager.view.top.line), part: 0 };
  pager.terminal.forget();
}

async function mark(pager: Pager, key: string): Promise<void> {
  await pager.terminal.ask(key === 'm' ? 'set mark: ' : 'goto mark: ');
  const letter = await pager.terminal.key();
  if (letter === undefined || letter === 'interrupted') return;
  const { view, marks } = pager;
  if (key === 'm') {
    marks.set(letter, view.top);
    return;
  }
  const to =
    letter === '^' ? { line: 0, part: 0 } : (marks.get(letter) ?? (letter === "'" ? { line: 0, part: 0 } : undefined));
  if (letter === '$') {
    await pager.all();
    view.goToEnd();
  } else if (to === undefined) pager.say('Mark not set');
  else {
    marks.set("'", view.top);
    view.top = to;
  }
}

async function option(pager: Pager): Promise<void> {
  await pager.terminal.ask('-');
  const letter = await pager.terminal.key();
  if (letter === undefined || letter === 'interrupted' || letter === '\x7f' || letter === '\r') return;
  if (!isOption(letter)) pager.say(`There is no -${letter} option`);
  else pager.say(toggle(pager.settings, letter) ?? '');
}
