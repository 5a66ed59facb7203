import { readBody } from '../../../linux/net/http/codec';
import { decode } from '../../../linux/io/bytes';
import { familiarString, withDefaultTag } from '../../../containers/images/reference';
import { ApiRefusal, query } from '../cli/api';
import { CommandError, type Command, type Invocation } from '../cli/command';
import { containerFlags } from '../cli/container-options';
import { createRequest, type CreateRequest } from '../cli/container-request';
import { flags } from '../cli/flags';
import { pullImage, referenceOf } from '../cli/pull';
import { copyInput, copyOutput, isTerminal, onResize, proxySignals, rawTerminal } from '../cli/streams';

/** What `run` says of any failure: the hint names the command whatever way it was called. */
const withHelp = (message: string, name: 'run' | 'create'): string =>
  `docker: ${message}\n\nRun 'docker ${name} --help' for more information`;

/** Flags that contradict each other, or a policy that is none. */
function parsed(name: 'run' | 'create', { process, flags: given, args }: Invocation): CreateRequest {
  const policy = given.last('pull') ?? '';
  try {
    if (!['', 'always', 'missing', 'never'].includes(policy))
      throw new CommandError(`invalid pull option: '${policy}': must be one of "always", "missing" or "never"`);
    return createRequest(process, given, args);
  } catch (thrown) {
    if (!(thrown instanceof CommandError)) throw thrown;
    throw new CommandError(withHelp(thrown.message, name), 125);
  }
}

/** `linux/arm64/v8` in words that the API takes (containerd's platforms.Parse). */
function platformOf(text: string): string {
  const [os = '', architecture = '', variant = '', more] = text.toLowerCase().split('/');
  const invalid = [os, architecture, variant].find((part) => part !== '' && !/^[a-z0-9_.-]+$/.test(part));
  if (more !== undefined || os === '')
    throw new CommandError(
      `error parsing specified platform: "${text}": cannot parse platform specifier: invalid argument`,
    );
  if (invalid !== undefined)
    throw new CommandError(
      `error parsing specified platform: "${invalid}" is an invalid component of "${text}": platform specifier component must match "^[A-Za-z0-9_.-]+$": invalid argument`,
    );
  const known = ['linux', 'windows', 'darwin', 'freebsd'];
  const alone = architecture === '' && !known.includes(os);
  const machine = alone ? os : architecture;
  const normal =
    { x86_64: 'amd64', 'x86-64': 'amd64', aarch64: 'arm64', armhf: 'arm', i386: '386' }[machine] ?? machine;
  return [alone ? 'linux' : os, normal === '' ? 'amd64' : normal, ...(variant === '' ? [] : [variant])].join('/');
}

/** `docker create`: the container's id. An image that is not there is pulled. */
async function createContainer(
  { process, api, flags: given, args, error }: Invocation,
  body: CreateRequest,
): Promise<string> {
  const [image = ''] = args;
  const cidfile = given.text('cidfile');
  if (cidfile !== '') {
    if (process.fs.stat(cidfile).ok)
      throw new CommandError(
        `container ID file found, make sure the other container isn't running or delete ${cidfile}`,
      );
    const made = process.fs.writeFile(cidfile, '');
    if (!made.ok)
      throw new CommandError(
        `failed to create the container ID file: open ${cidfile}: ${made.error.message.toLowerCase()}`,
      );
  }
  let id: string | undefined;
  try {
    const reference = /^[0-9a-f]{64}$/.test(image) ? undefined : withDefaultTag(referenceOf(image));
    const platform = given.text('platform') === '' ? undefined : platformOf(given.text('platform'));
    const policy = given.last('pull') ?? 'missing';
    const pull = async (): Promise<void> => {
      if (reference !== undefined)
        await pullImage(process, api, reference, given.on('quiet') ? undefined : 2, { platform });
    };
    if (policy === 'always') await pull();
    const { tty } = process;
    if (isTerminal(process, 1) && tty !== undefined) body.HostConfig.ConsoleSize = [tty.size.rows, tty.size.columns];
    const path = `/containers/create${query({ name: given.last('name'), platform })}`;
    const create = async (): Promise<Created> => (await api.send('POST', path, body)).json<Created>();
    let created: Created;
    try {
      created = await create();
    } catch (refused) {
      const missing = refused instanceof ApiRefusal && refused.httpStatus === 404 && reference !== undefined;
      if (!missing || policy !== 'missing') throw refused;
      if (!given.on('quiet')) await error(`Unable to find image '${familiarString(reference)}' locally\n`);
      await pull();
      created = await create();
    }
    const local = given.all('dns').find((address) => /^127\.|^::1$/.test(address.trim()));
    const own = local === undefined ? [] : [`Localhost DNS (${local.trim()}) may fail in containers.`];
    for (const warning of [...(created.Warnings ?? []), ...own]) await error(`WARNING: ${warning}\n`);
    id = created.Id;
  } finally {
    if (cidfile !== '') {
      if (id === undefined) process.fs.unlink(cidfile);
      else process.fs.writeFile(cidfile, id);
    }
  }
  return id;
}

