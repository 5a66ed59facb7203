import type { Process } from '../../linux/process/types';
import type { JqSyntaxError } from './lexer';
import type { Machine } from './machine';
import type { Json } from './values';

/** Steps between two looks at the clock. */
const SLICE = 2000;

/** Lets a machine work to its end; other processes have their turns meanwhile. Throws what nobody in the program catches. */
export async function runMachine(
  process: Process,
  machine: Machine,
  emit: (value: Json) => Promise<unknown> | undefined,
): Promise<void> {
  for (;;) {
    const event = machine.run(SLICE);
    if (event === 'done') return;
    if (event === 'busy') {
      const turn = process.compute(SLICE / 10);
      if (turn !== undefined) await turn;
    } else if ('pending' in event) await event.pending;
    else {
      const written = emit(event.value);
      if (written !== undefined) await written;
    }
  }
}

/** What jq says about a program that does not compile. */
export function compileError(error: JqSyntaxError, source: string): string {
  const at = error.at ?? 0;
  if (at < 0) return `jq: error: ${error.message}\njq: 1 compile error\n`;
  const start = source.lastIndexOf('\n', at - 1) + 1;
  const end = source.indexOf('\n', at);
  const line = source.slice(0, at).split('\n').length;
  const shown = source.slice(start, end < 0 ? undefined : end) + ' '.repeat(Math.max(0, at - start));
  return `jq: error: ${error.message} at <top-level>, line ${line}:\n${shown}\njq: 1 compile error\n`;
}
