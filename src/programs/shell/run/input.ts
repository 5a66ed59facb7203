import { remember } from '../builtins/history';
import { Source } from '../parse/source';
import { expandPrompt } from '../expand/prompt';
import type { Shell } from '../shell';
import { ShellError } from '../state/errors';
import { statusOf } from './fork';
import { errorText } from './io';
import { readLine } from './read-line';
import { wantsMore } from './source';

/** Runs what comes on standard input, command by command, so that commands may read the lines after them. */
export async function runInput(shell: Shell): Promise<number> {
  let number = 1;
  for (;;) {
    if (shell.interactive) await promptCommands(shell);
    if (shell.interactive) await errorText(shell, await expandPrompt(shell, shell.get('PS1') ?? ''));
    const first = await readLine(shell, 0);
    if (first === undefined) break;
    let [text, lines] = [`${first}\n`, 1];
    while (wantsMore(text)) {
      const more = await readLine(shell, 0);
      if (more === undefined) break;
      text += `${more}\n`;
      lines++;
    }
    if (shell.interactive && shell.options.has('history') && shell.dialect === 'bash')
      remember(shell, text.replace(/\n$/, ''));
    await runChunk(shell, new Source(text, shell.source.name, shell.interactive ? 'prompt' : 'stdin', number));
    if (shell.flow !== undefined) shell.flow = undefined;
    number += lines;
  }
  if (shell.interactive && shell.dialect === 'bash') await errorText(shell, 'exit\n');
  return shell.status;
}

/** PROMPT_COMMAND before each prompt; `$?` is what it was. */
async function promptCommands(shell: Shell): Promise<void> {
  const value = shell.variables.get('PROMPT_COMMAND')?.value;
  const commands = value === undefined ? [] : typeof value === 'string' ? [value] : value.values();
  for (const each of commands) {
    const { status } = shell;
    await runChunk(shell, new Source(`${each}\n`, shell.source.name, 'prompt', 1));
    shell.status = status;
  }
}

async function runChunk(shell: Shell, source: Source): Promise<void> {
  if (!shell.interactive) {
    const before = shell.status;
    await shell.interpreter.source(shell, source);
    // A line with nothing on it leaves `$?` alone.
    if (/^\s*(#.*)?$/.test(source.text)) shell.status = before;
    return;
  }
  try {
    await shell.interpreter.source(shell, source);
  } catch (error) {
    if (!(error instanceof ShellError)) throw error;
    shell.status = await statusOf(shell, error);
  }
}
