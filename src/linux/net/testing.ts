import { setImmediate as turn } from 'node:timers/promises';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { ok } from '../../sim/result';
import { Trace } from '../../sim/trace';
import { decode, encode } from '../io/bytes';
import type { Process } from '../process/types';
import { createLan } from './lan';
import { Stack } from './stack';

/** For tests of this room: the part of a process that sockets use. */
export interface FakeProcess extends Process {
  end(): void;
}

export interface Lab {
  readonly clock: Clock;
  readonly trace: Trace;
  /** Runs virtual time until the promise has settled. */
  run<T>(promise: Promise<T>): Promise<T>;
  process(): FakeProcess;
  namespace(hostName: string): Stack;
  card(stack: Stack, name: string, cidr: string): void;
  /** A namespace on a bridge of `host`, as CNI's bridge plugin makes it. */
  pod(host: Stack, bridge: string, name: string, cidr: string, gateway: string): Stack;
}

/** A few namespaces on one LAN, for tests. */
export function lab(seed = 1): Lab {
  const trace = new Trace();
  const clock = new Clock({ start: Date.UTC(2026, 10, 20, 20, 47, 54), settle: () => turn(), trace });
  const random = new Random(seed);
  const lan = createLan('lan');
  let id = 4026531840;
  let pid = 0;
  const namespace = (hostName: string): Stack => {
    const stack = new Stack({ id: id++, clock, trace, hostName, random: random.fork(`net ${id}`) });
    stack.setUp('lo', true);
    return stack;
  };
  return {
    clock,
    trace,
    namespace,
    async run<T>(promise: Promise<T>): Promise<T> {
      let settled = false;
      void promise.finally(() => (settled = true)).catch(() => undefined);
      clock.wake();
      await clock.runUntil(() => settled);
      return promise;
    },
    process: () => fakeProcess(clock, trace, ++pid),
    card(stack, name, cidr) {
      stack.addCard(name, lan);
      stack.addAddress(name, cidr);
      stack.setUp(name, true);
    },
    pod(host, bridge, name, cidr, gateway) {
      const pod = namespace(host.hostName);
      const port = `veth${name}`;
      host.addVeth(port, { namespace: pod, name: 'eth0' });
      host.setMaster(port, bridge);
      host.setUp(port, true);
      pod.addAddress('eth0', cidr);
      pod.setUp('eth0', true);
      pod.addRoute({ destination: 'default', via: gateway, device: 'eth0' });
      return pod;
    },
  };
}

function fakeProcess(clock: Clock, trace: Trace, pid: number): FakeProcess {
  const endings = new Set<() => void>();
  const part: Partial<FakeProcess> = {
    pid,
    trace,
    span: 0,
    umask: 0o022,
    credentials: { uid: 0, gid: 0, groups: [] },
    capable: () => true,
    async block<T>(start: (wake: (value: T) => void) => () => void) {
      const woken = clock.deferred<T>();
      const cancel = start((value) => woken.resolve(value));
      const value = await woken.promise;
      cancel();
      return ok(value);
    },
    async sleep(milliseconds) {
      await clock.sleep(milliseconds);
      return true;
    },
    atExit(run) {
      endings.add(run);
      return () => endings.delete(run);
    },
    end() {
      for (const run of [...endings]) run();
    },
  };
  return part as FakeProcess;
}

/** Accepts connections for ever; says its name and who asked, and closes. */
export function serve(
  stack: Stack,
  port: number,
  name: string,
  process = fakeProcess(stack.clock, stack.trace, 1000),
): FakeProcess {
  const listener = stack.listen(process, { address: '0.0.0.0', port });
  if (!listener.ok) throw new Error(listener.error.message);
  void (async () => {
    for (;;) {
      const socket = await listener.value.accept();
      if (!socket.ok) return;
      void (async () => {
        await socket.value.read();
        await socket.value.write(encode(`${name} ${socket.value.remote.address}`));
        socket.value.close();
      })();
    }
  })();
  return process;
}

/** Connects, asks, and gives all that comes; or the name of the error. */
export async function request(
  stack: Stack,
  address: string,
  port: number,
  options: { readonly timeout?: number; readonly from?: string } = {},
): Promise<string> {
  const process = fakeProcess(stack.clock, stack.trace, 2000);
  const socket = await stack.connect(process, { address, port }, options);
  if (!socket.ok) return socket.error.code;
  await socket.value.write(encode('GET'));
  let text = '';
  for (;;) {
    const chunk = await socket.value.read();
    if (!chunk.ok) return chunk.error.code;
    if (chunk.value === undefined) break;
    text += decode(chunk.value);
  }
  socket.value.close();
  return text;
}
