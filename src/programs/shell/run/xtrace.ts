import { quoteIfNeeded } from '../expand/quote';
import { expandPrompt } from '../expand/prompt';
import type { Shell } from '../shell';
import { errorText } from './io';

/** `set -x`: what is about to run, after PS4. */
export async function trace(shell: Shell, text: string): Promise<void> {
  const ps4 = shell.get('PS4') ?? '+ ';
  shell.options.change('xtrace', false);
  const prompt = await expandPrompt(shell, ps4);
  shell.options.change('xtrace', true);
  const first = prompt.charAt(0);
  // The first character shows how deep in eval and substitutions the command is.
  await errorText(shell, `${shell.dialect === 'bash' ? first.repeat(shell.traceDepth - 1) : ''}${prompt}${text}\n`);
}

export const traceWords = (words: readonly string[]): string => words.map((word) => quoteIfNeeded(word)).join(' ');
