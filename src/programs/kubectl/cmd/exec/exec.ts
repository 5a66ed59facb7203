import type { Command } from '../../command';
import { Failure } from '../../errors';
import { flag, type Flag } from '../../flags/flag-set';
import { nameOfObject, namespaceOf, text } from '../../json';
import { build } from '../../resource/builder';
import { attachablePod, containerOf } from '../../resource/pods';
import { accepts } from '../../rest/client';
import { stream, terminalWanted } from './streams';
import { podRunningTimeoutFlag } from '../shared-flags';

export const containerFlag = flag.string(
  'container',
  '',
  'Container of the pod. Default: the one that the annotation kubectl.kubernetes.io/default-container names, or the first.',
  { short: 'c' },
);
export const streamFlags: readonly Flag[] = [
  containerFlag,
  podRunningTimeoutFlag,
  flag.bool('quiet', false, 'Print only what the remote side prints.', { short: 'q' }),
  flag.bool('stdin', false, 'Pass standard input to the container.', { short: 'i' }),
  flag.bool('tty', false, 'Standard input is a terminal.', { short: 't' }),
];

export const exec: Command = {
  use: 'exec (POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]',
  short: 'Execute a command in a container',
  long: 'Execute a command in a container.',
  example: `# date in a pod
kubectl exec mypod -- date

# A shell in a container of a deployment's pod
kubectl exec -it deploy/web -c nginx -- sh`,
  flags: [...streamFlags, flag.strings('filename', [], 'to use to exec into the resource', { short: 'f' })],
  run: async (cli) => {
    const { flags, args, dashAt } = cli;
    const files = flags.list('filename');
    const target = args.length > 0 && dashAt !== 0 ? (args[0] ?? '') : '';
    const command = dashAt > -1 ? args.slice(dashAt) : [];
    if (dashAt < 0 && (args.length > 1 || (args.length > 0 && files.length > 0)))
      throw cli.usage('exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead');
    const timeout = flags.number('pod-running-timeout');
    if (timeout <= 0) throw cli.usage('--pod-running-timeout must be higher than zero');
    if (target === '' && files.length === 0) throw new Failure('pod, type/name or --filename must be specified');
    if (command.length === 0) throw new Failure('you must specify at least one command for the container');
    const { explicit } = cli.factory.namespace;
    const result = await build(cli, {
      args: target === '' ? [] : [target.includes('/') ? target : `pods/${target}`],
      filenames: files,
      enforceNamespace: explicit,
      accept: accepts.any,
    });
    const infos = await result.infos();
    if (infos.length > 1) throw new Failure('cannot exec into multiple objects at a time');
    const pod = await attachablePod(cli, infos[0]?.object ?? {}, timeout);
    const phase = text(pod, 'status', 'phase');
    if (phase === 'Succeeded' || phase === 'Failed')
      throw new Failure(`cannot exec into a container in a completed pod; current phase is ${phase}`);
    const given = flags.string('container');
    const container = given === '' ? text(await containerOf(cli, pod, '', flags.bool('quiet')), 'name') : given;
    const stdin = flags.bool('stdin');
    const tty = await terminalWanted(cli, flags.bool('tty'), stdin, flags.bool('quiet'));
    const query = {
      command,
      container,
      ...(tty ? { tty } : { stderr: true }),
      ...(stdin ? { stdin } : {}),
      stdout: true,
    };
    await stream(cli, `/api/v1/namespaces/${namespaceOf(pod)}/pods/${nameOfObject(pod)}/exec`, query, {
      stdin,
      tty,
      stderr: !tty,
    });
  },
};
