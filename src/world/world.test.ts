import { expect, test } from 'vitest';
import { lessons, brokenLessons } from '../lessons/catalogue';
import { decode } from '../linux/io/bytes';
import type { CheckOutcome } from './check';
import { Driver } from './driver';
import type { Input } from './protocol';
import { replay, SessionLog } from './session';
import { World, type WorldHooks } from './world';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function open(hooks: Partial<WorldHooks> = {}, seed = 7, topology = 'seed'): Promise<World> {
  const quiet: WorldHooks = {
    output: () => undefined,
    closed: () => undefined,
    checked: () => undefined,
    fault: (error) => {
      throw error;
    },
  };
  return World.create({
    seed,
    topology,
    settle,
    hooks: { ...quiet, ...hooks },
    scenario: (slug) => lessons.get(slug)?.scenario,
  });
}

const line = (data: string): Input => ({ kind: 'type', terminal: 't1', data: `${data}\r` });

test('a session that was lived in real time is replayed to the same state and the same screen', async () => {
  let shown = '';
  const world = await open({ output: (_terminal, bytes) => void (shown += decode(bytes)) });
  const log = new SessionLog(7, 'seed');
  let wall = 0;
  const driver = new Driver({ world, log, wall: () => wall, turned: () => undefined });
  const live = async (ms: number, factor: number): Promise<void> => {
    driver.factor = factor;
    for (let passed = 0; passed < ms; passed += 17) {
      wall += 17;
      await driver.turn();
    }
  };
  driver.input({ kind: 'open', terminal: 't1', host: 'workstation', rows: 24, columns: 80 });
  await live(200, 1);
  driver.input(line('kubectl create deployment web --image=nginx --replicas=2'));
  await live(900, 10);
  driver.input({ kind: 'resize', terminal: 't1', rows: 30, columns: 100 });
  driver.input(line('echo $((RANDOM % 2)) | wc -l; kubectl get pods | tail -n +2 | sort'));
  await live(500, 0.25);
  await live(300, 100);

  let again = '';
  const second = await open({ output: (_terminal, bytes) => void (again += decode(bytes)) });
  await replay(second, JSON.parse(JSON.stringify(log.at(world.lab.clock.now))));
  expect(shown).toContain('deployment.apps/web created');
  expect(again).toBe(shown);
  expect(second.hash).toBe(world.hash);
});

test('another seed makes another world', async () => {
  const [one, two] = [await open({}, 1), await open({}, 2)];
  expect(one.hash).not.toBe(two.hash);
});

test('an unknown topology is refused by name', async () => {
  await expect(open({}, 1, 'moon')).rejects.toThrow('unknown topology "moon"');
});

test('every lesson of the build can be read', () => {
  expect([...brokenLessons]).toEqual([]);
  expect(lessons.size).toBeGreaterThan(0);
});

test.each([...lessons.keys()])('lesson %s: nothing passes before its time, the solutions pass', async (slug) => {
  const { scenario } = lessons.get(slug)!;
  let outcomes: readonly CheckOutcome[] = [];
  const world = await open({ checked: (_step, found) => (outcomes = found) }, scenario.seed, scenario.topology);
  const { clock } = world.lab;
  const check = async (step: number): Promise<readonly CheckOutcome[]> => {
    outcomes = [];
    world.apply({ kind: 'check', step });
    await clock.runUntil(() => outcomes.length > 0, { limit: 60_000 });
    return outcomes;
  };
  world.apply({ kind: 'scenario', slug });
  world.apply({ kind: 'open', terminal: 't1', host: 'workstation', rows: 24, columns: 80 });
  await clock.advance(1000);
  for (const [step, { solution }] of scenario.steps.entries()) {
    for (let later = step; later < scenario.steps.length; later++) {
      expect(
        (await check(later)).some(({ passed }) => !passed),
        `step ${later} before step ${step}`,
      ).toBe(true);
    }
    world.apply(line(solution));
    await clock.advance(60_000);
    const after = await check(step);
    expect(after.filter(({ passed }) => !passed)).toEqual([]);
    expect(after.every(({ reason }) => reason !== '')).toBe(true);
  }
});
