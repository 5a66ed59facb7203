import { err, ok, type Result } from '../../../sim/result';
import { encode } from '../../../linux/io/bytes';
import type { Child, Process, Program } from '../../../linux/process/types';
import type { StreamSocket } from '../../../linux/net/types';
import type { PublishedPort } from './iptables';

/** The first and last port that `-P` and `-p 80` give out (net.ipv4.ip_local_port_range). */
const FIRST = 32_768;
const LAST = 60_999;

/** Host ports that containers hold (libnetwork/portallocator). */
export class PortAllocator {
  readonly #taken = new Set<string>();
  #next = FIRST;

  /** The port asked for, or for 0 the next free one. */
  take(protocol: string, hostIp: string, port: number): Result<number, string> {
    if (port !== 0) {
      const key = `${protocol} ${port}`;
      for (const ip of hostIp === '0.0.0.0' ? [...this.#ipsOf(key)] : [hostIp, '0.0.0.0']) {
        if (this.#taken.has(`${key} ${ip}`)) return err(`Bind for ${hostIp}:${port} failed: port is already allocated`);
      }
      this.#taken.add(`${key} ${hostIp}`);
      return ok(port);
    }
    for (let tried = FIRST; tried <= LAST; tried++) {
      const candidate = this.#next;
      this.#next = candidate >= LAST ? FIRST : candidate + 1;
      const key = `${protocol} ${candidate}`;
      if ([...this.#ipsOf(key)].length > 0) continue;
      this.#taken.add(`${key} ${hostIp}`);
      return ok(candidate);
    }
    return err('all ports are allocated');
  }

  free(protocol: string, hostIp: string, port: number): void {
    this.#taken.delete(`${protocol} ${port} ${hostIp}`);
  }

  *#ipsOf(key: string): Generator<string> {
    for (const taken of this.#taken) if (taken.startsWith(`${key} `)) yield taken.slice(key.length + 1);
  }
}

/**
 * docker-proxy: takes what does not go through the DNAT rule (from 127.0.0.1, from containers) and passes it on. It also
 * holds the port, so that nobody else gets it. Fails as bind(2) does.
 */
export function startProxy(dockerd: Process, port: PublishedPort): Result<Child, string> {
  const { protocol, hostIp, hostPort, containerIp, containerPort } = port;
  let problem: string | undefined;
  let program: Program = async () => 0;
  const spawned = dockerd.spawn({
    file: (process) => program(process),
    argv: [
      '/usr/bin/docker-proxy',
      '-proto',
      protocol,
      '-host-ip',
      hostIp,
      '-host-port',
      String(hostPort),
      '-container-ip',
      containerIp,
      '-container-port',
      String(containerPort),
      '-use-listen-fd',
    ],
    setup: (child) => {
      const at = { address: hostIp, port: hostPort };
      const to = { address: containerIp, port: containerPort };
      if (protocol === 'udp') {
        const socket = child.net.datagram(child, at);
        if (!socket.ok) return socket;
        program = idle;
        return ok(undefined);
      }
      const listener = child.net.listen(child, at);
      if (!listener.ok) {
        problem = listener.error.message;
        return listener;
      }
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
  if (spawned.ok) return ok(spawned.value);
  return err((problem ?? spawned.error.message).toLowerCase());
}

const idle: Program = async (process) => {
  await process.block(() => () => undefined);
  return 0;
};

async function relay(process: Process, client: StreamSocket, to: { address: string; port: number }): Promise<void> {
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
