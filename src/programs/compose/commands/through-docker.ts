import { projectOrName, type Command, type Context } from '../cli/context';
import { ComposeError } from '../cli/error';
import { listContainers, nameOf, oneContainer, progressName, type Container, type OneOff } from '../engine/containers';
import { withProgress } from '../engine/session';
import { notRunning } from './lists';

/** Goes on as the docker command: upstream calls the very same code. */
export async function becomeDocker({ process }: Context, args: readonly string[]): Promise<number> {
  const file = process.which('docker') ?? '/usr/bin/docker';
  const failed = await process.exec(file, ['docker', ...args], new Map(process.env));
  throw new ComposeError(failed.ok ? '' : `exec ${file}: ${failed.error.message.toLowerCase()}`);
}

/** Runs the docker command, with nothing to read and nothing to say but on standard error. */
export async function runDocker({ process }: Pick<Context, 'process'>, args: readonly string[]): Promise<number> {
  const file = process.which('docker') ?? '/usr/bin/docker';
  const child = process.spawn({ file, argv: ['docker', ...args], env: process.env });
  if (!child.ok) throw new ComposeError(`exec ${file}: ${child.error.message.toLowerCase()}`);
  const status = await child.value.wait();
  return status.kind === 'exited' ? status.code : 1;
}

async function targetOf(
  context: Context,
  service: string,
  oneOff: OneOff = 'include',
  all = false,
): Promise<Container> {
  const { name } = await projectOrName(context);
  const index = context.flags.number('index') ?? 0;
  const found = await oneContainer(context.api, name.toLowerCase(), service, index, oneOff, all);
  if (found === undefined) throw notRunning(service, index);
  return found;
}

export const exec: Command = async (context) => {
  const { flags, operands, process } = context;
  const [service = '', ...command] = operands;
  const { Id } = await targetOf(context, service);
  const terminal = process.fds.get(1)?.kind === 'tty';
  const tty = flags.given('no-tty') ? !flags.on('no-tty') : terminal;
  const interactive = !flags.given('interactive') || flags.on('interactive');
  const args = ['exec'];
  if (flags.on('detach')) args.push('--detach');
  if (interactive && !flags.on('detach')) args.push('--interactive');
  if (tty && !flags.on('detach')) args.push('--tty');
  if (flags.on('privileged')) args.push('--privileged');
  if (flags.given('user')) args.push('--user', flags.text('user'));
  if (flags.given('workdir')) args.push('--workdir', flags.text('workdir'));
  for (const each of flags.all('env')) args.push('--env', each);
  return becomeDocker(context, [...args, Id, ...command]);
};

export const attach: Command = async (context) => {
  const { flags, operands } = context;
  const container = await targetOf(context, operands[0] ?? '');
  const args = ['attach'];
  if (flags.given('detach-keys')) args.push('--detach-keys', flags.text('detach-keys'));
  if (flags.on('no-stdin')) args.push('--no-stdin');
  if (flags.given('sig-proxy')) args.push(`--sig-proxy=${flags.text('sig-proxy')}`);
  return becomeDocker(context, [...args, container.Id]);
};

export const exportContainer: Command = async (context) => {
  const { flags, operands, process } = context;
  const container = await targetOf(context, operands[0] ?? '', 'include', true);
  if (!flags.given('output') && process.fds.get(1)?.kind === 'tty')
    throw new ComposeError('output option is required when exporting to terminal');
  const args = flags.given('output') ? ['--output', flags.text('output')] : [];
  if (args.length === 0) return becomeDocker(context, ['export', container.Id]);
  const status = await during(context, progressName(container), 'Exporting', 'Exported', () =>
    runDocker(context, ['export', ...args, container.Id]),
  );
  return status;
};

