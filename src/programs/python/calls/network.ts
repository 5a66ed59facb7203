import type { Process } from '../../../linux/process/types';
import type { Endpoint, Listener, StreamSocket } from '../../../linux/net/types';
import { resolve } from '../../../linux/net/dns/resolve';
import type { Plain } from '../engine/memory';
import { fromHex, toHex } from './bytes';
import { failure, integer, string, type Calls } from './call';

/** Sockets, by numbers that the guest holds. Each takes a descriptor's place in the numbering from 1000 on. */
export function networkCalls(process: Process): Calls {
  const streams = new Map<number, StreamSocket>();
  const listeners = new Map<number, Listener>();
  let last = 1000;
  const add = (socket: StreamSocket): string => {
    streams.set(++last, socket);
    return JSON.stringify([last, ...pair(socket.remote), ...pair(socket.local)]);
  };
  const noSocket = '!9 Bad file descriptor';
  return {
    resolve: async (args) => {
      const name = string(args, 0);
      if (name === '' || name === '0.0.0.0') return JSON.stringify(['0.0.0.0']);
      const found = await resolve(process, name);
      if (found.ok && found.value.length > 0) return JSON.stringify(found.value);
      return !found.ok && found.error.kind !== 'not-found'
        ? '!-3 Temporary failure in name resolution'
        : '!-2 Name or service not known';
    },
    connect: async (args) => {
      const timeout = integer(args, 2);
      const connected = await process.net.connect(
        process,
        { address: string(args, 0), port: integer(args, 1) },
        timeout > 0 ? { timeout } : {},
      );
      return connected.ok ? add(connected.value) : failure(connected.error);
    },
    listen: (args) => {
      const listening = process.net.listen(process, { address: string(args, 0), port: integer(args, 1) });
      if (!listening.ok) return failure(listening.error);
      listeners.set(++last, listening.value);
      return JSON.stringify([last, ...pair(listening.value.local)]);
    },
    accept: (args) => {
      const listener = listeners.get(integer(args, 0));
      return listener === undefined
        ? noSocket
        : listener.accept().then((accepted) => (accepted.ok ? add(accepted.value) : failure(accepted.error)));
    },
    receive: (args) => {
      const socket = streams.get(integer(args, 0));
      if (socket === undefined) return noSocket;
      return socket
        .read(integer(args, 1))
        .then((read): Plain => (read.ok ? toHex(read.value ?? new Uint8Array(0)) : failure(read.error)));
    },
    send: (args) => {
      const socket = streams.get(integer(args, 0));
      if (socket === undefined) return noSocket;
      const bytes = fromHex(string(args, 1));
      return socket.write(bytes).then((written): Plain => (written.ok ? bytes.length : failure(written.error)));
    },
    shutdown: (args) => {
      streams.get(integer(args, 0))?.shutdown();
      return 0;
    },
    closeSocket: (args) => {
      const id = integer(args, 0);
      streams.get(id)?.close();
      listeners.get(id)?.close();
      streams.delete(id);
      listeners.delete(id);
      return 0;
    },
    addresses: () => {
      const found = process.net.links().flatMap(({ name, addresses }) => (name === 'lo' ? [] : addresses));
      return JSON.stringify(found.map((address) => address.replace(/\/\d+$/, '')));
    },
  };
}

const pair = ({ address, port }: Endpoint): readonly [string, number] => [address, port];
