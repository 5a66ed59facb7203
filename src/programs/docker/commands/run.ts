import { readBody } from '../../../linux/net/http/codec';
import { decode } from '../../../linux/io/bytes';
import { familiarString, withDefaultTag } from '../../../containers/images/reference';
import { ApiRefusal, query } from '../cli/api';
import { CommandError, type Command, type Invocation } from '../cli/command';
import { containerFlags, createRequest } from '../cli/container-options';
import { flags } from '../cli/flags';
import { pullImage, referenceOf } from '../cli/pull';
import { copyInput, copyOutput, isTerminal, onResize, proxySignals, rawTerminal } from '../cli/streams';

const hint = (path: string): string => `\n\nRun '${path} --help' for more information`;

/** `docker create`: the container's id. An image that is not there is pulled. */
export async function createContainer({ process, api, flags: given, args, error }: Invocation): Promise<string> {
  const [image = ''] = args;
  const body = createRequest(process, given, args);
  const path = `/containers/create${query({ name: given.last('name'), platform: given.last('platform') })}`;
  const policy = given.last('pull') ?? 'missing';
  const reference = /^[0-9a-f]{64}$/.test(image) ? undefined : withDefaultTag(referenceOf(image));
  const pull = async (): Promise<void> => {
    if (reference !== undefined) await pullImage(process, api, reference, given.on('quiet') ? undefined : 2);
  };
  if (policy === 'always') await pull();
  const create = async (): Promise<string> => (await api.send('POST', path, body)).json<{ Id: string }>().Id;
  try {
    return await create();
  } catch (refused) {
    const missing = refused instanceof ApiRefusal && refused.httpStatus === 404 && reference !== undefined;
    if (!missing || policy === 'never' || !refused.message.includes('No such image')) throw refused;
    await error(`Unable to find image '${familiarString(reference)}' locally\n`);
    await pull();
    return create();
  }
}

/** The CLI's exit status for a container that did not start. */
function startStatus(message: string): number {
  if (/executable file not found|no such file or directory|system cannot find the file specified/.test(message))
    return 127;
  return /permission denied|is a directory/.test(message) ? 126 : 125;
}

/** What `run` says of any failure. */
function failed(thrown: unknown, path: string, status = 125): CommandError {
  if (!(thrown instanceof CommandError)) throw thrown;
  const { message } = thrown;
  const whole = /^(docker: |invalid argument)/.test(message) ? message : `docker: ${message}`;
  return new CommandError(`${whole}${whole.includes(' --help') ? '' : hint(path)}`, status);
}

const pullText = 'Pull image before running ("always", "missing", "never")';

export const run: Command = {
  use: 'run [OPTIONS] IMAGE [COMMAND] [ARG...]',
  short: 'Create and run a new container from an image',
  aliases: ['docker container run', 'docker run'],
  flags: [
    ...containerFlags.map((flag) => (flag.name === 'pull' ? { ...flag, text: pullText } : flag)),
    ...flags(`
      -d, --detach | Run container in background and print container ID
      --detach-keys string | Override the key sequence for detaching a container
      --sig-proxy | Proxy received signals to the process (default true)
    `),
  ],
  operands: [1, Infinity],
  stopsAtOperand: true,
  async run(invocation) {
    const { api, flags: given, process, out, path } = invocation;
    const detached = given.on('detach');
    if (detached && given.given('attach'))
      throw new CommandError('conflicting options: cannot specify both --attach and --detach');
    const tty = given.on('tty');
    const interactive = given.on('interactive');
    if (tty && interactive && !detached && !isTerminal(process, 0))
      throw failed(new CommandError('the input device is not a TTY'), path, 1);
    let id: string;
    try {
      id = await createContainer(invocation);
    } catch (thrown) {
      throw failed(thrown, path);
    }
    const cidfile = given.last('cidfile');
    if (cidfile !== undefined) process.fs.writeFile(cidfile, id);
    const attach = given.all('attach').map((stream) => stream.toLowerCase());
    const stdin = !detached && interactive;
    const duplex = detached
      ? undefined
      : await api.hijack(
          `/containers/${id}/attach${query({
            stderr: attach.length === 0 || attach.includes('stderr') ? '1' : undefined,
            stdin: stdin ? '1' : undefined,
            stdout: attach.length === 0 || attach.includes('stdout') ? '1' : undefined,
            stream: '1',
          })}`,
        );
    const condition = given.on('rm') ? 'removed' : 'next-exit';
    const waiting = await api.stream('POST', `/containers/${id}/wait?condition=${condition}`);
    const raw = tty && stdin && isTerminal(process, 0);
    const restore = raw ? rawTerminal(process) : () => undefined;
    let detach = false;
    const over = process.clock.deferred<void>();
    if (duplex !== undefined) {
      process.thread(async () => {
        await copyOutput(process, duplex, tty);
        over.resolve();
      });
      if (stdin) {
        process.thread(async () => {
          if (await copyInput(process, duplex, raw)) {
            detach = true;
            over.resolve();
          }
        });
      }
    }
    const unproxy =
      detached || raw
        ? () => undefined
        : proxySignals(process, (signal) => api.send('POST', `/containers/${id}/kill?signal=${signal.slice(3)}`));
    try {
      await api.send('POST', `/containers/${id}/start`);
    } catch (thrown) {
      restore();
      waiting.close();
      duplex?.close();
      if (detached) await out(`${id}\n`);
      if (!(thrown instanceof CommandError)) throw thrown;
      throw failed(thrown, path, startStatus(thrown.message));
    }
    if (detached) {
      waiting.close();
      await out(`${id}\n`);
      return 0;
    }
    const unresize = raw ? watchSize(invocation, `/containers/${id}/resize`) : () => undefined;
    await process.block<void>((wake) => {
      void over.promise.then(wake);
      return () => undefined;
    });
    unresize();
    unproxy();
    restore();
    if (detach) {
      waiting.close();
      return 0;
    }
    return statusOf(decode(await readBody(waiting.body)));
  },
};

/** `{"StatusCode":0}`. */
export const statusOf = (text: string): number => (JSON.parse(text) as { StatusCode: number }).StatusCode;

/** Tells the engine the terminal's size, now and whenever it changes. */
export function watchSize({ process, api }: Invocation, path: string): () => void {
  const send = ({ rows, columns }: { rows: number; columns: number }): void => {
    process.thread(() => api.send('POST', `${path}?h=${rows}&w=${columns}`).catch(() => undefined));
  };
  if (process.tty !== undefined) send(process.tty.size);
  return onResize(process, send);
}

export const create: Command = {
  use: 'create [OPTIONS] IMAGE [COMMAND] [ARG...]',
  short: 'Create a new container',
  aliases: ['docker container create', 'docker create'],
  flags: containerFlags,
  operands: [1, Infinity],
  stopsAtOperand: true,
  async run(invocation) {
    try {
      await invocation.out(`${await createContainer(invocation)}\n`);
    } catch (thrown) {
      if (!(thrown instanceof CommandError)) throw thrown;
      throw failed(thrown, invocation.path, 1);
    }
    return 0;
  },
};
