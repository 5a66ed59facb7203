import { readTar, type ReadMember } from '../../../../containers/archive/untar';
import { tarBytes } from '../../../../containers/archive/tar';
import { decode, encode, noBytes } from '../../../../linux/io/bytes';
import { readBody } from '../../../../linux/net/http/codec';
import type { Process } from '../../../../linux/process/types';
import { CommandError, type Invocation } from '../../cli/command';
import type { FlagValues } from '../../cli/flags';
import { isTerminal } from '../../cli/streams';
import { fullString, repositoryOf, withDefaultTag } from '../../../../containers/images/reference';
import { query } from '../../cli/api';
import { referenceOf } from '../../cli/pull';
import { authHeader } from '../../cli/registry-auth';
import { csvFields } from './csv';
import { jsonLines } from '../../cli/json-lines';
import type { SolveStatus } from './progress/status';

/** Where a build's result goes. */
export interface Output {
  readonly type: string;
  readonly dest: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** `--output` (util/buildflags/export.go); `-` alone is a tar to standard output, a path alone a directory. */
export function parseOutputs(values: readonly string[]): readonly Output[] {
  return values.filter((value) => value !== '').map(parseOutput);
}

function parseOutput(value: string): Output {
  const fields = csvFields(value);
  if (fields.length === 1 && fields[0] === value && !value.startsWith('type='))
    return { type: value === '-' ? 'tar' : 'local', dest: value, attributes: {} };
  let [type, dest] = ['', ''];
  const attributes: Record<string, string> = {};
  for (const field of fields) {
    const equals = field.indexOf('=');
    if (equals < 0) throw new CommandError(`invalid value ${field}`);
    const key = field.slice(0, equals).trim().toLowerCase();
    const text = field.slice(equals + 1);
    if (key === 'type') type = text;
    else if (key === 'dest') dest = text;
    else attributes[key] = text;
  }
  if (type === '') throw new CommandError('type is required for output');
  return type === 'registry'
    ? { type: 'image', dest, attributes: { ...attributes, push: 'true' } }
    : { type, dest, attributes };
}

/** What the docker driver cannot do without the containerd image store (build.notSupported). */
export const notSupported = (feature: string, topic: string): CommandError =>
  new CommandError(
    `${feature} is not supported for the docker driver.\nSwitch to a different driver, or turn on the containerd image store, and try again.\nLearn more at https://docs.docker.com/go/${topic}/`,
  );

/** What is asked of the exporters, and refused where this engine's BuildKit has none for it. */
export function outputsOf(process: Process, values: readonly string[], flags: FlagValues): readonly Output[] {
  const outputs = parseOutputs(values);
  const files = outputs.some(({ type }) => type === 'local' || type === 'tar');
  if (files && flags.given('iidfile'))
    throw new CommandError('local and tar exporters are incompatible with image ID file');
  for (const { type, dest } of outputs) checkOutput(process, type, dest);
  return outputs;
}

function checkOutput({ fs }: Process, type: string, dest: string): void {
  const stat = dest === '' || dest === '-' ? undefined : fs.stat(dest);
  const kind = stat?.ok === true ? stat.value.type : undefined;
  if (type === 'local') {
    if (dest === '') throw new CommandError('failed to build: dest is required for local exporter');
    if (dest === '-') throw new CommandError('failed to build: dest cannot be stdout for local exporter');
    if (kind !== undefined && kind !== 'directory')
      throw new CommandError(`failed to build: destination directory ${dest} is a file`);
  }
  if (type === 'tar' && kind === 'directory')
    throw new CommandError(`failed to build: destination file ${dest} is a directory`);
  if (type === 'oci') throw failed(notSupported('OCI exporter', 'build-exporters'));
  if (!['local', 'tar', 'docker', 'image', 'cacheonly'].includes(type))
    throw new CommandError(`failed to build: failed to solve: exporter ${JSON.stringify(type)} could not be found`);
}

const failed = ({ message }: CommandError): CommandError => new CommandError(`failed to build: ${message}`);

/** Whether a build leaves an image, and not only files. */
export const leavesImage = (outputs: readonly Output[]): boolean =>
  outputs.length === 0 || outputs.some(({ type }) => type === 'image' || type === 'docker');

/** Gives the result to where `--output` says, once the engine has the image. */
export async function exportResult(
  invocation: Invocation,
  outputs: readonly Output[],
  tags: readonly string[],
  image: string,
): Promise<void> {
  for (const { type, dest } of outputs) {
    if (type === 'local' || type === 'tar') await exportFiles(invocation, type, dest, image);
    if (type === 'docker' && dest !== '') await exportArchive(invocation, dest, tags[0] ?? image);
  }
  if (leavesImage(outputs)) return;
  // The image was only the way to the files.
  await invocation.api.send('DELETE', `/images/${image}`).catch((thrown: unknown) => {
    if (!(thrown instanceof CommandError)) throw thrown;
  });
}

/** The image's root, its layers one over the other. */
async function exportFiles({ api, process }: Invocation, type: string, dest: string, image: string): Promise<void> {
  const members = flattened(await readBody((await api.stream('GET', `/images/${image}/get`)).body));
  if (type === 'local') return unpack(process, dest, members);
  const bytes = tarBytes(members);
  if (dest === '-' || dest === '') {
    if (isTerminal(process, 1))
      throw new CommandError('failed to build: dest file is required for tar exporter. refusing to write to console');
    await process.stdout.write(bytes);
  } else process.fs.writeFile(dest, bytes, 0o644);
}

/** What an archive of `docker save` holds as one tree, in the order of names; whiteouts take away what was below. */
function flattened(bytes: Uint8Array): readonly ReadMember[] {
  const members = (archive: Uint8Array): readonly ReadMember[] => {
    const read = readTar(archive);
    if (!read.ok) throw new CommandError(`failed to build: ${read.error}`);
    return read.value;
  };
  const saved = new Map(members(bytes).map(({ name, body }) => [name, body]));
  const manifest = JSON.parse(decode(saved.get('manifest.json') ?? encode('[{}]'))) as readonly {
    readonly Layers?: readonly string[];
  }[];
  const tree = new Map<string, ReadMember>();
  const drop = (path: string, self: boolean): void => {
    for (const name of tree.keys()) if ((self && name === path) || name.startsWith(`${path}/`)) tree.delete(name);
  };
  for (const layer of manifest[0]?.Layers ?? []) {
    const added = members(saved.get(layer) ?? noBytes);
    for (const { name } of added) {
      const [, folder = '', base = ''] = /^(?:(.*)\/)?\.wh\.([^/]+)$/.exec(name) ?? [];
      if (base === '.wh..opq') drop(folder, false);
      else if (base !== '') drop(folder === '' ? base : `${folder}/${base}`, true);
    }
    for (const member of added) {
      const path = member.name.replace(/^\.?\//, '').replace(/\/$/, '');
      if (path !== '' && path !== '.' && !/(^|\/)\.wh\./.test(path)) tree.set(path, member);
    }
  }
  return [...tree].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, member]) => member);
}

