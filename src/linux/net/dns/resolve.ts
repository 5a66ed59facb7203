import { err, ok, type Result } from '../../../sim/result';
import type { Errno } from '../../errno';
import type { Process } from '../../process/types';
import type { DatagramSocket, Endpoint, Ipv4 } from '../types';
import {
  candidates,
  hostSources,
  isIpv4,
  lookupHosts,
  lookupHostsAddress,
  readResolvConf,
  type ResolverConfig,
} from './config';
import { decodeMessage, encodeMessage, query, reverseName, type Message, type Question } from './message';

/** Why a name has no address; what getaddrinfo(3) makes of it. */
export type ResolveError =
  /** NXDOMAIN or no address: EAI_NONAME, EAI_NODATA. */
  | {
      readonly kind: 'not-found';
      readonly name: string;
      readonly server: Endpoint | undefined;
      readonly noData: boolean;
    }
  /** The servers answered SERVFAIL or REFUSED: EAI_AGAIN. */
  | { readonly kind: 'server-failure'; readonly name: string; readonly server: Endpoint }
  /** Nobody answered: EAI_AGAIN. */
  | { readonly kind: 'timeout'; readonly name: string; readonly server: Endpoint; readonly error?: Errno };

/** The addresses of a name, by /etc/nsswitch.conf: /etc/hosts, then DNS with the search list, as glibc and musl do. */
export async function resolve(process: Process, name: string): Promise<Result<readonly Ipv4[], ResolveError>> {
  if (isIpv4(name)) return ok([name]);
  // RFC 6761 §6.3; systemd-resolved and nss-myhostname hold it too.
  if (name === 'localhost' || name === 'localhost.') {
    const known = lookupHosts(process.fs, 'localhost');
    return ok(known.length > 0 ? known : ['127.0.0.1']);
  }
  let failure: ResolveError = { kind: 'not-found', name, server: undefined, noData: false };
  for (const source of hostSources(process.fs)) {
    if (source === 'files') {
      const known = lookupHosts(process.fs, name);
      if (known.length > 0) return ok(known);
      continue;
    }
    const found = await resolveByDns(process, name, readResolvConf(process.fs));
    if (found.ok) return found;
    failure = found.error;
  }
  return err(failure);
}

async function resolveByDns(
  process: Process,
  name: string,
  config: ResolverConfig,
): Promise<Result<readonly Ipv4[], ResolveError>> {
  let failure: ResolveError | undefined;
  for (const candidate of candidates(name, config)) {
    const answer = await ask(process, { name: candidate, type: 'A' }, config);
    if (!answer.ok) return err({ ...answer.error, name });
    const { message, server } = answer.value;
    if (message.code === 'NOERROR') {
      const addresses = message.answers.filter(({ type }) => type === 'A').map(({ data }) => data);
      if (addresses.length > 0) return ok(addresses);
      failure = { kind: 'not-found', name, server, noData: true };
    } else if (message.code === 'NXDOMAIN') {
      failure ??= { kind: 'not-found', name, server, noData: false };
    } else {
      // res_search: a server's failure for one name of the list does not end the walk.
      failure = { kind: 'server-failure', name, server };
    }
  }
  return err(failure ?? { kind: 'not-found', name, server: undefined, noData: false });
}

/** One question to the configured servers in turn: `attempts` rounds of `timeout` each. */
export async function ask(
  process: Process,
  question: Question,
  { nameservers, timeout, attempts }: Pick<ResolverConfig, 'nameservers' | 'timeout' | 'attempts'>,
  port = 53,
): Promise<Result<{ readonly message: Message; readonly server: Endpoint; readonly elapsed: number }, ResolveError>> {
  let server: Endpoint = { address: nameservers[0] ?? '127.0.0.1', port };
  let last: Errno | undefined;
  let refused: Message | undefined;
  for (let round = 0; round < attempts; round++) {
    for (const address of nameservers) {
      server = { address, port };
      const started = process.clock.now;
      // Connected, so that a host without a name server says so at once (res_send.c).
      const opened = process.net.datagram(process, undefined, { remote: server });
      if (!opened.ok) {
        last = opened.error;
        continue;
      }
      const answer = await exchange(process, opened.value, server, question, timeout);
      opened.value.close();
      if (!answer.ok) {
        last = answer.error;
        continue;
      }
      const elapsed = process.clock.now - started;
      if (answer.value.code === 'SERVFAIL' || answer.value.code === 'REFUSED') {
        refused = answer.value;
        continue;
      }
      return ok({ message: answer.value, server, elapsed });
    }
    if (refused) return ok({ message: refused, server, elapsed: 0 });
  }
  return err({ kind: 'timeout', name: question.name, server, ...(last ? { error: last } : {}) });
}