interface Created {
  readonly Id: string;
  readonly Warnings: readonly string[] | null;
}

/** A failure as `run` shows it, with the exit status that is read from its text (toStatusError). */
function failed(thrown: unknown): CommandError {
  if (!(thrown instanceof CommandError)) throw thrown;
  const { message } = thrown;
  const missing = /executable file not found|no such file or directory|system cannot find the file specified/;
  const status = missing.test(message) ? 127 : /permission denied|is a directory/.test(message) ? 126 : 125;
  return new CommandError(withHelp(message, 'run'), status);
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
    const { api, flags: given, process, out } = invocation;
    const body = parsed('run', invocation);
    const detached = given.on('detach');
    const tty = given.on('tty');
    if (detached) {
      if (given.given('attach'))
        throw new CommandError('conflicting options: cannot specify both --attach and --detach');
      Object.assign(body, { AttachStdin: false, AttachStdout: false, AttachStderr: false, StdinOnce: false });
    } else if (tty && body.AttachStdin && !isTerminal(process, 0))
      throw new CommandError('the input device is not a TTY');
    let id: string;
    try {
      id = await createContainer(invocation, body);
    } catch (thrown) {
      throw failed(thrown);
    }
    const { AttachStdin: stdin, AttachStdout: stdout, AttachStderr: stderr } = body;
    const attached = stdin || stdout || stderr;
    const keys = given.text('detach-keys');
    const one = (wanted: boolean): string | undefined => (wanted ? '1' : undefined);
    const duplex = attached
      ? await api.hijack(
          `/containers/${id}/attach${query({
            detachKeys: keys === '' ? undefined : keys,
            stderr: one(stderr),
            stdin: one(stdin),
            stdout: one(stdout),
            stream: '1',
          })}`,
        )
      : undefined;
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
          if (await copyInput(process, duplex, raw, keys)) {
            detach = true;
            over.resolve();
          }
        });
      }
    }
    const unproxy =
      detached || given.last('sig-proxy') === 'false'
        ? () => undefined
        : proxySignals(process, (signal) => api.send('POST', `/containers/${id}/kill?signal=${signal.slice(3)}`));
    try {
      await api.send('POST', `/containers/${id}/start`);
    } catch (thrown) {
      restore();
      duplex?.close();
      if (!attached) await out(`${id}\n`);
      if (given.on('rm')) await readBody(waiting.body);
      else waiting.close();
      throw failed(thrown);
    }
    if (!attached) {
      waiting.close();
      await out(`${id}\n`);
      return 0;
    }
    const unresize =
      tty && isTerminal(process, 1) ? watchSize(invocation, `/containers/${id}/resize`) : () => undefined;
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
    await invocation.out(`${await createContainer(invocation, parsed('create', invocation))}\n`);
    return 0;
  },
};