function unpack({ fs }: Process, dest: string, members: readonly ReadMember[]): void {
  fs.mkdirAll(dest);
  for (const { name, type, mode, body, link = '' } of members) {
    const path = `${dest}/${name.replace(/\/$/, '')}`;
    if (type === 'directory') fs.mkdirAll(path, mode);
    else if (type === 'file') fs.writeFile(path, body, mode);
    else if (type === 'symlink') {
      fs.unlink(path);
      fs.symlink(link, path);
    } else if (type === 'hardlink') fs.link(`${dest}/${link}`, path);
  }
}

/** `type=docker,dest=…`: what `docker save` gives. */
async function exportArchive({ api, process }: Invocation, dest: string, image: string): Promise<void> {
  const bytes = await readBody((await api.stream('GET', `/images/${image}/get`)).body);
  if (dest === '-') await process.stdout.write(bytes);
  else process.fs.writeFile(dest, bytes, 0o644);
}

/** What a push tells. */
interface PushMessage {
  readonly id?: string;
  readonly status?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly error?: string;
}

/** `--push`: the docker driver has the engine push what it built (build.pushWithMoby). */
export async function* pushing(
  { api, process, session }: Invocation,
  outputs: readonly Output[],
  tags: readonly string[],
  from: number,
): AsyncGenerator<SolveStatus> {
  if (outputs.every(({ attributes }) => attributes['push'] !== 'true')) return;
  const now = (): string => new Date(Math.max(process.clock.now, from)).toISOString();
  for (const name of tags) {
    const reference = withDefaultTag(referenceOf(name));
    const shown = `pushing ${fullString(reference)} with docker`;
    const vertex = { digest: shown, name: shown, started: now() };
    yield { vertexes: [vertex] };
    const path = `/images/${repositoryOf(reference)}/push${query({ tag: reference.tag })}`;
    let failed: string | undefined;
    try {
      const response = await api.stream('POST', path, {}, authHeader(session.config, reference.domain));
      const begun = new Map<string, string>();
      for await (const message of jsonLines<PushMessage>(response.body)) {
        failed = message.error ?? failed;
        const { id: layer, status, progressDetail: { current = 0, total = 0 } = {} } = message;
        const pushed = status === 'Pushed';
        if (layer === undefined || (!begun.has(layer) && !pushed && current === 0)) continue;
        const started = begun.get(layer) ?? now();
        begun.set(layer, started);
        const line = { id: `pushing layer ${layer}`, vertex: shown, started, timestamp: now() };
        yield { statuses: [{ ...line, current, total, ...(pushed ? { current: total, completed: now() } : {}) }] };
      }
    } catch (thrown) {
      if (!(thrown instanceof CommandError)) throw thrown;
      failed = thrown.message;
    }
    yield { vertexes: [{ ...vertex, completed: now(), ...(failed === undefined ? {} : { error: failed }) }] };
    if (failed !== undefined) throw new CommandError(failed);
  }
}
