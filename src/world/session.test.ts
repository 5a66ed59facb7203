import { expect, test } from 'vitest';
import { parseSession, replay, SessionLog } from './session';
import type { Input } from './protocol';

test('a recorded session is replayed input by input at its instants, then stands where it stood', async () => {
  const log = new SessionLog(7, 'seed');
  log.record(10, { kind: 'type', terminal: 't1', data: 'l' });
  log.record(25, { kind: 'type', terminal: 't1', data: 's' });
  const session = log.at(90);

  const done: (string | number)[] = [];
  const world = {
    advanceTo: async (instant: number) => void done.push(instant),
    apply: (input: Input) => void done.push(input.kind === 'type' ? input.data : input.kind),
  };
  await replay(world, session);
  expect(done).toEqual([10, 'l', 25, 's', 90]);
  expect(parseSession(JSON.parse(JSON.stringify(session)))).toEqual({ session });
});

test.each([
  [undefined, 'session: Invalid type: Expected Object but received undefined'],
  [{ version: 2 }, 'version: Invalid type: Expected 1 but received 2'],
  [
    { version: 1, seed: 1, topology: 'seed', until: 9, inputs: [{ at: 5, input: { kind: 'launch' } }] },
    'inputs.0.input.kind: Invalid type: Expected ("open" | "type" | "resize" | "close" | "scenario" | "check") but received "launch"',
  ],
  [
    {
      version: 1,
      seed: 1,
      topology: 'seed',
      until: 9,
      inputs: [
        { at: 5, input: { kind: 'close', terminal: 'a' } },
        { at: 4, input: { kind: 'close', terminal: 'a' } },
      ],
    },
    'inputs.1.at: goes back in time',
  ],
])('what is not a session is refused with a reason: %j', (stored, error) => {
  expect(parseSession(stored)).toEqual({ error });
});
