import { tarBytes, type TarMember } from '../../../../../containers/archive/tar';
import { cleanPath, readIgnoreFile } from '../../../../../containers/builder/patternmatcher';
import { concat } from '../../../../../linux/io/bytes';
import type { Process } from '../../../../../linux/process/types';
import { CommandError } from '../../../cli/command';
import { contextMembers } from './files';
import { clone, download, gitSource } from './remote';

/** What is sent to the engine, and how it is called. */
export interface BuildContext {
  /** An archive. */
  readonly body: Uint8Array;
  /** The Dockerfile's path in the archive. */
  readonly dockerfile: string;
  /** URL of the context, where it came from one. */
  readonly remote?: string;
  /** How errors call the Dockerfile (DockerfileMappingSrc). */
  readonly shownAs: string;
  /** How the history calls the build. */
  readonly local: { readonly context: string; readonly dockerfile: string };
}

/** The folder of the archive for a Dockerfile that is not part of the context. */
const OUTSIDE = '../dockerfile';

/** A build's context from what stands on the command line (build.loadInputs). */
export async function loadContext(process: Process, context: string, file: string): Promise<BuildContext> {
  if (context === '') throw new CommandError('please specify build context (e.g. "." for the current directory)');
  if (context === '-') return fromStdin(process, file);
  if (process.fs.stat(context).ok && isDirectory(process, context)) return fromDirectory(process, context, file);
  const git = gitSource(context);
  if (git !== undefined) {
    const { path, remove } = await clone(process, git);
    const made = await fromDirectory(process, path, file === '' || file === '-' ? file : `${path}/${file}`);
    remove();
    return { ...made, remote: context, shownAs: file === '' ? 'Dockerfile' : file };
  }
  if (/^https?:\/\//.test(context))
    return { ...fromBytes(process, await download(process, context), file), remote: context };
  throw new CommandError(`unable to prepare context: path ${JSON.stringify(context)} not found`);
}

async function fromStdin(process: Process, file: string): Promise<BuildContext> {
  if (file === '-') throw new CommandError("invalid argument: can't use stdin for both build context and dockerfile");
  return fromBytes(process, await readAll(process), file);
}

/** An archive, or a Dockerfile alone. */
function fromBytes(process: Process, bytes: Uint8Array, file: string): BuildContext {
  const local = { context: '-', dockerfile: file };
  if (isArchive(bytes))
    return { body: bytes, dockerfile: file === '' ? 'Dockerfile' : file, shownAs: file || 'Dockerfile', local };
  if (file !== '') throw new CommandError('ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles');
  const members = [dockerfileMember(process, 'Dockerfile', bytes)];
  return { body: tarBytes(members), dockerfile: `${OUTSIDE}/Dockerfile`, shownAs: 'Dockerfile', local };
}

async function fromDirectory(process: Process, context: string, file: string): Promise<BuildContext> {
  const { fs } = process;
  const root = absolute(process, context);
  if (file === '-') {
    const bytes = await readAll(process);
    const members = [
      ...contextMembers(fs, root, ignored(process, root, ''), own),
      dockerfileMember(process, 'Dockerfile', bytes),
    ];
    const local = { context: root, dockerfile: '' };
    return { body: tarBytes(members), dockerfile: `${OUTSIDE}/Dockerfile`, shownAs: 'stdin', local };
  }
  const directory =
    file === '' ? context : cleanPath(file.includes('/') ? file.slice(0, file.lastIndexOf('/')) || '/' : '.');
  const name = lowercased(process, directory, file === '' ? 'Dockerfile' : file.slice(file.lastIndexOf('/') + 1));
  const folder = absolute(process, directory);
  if (!fs.stat(folder).ok) throw new CommandError(`resolve : lstat ${directory}: no such file or directory`);
  const shownAs = file === '' ? cleanPath(`${context}/Dockerfile`) : file;
  const path = `${folder === '/' ? '' : folder}/${name}`;
  const local = { context: root, dockerfile: file === '' ? '' : path };
  const inside = root === '/' ? path.slice(1) : path.startsWith(`${root}/`) ? path.slice(root.length + 1) : undefined;
  if (inside !== undefined) {
    const always = new Set([...own, inside, `${inside}.dockerignore`]);
    return {
      body: tarBytes(contextMembers(fs, root, ignored(process, root, path), always)),
      dockerfile: inside,
      shownAs,
      local,
    };
  }
  const members = [...contextMembers(fs, root, ignored(process, root, path), own)];
  for (const each of [name, `${name}.dockerignore`]) {
    const bytes = fs.readFile(`${folder}/${each}`);
    if (bytes.ok) members.push(dockerfileMember(process, each, bytes.value));
  }
  return { body: tarBytes(members), dockerfile: `${OUTSIDE}/${name}`, shownAs, local };
}

const own: ReadonlySet<string> = new Set(['.dockerignore']);

const dockerfileMember = (process: Process, name: string, body: Uint8Array): TarMember => ({
  name: `${OUTSIDE}/${name}`,
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime: process.clock.now,
  body,
});

/** The patterns of `DOCKERFILE.dockerignore`, else of the context's .dockerignore. */
function ignored(process: Process, root: string, dockerfile: string): readonly string[] {
  const beside = dockerfile === '' ? undefined : process.fs.readText(`${dockerfile}.dockerignore`);
  const text = beside?.ok === true ? beside : process.fs.readText(`${root}/.dockerignore`);
  return text.ok ? readIgnoreFile(text.value) : [];
}

/** `dockerfile` is found where there is no `Dockerfile` (build.handleLowercaseDockerfile). */
function lowercased(process: Process, directory: string, name: string): string {
  if (name !== 'Dockerfile') return name;
  const listed = process.fs.readdir(directory);
  const names = listed.ok ? listed.value.map((entry) => entry.name) : [];
  return !names.includes('Dockerfile') && names.includes('dockerfile') ? 'dockerfile' : name;
}

const isDirectory = ({ fs }: Process, path: string): boolean => {
  const stat = fs.stat(path);
  return stat.ok && stat.value.type === 'directory';
};

function absolute(process: Process, path: string): string {
  const found = process.fs.realpath(path);
  return found.ok ? found.value : cleanPath(path.startsWith('/') ? path : `${process.cwd}/${path}`);
}

async function readAll(process: Process): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return concat(chunks);
}

const magics: readonly (readonly number[])[] = [
  [0x42, 0x5a, 0x68],
  [0x1f, 0x8b, 0x08],
  [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
];

/** Compressed, or the header of a tar whose checksum is right (build.isArchive). */
export function isArchive(bytes: Uint8Array): boolean {
  if (magics.some((magic) => magic.every((byte, index) => bytes[index] === byte))) return true;
  if (bytes.length < 512) return false;
  const header = bytes.subarray(0, 512);
  const field = String.fromCharCode(...header.subarray(148, 156)).replace(/[\0 ]+$/, '');
  if (!/^ *[0-7]+$/.test(field)) return false;
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  return sum === Number.parseInt(field.trim(), 8);
}