/** Several questions to the first server from one socket, all at once; in their order what was answered in time. */
export async function askTogether(
  process: Process,
  questions: readonly Question[],
  { nameservers, timeout, attempts }: Pick<ResolverConfig, 'nameservers' | 'timeout' | 'attempts'>,
  port = 53,
): Promise<readonly (Message | undefined)[]> {
  const server: Endpoint = { address: nameservers[0] ?? '127.0.0.1', port };
  const answers = questions.map((): Message | undefined => undefined);
  const opened = process.net.datagram(process, undefined, { remote: server });
  if (!opened.ok) return answers;
  const socket = opened.value;
  const ids = questions.map(() => process.random.below(65_536));
  for (let round = 0; round < attempts && answers.includes(undefined); round++) {
    for (const [index, question] of questions.entries())
      if (answers[index] === undefined) socket.send(server, encodeMessage(query(ids[index] ?? 0, question)));
    const deadline = process.clock.now + timeout;
    while (answers.includes(undefined) && process.clock.now < deadline) {
      const received = await socket.receive({ timeout: deadline - process.clock.now });
      if (!received.ok && received.error.code !== 'EINTR') break;
      const answer = received.ok ? decodeMessage(received.value.bytes) : undefined;
      const index = answer?.response === true ? ids.indexOf(answer.id) : -1;
      if (index >= 0) answers[index] = answer;
    }
  }
  socket.close();
  return answers;
}

async function exchange(
  process: Process,
  socket: DatagramSocket,
  server: Endpoint,
  question: Question,
  timeout: number,
): Promise<Result<Message, Errno | undefined>> {
  const id = process.random.below(65_536);
  const sent = socket.send(server, encodeMessage(query(id, question)));
  if (!sent.ok) return sent;
  const deadline = process.clock.now + timeout;
  for (;;) {
    const left = deadline - process.clock.now;
    if (left <= 0) return err(undefined);
    const received = await socket.receive({ timeout: left });
    if (!received.ok) {
      if (received.error.code === 'EINTR') continue;
      return err(received.error);
    }
    const answer = decodeMessage(received.value.bytes);
    if (answer !== undefined && answer.response && answer.id === id) return ok(answer);
  }
}

/** The name of an address: /etc/hosts, then a PTR question. */
export async function resolveAddress(process: Process, address: Ipv4): Promise<string | undefined> {
  const known = lookupHostsAddress(process.fs, address);
  if (known !== undefined) return known;
  const answer = await ask(process, { name: reverseName(address), type: 'PTR' }, readResolvConf(process.fs));
  if (!answer.ok) return undefined;
  return answer.value.message.answers.find(({ type }) => type === 'PTR')?.data.replace(/\.$/, '');
}

/** Go's net.DNSError as it stands behind `dial tcp: `. */
export function goResolveText(error: ResolveError): string {
  const on = error.server ? ` on ${error.server.address}:${error.server.port}` : '';
  switch (error.kind) {
    case 'not-found':
      return `lookup ${error.name}${on}: no such host`;
    case 'server-failure':
      return `lookup ${error.name}${on}: server misbehaving`;
    case 'timeout':
      return error.error && error.error.code !== 'ETIMEDOUT' && error.error.code !== 'EAGAIN'
        ? `lookup ${error.name}${on}: read udp${on.replace(' on ', ' ->')}: ${error.error.message.toLowerCase()}`
        : `lookup ${error.name}${on}: i/o timeout`;
  }
}

/** gai_strerror(3) of glibc. */
export function gaiText(error: ResolveError): string {
  switch (error.kind) {
    case 'not-found':
      return error.noData ? 'No address associated with hostname' : 'Name or service not known';
    case 'server-failure':
    case 'timeout':
      return 'Temporary failure in name resolution';
  }
}
