import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure, PlainFailure } from '../../errors';
import { flag } from '../../flags/flag-set';
import { concat } from '../../../../linux/io/bytes';
import { text } from '../../json';
import { goErrno } from '../../rest/kubeconfig';
import { accepts } from '../../rest/client';
import { containerOf } from '../../resource/pods';
import { containerFlag } from '../exec/exec';
import { stream } from '../exec/streams';
import { base, clean, dirname, join, withoutLeadingSlash, withoutShortcuts } from './paths';
import { readTar, writeTar, type TarEntry } from './tar';

interface Spec {
  readonly namespace: string;
  readonly pod: string;
  readonly path: string;
}

const trimmed = (path: string): string => (path !== '/' && path.endsWith('/') ? path.slice(0, -1) : path);

/** `[[namespace/]pod:]file/path`. */
function specOf(argument: string): Spec {
  const wrong = new Failure('filespec must match the canonical format: [[namespace/]pod:]file/path');
  const colon = argument.indexOf(':');
  if (colon === 0) throw wrong;
  if (colon < 0) return { namespace: '', pod: '', path: trimmed(argument) };
  const pieces = argument.slice(0, colon).split('/');
  const path = trimmed(argument.slice(colon + 1).replace(/\\/g, '/'));
  if (pieces.length > 2) throw wrong;
  return pieces.length === 1
    ? { namespace: '', pod: pieces[0] ?? '', path }
    : { namespace: pieces[0] ?? '', pod: pieces[1] ?? '', path };
}

