import type { Editor } from './editor';
import { fileCommands } from './ex-files';
import { infoCommands } from './ex-info';
import { parseRange } from './ex-range';
import { substituteCommands } from './ex-substitute';
import { textCommands } from './ex-text';
import { Refused, type Step } from './types';

/** One ex command as it was written, its range worked out. */
export interface ExCall {
  readonly name: string;
  readonly bang: boolean;
  /** What follows the name, without leading blanks. */
  readonly args: string;
  /** Lines from 0; the cursor's line where none was given. */
  readonly from: number;
  readonly to: number;
  /** How many line numbers were given. */
  readonly given: number;
  /** The command line, for messages. */
  readonly line: string;
}

export interface ExCommand {
  /** The shortest form that means it. */
  readonly min: string;
  readonly run: (editor: Editor, call: ExCall) => Step | void;
  /** Takes the rest of the line with its bars. */
  readonly whole?: boolean;
  /** May begin at line 0. */
  readonly zero?: boolean;
  /** Takes no line numbers. */
  readonly noRange?: boolean;
  /** Without a range it is for all lines. */
  readonly all?: boolean;
}

let table: ReadonlyMap<string, ExCommand> | undefined;
/** Made when it is first needed: these modules know each other. */
const commandTable = (): ReadonlyMap<string, ExCommand> =>
  (table ??= new Map(Object.entries({ ...substituteCommands, ...textCommands, ...fileCommands, ...infoCommands })));

/** Settings of vim's that have no meaning here and are let pass, as a .vimrc has them. */
const ignored = new Set(
  (
    'map nmap imap vmap xmap omap cmap noremap nnoremap inoremap vnoremap xnoremap onoremap cnoremap unmap nunmap iunmap ' +
    'let unlet if else elseif endif for endfor while endwhile function endfunction return call autocmd au augroup filetype ' +
    'colorscheme colo highlight hi scriptencoding runtime packadd Plug Plugin silent try catch endtry echo execute abbreviate ' +
    'iabbrev command com mapclear source so language lang match sleep redraw setfiletype setf doautocmd sign finish'
  ).split(' '),
);

/** The command that a name or its abbreviation means. */
function lookUp(name: string): readonly [string, ExCommand] | undefined {
  const commands = commandTable();
  const exact = commands.get(name);
  if (exact !== undefined) return [name, exact];
  for (const [full, command] of commands)
    if (full.startsWith(name) && name.startsWith(command.min)) return [full, command];
  return undefined;
}

/** Runs a command line: commands with bars between them. */
export function* executeLine(editor: Editor, line: string, { typed = false }: { readonly typed?: boolean }): Step {
  if (typed && line.trim() !== '') editor.lastCommand = line.replace(/^[: ]+/, '');
  if (typed) editor.message = undefined;
  let rest: string | undefined = line;
  while (rest !== undefined && editor.ended === undefined) rest = yield* one(editor, rest);
  // What was typed stays where it was.
  if (typed && editor.message === undefined && editor.flavour.name !== 'busybox') editor.say(`:${line}`);
}

function* one(editor: Editor, text: string): Step<string | undefined> {
  const line = text.replace(/^[ \t:]+/, '');
  if (line.startsWith('"') || line === '') return undefined;
  const { lines, rest } = parseRange(editor, line);
  const { buffer, cursor } = editor;
  const found =
    /^([a-zA-Z]+|[!&<>=~@#*]|\||$)/.exec(rest)?.[0] ??
    (() => {
      throw new Refused(`E492: Not an editor command: ${line}`);
    })();
  if (found === '' || found === '|') {
    const target = lines.at(-1);
    if (target !== undefined) {
      editor.markJump();
      editor.toFirstNonBlank(target - 1);
    }
    return found === '|' ? rest.slice(1) : undefined;
  }
  const split = nameOf(rest, found);
  const { command, full, after } =
    split ??
    (() => {
      throw new Refused(`E492: Not an editor command: ${line}`);
    })();
  if (command === undefined) return undefined;
  const bang = after.startsWith('!') && full !== '!';
  const tail = bang ? after.slice(1) : after;
  const [args, next] = command.whole === true ? [tail, undefined] : splitBar(tail);
  let [from, to] = lines.length === 0 ? [cursor.line + 1, cursor.line + 1] : [lines[0] ?? 1, lines.at(-1) ?? 1];
  if (command.noRange === true && lines.length > 0) throw new Refused(`E481: No range allowed`);
  if (from > to) {
    if (!(yield* askSwap(editor))) return undefined;
    [from, to] = [to, from];
  }
  if (to > buffer.last + 1 || from < 0) throw new Refused(`E16: Invalid range`);
  if (from === 0 && command.zero !== true) {
    from = 1;
    if (to === 0) to = 1;
  }
  if (lines.length === 0 && command.all === true) [from, to] = [1, buffer.last + 1];
  const call: ExCall = {
    name: full,
    bang,
    args: args.trim() === '' ? '' : args.replace(/^[ \t]+/, ''),
    from: from - 1,
    to: to - 1,
    given: lines.length,
    line,
  };
  const running = command.run(editor, call);
  if (running !== undefined) yield* running;
  return next;
}

/** Takes the name off: letters run into arguments for `s`, `g`, `d`, `k`. */
function nameOf(
  rest: string,
  word: string,
): { readonly full: string; readonly command: ExCommand | undefined; readonly after: string } | undefined {
  const whole = lookUp(word);
  if (whole !== undefined) return { full: whole[0], command: whole[1], after: rest.slice(word.length) };
  if (ignored.has(word)) return { full: word, command: undefined, after: '' };
  const short =
    /^(s)([gcirIne&#]*)(?=\s|$|\d)/.exec(rest) ??
    /^(k)([a-zA-Z])/.exec(rest) ??
    /^(norm(?:al?)?|d|m|t|co|pu|y)(?=[^a-zA-Z]|[a-z]$)/.exec(rest);
  const found = short === null ? undefined : lookUp(short[1] ?? '');
  if (found === undefined || short === null) return undefined;
  return { full: found[0], command: found[1], after: rest.slice((short[1] ?? '').length) };
}

/** Cuts at the first bar that is not escaped. */
function splitBar(text: string): readonly [string, string | undefined] {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\' || text[at] === '\x16') at++;
    else if (text[at] === '|') return [text.slice(0, at).replaceAll('\\|', '|'), text.slice(at + 1)];
  }
  return [text.replaceAll('\\|', '|'), undefined];
}

function* askSwap(editor: Editor): Step<boolean> {
  editor.say('Backwards range given, OK to swap (y/n)?');
  const key = yield* editor.key();
  editor.message = undefined;
  return key === 'y';
}
