import { query } from '../cli/api';
import { CommandError, type Command, type Invocation } from '../cli/command';
import { flags } from '../cli/flags';

/** Does something to each operand, prints its name, goes on after failures (`parallelOperation`). */
async function each(
  { args, out, error }: Invocation,
  act: (name: string) => Promise<unknown>,
): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const name of args) {
    try {
      await act(name);
      await out(`${name}\n`);
    } catch (thrown) {
      if (!(thrown instanceof CommandError)) throw thrown;
      await error(`${thrown.message}\n`);
      failed.push(name);
    }
  }
  return failed;
}

const container = (name: string): string => `/containers/${encodeURIComponent(name)}`;
const names = 'CONTAINER [CONTAINER...]';
const both = (name: string): readonly string[] => [`docker container ${name}`, `docker ${name}`];

const timed = flags(`
    -s, --signal string | Signal to send to the container
    -t, --timeout int | Seconds to wait before killing the container
    !--time int | Seconds to wait before killing the container
  `);

const timing = ({ flags: given }: Invocation): string =>
  query({ t: given.last('timeout') ?? given.last('time'), signal: given.last('signal') });

export const stop: Command = {
  use: `stop [OPTIONS] ${names}`,
  short: 'Stop one or more running containers',
  aliases: both('stop'),
  flags: timed,
  operands: [1, Infinity],
  run: async (invocation) =>
    (await each(invocation, (name) => invocation.api.send('POST', `${container(name)}/stop${timing(invocation)}`)))
      .length > 0
      ? 1
      : 0,
};

export const restart: Command = {
  use: `restart [OPTIONS] ${names}`,
  short: 'Restart one or more containers',
  aliases: both('restart'),
  flags: timed,
  operands: [1, Infinity],
  run: async (invocation) =>
    (await each(invocation, (name) => invocation.api.send('POST', `${container(name)}/restart${timing(invocation)}`)))
      .length > 0
      ? 1
      : 0,
};

export const kill: Command = {
  use: `kill [OPTIONS] ${names}`,
  short: 'Kill one or more running containers',
  aliases: both('kill'),
  flags: flags(`-s, --signal string | Signal to send to the container`),
  operands: [1, Infinity],
  run: async (invocation) => {
    const signal = query({ signal: invocation.flags.last('signal') });
    const failed = await each(invocation, (name) => invocation.api.send('POST', `${container(name)}/kill${signal}`));
    return failed.length > 0 ? 1 : 0;
  },
};

const simple = (name: 'pause' | 'unpause', short: string): Command => ({
  use: `${name} ${names}`,
  short,
  aliases: both(name),
  operands: [1, Infinity],
  run: async (invocation) =>
    (await each(invocation, (of) => invocation.api.send('POST', `${container(of)}/${name}`))).length > 0 ? 1 : 0,
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
    const params = query({ force: force ? '1' : undefined, v: given.on('volumes') ? '1' : undefined });
    let missing = 0;
    const failed = await each(invocation, async (name) => {
      try {
        await api.send('DELETE', `${container(name)}${params}`);
      } catch (thrown) {
        if (thrown instanceof CommandError && thrown.message.includes('No such container')) missing++;
        throw thrown;
      }
    });
    // What is not there is complained of, but with -f it is no failure.
    return failed.length - (force ? missing : 0) > 0 ? 1 : 0;
  },
};

export const rename: Command = {
  use: 'rename CONTAINER NEW_NAME',
  short: 'Rename a container',
  aliases: both('rename'),
  operands: [2, 2],
  async run({ api, args, error }) {
    const [from = '', to = ''] = args;
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
  async run({ api, args, out, error }) {
    let status = 0;
    for (const name of args) {
      try {
        const { StatusCode } = (await api.send('POST', `${container(name)}/wait`)).json<{ StatusCode: number }>();
        await out(`${StatusCode}\n`);
      } catch (thrown) {
        if (!(thrown instanceof CommandError)) throw thrown;
        await error(`${thrown.message}\n`);
        status = 1;
      }
    }
    return status;
  },
};
