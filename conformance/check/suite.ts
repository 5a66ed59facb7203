import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scenario } from '../../bridge/live/scenario';
import { scenarios } from '../../bridge/live/scenarios';
import { answerText, ask, type Told } from '../../bridge/live/tell';
import { World } from '../../src/world/world';
import { textDifference } from '../difference';
import type { Comparison, Suite } from '../runner';

/** Where recordings are: a file a scenario, a header and then a line of JSON for each line of the scenario. */
export const goldens = join(import.meta.dirname, 'goldens');
export const goldenName = ({ name }: Scenario): string => name.replaceAll(' ', '-');

/** The first line of a file: which world it was. */
export interface GoldenWorld {
  readonly seed: number;
  /** Milliseconds since the epoch. */
  readonly begin: number;
}

/** Tells a recorded story once more to the emulated clients, every line at its moment. */
async function* replay(recordings: string, file: string): AsyncIterable<Comparison> {
  const scenario = scenarios.find((each) => goldenName(each) === file);
  if (scenario === undefined) return;
  const [header = '', ...lines] = readFileSync(join(recordings, `${file}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n');
  const golden = JSON.parse(header) as GoldenWorld;
  const world = await worldOf(scenario, golden);
  const { clock } = world.lab;
  for (const [index, text] of lines.entries()) {
    const { line, at, answer } = JSON.parse(text) as Told;
    await clock.advanceTo(Math.max(clock.now, golden.begin + at));
    const emulated = answerText(await ask(world, line));
    const difference = `$ ${line}\n${textDifference('answer', answer, emulated)}`;
    yield { id: `${file}-${index + 1}`, same: answer === emulated, difference };
  }
}

async function worldOf({ topology, files = {} }: Scenario, { seed, begin }: GoldenWorld): Promise<World> {
  const world = await World.create({
    seed,
    topology,
    begin,
    settle: () => new Promise((done) => setImmediate(done)),
    hooks: {
      output: () => undefined,
      closed: () => undefined,
      checked: () => undefined,
      fault: (error) => {
        throw error;
      },
    },
  });
  for (const [name, text] of Object.entries(files)) world.lab.first.fs.writeFile(`/root/${name}`, text);
  return world;
}

/** What real clients said to our own worlds (`npm run conformance:record`), beside what ours say there. */
export const suite: Suite = {
  name: 'check',
  folder: 'check',
  place: goldens,
  files: (recordings) =>
    readdirSync(recordings)
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => name.slice(0, -'.jsonl'.length))
      .sort(),
  replay,
};
