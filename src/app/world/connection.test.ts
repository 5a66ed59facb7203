import { expect, test } from 'vitest';
import type { ChainView, FromWorld, Session, ToWorld } from '../../world/protocol';
import { Connection, type WorldPort } from './connection.svelte';

/** A world that says only what a test makes it say. */
class Port implements WorldPort {
  readonly sent: ToWorld[] = [];
  onmessage: WorldPort['onmessage'] = null;
  onerror: NonNullable<WorldPort['onerror']> | null = null;
  postMessage(message: ToWorld): void {
    this.sent.push(message);
  }
  say(message: FromWorld): void {
    this.onmessage?.({ data: message } as MessageEvent<FromWorld>);
  }
}

const session: Session = { version: 1, seed: 7, topology: 'seed', inputs: [], until: 12 };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('a fault is shown with its session, and what comes afterwards is still drawn', () => {
  const port = new Port();
  const world = new Connection(port);
  port.say({ type: 'fault', message: 'the world: broken', stack: 'at x', session });
  expect(world.fault).toMatchObject({ message: 'the world: broken', session });
  port.say({ type: 'update', update: { now: 5, revision: 3, speed: 1, paused: false, changes: [] } });
  expect([world.now, world.revision]).toEqual([5, 3]);
});

test('a fault of the page itself asks the world for the session', async () => {
  const port = new Port();
  const world = new Connection(port);
  const failed = world.fail(new Error('a drawing'));
  expect(world.fault).toMatchObject({ message: 'a drawing' });
  const [ask] = port.sent;
  expect(ask).toMatchObject({ type: 'export' });
  if (ask?.type === 'export') port.say({ type: 'export', request: ask.request, session, hash: '' });
  await failed;
  expect(world.fault).toMatchObject({ message: 'a drawing', session });
});

test('a session that could not be brought back is kept to download', () => {
  const port = new Port();
  const world = new Connection(port);
  port.say({ type: 'broken', reason: 'seed: no number', stored: '{"seed":"seven"}' });
  expect(world.broken).toMatchObject({ reason: 'seed: no number', stored: '{"seed":"seven"}' });
});

test('what a terminal wrote before it was on the page is not lost', () => {
  const port = new Port();
  const world = new Connection(port);
  port.say({ type: 'output', terminal: 't1', data: bytes('early ') });
  port.say({ type: 'output', terminal: 't1', data: bytes('bird ') });
  let shown = '';
  world.onOutput('t1', (data) => (shown += new TextDecoder().decode(data)));
  port.say({ type: 'output', terminal: 't1', data: bytes('late') });
  expect(shown).toBe('early bird late');
});

test('the world is told what was drawn, in portions', () => {
  const port = new Port();
  const world = new Connection(port);
  const waiting: (() => void)[] = [];
  world.onOutput('t1', (_data, drawn) => void waiting.push(drawn));
  for (let portion = 0; portion < 3; portion++) {
    port.say({ type: 'output', terminal: 't1', data: new Uint8Array(20_000) });
  }
  expect(port.sent).toEqual([]);
  for (const drawn of waiting) drawn();
  expect(port.sent).toEqual([{ type: 'drawn', bytes: 40_000 }]);
});

test('another host’s rules take the place of all rules, and are known to be others', () => {
  const port = new Port();
  const world = new Connection(port);
  const chain = (name: string): ChainView => ({ key: `nat/${name}`, table: 'nat', name, policy: undefined, rules: [] });
  const update = (changes: Extract<FromWorld, { type: 'update' }>['update']['changes']): void =>
    port.say({ type: 'update', update: { now: 0, revision: 0, speed: 1, paused: false, changes } });
  update([{ of: 'nat', set: [chain('A'), chain('B')], removed: [] }]);
  update([{ of: 'nat', set: [], removed: ['nat/A'] }]);
  expect([...world.nat.keys()]).toEqual(['nat/B']);
  const before = world.tables;
  update([{ of: 'nat', reset: true, set: [chain('C')], removed: [] }]);
  expect([...world.nat.keys()]).toEqual(['nat/C']);
  expect(world.tables).toBe(before + 1);
});
