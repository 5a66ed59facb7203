import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure } from '../../errors';
import { nameOfObject, namespaceOf, text, type JsonObject } from '../../json';
import { build } from '../../resource/builder';
import { attachablePod, containerOf } from '../../resource/pods';
import { accepts } from '../../rest/client';
import { streamFlags } from './exec';
import { stream, terminalWanted } from './streams';

/** Attaches to a container of a pod. Source: kubectl pkg/cmd/attach/attach.go, Run. */
export async function attachTo(cli: Cli, pod: JsonObject, containerName: string, commandName: string): Promise<void> {
  const { flags } = cli;
  const quiet = flags.bool('quiet');
  const stdin = flags.bool('stdin');
  let container: JsonObject;
  try {
    container = await containerOf(cli, pod, containerName, quiet);
  } catch (reason) {
    if (reason instanceof Failure) throw new Failure(`cannot attach to the container: ${reason.message}`);
    throw reason;
  }
  const name = text(container, 'name');
  const hasTty = container['tty'] === true;
  let wanted = flags.bool('tty');
  if (wanted && !hasTty) {
    wanted = false;
    if (!quiet) await cli.err(`error: Unable to use a TTY - container ${name} did not allocate one\n`);
  } else if (hasTty) wanted = true;
  const tty = await terminalWanted(cli, wanted, stdin, quiet);
  if (!quiet) await cli.err("If you don't see a command prompt, try pressing enter.\n");
  const query = {
    container: name,
    ...(tty ? { tty } : { stderr: true }),
    ...(stdin ? { stdin } : {}),
    stdout: true,
  };
  const path = `/api/v1/namespaces/${namespaceOf(pod)}/pods/${nameOfObject(pod)}/attach`;
  await stream(cli, path, query, { stdin, tty, stderr: !tty, nudge: true });
  if (!quiet && stdin && tty && container['stdinOnce'] !== true && text(pod, 'spec', 'restartPolicy') === 'Always') {
    await cli.out(
      `Session ended, resume using '${commandName} ${nameOfObject(pod)} -c ${name} -i -t' command when the pod is running\n`,
    );
  }
}

export const attach: Command = {
  use: 'attach (POD | TYPE/NAME) -c CONTAINER',
  short: 'Attach to a running container',
  long: 'Attach to a process that is already running inside an existing container.',
  example: `# The default container of a pod
kubectl attach mypod

# Raw, as if you sat in front of it
kubectl attach mypod -c ruby-container -i -t`,
  flags: streamFlags,
  run: async (cli) => {
    const { flags, args } = cli;
    const timeout = flags.number('pod-running-timeout');
    if (timeout <= 0) throw cli.usage('--pod-running-timeout must be higher than zero');
    const [first = '', second] = args;
    if (args.length === 0) throw new Failure('at least 1 argument is required for attach');
    if (args.length > 2)
      throw new Failure(
        `expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${args.length}: [${args.join(' ')}]`,
      );
    const target = second === undefined ? (first.includes('/') ? first : `pods/${first}`) : `${first}/${second}`;
    const result = await build(cli, { args: [target], accept: accepts.any });
    const [info] = await result.infos();
    const pod = await attachablePod(cli, info?.object ?? {}, timeout);
    const phase = text(pod, 'status', 'phase');
    if (phase === 'Succeeded' || phase === 'Failed')
      throw new Failure(`cannot attach a container in a completed pod; current phase is ${phase}`);
    await attachTo(cli, pod, flags.string('container'), cli.path);
  },
};
