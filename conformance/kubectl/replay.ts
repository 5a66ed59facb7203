import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Request } from '../../src/linux/net/http/message';
import { readLines } from '../lines';
import { shared } from '../runner';
import { runShell, type ShellAnswer } from '../shell';
import { prepareWorld, type Command } from './world';

export const folder = 'kubernetes/kubectl';
/** No command may take longer. Virtual milliseconds. */
const PATIENCE = 120_000;

/** A folder of recordings may leave out how worlds are made; then they are made as ours. */
const worldOf = (recordings: string, world: string): string | undefined =>
  [recordings, join(shared, 'ground-truth', folder)]
    .map((place) => join(place, 'worlds', world))
    .find((place) => existsSync(join(place, 'world.json')));

/** The recorded worlds, by name. */
export const worldsIn = (recordings: string): readonly string[] =>
  readdirSync(recordings)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.slice(0, -'.jsonl'.length))
    .filter((world) => worldOf(recordings, world) !== undefined)
    .sort();

export interface Replayed {
  readonly command: Command;
  readonly answer: ShellAnswer;
  /** What reached the API server meanwhile, in order. */
  readonly requests: readonly Request[];
}

/** Runs the recorded commands of a world, in order. */
export async function* replayWorld(recordings: string, world: string): AsyncIterable<Replayed> {
  const commands = readLines<Command>(join(recordings, `${world}.jsonl`));
  const place = worldOf(recordings, world);
  const [first] = commands;
  if (place === undefined || first === undefined) return;
  const requests: Request[] = [];
  const lab = await prepareWorld(place, Date.parse(first.at), (request) => requests.push(request));
  for (const [index, command] of commands.entries()) {
    const at = Date.parse(command.at);
    const next = commands[index + 1];
    await lab.clock.advanceTo(Math.max(lab.clock.now, at));
    // Without an exit status it was stopped before the next one began.
    const limit = command.code === null && next !== undefined ? Date.parse(next.at) - at : PATIENCE;
    const { cmd, stdin, files } = command;
    requests.length = 0;
    const answer = await runShell(lab, { line: cmd, stdin, files, limit });
    yield { command, answer, requests: [...requests] };
  }
}
