import { afterEach, expect, test, vi } from 'vitest';
import { decode } from '../linux/io/bytes';
import type { FromWorld, Session, ToWorld } from './protocol';

interface Scope {
  onmessage: ((event: { readonly data: ToWorld }) => void) | null;
  readonly said: FromWorld[];
}

/** The worker, loaded anew into a scope that keeps what it says. */
async function load(): Promise<Scope> {
  const said: FromWorld[] = [];
  const scope = { onmessage: null, said, postMessage: (message: FromWorld) => void said.push(message) };
  vi.stubGlobal('self', scope);
  vi.resetModules();
  await import('./worker');
  return scope;
}

afterEach(() => void vi.unstubAllGlobals());

const of = <T extends FromWorld['type']>({ said }: Scope, type: T): Extract<FromWorld, { type: T }>[] =>
  said.filter((message): message is Extract<FromWorld, { type: T }> => message.type === type);
const shown = (scope: Scope): string =>
  of(scope, 'output')
    .map(({ data }) => decode(data))
    .join('');
const send = (scope: Scope, message: ToWorld): void => scope.onmessage?.({ data: message });
const type = (scope: Scope, data: string): void =>
  send(scope, { type: 'input', input: { kind: 'type', terminal: 't1', data } });

test('what throws in the world is told with the session, and the world goes on; a replay gets over it, too', async () => {
  const scope = await load();
  send(scope, { type: 'start', seed: 7, fresh: true });
  await vi.waitFor(() => expect(of(scope, 'started')).toHaveLength(1), { timeout: 15_000 });
  send(scope, { type: 'input', input: { kind: 'open', terminal: 't1', host: 'workstation', rows: 24, columns: 80 } });
  await vi.waitFor(() => expect(shown(scope)).toContain('workstation:~#'), { timeout: 15_000 });

  const { Clock } = await import('../sim/clock');
  vi.spyOn(Clock.prototype, 'advanceTo').mockRejectedValueOnce(new Error('a room broke'));
  await vi.waitFor(() => expect(of(scope, 'fault')).toHaveLength(1), { timeout: 5000 });
  const [fault] = of(scope, 'fault');
  expect(fault).toMatchObject({ message: 'the world: a room broke', session: { seed: 7, topology: 'seed' } });
  expect(fault?.session.inputs.map(({ input }) => input.kind)).toEqual(['open']);
  type(scope, 'echo alive\r');
  await vi.waitFor(() => expect(shown(scope)).toContain('\ralive\r\n'), { timeout: 5000 });

  send(scope, { type: 'export', request: 1 });
  const session = of(scope, 'export')[0]?.session as Session;
  const again = await load();
  const { World } = await import('./world');
  vi.spyOn(World.prototype, 'advanceTo').mockRejectedValueOnce(new Error('a room broke'));
  send(again, { type: 'start', session });
  await vi.waitFor(() => expect(of(again, 'started')).toMatchObject([{ session: 'replayed' }]), { timeout: 15_000 });
  expect(of(again, 'fault')).toHaveLength(1);
  expect(of(again, 'broken')).toEqual([]);
  expect(shown(again)).toContain('\ralive\r\n');
}, 40_000);

test('the world waits for who draws it: yes does not fill the page, and is ended in the end', async () => {
  const scope = await load();
  send(scope, { type: 'start', seed: 7, fresh: true });
  await vi.waitFor(() => expect(of(scope, 'started')).toHaveLength(1), { timeout: 15_000 });
  send(scope, { type: 'input', input: { kind: 'open', terminal: 't1', host: 'workstation', rows: 24, columns: 80 } });
  await vi.waitFor(() => expect(shown(scope)).toContain('workstation:~#'), { timeout: 15_000 });
  const length = (): number => of(scope, 'output').reduce((sum, { data }) => sum + data.length, 0);
  type(scope, 'yes\r');
  await vi.waitFor(() => expect(length()).toBeGreaterThan(1_000_000), { timeout: 10_000 });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const before = length();
  expect(before).toBeLessThan(20_000_000);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(length()).toBe(before);
  type(scope, '\u0003');
  send(scope, { type: 'drawn', bytes: before });
  await vi.waitFor(() => expect(shown(scope)).toMatch(/\^C\r\n[^y]*workstation:~# $/), { timeout: 10_000 });
}, 40_000);

test('a session that is none is handed back, and a fresh one begins', async () => {
  const scope = await load();
  send(scope, { type: 'start', session: { version: 1, seed: 'seven' } as unknown as Session });
  await vi.waitFor(() => expect(of(scope, 'started')).toMatchObject([{ session: 'fresh' }]), { timeout: 15_000 });
  expect(of(scope, 'broken')).toMatchObject([{ stored: '{"version":1,"seed":"seven"}' }]);
}, 20_000);
