import { tarBytes, type TarMember } from '../../../../../containers/archive/tar';
import { readTar } from '../../../../../containers/archive/untar';
import { cleanPath, PatternMatcher, readIgnoreFile } from '../../../../../containers/builder/patternmatcher';
import { concat, decode, encode } from '../../../../../linux/io/bytes';
import type { Process } from '../../../../../linux/process/types';
import { CommandError } from '../../../cli/command';
import { contextMembers } from '../context/files';
import { clone, download, gitSource } from '../context/remote';
import { isArchive } from '../context/source';

/** What the classic builder is sent. */
interface LegacyContext {
  readonly body: Uint8Array;
  readonly dockerfile: string;
}

/** The context of `docker build` as docker/cli prepares it (cli/command/image/build/context.go). */
export async function legacyContext(process: Process, context: string, file: string): Promise<LegacyContext> {
  const { fs } = process;
  if (context === '-') {
    if (file === '-') throw new CommandError("invalid argument: can't use stdin for both build context and dockerfile");
    return fromStdin(process, file);
  }
  const stat = fs.stat(context);
  if (stat.ok && stat.value.type === 'directory') return fromDirectory(process, context, file);
  const git = gitSource(context);
  if (git !== undefined) {
    const { path, remove } = await clone(process, git);
    const made = await fromDirectory(process, path, file === '' || file === '-' ? file : `${path}/${file}`);
    remove();
    return made;
  }
  if (/^https?:\/\//.test(context)) return fromBytes(process, await download(process, context), file);
  throw new CommandError(`unable to prepare context: path ${JSON.stringify(context)} not found`);
}

async function fromStdin(process: Process, file: string): Promise<LegacyContext> {
  return fromBytes(process, await readAll(process), file);
}

/** An archive, or a Dockerfile alone. */
function fromBytes(process: Process, bytes: Uint8Array, file: string): LegacyContext {
  if (isArchive(bytes)) return { body: bytes, dockerfile: file };
  if (file !== '')
    throw new CommandError(
      'unable to prepare context from STDIN: ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles',
    );
  return { body: tarBytes([fileOf(process, 'Dockerfile', bytes, 0o644)]), dockerfile: 'Dockerfile' };
}

async function fromDirectory(process: Process, context: string, file: string): Promise<LegacyContext> {
  const { fs } = process;
  const real = fs.realpath(context);
  const root = real.ok ? real.value : context;
  const relative = file === '-' ? '-' : dockerfilePath(process, root, file);
  const ignore = fs.readText(`${root}/.dockerignore`);
  const patterns = ignore.ok ? readIgnoreFile(ignore.value) : [];
  const checked = PatternMatcher.create(patterns);
  if (!checked.ok) throw new CommandError(`checking context: ${checked.error}`);
  const always = new Set(['.dockerignore', ...(relative === '-' ? [] : [relative])]);
  const members = contextMembers(fs, root, patterns, always);
  if (relative !== '-' && !relative.startsWith('../')) return { body: tarBytes(members), dockerfile: relative };
  const outside = relative === '-' ? await readAll(process) : contentOf(process, file);
  return withDockerfile(process, members, outside);
}

/** Adds a Dockerfile under a name of its own, which .dockerignore hides (AddDockerfileToBuildContext). */
function withDockerfile(process: Process, members: readonly TarMember[], content: Uint8Array): LegacyContext {
  const name = `.dockerfile.${process.random.string(20, '0123456789abcdef')}`;
  const archive = readTar(tarBytes(members));
  const before = archive.ok ? archive.value.find((member) => member.name === '.dockerignore') : undefined;
  const ignore = `${before === undefined ? '.dockerignore' : decode(before.body)}\n${name}\n`;
  const rest = members.filter((member) => member.name !== '.dockerignore');
  const added = [fileOf(process, name, content, 0o600), fileOf(process, '.dockerignore', encode(ignore), 0o600)];
  return { body: tarBytes([...rest, ...added]), dockerfile: name };
}

function dockerfilePath(process: Process, root: string, file: string): string {
  const { fs } = process;
  let path = file === '' ? `${root}/Dockerfile` : cleanPath(file.startsWith('/') ? file : `${process.cwd}/${file}`);
  if (file === '' && !fs.lstat(path).ok && fs.lstat(`${root}/dockerfile`).ok) path = `${root}/dockerfile`;
  const real = fs.realpath(path);
  if (!real.ok) {
    const missing = firstMissing(process, path);
    throw new CommandError(
      `unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat ${missing}: ${real.error.message.toLowerCase()}`,
    );
  }
  const inside = root === '/' ? '/' : `${root}/`;
  return real.value.startsWith(inside) ? real.value.slice(inside.length) : `../${real.value.slice(1)}`;
}

/** The first part of a path that is not there. */
function firstMissing({ fs }: Process, path: string): string {
  const names = path.split('/').slice(1);
  const prefixes = names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`);
  return prefixes.find((prefix) => !fs.lstat(prefix).ok) ?? path;
}

function contentOf({ fs }: Process, file: string): Uint8Array {
  const bytes = fs.readFile(file);
  if (!bytes.ok)
    throw new CommandError(`unable to open Dockerfile: open ${file}: ${bytes.error.message.toLowerCase()}`);
  return bytes.value;
}

const fileOf = ({ clock }: Process, name: string, body: Uint8Array, mode: number): TarMember => ({
  name,
  type: 'file',
  mode,
  uid: 0,
  gid: 0,
  mtime: clock.now,
  body,
});

async function readAll(process: Process): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return concat(chunks);
}
