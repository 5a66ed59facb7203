import type { Terminal } from './terminal';

/** Lines that were typed before, the last at the end: the arrow keys bring them back. */
export type History = string[];

/** Asks for a line at the bottom; undefined where it was given up (^C, ESC, or erased beyond its beginning). */
export async function inputLine(
  terminal: Terminal,
  prompt: (typed: string) => string,
  history: History,
  control: (key: string, typed: string) => boolean = () => false,
): Promise<string | undefined> {
  let typed = '';
  let at = history.length;
  for (;;) {
    await terminal.ask(
      prompt(typed) + typed.replace(/[\x01-\x1f]/g, (char) => `^${String.fromCharCode(char.charCodeAt(0) ^ 64)}`),
    );
    const key = await terminal.key();
    if (key === undefined || key === 'interrupted' || key === '\x03' || key === '\x1b') return undefined;
    if (key === '\r' || key === '\n') break;
    if (key === '\x7f' || key === '\b') {
      if (typed === '') return undefined;
      typed = Array.from(typed).slice(0, -1).join('');
    } else if (key === '\x15') typed = '';
    else if (key === '\x17') typed = typed.replace(/\S*\s*$/, '');
    else if (/^\x1b[[O][AB]$/.test(key)) {
      at = Math.max(0, Math.min(history.length, at + (key.endsWith('A') ? -1 : 1)));
      typed = history[at] ?? '';
    } else if (control(key, typed)) continue;
    else if (!key.startsWith('\x1b')) typed += key;
  }
  if (typed !== '' && typed !== history.at(-1)) history.push(typed);
  return typed;
}
