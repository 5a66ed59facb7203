import { ansiQuote, quoteIfNeeded } from '../expand/quote';
import { expandPrompt } from '../expand/prompt';
import type { Shell } from '../shell';
import { ShellError } from '../state/errors';
import { complain, writeTo } from './io';

/** `set -x`: what is about to run, after PS4. */
export async function trace(shell: Shell, text: string): Promise<void> {
  const prompt = await promptOf(shell);
  const first = prompt.charAt(0);
  // The first character shows how deep in eval and substitutions the command is.
  const fd = Number(shell.get('BASH_XTRACEFD') ?? '');
  const to = fd > 0 && shell.process.fds.get(fd) !== undefined ? fd : 2;
  await writeTo(shell, to, `${shell.dialect === 'bash' ? first.repeat(shell.traceDepth - 1) : ''}${prompt}${text}\n`);
}

/** PS4 as it is now; what is wrong in it stops nothing. */
async function promptOf(shell: Shell): Promise<string> {
  shell.options.change('xtrace', false);
  const { status } = shell;
  try {
    return await expandPrompt(shell, shell.get('PS4') ?? '');
  } catch (error) {
    if (!(error instanceof ShellError)) throw error;
    await complain(shell, error.message);
    return '';
  } finally {
    shell.options.change('xtrace', true);
    shell.status = status;
  }
}

const metas = /[\s"'\\|&;()<>!{}*[\]?^$`]|^[~#]|(?<=[:=])~/;

/** A word as `set -x` shows it: single quotes where it has what means something, `$'…'` only for what cannot be shown. */
export const traceQuote = (text: string): string =>
  text === "'"
    ? "\\'"
    : metas.test(text)
      ? `'${text.replaceAll("'", "'\\''")}'`
      : /[\x00-\x1f\x7f\udc80-\udcff]/u.test(text)
        ? ansiQuote(text)
        : quoteIfNeeded(text);

export const traceWords = (words: readonly string[]): string => words.map((word) => traceQuote(word)).join(' ');
