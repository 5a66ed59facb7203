import type { StreamSocket } from '../../../linux/net/types';
import type { Process } from '../../../linux/process/types';
import type { Directive } from './config';
import { splitAddress, UpstreamGroup, peerFailed, type Peer } from './upstream';

/** `stream {}`: a connection is passed on to a peer, byte for byte (ngx_stream_proxy_module.c). */
export async function passOn(
  process: Process,
  client: StreamSocket,
  server: Directive,
  groups: ReadonlyMap<string, UpstreamGroup>,
  log: (text: string) => void,
): Promise<void> {
  const [to = ''] = server.block?.find(({ name }) => name === 'proxy_pass')?.args ?? [];
  const text = server.block?.find(({ name }) => name === 'return')?.args[0];
  if (text !== undefined) {
    await client.write(new TextEncoder().encode(text));
    client.close();
    return;
  }
  const group = groups.get(to);
  const tried = new Set<Peer>();
  for (;;) {
    const peer = group?.next(process.clock.now, tried, {
      remote: client.remote.address,
      key: client.remote.address,
      random: () => process.random.fraction(),
    });
    if (peer === undefined) {
      if (tried.size === 0)
        log(
          `no live upstreams while connecting to upstream, client: ${client.remote.address}, server: 0.0.0.0:${client.local.port}, upstream: "${to}", bytes from/to client:0/0, bytes from/to upstream:0/0`,
        );
      client.close();
      return;
    }
    tried.add(peer);
    const opened =
      peer.unix === undefined
        ? await process.net.connect(process, peer, { timeout: 60_000 })
        : await process.net.connectUnix(process, peer.unix);
    if (!opened.ok) {
      peerFailed(peer, process.clock.now);
      log(
        `connect() failed (${opened.error.number}: ${opened.error.message}) while connecting to upstream, client: ${client.remote.address}, server: 0.0.0.0:${client.local.port}, upstream: "${peer.name}", bytes from/to client:0/0, bytes from/to upstream:0/0`,
      );
      continue;
    }
    process.thread(() => pipe(client, opened.value));
    await pipe(opened.value, client);
    return;
  }
}

async function pipe(from: StreamSocket, to: StreamSocket): Promise<void> {
  for (;;) {
    const read = await from.read();
    if (!read.ok || read.value === undefined || !(await to.write(read.value)).ok) break;
  }
  to.shutdown();
}

/** The groups that the `proxy_pass`es of a `stream` block name. */
export function streamGroups(
  block: readonly Directive[],
  addresses: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, UpstreamGroup> {
  const groups = new Map<string, UpstreamGroup>();
  for (const {
    name,
    args: [first = ''],
    block: inner = [],
  } of block) {
    if (name === 'upstream') groups.set(first, new UpstreamGroup(inner, addresses));
    if (name !== 'server') continue;
    for (const pass of inner.filter((one) => one.name === 'proxy_pass')) {
      const [to = ''] = pass.args;
      if (!groups.has(to) && !block.some((one) => one.name === 'upstream' && one.args[0] === to)) {
        groups.set(to, new UpstreamGroup([{ ...pass, name: 'server', args: [to] }], addresses, splitAddress(to).port));
      }
    }
  }
  return groups;
}
