import { err, ok, type Result } from '../../../sim/result';
import { encode } from '../../../linux/io/bytes';
import type { DatagramSocket, StreamSocket } from '../../../linux/net/types';
import type { Child, Process, Program } from '../../../linux/process/types';
import type { PublishedPort } from './rules';

/** A published port whose host port dockerd holds. */
export interface BoundPort {
  readonly port: PublishedPort;
  /** Lets go of it, for the proxy to take it over (`-use-listen-fd`). */
  readonly release: () => void;
}

/** bind(2) and listen(2) on the host's port, so that nobody else gets it; the error is bind's. */
export function bindPort(dockerd: Process, { protocol, hostIp, hostPort }: PublishedPort): Result<() => void, string> {
  const at = { address: hostIp, port: hostPort };
  if (protocol === 'sctp') return ok(() => undefined);
  const opened = protocol === 'udp' ? dockerd.net.datagram(dockerd, at) : dockerd.net.listen(dockerd, at);
  if (!opened.ok) return err(opened.error.message.toLowerCase());
  const socket = opened.value;
  return ok(() => socket.close());
}

/** The package has it where it has dockerd. */
const proxyBeside = ({ argv: [path = ''] }: Process): string =>
  `${path.slice(0, path.lastIndexOf('/')) || '/usr/bin'}/docker-proxy`;

/** docker-proxy: takes what does not go through the DNAT rule (from 127.0.0.1, from containers) and passes it on. */
export function startProxy(dockerd: Process, port: PublishedPort): Result<Child, string> {
  const { protocol, hostIp, hostPort, containerIp, containerPort } = port;
  let program: Program = idle;
  const spawned = dockerd.spawn({
    file: (process) => program(process),
    argv: [
      proxyBeside(dockerd),
      ...['-proto', protocol, '-host-ip', hostIp, '-host-port', String(hostPort)],
      ...['-container-ip', containerIp, '-container-port', String(containerPort), '-use-listen-fd'],
    ],
    setup: (child) => {
      const at = { address: hostIp, port: hostPort };
      const to = { address: containerIp, port: containerPort };
      if (protocol === 'sctp') return ok(undefined);
      if (protocol === 'udp') {
        const socket = child.net.datagram(child, at);
        if (!socket.ok) return socket;
        program = (process) => relayDatagrams(process, socket.value, to);
        return ok(undefined);
      }
      const listener = child.net.listen(child, at);
      if (!listener.ok) return listener;
      program = async (process) => {
        for (;;) {
          const accepted = await listener.value.accept();
          if (!accepted.ok) {
            if (accepted.error.code !== 'EINTR') return 1;
          } else process.thread(() => relay(process, accepted.value, to));
        }
      };
      return ok(undefined);
    },
  });
  return spawned.ok ? ok(spawned.value) : err(spawned.error.message.toLowerCase());
}

const idle: Program = async (process) => {
  await process.block(() => () => undefined);
  return 0;
};

interface Address {
  readonly address: string;
  readonly port: number;
}

/** A peer that was silent for this long is forgotten (UDPConnTrackTimeout). Virtual milliseconds. */
const UDP_TIMEOUT = 90_000;

/** Each client gets a socket of its own towards the container, so that answers find back. */
async function relayDatagrams(process: Process, socket: DatagramSocket, to: Address): Promise<number> {
  const peers = new Map<string, DatagramSocket>();
  for (;;) {
    const received = await socket.receive();
    if (!received.ok) {
      if (received.error.code === 'EINTR' || received.error.code === 'ECONNREFUSED') continue;
      return 1;
    }
    const { from, bytes } = received.value;
    const key = `${from.address} ${from.port}`;
    let peer = peers.get(key);
    if (peer === undefined) {
      const opened = process.net.datagram(process, undefined, { remote: to });
      if (!opened.ok) continue;
      const own = (peer = opened.value);
      peers.set(key, own);
      process.thread(async () => {
        for (;;) {
          const answer = await own.receive({ timeout: UDP_TIMEOUT });
          if (!answer.ok) break;
          socket.send(from, answer.value.bytes);
        }
        own.close();
        peers.delete(key);
      });
    }
    peer.send(to, bytes);
  }
}

async function relay(process: Process, client: StreamSocket, to: Address): Promise<void> {
  const backend = await process.net.connect(process, to);
  if (!backend.ok) {
    await process.stderr.write(encode(`cannot forward traffic: ${backend.error.message.toLowerCase()}\n`));
    client.close();
    return;
  }
  process.thread(() => copy(backend.value, client));
  await copy(client, backend.value);
}

async function copy(from: StreamSocket, to: StreamSocket): Promise<void> {
  for (;;) {
    const read = await from.read();
    if (!read.ok || read.value === undefined) break;
    const written = await to.write(read.value);
    if (!written.ok) break;
  }
  to.shutdown();
}
