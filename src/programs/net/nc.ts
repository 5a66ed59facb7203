import { dialectOf } from '../toolkit/dialect';
import { resolve } from '../../linux/net/dns/resolve';
import type { StreamSocket } from '../../linux/net/types';
import type { Process, Program } from '../../linux/process/types';
import { parseOptions, type Parsed } from './options';

/** nc(1) of OpenBSD, as Debian and Alpine have it (busybox's `-l -p PORT` too). */
export const nc: Program = async (process) => {
  const parsed = parseOptions(process.args, {
    flags: 'l z v n u k U 4 6 N d h C D S t r',
    values: 'w p q s X x i I O T V e c',
  });
  if (parsed.error) {
    await process.stderr.write(`nc: invalid option -- '${parsed.error.option.slice(1)}'\n${usage}`);
    return 1;
  }
  return parsed.has('l') ? listen(process, parsed) : connect(process, parsed);
};

const usage =
  'usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]\n\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]\n\t  [destination] [port]\n';

async function listen(process: Process, parsed: Parsed): Promise<number> {
  const { operands } = parsed;
  const port = Number(parsed.value('p') ?? operands.at(-1));
  const address =
    parsed.value('s') ??
    (operands.length > 1 && !parsed.has('p') ? operands[0] : parsed.has('p') ? operands[0] : undefined) ??
    '0.0.0.0';
  const path = parsed.has('U') ? operands[0] : undefined;
  const opened =
    path === undefined ? process.net.listen(process, { address, port }) : process.net.listenUnix(process, path);
  if (!opened.ok) {
    await process.stderr.write(`nc: ${opened.error.message}\n`);
    return 1;
  }
  if (parsed.has('v')) await process.stderr.write(`Listening on ${address} ${port}\n`);
  do {
    const accepted = await opened.value.accept();
    if (!accepted.ok) return 1;
    const { remote } = accepted.value;
    if (parsed.has('v')) await process.stderr.write(`Connection received on ${remote.address} ${remote.port}\n`);
    if (!parsed.has('k')) opened.value.close();
    await relay(process, accepted.value, parsed);
  } while (parsed.has('k'));
  return 0;
}

async function connect(process: Process, parsed: Parsed): Promise<number> {
  const { stderr } = process;
  const [host, ports] = parsed.operands;
  if (host === undefined || (ports === undefined && !parsed.has('U'))) {
    await stderr.write(usage);
    return 1;
  }
  const wait = parsed.value('w');
  const timeout = wait === undefined ? {} : { timeout: Number(wait) * 1000 };
  if (parsed.has('U')) {
    const opened = await process.net.connectUnix(process, host);
    if (opened.ok) return relay(process, opened.value, parsed);
    await stderr.write(`nc: ${host}: ${opened.error.message}\n`);
    return 1;
  }
  const found = await resolve(process, host);
  if (!found.ok && dialectOf(process) !== undefined) {
    await stderr.write(`nc: bad address '${host}'\n`);
    return 1;
  }
  if (!found.ok) {
    await stderr.write(
      `nc: getaddrinfo for host "${host}" port ${ports}: ${found.error.kind === 'not-found' ? 'Name or service not known' : 'Temporary failure in name resolution'}\n`,
    );
    return 1;
  }
  const address = found.value[0] ?? host;
  const busybox =
    dialectOf(process) === undefined
      ? undefined
      : (process.args
          .join(' ')
          .match(/(?:^| )-[a-z]*/g)
          ?.join('')
          .replace(/[^v]/g, '').length ?? 0);
  const [first = 0, last = first] = (ports ?? '').split('-').map(Number);
  let status = 1;
  for (let port = first; port <= last; port++) {
    if (parsed.has('u')) return datagrams(process, address, port, parsed);
    const opened = await process.net.connect(process, { address, port }, timeout);
    if (!opened.ok) {
      if (busybox !== undefined) {
        // At one -v it does not tell of refusals (networking/nc_bloaty.c).
        const told = busybox > 1 || (busybox === 1 && opened.error.code !== 'ECONNREFUSED');
        if (told) await stderr.write(`nc: ${host} (${address}:${port}): ${opened.error.message}\n`);
      } else if (parsed.has('v')) {
        const why =
          opened.error.code === 'ETIMEDOUT' && wait !== undefined ? 'Operation now in progress' : opened.error.message;
        await stderr.write(
          `nc: connect to ${host}${host === address ? '' : ` (${address})`} port ${port} (tcp) ${why === 'Operation now in progress' ? 'timed out: ' : 'failed: '}${why}\n`,
        );
      }
      continue;
    }
    status = 0;
    if (busybox !== undefined) {
      if (busybox > 0) await stderr.write(`${host} (${address}:${port}) open\n`);
    } else if (parsed.has('v'))
      await stderr.write(
        `Connection to ${host}${host === address ? '' : ` (${address})`} ${port} port [tcp/*] succeeded!\n`,
      );
    if (parsed.has('z')) opened.value.close();
    else return relay(process, opened.value, parsed);
  }
  return status;
}

/** Standard input to the peer, the peer to standard output, until both have ended. */
async function relay(process: Process, socket: StreamSocket, parsed: Parsed): Promise<number> {
  process.thread(async () => {
    if (parsed.has('d')) return;
    for await (const chunk of process.stdin) {
      const written = await socket.write(chunk);
      if (!written.ok) return;
    }
    // OpenBSD's nc half-closes only with -N; -q closes after the end of input.
    if (parsed.has('N')) socket.shutdown();
    const quit = parsed.value('q');
    if (quit !== undefined && Number(quit) >= 0) {
      await process.sleep(Number(quit) * 1000);
      socket.close();
    }
  });
  for (;;) {
    const read = await socket.read();
    if (!read.ok || read.value === undefined) break;
    await process.stdout.write(read.value);
  }
  socket.close();
  return 0;
}

async function datagrams(process: Process, address: string, port: number, parsed: Parsed): Promise<number> {
  const opened = process.net.datagram(process, undefined, { remote: { address, port } });
  if (!opened.ok) return 1;
  const to = { address, port };
  if (parsed.has('z')) {
    opened.value.send(to, new Uint8Array(1));
    const answer = await opened.value.receive({ timeout: 1000 });
    const open = answer.ok || answer.error.code !== 'ECONNREFUSED';
    if (open && parsed.has('v'))
      await process.stderr.write(`Connection to ${address} ${port} port [udp/*] succeeded!\n`);
    return open ? 0 : 1;
  }
  process.thread(async () => {
    for await (const chunk of process.stdin) opened.value.send(to, chunk);
  });
  const wait = parsed.value('w');
  for (;;) {
    const received = await opened.value.receive(wait === undefined ? {} : { timeout: Number(wait) * 1000 });
    if (!received.ok) return received.error.code === 'ECONNREFUSED' ? 1 : 0;
    await process.stdout.write(received.value.bytes);
  }
}
