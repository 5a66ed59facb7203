import { Source } from '../../parse/source';
import { settle } from '../../run/fork';
import { cooked } from '../../run/wait';
import type { LineEditor } from '../line-editor';
import type { Call } from './types';

/** Runs commands of the shell while a line is edited; gives their status. `$?` of the line before stays. */
export async function runMeanwhile(editor: LineEditor, text: string): Promise<number> {
  const { shell } = editor;
  const { status, lastArgument, source } = shell;
  const { tty, group } = shell.process;
  let result: number;
  try {
    result = await settle(shell, () => shell.interpreter.source(shell, new Source(`${text}\n`, shell.name, 'eval')));
  } finally {
    shell.source = source;
    shell.status = status;
    shell.lastArgument = lastArgument;
    if (tty !== undefined) {
      tty.foregroundGroup = group;
      Object.assign(tty.termios, cooked);
    }
  }
  return result;
}

/** Runs what `bind -x` put on a key; it sees and may change the line in READLINE_LINE and READLINE_POINT. */
export async function runShellBinding(
  editor: LineEditor,
  command: string,
  { count, explicit }: Pick<Call, 'count' | 'explicit'>,
): Promise<void> {
  const { shell, buffer } = editor;
  const { variables } = shell;
  variables.define('READLINE_LINE', buffer.text);
  variables.define('READLINE_POINT', String([...buffer.before].length));
  variables.define('READLINE_MARK', String([...buffer.text.slice(0, buffer.mark)].length));
  if (explicit) variables.define('READLINE_ARGUMENT', String(count));
  await editor.leave(async () => {
    await runMeanwhile(editor, command);
  });
  const line = shell.get('READLINE_LINE') ?? '';
  const point = Number(shell.get('READLINE_POINT') ?? '0');
  if (line !== buffer.text) buffer.set(line);
  const chars = [...line].slice(0, Math.max(0, Number.isNaN(point) ? 0 : point));
  buffer.moveTo(chars.join('').length);
  for (const name of ['READLINE_LINE', 'READLINE_POINT', 'READLINE_MARK', 'READLINE_ARGUMENT']) variables.unset(name);
}
