import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { Trace } from '../../sim/trace';
import { Host } from '../host';
import { decode, encode } from '../io/bytes';
import type { Program } from '../process/types';

/** Runs a program on a host with a file system; what it returned. */
async function on<T>(body: (...given: Parameters<Program>) => Promise<T>): Promise<T> {
  const trace = new Trace();
  const clock = new Clock({ start: 0, settle: () => turn(), trace });
  const host = new Host({
    name: 'host',
    clock,
    trace,
    random: new Random(1),
    programs: new Map(),
    fault: (error) => {
      throw error;
    },
  });
  host.fs.mkdirAll('/run');
  let result: { readonly value: T } | undefined;
  host.init.spawn({
    file: async (process) => {
      result = { value: await body(process) };
      return 0;
    },
    argv: ['test'],
  });
  clock.wake();
  await clock.runUntil(() => result !== undefined, { limit: 60_000 });
  if (result === undefined) throw new Error('did not end');
  return result.value;
}

it('unix sockets are found by their file and go with their process', async () => {
  await on(async (process) => {
    const path = '/run/docker.sock';
    expect(await process.net.connectUnix(process, path)).toMatchObject({ error: { code: 'ENOENT' } });
    const server = process.spawn({
      file: async (self) => {
        const listener = self.net.listenUnix(self, path);
        if (!listener.ok) return 1;
        const socket = await listener.value.accept();
        if (!socket.ok) return 1;
        const asked = await socket.value.read();
        if (asked.ok && asked.value !== undefined) await socket.value.write(encode(`you said ${decode(asked.value)}`));
        return 7;
      },
      argv: ['server'],
    });
    if (!server.ok) throw new Error('spawn');
    await process.sleep(1);
    expect(process.net.listenUnix(process, path)).toMatchObject({ error: { code: 'EADDRINUSE' } });
    process.fs.link(path, '/run/other.sock');
    const socket = await process.net.connectUnix(process, '/run/other.sock');
    if (!socket.ok) throw new Error('connect');
    expect(process.net.sockets()).toMatchObject([{ protocol: 'unix', state: 'LISTEN', local: path }]);
    await socket.value.write(encode('hello'));
    const answer = await socket.value.read();
    expect(answer.ok && answer.value !== undefined && decode(answer.value)).toBe('you said hello');
    expect(await socket.value.read()).toEqual({ ok: true, value: undefined });
    expect(await socket.value.write(encode('more'))).toMatchObject({ error: { code: 'EPIPE' } });
    expect(await server.value.wait()).toEqual({ kind: 'exited', code: 7 });
    expect(await process.net.connectUnix(process, path)).toMatchObject({ error: { code: 'ECONNREFUSED' } });
  });
});