/** Runs a command in the pod. */
async function inPod(
  cli: Cli,
  { namespace, pod }: Spec,
  command: readonly string[],
  streams: {
    readonly input?: Uint8Array;
    readonly onStdout?: (bytes: Uint8Array) => Promise<unknown>;
    readonly onStderr?: (bytes: Uint8Array) => Promise<unknown>;
  },
): Promise<void> {
  const place = namespace === '' ? cli.factory.namespace.namespace : namespace;
  const path = `/api/v1/namespaces/${place}/pods/${pod}`;
  const found = await cli.factory.client.get(path, { accept: accepts.typed });
  const phase = text(found, 'status', 'phase');
  if (phase === 'Succeeded' || phase === 'Failed')
    throw new Failure(`cannot exec into a container in a completed pod; current phase is ${phase}`);
  const given = cli.flags.string('container');
  const container = given === '' ? text(await containerOf(cli, found, '', false), 'name') : given;
  const { input, onStdout, onStderr } = streams;
  const query = { command, container, stderr: true, ...(input ? { stdin: true } : {}), stdout: true };
  await stream(cli, `${path}/exec`, query, {
    stdin: input !== undefined,
    tty: false,
    stderr: true,
    ...(input ? { input: once(input) } : {}),
    ...(onStdout ? { onStdout } : {}),
    ...(onStderr ? { onStderr } : {}),
  });
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

const nowhere = (): Promise<void> => Promise.resolve();

async function toPod(cli: Cli, source: Spec, target: Spec): Promise<void> {
  const { fs } = cli.process;
  if (!fs.stat(source.path).ok) throw new Failure(`${source.path} doesn't exist in local filesystem`);
  let path = target.path;
  try {
    await inPod(cli, target, ['test', '-d', target.path], { onStdout: nowhere, onStderr: nowhere });
    path = join(path, base(source.path));
  } catch (reason) {
    // Only the command's own failure says that there is no such directory; anything else will show again.
    if (!(reason instanceof Failure)) throw reason;
  }
  const archive = writeTar(collect(cli, clean(source.path), base(clean(path))));
  const options = cli.flags.bool('no-preserve') ? ['--no-same-permissions', '--no-same-owner'] : [];
  const folder = dirname(path);
  await inPod(cli, target, ['tar', ...options, '-xmf', '-', ...(folder === '' ? [] : ['-C', folder])], {
    input: archive,
  });
}

/** A file, or everything below a directory, under another name. */
function collect(cli: Cli, path: string, name: string): readonly TarEntry[] {
  const { fs } = cli.process;
  const stat = fs.lstat(path);
  if (!stat.ok) throw new Failure(`lstat ${path}: ${goErrno(stat.error.message)}`);
  const { mode, mtime, type } = stat.value;
  const entry = { name, mode, mtime, content: new Uint8Array(0), target: '' };
  if (type === 'directory') {
    const inside = fs.readdir(path);
    if (!inside.ok) throw new Failure(`open ${path}: ${goErrno(inside.error.message)}`);
    if (inside.value.length === 0) return [{ ...entry, kind: 'directory' }];
    return inside.value
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((each) => collect(cli, `${path}/${each.name}`, `${name}/${each.name}`));
  }
  if (type === 'symlink') {
    const target = fs.readlink(path);
    return [{ ...entry, kind: 'symlink', target: target.ok ? target.value : '' }];
  }
  const content = fs.readFile(path);
  if (!content.ok) throw new Failure(`open ${path}: ${goErrno(content.error.message)}`);
  return [{ ...entry, kind: 'file', content: content.value }];
}

async function fromPod(cli: Cli, source: Spec, target: Spec): Promise<void> {
  const chunks: Uint8Array[] = [];
  const retries = cli.flags.number('retries');
  const command = retries === 0 ? ['tar', 'cf', '-', source.path] : ['sh', '-c', `tar cf - ${source.path} | tail -c+0`];
  let failure: Failure | undefined;
  try {
    await inPod(cli, source, command, {
      onStdout: (bytes) => Promise.resolve(chunks.push(bytes)),
      onStderr: (bytes) => cli.process.stdout.write(bytes),
    });
  } catch (reason) {
    if (!(reason instanceof Failure)) throw reason;
    failure = reason;
  }
  if (failure !== undefined && !(failure instanceof PlainFailure)) throw failure;
  const entries = readTar(concat(chunks));
  if (entries === undefined) throw new Failure('archive/tar: invalid tar header');
  const prefix = withoutShortcuts(clean(withoutLeadingSlash(source.path)));
  await unpack(cli, entries, prefix, source, target);
  if (failure !== undefined) throw failure;
}

async function unpack(cli: Cli, entries: readonly TarEntry[], prefix: string, source: Spec, target: Spec) {
  const { fs } = cli.process;
  let told = false;
  for (const { name, kind, mode, content, target: link } of entries) {
    const stripped = kind === 'directory' ? trimmed(name) : name;
    if (!stripped.startsWith(prefix)) throw new Failure('tar contents corrupted');
    const path = join(target.path, stripped.slice(prefix.length));
    if (path !== clean(target.path) && !path.startsWith(`${clean(target.path)}/`)) {
      await cli.err(`warning: file "${path}" is outside target destination, skipping\n`);
      continue;
    }
    if (dirname(path) !== '') fs.mkdirAll(dirname(path), 0o755);
    if (kind === 'directory') {
      fs.mkdirAll(path, 0o755);
      continue;
    }
    if (kind === 'symlink') {
      const hint = ` (consider using "kubectl exec -n "${source.namespace}" "${source.pod}" -- tar cf - "${source.path}" | tar xf -")`;
      await cli.err(`warning: skipping symlink: "${path}" -> "${link}"${told ? '' : hint}\n`);
      told = true;
      continue;
    }
    void mode;
    const made = fs.writeFile(path, content);
    if (!made.ok) throw new Failure(`open ${path}: ${goErrno(made.error.message)}`);
  }
}

async function run(cli: Cli): Promise<void> {
  const { args } = cli;
  if (args.length !== 2) throw new Failure('source and destination are required');
  const [source, target] = [specOf(args[0] ?? ''), specOf(args[1] ?? '')];
  if (source.pod !== '' && target.pod !== '')
    throw new Failure('one of src or dest must be a local file specification');
  if (source.path === '' || target.path === '') throw new Failure('filepath can not be empty');
  if (source.pod !== '') return fromPod(cli, source, target);
  if (target.pod !== '') return toPod(cli, source, target);
  throw new Failure('one of src or dest must be a remote file specification');
}

export const cp: Command = {
  use: 'cp <file-spec-src> <file-spec-dest>',
  short: 'Copy files and directories to and from containers',
  long: 'Copy files and directories to and from containers. The container needs a tar.',
  example: `# A directory into a pod
  kubectl cp /tmp/dir web:/tmp/dir

  # A file of a pod in another namespace
  kubectl cp team/web:/etc/hosts /tmp/hosts -c nginx`,
  flags: [
    containerFlag,
    flag.bool('no-preserve', false, 'Do not keep owner and permissions.'),
    flag.int('retries', 0, 'How often to try again when a copy from a container breaks off. Negative: for ever.'),
  ],
  run,
};