export const commit: Command = async (context) => {
  const { flags, operands, process } = context;
  const [service = '', ...image] = operands;
  const container = await targetOf(context, service, 'include', true);
  const args = ['commit'];
  for (const name of ['author', 'message']) if (flags.given(name)) args.push(`--${name}`, flags.text(name));
  for (const change of flags.all('change')) args.push('--change', change);
  if (flags.given('pause')) args.push(`--pause=${flags.text('pause')}`);
  const pipe = process.pipe();
  const reader = process.fds.install(pipe.read, 10);
  const child = process.spawn({
    file: process.which('docker') ?? '/usr/bin/docker',
    argv: ['docker', ...args, container.Id, ...image],
    env: process.env,
    fds: new Map([...process.fds.entries().filter(([fd]) => fd === 0 || fd === 2), [1, pipe.write] as const]),
  });
  if (!child.ok) throw new ComposeError(child.error.message);
  const id = (await process.fds.reader(reader).text()).trim();
  process.fds.close(reader);
  const status = await child.value.wait();
  if (status.kind !== 'exited' || status.code !== 0) return status.kind === 'exited' ? status.code : 1;
  await withProgress(context, async ({ progress }) => {
    const name = progressName(container);
    await progress.event({ id: name, status: 'working', text: 'Committing' });
    await progress.event({ id: name, status: 'done', text: `Committed as ${id}` });
  });
  return 0;
};

export const stats: Command = async (context) => {
  const { api, flags, operands } = context;
  const { name } = await projectOrName(context);
  const containers = await listContainers(api, name, 'include', flags.on('all'), operands);
  const args = ['stats'];
  if (flags.on('all')) args.push('--all');
  if (flags.on('no-stream')) args.push('--no-stream');
  if (flags.on('no-trunc')) args.push('--no-trunc');
  if (flags.given('format')) args.push('--format', flags.text('format'));
  return becomeDocker(context, [...args, ...containers.map(({ Id }) => Id)]);
};

export const cp: Command = async (context) => {
  const { api, flags, operands } = context;
  const [source = '', target = ''] = operands;
  const from = split(source);
  const to = split(target);
  if (from !== undefined && to !== undefined) throw new ComposeError('copying between services is not supported');
  const inside = from ?? to;
  if (inside === undefined) throw new ComposeError('unknown copy direction');
  const { name } = await projectOrName(context);
  const index = flags.number('index') ?? 0;
  const own = await listContainers(api, name, flags.on('all') ? 'include' : 'exclude', true, [inside.service]);
  if (own.length === 0) throw new ComposeError(`no container found for service ${JSON.stringify(inside.service)}`);
  const one = index > 0 || from !== undefined ? await targetOf(context, inside.service, 'exclude', true) : undefined;
  const containers = one === undefined ? own : [one];
  const args = ['cp', '--quiet'];
  if (flags.on('archive')) args.push('--archive');
  if (flags.on('follow-link')) args.push('--follow-link');
  let status = 0;
  for (const container of containers) {
    const place = `${nameOf(container)}:${inside.path}`;
    const [left, right] = from === undefined ? [source, place] : [place, target];
    const run = (): Promise<number> =>
      runDocker(context, [
        ...args,
        ...(from === undefined
          ? [source, `${container.Id}:${inside.path}`]
          : [`${container.Id}:${inside.path}`, target]),
      ]);
    if (source === '-' || target === '-') status = await run();
    else status = await during(context, nameOf(container), 'Copying', 'Copied', run, `copy ${left} to ${right}`);
    if (status !== 0) return status;
  }
  return status;
};

/** `SERVICE:PATH`; a path of this machine has no service. */
function split(text: string): { service: string; path: string } | undefined {
  if (text.startsWith('/') || text.startsWith('.')) return undefined;
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { service: text.slice(0, colon), path: text.slice(colon + 1) };
}

const during = (
  context: Context,
  id: string,
  working: string,
  done: string,
  run: () => Promise<number>,
  detail = '',
): Promise<number> =>
  withProgress(context, async ({ progress }) => {
    await progress.event({ id, status: 'working', text: working, detail });
    const status = await run();
    if (status === 0) await progress.event({ id, status: 'done', text: done, detail });
    return status;
  });
