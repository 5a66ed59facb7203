import { readBody } from '../../../linux/net/http/codec';
import { decode } from '../../../linux/io/bytes';
import { query } from '../cli/api';
import type { ByteDuplex } from '../../../linux/net/http/message';
import { CommandError, type Command, type Invocation } from '../cli/command';
import { flags } from '../cli/flags';
import { copyInput, copyOutput, isTerminal, proxySignals, rawTerminal } from '../cli/streams';
import { statusOf, watchSize } from './run';

interface ContainerJson {
  readonly Id: string;
  readonly State: { readonly Running: boolean; readonly Paused: boolean; readonly Restarting: boolean };
  readonly Config: { readonly Tty: boolean; readonly OpenStdin: boolean };
  readonly HostConfig: { readonly AutoRemove: boolean };
}

export const start: Command = {
  use: 'start [OPTIONS] CONTAINER [CONTAINER...]',
  short: 'Start one or more stopped containers',
  aliases: ['docker container start', 'docker start'],
  flags: flags(`
    -a, --attach | Attach STDOUT/STDERR and forward signals
    --detach-keys string | Override the key sequence for detaching a container
    -i, --interactive | Attach container's STDIN
  `),
  operands: [1, Infinity],
  async run(invocation) {
    const { api, args, flags: given, out, error, process } = invocation;
    if (!given.on('attach') && !given.on('interactive')) {
      const failed: string[] = [];
      for (const name of args) {
        try {
          await api.send('POST', `/containers/${encodeURIComponent(name)}/start`);
          await out(`${name}\n`);
        } catch (thrown) {
          if (!(thrown instanceof CommandError)) throw thrown;
          await error(`${thrown.message}\n`);
          failed.push(name);
        }
      }
      if (failed.length === 0) return 0;
      throw new CommandError(`Error: failed to start containers: ${failed.join(', ')}`);
    }
    const [name = '', another] = args;
    if (another !== undefined) throw new CommandError('you cannot start and attach multiple containers at once');
    const container = await api.get<ContainerJson>(`/containers/${encodeURIComponent(name)}/json`);
    const { Id: id, Config, HostConfig } = container;
    const stdin = given.on('interactive') && Config.OpenStdin;
    const duplex = await api.hijack(
      `/containers/${id}/attach${query({ stderr: '1', stdin: stdin ? '1' : undefined, stdout: '1', stream: '1' })}`,
    );
    const waiting = await api.stream(
      'POST',
      `/containers/${id}/wait?condition=${HostConfig.AutoRemove ? 'removed' : 'next-exit'}`,
    );
    const raw = Config.Tty && stdin && isTerminal(process, 0);
    const restore = raw ? rawTerminal(process) : () => undefined;
    const unproxy = Config.Tty ? () => undefined : proxied(invocation, id);
    try {
      await api.send('POST', `/containers/${id}/start`);
    } catch (thrown) {
      unproxy();
      restore();
      waiting.close();
      duplex.close();
      throw thrown;
    }
    const unresize = raw ? watchSize(invocation, `/containers/${id}/resize`) : () => undefined;
    const detached = await streamed(invocation, duplex, { tty: Config.Tty, stdin, raw });
    unresize();
    unproxy();
    restore();
    if (detached) {
      waiting.close();
      return 0;
    }
    return statusOf(decode(await readBody(waiting.body)));
  },
};

export const attach: Command = {
  use: 'attach [OPTIONS] CONTAINER',
  short: 'Attach local standard input, output, and error streams to a running container',
  aliases: ['docker container attach', 'docker attach'],
  flags: flags(`
    --detach-keys string | Override the key sequence for detaching a container
    --no-stdin | Do not attach STDIN
    --sig-proxy | Proxy all received signals to the process (default true)
  `),
  operands: [1, 1],
  async run(invocation) {
    const { api, args, flags: given, process } = invocation;
    const asked = encodeURIComponent(args[0] ?? '');
    const waiting = await api.stream('POST', `/containers/${asked}/wait`);
    const container = await api.get<ContainerJson>(`/containers/${asked}/json`);
    const { Running, Paused, Restarting } = container.State;
    if (!Running) throw new CommandError('You cannot attach to a stopped container, start it first');
    if (Paused) throw new CommandError('You cannot attach to a paused container, unpause it first');
    if (Restarting) throw new CommandError('You cannot attach to a restarting container, wait until it is running');
    const { Id: id, Config } = container;
    if (Config.Tty && !given.on('no-stdin') && !isTerminal(process, 0))
      throw new CommandError('the input device is not a TTY');
    const stdin = !given.on('no-stdin') && Config.OpenStdin;
    // Once more, now that everything is made ready for it (container/attach.go).
    await api.get<ContainerJson>(`/containers/${asked}/json`);
    const duplex = await api.hijack(
      `/containers/${asked}/attach${query({ stderr: '1', stdin: stdin ? '1' : undefined, stdout: '1', stream: '1' })}`,
    );
    const raw = Config.Tty && stdin && isTerminal(process, 0);
    const restore = raw ? rawTerminal(process) : () => undefined;
    const unproxy = Config.Tty || given.text('sig-proxy') === 'false' ? () => undefined : proxied(invocation, id);
    const unresize = raw ? watchSize(invocation, `/containers/${id}/resize`) : () => undefined;
    const detached = await streamed(invocation, duplex, { tty: Config.Tty, stdin, raw });
    unresize();
    unproxy();
    restore();
    if (detached) {
      waiting.close();
      throw new CommandError('read escape sequence');
    }
    return statusOf(decode(await readBody(waiting.body)));
  },
};

interface Streaming {
  readonly tty: boolean;
  readonly stdin: boolean;
  readonly raw: boolean;
}

/** Copies both ways until the container's side ends; true when the detach sequence was typed. */
export async function streamed(
  { process, flags: given }: Invocation,
  duplex: ByteDuplex,
  { tty, stdin, raw }: Streaming,
): Promise<boolean> {
  const over = process.clock.deferred<boolean>();
  process.thread(async () => {
    await copyOutput(process, duplex, tty);
    over.resolve(false);
  });
  if (stdin) {
    process.thread(async () => {
      if (await copyInput(process, duplex, raw, given.text('detach-keys'))) over.resolve(true);
    });
  }
  const ended = await process.block<boolean>((wake) => {
    void over.promise.then(wake);
    return () => undefined;
  });
  const detached = ended.ok && ended.value;
  if (detached) duplex.close();
  return detached;
}

/** Signals go to the container. */
const proxied = ({ process, api }: Invocation, id: string): (() => void) =>
  proxySignals(process, (signal) => api.send('POST', `/containers/${id}/kill?signal=${signal.slice(3)}`));
