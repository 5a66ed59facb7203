import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Clock } from './clock';
import { Random } from './random';
import { RealTime } from './real-time';
import { Trace } from './trace';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A small world that keeps itself busy: actors that set timers, wait for deferreds and record what they do. */
function busy(seed: number): { clock: Clock; trace: Trace; poke: (what: number) => void } {
  const trace = new Trace();
  const clock = new Clock({ start: 0, settle, trace });
  const random = new Random(seed);
  const actor = async (name: string, left: number): Promise<void> => {
    for (let round = 0; round < left; round++) {
      await clock.sleep(random.below(4) * 5);
      const span = trace.record(name, 'work', String(round));
      trace.within(span.id, () => {
        clock.setTimer(random.below(20), () => void trace.record(name, 'later', String(random.below(1000))));
        if (random.below(6) === 0) void actor(`${name}.${round}`, left - round - 1);
      });
    }
  };
  trace.within(0, () => ['a', 'b', 'c'].forEach((name) => void actor(name, 6)));
  clock.wake();
  return { clock, trace, poke: (what) => trace.span('outside', 'poke', String(what), () => void actor(`p${what}`, 2)) };
}

const END = 1000;
const inputsOf = fc.array(fc.tuple(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 9 })), { maxLength: 4 });

/** Advances to each input and to the end, cut at the given instants on the way. */
async function run(
  seed: number,
  inputs: readonly (readonly [number, number])[],
  cuts: readonly number[],
): Promise<string> {
  const { clock, trace, poke } = busy(seed);
  const sorted = [...inputs].sort(([a], [b]) => a - b);
  const stops = [...cuts].sort((a, b) => a - b);
  for (const [at, what] of sorted) {
    for (const cut of stops) if (cut > clock.now && cut < at) await clock.advanceTo(cut);
    await clock.advanceTo(at);
    poke(what);
    clock.wake();
  }
  for (const cut of stops) if (cut > clock.now) await clock.advanceTo(cut);
  await clock.advanceTo(END);
  return trace.hash;
}

test('the same seed and inputs give the same trace, however advances are sliced', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      inputsOf,
      fc.array(fc.integer({ min: 1, max: END - 1 }), { maxLength: 30 }),
      async (seed, inputs, cuts) => {
        expect(await run(seed, inputs, cuts)).toBe(await run(seed, inputs, []));
      },
    ),
    { numRuns: 60 },
  );
});

test('the same seed gives the same trace at any speed, with pauses and steps between', async () => {
  const turn = fc.record({ factor: fc.constantFrom(0, 0.25, 1, 10, 100), wall: fc.integer({ min: 0, max: 40 }) });
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.array(turn, { minLength: 1, maxLength: 40 }), async (seed, turns) => {
      const { clock, trace } = busy(seed);
      let wall = 0;
      const realTime = new RealTime({ clock, wall: () => wall, budget: 1e9 });
      for (const { factor, wall: passed } of turns) {
        realTime.factor = factor;
        wall += passed;
        await realTime.turn();
        if (factor === 0) await realTime.step();
        if (clock.now >= END) break;
      }
      const steady = busy(seed);
      await clock.advanceTo(Math.max(END, clock.now));
      await steady.clock.advanceTo(clock.now);
      expect(trace.hash).toBe(steady.trace.hash);
    }),
    { numRuns: 60 },
  );
});

test('another seed gives another trace', async () => {
  expect(await run(1, [], [])).not.toBe(await run(2, [], []));
});

test('timers of one instant fire in the order they were set, under the cause that set them', async () => {
  const trace = new Trace();
  const clock = new Clock({ start: 0, settle, trace });
  const seen: string[] = [];
  const cause = trace.record('test', 'begin', '');
  trace.within(cause.id, () => {
    for (const name of ['a', 'b', 'c']) clock.setTimer(5, () => seen.push(`${name} under ${trace.current}`));
  });
  await clock.advanceTo(4);
  expect(seen).toEqual([]);
  await clock.advanceTo(5);
  expect(seen).toEqual(['a under 1', 'b under 1', 'c under 1']);
});

test('a cancelled timer does not fire, and background timers do not keep a world awake', async () => {
  const trace = new Trace();
  const clock = new Clock({ start: 0, settle, trace });
  const seen: string[] = [];
  const timer = clock.setTimer(1, () => seen.push('cancelled'));
  clock.cancel(timer);
  const beat = (): void => void clock.setTimer(10, () => (seen.push('beat'), beat()), { background: true });
  beat();
  clock.setTimer(25, () => seen.push('work'));
  expect(await clock.runUntilIdle()).toBe(true);
  expect(seen).toEqual(['beat', 'beat', 'work']);
  expect(clock.now).toBe(25);
});

test('a paused driver stands still; a long gap outside is not caught up on', async () => {
  const { clock } = busy(1);
  let wall = 0;
  const realTime = new RealTime({ clock, wall: () => wall });
  await realTime.turn();
  realTime.factor = 0;
  wall = 100;
  await realTime.turn();
  expect(clock.now).toBe(0);
  realTime.factor = 10;
  wall = 10_100;
  await realTime.turn();
  expect(clock.now).toBeLessThanOrEqual(2500);
});
