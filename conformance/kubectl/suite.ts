import { textDifference } from '../difference';
import type { Comparison, Suite } from '../runner';
import type { ShellAnswer } from '../shell';
import { normalise } from './normalise';
import { folder, replayWorld, worldsIn } from './replay';
import type { Command } from './world';

async function* replay(recordings: string, world: string): AsyncIterable<Comparison> {
  for await (const { command, answer } of replayWorld(recordings, world))
    if (command.stdout !== undefined && command.code !== undefined) yield compare(command, answer);
}

function compare({ id, cmd, code, stdout = '', stderr = '' }: Command, answer: ShellAnswer): Comparison {
  const texts = [
    ['stdout', normalise(stdout), normalise(answer.stdout)],
    ['stderr', normalise(stderr), normalise(answer.stderr)],
    ['code', String(code), String(answer.code)],
  ] as const;
  return {
    id,
    same: texts.every(([, wanted, got]) => wanted === got),
    difference: `$ ${cmd}\n${texts.map(([title, wanted, got]) => textDifference(title, wanted, got)).join('')}`,
  };
}

/** What kubectl prints, beside what the real one printed. */
export const suite: Suite = {
  name: 'kubectl',
  folder,
  files: worldsIn,
  replay,
};
