import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { textDifference } from '../difference';
import { readLines } from '../lines';
import { shared, type Comparison, type Suite } from '../runner';
import { runShell, type ShellAnswer } from '../shell';
import { normalise } from './normalise';
import { prepareWorld, type Command } from './world';

const folder = 'kubernetes/kubectl';
/** No command may take longer. Virtual milliseconds. */
const PATIENCE = 120_000;

/** A folder of recordings may leave out how worlds are made; then they are made as ours. */
const worldOf = (recordings: string, world: string): string | undefined =>
  [recordings, join(shared, 'ground-truth', folder)]
    .map((place) => join(place, 'worlds', world))
    .find((place) => existsSync(join(place, 'world.json')));

async function* replay(recordings: string, world: string): AsyncIterable<Comparison> {
  const commands = readLines<Command>(join(recordings, `${world}.jsonl`));
  const place = worldOf(recordings, world);
  const [first] = commands;
  if (place === undefined || first === undefined) return;
  const lab = await prepareWorld(place, Date.parse(first.at));
  for (const [index, command] of commands.entries()) {
    const at = Date.parse(command.at);
    const next = commands[index + 1];
    await lab.clock.advanceTo(Math.max(lab.clock.now, at));
    // Without an exit status it was stopped before the next one began.
    const limit = command.code === null && next !== undefined ? Date.parse(next.at) - at : PATIENCE;
    const { cmd, stdin, files } = command;
    const answer = await runShell(lab, { line: cmd, stdin, files, limit });
    if (command.stdout === undefined || command.code === undefined) continue;
    yield compare(command, answer);
  }
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
  files: (recordings) =>
    readdirSync(recordings)
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => name.slice(0, -'.jsonl'.length))
      .filter((world) => worldOf(recordings, world) !== undefined)
      .sort(),
  replay,
};
