import { readBody } from '../../../linux/net/http/codec';
import { decode } from '../../../linux/io/bytes';
import { query } from '../cli/api';
import { CommandError, type Command } from '../cli/command';
import { flags } from '../cli/flags';
import { copyInput, copyOutput, isTerminal, proxySignals, rawTerminal } from '../cli/streams';
import { statusOf, watchSize } from './run';

interface ContainerJson {
  readonly Id: string;
  readonly State: { readonly Running: boolean; readonly Paused: boolean };
  readonly Config: { readonly Tty: boolean; readonly OpenStdin: boolean };
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
    const { Id: id, Config } = container;
    const stdin = given.on('interactive') && Config.OpenStdin;
    const duplex = await api.hijack(
      `/containers/${id}/attach${query({ stderr: '1', stdin: stdin ? '1' : undefined, stdout: '1', stream: '1' })}`,
    );
    const waiting = await api.stream('POST', `/containers/${id}/wait?condition=next-exit`);
    const raw = Config.Tty && stdin && isTerminal(process, 0);
    const restore = raw ? rawTerminal(process) : () => undefined;
    if (stdin) process.thread(() => copyInput(process, duplex, raw));
    try {
      await api.send('POST', `/containers/${id}/start`);
    } catch (thrown) {
      restore();
      throw thrown;
    }
    const unresize = raw ? watchSize(invocation, `/containers/${id}/resize`) : () => undefined;
    await copyOutput(process, duplex, Config.Tty);
    unresize();
    restore();
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
    const { api, args, flags: given, process, error } = invocation;
    const container = await api.get<ContainerJson>(`/containers/${encodeURIComponent(args[0] ?? '')}/json`);
    if (!container.State.Running) throw new CommandError('You cannot attach to a stopped container, start it first');
    if (container.State.Paused) throw new CommandError('You cannot attach to a paused container, unpause it first');
    const { Id: id, Config } = container;
    const stdin = !given.on('no-stdin') && Config.OpenStdin;
    const waiting = await api.stream('POST', `/containers/${id}/wait?condition=next-exit`);
    const duplex = await api.hijack(
      `/containers/${id}/attach${query({ stderr: '1', stdin: stdin ? '1' : undefined, stdout: '1', stream: '1' })}`,
    );
    const raw = Config.Tty && stdin && isTerminal(process, 0);
    const restore = raw ? rawTerminal(process) : () => undefined;
    const unproxy = raw
      ? () => undefined
      : proxySignals(process, (signal) => api.send('POST', `/containers/${id}/kill?signal=${signal.slice(3)}`));
    const unresize = raw ? watchSize(invocation, `/containers/${id}/resize`) : () => undefined;
    const over = process.clock.deferred<boolean>();
    process.thread(async () => {
      await copyOutput(process, duplex, Config.Tty);
      over.resolve(false);
    });
    if (stdin) {
      process.thread(async () => {
        if (await copyInput(process, duplex, raw)) over.resolve(true);
      });
    }
    const detached = await over.promise;
    unresize();
    unproxy();
    restore();
    if (detached) {
      waiting.close();
      await error('read escape sequence\n');
      return 0;
    }
    return statusOf(decode(await readBody(waiting.body)));
  },
};
