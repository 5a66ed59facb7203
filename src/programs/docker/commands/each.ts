import { query } from '../cli/api';
import { CommandError, type Command, type Invocation } from '../cli/command';
import { flags } from '../cli/flags';

/**
 * Does something to each operand, prints the names in order and what failed at the end; `together` at once, as
 * `parallelOperation` does. What `forgive` says of a failure is told at once and is none.
 */
async function each(
  { args, out, error, process }: Invocation,
  act: (name: string) => Promise<unknown>,
  { together = false, forgive = () => false }: { together?: boolean; forgive?: (thrown: CommandError) => boolean } = {},
): Promise<number> {
  const attempt = async (name: string): Promise<CommandError | undefined> => {
    try {
      await act(name);
      return undefined;
    } catch (thrown) {
      if (!(thrown instanceof CommandError)) throw thrown;
      return thrown;
    }
  };
  const started = together && args.length > 1 ? args.map((name) => beside(process, () => attempt(name))) : undefined;
  const problems: string[] = [];
  for (const [index, name] of args.entries()) {
    const problem = await (started?.[index]?.() ?? attempt(name));
    if (problem === undefined) await out(`${name}\n`);
    else if (forgive(problem)) await error(`${problem.message}\n`);
    else problems.push(problem.message);
  }
  if (problems.length === 0) return 0;
  throw new CommandError(problems.join('\n'));
}

/** Runs something in a thread of its own; the result waits for it. */
function beside<T>(process: Invocation['process'], run: () => Promise<T>): () => Promise<T> {
  const result = process.clock.deferred<T>();
  process.thread(async () => result.resolve(await run()));
  return async () => {
    const waited = await process.block<T>((wake) => {
      void result.promise.then(wake);
      return () => undefined;
    });
    return waited.ok ? waited.value : result.promise;
  };
}

const container = (name: string): string => `/containers/${encodeURIComponent(name)}`;
const names = 'CONTAINER [CONTAINER...]';
const both = (name: string): readonly string[] => [`docker container ${name}`, `docker ${name}`];

const timed = flags(`
    -s, --signal string | Signal to send to the container
    -t, --timeout int | Seconds to wait before killing the container
    ! --time int | Seconds to wait before killing the container (deprecated: use --timeout)
    !--time int | Seconds to wait before killing the container
  `);

async function timing({ flags: given, error }: Invocation): Promise<string> {
  if (given.given('time')) {
    await error('Flag --time has been deprecated, use --timeout instead\n');
    if (given.given('timeout')) throw new CommandError('conflicting options: cannot specify both --timeout and --time');
  }
  return query({ t: given.last('timeout') ?? given.last('time'), signal: given.last('signal') });
}

export const stop: Command = {
  use: `stop [OPTIONS] ${names}`,
  short: 'Stop one or more running containers',
  aliases: both('stop'),
  flags: timed,
  operands: [1, Infinity],
  run: async (invocation) => {
    const how = await timing(invocation);
    return each(invocation, (name) => invocation.api.send('POST', `${container(name)}/stop${how}`), { together: true });
  },
};

export const restart: Command = {
  use: `restart [OPTIONS] ${names}`,
  short: 'Restart one or more containers',
  aliases: both('restart'),
  flags: timed,
  operands: [1, Infinity],
  run: async (invocation) => {
    const how = await timing(invocation);
    return each(invocation, (name) => invocation.api.send('POST', `${container(name)}/restart${how}`));
  },
};

export const kill: Command = {
  use: `kill [OPTIONS] ${names}`,
  short: 'Kill one or more running containers',
  aliases: both('kill'),
  flags: flags(`-s, --signal string | Signal to send to the container`),
  operands: [1, Infinity],
  run: async (invocation) => {
    const signal = query({ signal: invocation.flags.last('signal') });
    return each(invocation, (name) => invocation.api.send('POST', `${container(name)}/kill${signal}`), {
      together: true,
    });
  },
};

const simple = (name: 'pause' | 'unpause', short: string): Command => ({
  use: `${name} ${names}`,
  short,
  aliases: both(name),
  operands: [1, Infinity],
  run: (invocation) =>
    each(invocation, (of) => invocation.api.send('POST', `${container(of)}/${name}`), { together: true }),
});

export const pause = simple('pause', 'Pause all processes within one or more containers');
export const unpause = simple('unpause', 'Unpause all processes within one or more containers');

export const rm: Command = {
  use: `rm [OPTIONS] ${names}`,
  short: 'Remove one or more containers',
  aliases: ['docker container rm', 'docker container remove', 'docker rm'],
  flags: flags(`
    -f, --force | Force the removal of a running container (uses SIGKILL)
    -l, --link | Remove the specified link
    -v, --volumes | Remove anonymous volumes associated with the container
  `),
  operands: [1, Infinity],
  async run(invocation) {
    const { api, flags: given } = invocation;
    const force = given.on('force');
    const params = query({
      force: force ? '1' : undefined,
      link: given.on('link') ? '1' : undefined,
      v: given.on('volumes') ? '1' : undefined,
    });
    const act = (name: string): Promise<unknown> => {
      const plain = name.replace(/^\/+|\/+$/g, '');
      if (plain === '') throw new CommandError('Container name cannot be empty');
      return api.send('DELETE', `${container(plain)}${params}`);
    };
    // What is not there is complained of, but with -f it is no failure.
    const forgive = (thrown: CommandError): boolean => force && thrown.message.includes('No such container');
    return each(invocation, act, { together: true, forgive });
  },
};

export const rename: Command = {
  use: 'rename CONTAINER NEW_NAME',
  short: 'Rename a container',
  aliases: both('rename'),
  operands: [2, 2],
  async run({ api, args, error }) {
    const [from = '', to = ''] = args.map((name) => name.trim());
    if (from === '' || to === '') throw new CommandError('Error: Neither old nor new names may be empty');
    try {
      await api.send('POST', `${container(from)}/rename${query({ name: to })}`);
      return 0;
    } catch (thrown) {
      if (!(thrown instanceof CommandError)) throw thrown;
      await error(`${thrown.message}\n`);
      throw new CommandError(`Error: failed to rename container named ${from}`);
    }
  },
};

export const wait: Command = {
  use: `wait ${names}`,
  short: 'Block until one or more containers stop, then print their exit codes',
  aliases: both('wait'),
  operands: [1, Infinity],
  async run({ api, args, out }) {
    const problems: string[] = [];
    for (const name of args) {
      try {
        const { StatusCode } = (await api.send('POST', `${container(name)}/wait`)).json<{ StatusCode: number }>();
        await out(`${StatusCode}\n`);
      } catch (thrown) {
        if (!(thrown instanceof CommandError)) throw thrown;
        problems.push(thrown.message);
      }
    }
    if (problems.length > 0) throw new CommandError(problems.join('\n'));
    return 0;
  },
};
