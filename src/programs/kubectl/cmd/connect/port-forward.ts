import type { Listener, StreamSocket } from '../../../../linux/net/types';
import { concat, decode } from '../../../../linux/io/bytes';
import { goErrnoText } from '../../../../linux/net/http/go-text';
import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure } from '../../errors';
import { flag } from '../../flags/flag-set';
import { kindOf, nameOfObject, namespaceOf, text, type JsonObject } from '../../json';
import { build } from '../../resource/builder';
import { attachablePod } from '../../resource/pods';
import { accepts } from '../../rest/client';
import { forwardsOf, type Forward } from './ports';
import { podRunningTimeoutFlag } from '../shared-flags';

/** The channels of one forwarded connection, `v4.channel.k8s.io`. */
const channels = { data: 0, error: 1 } as const;
const protocols = ['v4.channel.k8s.io'];

/** Addresses to listen on; `localhost` is both of its addresses. */
function addressesOf(cli: Cli): readonly string[] {
  return cli.flags.list('address').flatMap((address) => {
    if (address === 'localhost') return ['127.0.0.1', '::1'];
    if (!/^\d+\.\d+\.\d+\.\d+$/.test(address) && !address.includes(':'))
      throw new Failure(`${address} is not a valid IP`);
    return [address];
  });
}

const shown = (address: string): string => (address.includes(':') ? `[${address}]` : address);

interface Open {
  readonly listener: Listener;
  readonly forward: Forward;
}

/** Listens for one port on all addresses. The simulated network has no IPv6: ::1 goes along with 127.0.0.1. */
async function listen(cli: Cli, forward: Forward): Promise<readonly Open[]> {
  const { process } = cli;
  const opened: Open[] = [];
  const failures: string[] = [];
  let { local } = forward;
  for (const address of addressesOf(cli)) {
    const six = address.includes(':');
    if (six) {
      if (opened.length > 0) await cli.out(`Forwarding from ${shown(address)}:${local} -> ${forward.remote}\n`);
      else failures.push(failureOf('tcp6', address, local, 'bind: address already in use'));
      continue;
    }
    const made = process.net.listen(process, { address, port: local });
    if (!made.ok) {
      failures.push(failureOf('tcp4', address, local, `bind: ${goErrnoText(made.error)}`));
      continue;
    }
    local = made.value.local.port;
    opened.push({ listener: made.value, forward: { ...forward, local } });
    await cli.out(`Forwarding from ${address}:${local} -> ${forward.remote}\n`);
  }
  if (opened.length > 0) return opened;
  await cli.err(
    `Unable to listen on port ${forward.local}: Listeners failed to create with the following errors: [${failures.join(' ')}]\n`,
  );
  return [];
}

const failureOf = (network: string, address: string, port: number, why: string): string =>
  `unable to create listener: Error listen ${network} ${shown(address)}:${port}: ${why}`;

async function serve(cli: Cli, pod: JsonObject, forwards: readonly Forward[]): Promise<void> {
  const { process } = cli;
  const opened: Open[] = [];
  for (const forward of forwards) opened.push(...(await listen(cli, forward)));
  if (opened.length === 0) {
    const ports = forwards.map(({ local, remote }) => `{${local} ${remote}}`).join(' ');
    throw new Failure(`unable to listen on any of the requested ports: [${ports}]`);
  }
  const done = process.clock.deferred<Failure | undefined>();
  const restore = process.signals.handle('SIGINT', () => done.resolve(undefined));
  for (const { listener, forward } of opened)
    process.thread(async () => {
      for (;;) {
        const accepted = await listener.accept();
        if (!accepted.ok) return;
        await cli.out(`Handling connection for ${forward.local}\n`);
        process.thread(() => carry(cli, pod, forward, accepted.value));
      }
    });
  const failure = await process.block<Failure | undefined>((wake) => {
    let waiting = true;
    void done.promise.then((reason) => {
      if (waiting) wake(reason);
    });
    return () => {
      waiting = false;
    };
  });
  restore();
  for (const { listener } of opened) listener.close();
  if (failure.ok && failure.value !== undefined) throw failure.value;
}

/** One connection, through a WebSocket of its own. */
async function carry(cli: Cli, pod: JsonObject, { local, remote }: Forward, socket: StreamSocket): Promise<void> {
  const path = `/api/v1/namespaces/${namespaceOf(pod)}/pods/${nameOfObject(pod)}/portforward`;
  const complain = async (message: string): Promise<void> => {
    cli.factory.log('E', 'portforward.go:424', `"Unhandled Error" err=${JSON.stringify(message)}`);
    await cli.flushWarnings();
  };
  try {
    const channel = await cli.factory.client.upgrade(path, { ports: String(remote) }, protocols);
    const sending = (async () => {
      for (;;) {
        const read = await socket.read();
        if (!read.ok || read.value === undefined) break;
        await channel.write(concat([Uint8Array.of(channels.data), read.value]));
      }
      channel.close();
    })();
    // Each channel begins with a message that says its port.
    const seen = new Set<number>();
    for (let message = await channel.read(); message !== undefined; message = await channel.read()) {
      const [number = 0] = message;
      if (!seen.has(number)) {
        seen.add(number);
        continue;
      }
      const content = message.subarray(1);
      if (number === channels.data) await socket.write(content);
      else if (content.length > 0)
        await complain(`an error occurred forwarding ${local} -> ${remote}: ${decode(content)}`);
    }
    socket.close();
    await sending;
  } catch (reason) {
    if (!(reason instanceof Failure)) throw reason;
    socket.close();
    await complain(`error creating error stream for port ${local} -> ${remote}: ${reason.message}`);
  }
}

async function run(cli: Cli): Promise<void> {
  const { args, flags } = cli;
  if (args.length < 2) throw cli.usage('TYPE/NAME and list of ports are required for port-forward');
  const timeout = flags.number('pod-running-timeout');
  if (timeout <= 0) throw cli.usage('--pod-running-timeout must be higher than zero');
  const [name = '', ...ports] = args;
  const result = await build(cli, { args: [name.includes('/') ? name : `pods/${name}`], continueOnError: true });
  const [info] = await result.infos();
  const target = info?.object ?? {};
  const pod = await attachablePod(cli, target, timeout);
  const forwards = forwardsOf(ports, kindOf(target) === 'Service' ? target : undefined, pod);
  const path = `/api/v1/namespaces/${namespaceOf(pod)}/pods/${nameOfObject(pod)}`;
  const now = await cli.factory.client.get(path, { accept: accepts.typed });
  const phase = text(now, 'status', 'phase');
  if (phase !== 'Running')
    throw new Failure(`unable to forward port because pod is not running. Current status=${phase}`);
  await serve(cli, pod, forwards);
}

export const portForward: Command = {
  use: 'port-forward TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]',
  short: 'Forward one or more local ports to a pod',
  long: `Listen on local ports and carry what comes in to ports of a pod.

 With type/name of something that has pods, one that runs is chosen; kubectl ends when that pod does.`,
  example: `# Port 5000 here is port 5000 of the pod
  kubectl port-forward pod/web 5000

  # Port 8888 here is port 80 of the pod behind a service
  kubectl port-forward service/web 8888:80

  # Any free port here
  kubectl port-forward pod/web :5000`,
  flags: [
    flag.strings('address', ['localhost'], 'Addresses to listen on, comma separated: IP addresses or localhost.'),
    { ...podRunningTimeoutFlag },
  ],
  run,
};
