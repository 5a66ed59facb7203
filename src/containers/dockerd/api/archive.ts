import { encode } from '../../../linux/io/bytes';
import type { FileSystem, Stat } from '../../../linux/fs/types';
import { readBody } from '../../../linux/net/http/codec';
import { Headers, type Response } from '../../../linux/net/http/message';
import { err, ok, type Result } from '../../../sim/result';
import { entriesOfDirectory } from '../../archive/directory';
import { membersOf } from '../../archive/entries';
import { membersOfResource } from '../../archive/resource';
import { tarBytes } from '../../archive/tar';
import { unpack } from '../../archive/unpack';
import { readTar } from '../../archive/untar';
import { goTimestamp } from '../../shim/timestamp';
import { refuse, type ApiError } from '../api-types';
import { changesOf, type ChangeKind } from '../changes';
import type { Container } from '../container';
import { withContainerRoot } from '../container-root';
import type { Engine } from '../engine';
import { failure, flag, json, type Call, type Route } from './respond';

const path = (rest: string): RegExp => new RegExp(`^/containers/([^/]+)${rest}$`);
const kinds: Readonly<Record<ChangeKind, number>> = { modified: 0, added: 1, deleted: 2 };

const withContainer =
  (handle: (call: Call, container: Container, name: string) => Response | Promise<Response>) =>
  (call: Call): Response | Promise<Response> => {
    const name = decodeURIComponent(call.params[0] ?? '');
    const found = call.engine.find(name);
    return found.ok ? handle(call, found.value, name) : failure(found.error);
  };

const tar = (body: Uint8Array, more: Readonly<Record<string, string>> = {}): Response => ({
  status: 200,
  headers: new Headers({ 'Content-Type': 'application/x-tar', ...more }),
  body,
});

/** Bits of Go's os.FileMode above the permissions. */
function goMode({ type, mode }: Stat): number {
  const types: Partial<Record<Stat['type'], number>> = {
    directory: 2 ** 31,
    symlink: 2 ** 27,
    block: 2 ** 26,
    fifo: 2 ** 25,
    socket: 2 ** 24,
    char: 2 ** 26 + 2 ** 21,
  };
  const special = (mode & 0o4000 ? 2 ** 23 : 0) + (mode & 0o2000 ? 2 ** 22 : 0) + (mode & 0o1000 ? 2 ** 20 : 0);
  return (types[type] ?? 0) + special + (mode & 0o777);
}

/** filepath.Join('/', path), with the slash or dot at its end that says that it is a directory. */
function absolute(given: string): string {
  const parts: string[] = [];
  for (const part of given.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const clean = `/${parts.join('/')}`;
  if (given.endsWith('/.') || given === '.') return `${clean === '/' ? '' : clean}/.`;
  return given.endsWith('/') && clean !== '/' ? `${clean}/` : clean;
}

const baseOf = (at: string): string =>
  at
    .replace(/(?<=.)\/+$/, '')
    .split('/')
    .at(-1) || '/';

const notFound = (file: string, name: string) => refuse(404, `Could not find the file ${file} in container ${name}`);

/** The header by which a client learns what is at a path. */
function statHeader(fs: FileSystem, at: string, stat: Stat): string {
  const link = stat.type === 'symlink' ? targetOf(fs, at) : '';
  const told = {
    name: baseOf(at),
    size: stat.size,
    mode: goMode(stat),
    mtime: goTimestamp(stat.mtime),
    linkTarget: link,
  };
  const bytes = encode(JSON.stringify(told));
  return btoa(String.fromCharCode(...bytes));
}

/** Where a link leads, followed as far as it goes. */
function targetOf(fs: FileSystem, at: string): string {
  const real = fs.realpath(at);
  if (real.ok) return real.value;
  const link = fs.readlink(at);
  if (!link.ok) return '';
  return link.value.startsWith('/') ? link.value : absolute(`${at.slice(0, at.lastIndexOf('/'))}/${link.value}`);
}

function statOf(fs: FileSystem, at: string, given: string, name: string): Result<Stat, ApiError> {
  const stat = fs.lstat(at);
  if (stat.ok) return stat;
  if (stat.error.code === 'ENOENT') return notFound(given, name);
  return refuse(500, `lstat ${at}: ${stat.error.message.toLowerCase()}`);
}

const missingPath = (): Response => failure({ status: 400, message: "bad parameter: 'path' cannot be empty" });

/** HEAD: what is at a path; GET: also its archive. */
function read({ engine, query, request }: Call, container: Container, name: string): Response {
  const given = query.get('path') ?? '';
  if (given === '') return missingPath();
  const answered = withContainerRoot<Response>(engine, container, { mounts: true }, (fs) => {
    const at = absolute(given);
    const stat = statOf(fs, at, given, name);
    if (!stat.ok) return stat;
    const header = { 'X-Docker-Container-Path-Stat': statHeader(fs, at, stat.value) };
    if (request.method === 'HEAD') return ok({ status: 200, headers: new Headers(header), body: new Uint8Array(0) });
    const last = at.endsWith('/.') ? '.' : baseOf(at);
    return ok(tar(tarBytes(membersOfResource(fs, at, last)), header));
  });
  if (!answered.ok) return failure(answered.error);
  if (request.method !== 'HEAD') engine.tell(container, 'archive-path');
  return answered.value;
}

/** PUT: unpacks an archive into a directory of the container. */
async function write(call: Call, container: Container, name: string): Promise<Response> {
  const { engine, query, request } = call;
  const given = query.get('path') ?? '';
  if (given === '') return missingPath();
  const archive = await readBody(request.body);
  const written = withContainerRoot(engine, container, { mounts: true }, (fs): Result<void, ApiError> => {
    const real = fs.realpath(absolute(given));
    if (!real.ok) return notFound(given, name);
    const stat = fs.stat(real.value);
    if (!stat.ok) return notFound(given, name);
    if (stat.value.type !== 'directory') return refuse(400, 'extraction point is not a directory');
    const readOnly = refusedAsReadOnly(container, real.value);
    if (readOnly !== undefined) return err(readOnly);
    const members = readTar(archive);
    if (!members.ok) return refuse(500, members.error);
    const done = unpack(fs, real.value, members.value, {
      noOverwriteDirNonDir: flag(query, 'noOverwriteDirNonDir'),
      ...(flag(query, 'copyUIDGID') ? { owner: userOf(fs, container.config.User) } : {}),
    });
    return done.ok ? done : refuse(done.error.startsWith('cannot overwrite') ? 400 : 500, done.error);
  });
  if (!written.ok) return failure(written.error);
  engine.tell(container, 'extract-to-dir');
  return { status: 200, headers: new Headers(), body: new Uint8Array(0) };
}

function refusedAsReadOnly({ mounts, hostConfig }: Container, at: string): ApiError | undefined {
  const inMount = [...mounts]
    .filter(({ destination }) => at === destination || at.startsWith(`${destination}/`))
    .sort((a, b) => b.destination.length - a.destination.length)[0];
  if (inMount !== undefined)
    return inMount.writable ? undefined : { status: 403, message: 'mounted volume is marked read-only' };
  return hostConfig.ReadonlyRootfs ? { status: 403, message: 'container rootfs is marked read-only' } : undefined;
}

/** A container's user in its own /etc/passwd. */
function userOf(fs: FileSystem, user: string): { readonly uid: number; readonly gid: number } {
  const [name = '', group] = user.split(':');
  if (name === '') return { uid: 0, gid: 0 };
  const find = (file: string, key: string): readonly string[] | undefined => {
    const text = fs.readText(file);
    return text.ok
      ? text.value
          .split('\n')
          .map((line) => line.split(':'))
          .find(([known, , id]) => known === key || id === key)
      : undefined;
  };
  const found = find('/etc/passwd', name);
  const gid = group === undefined ? (found?.[3] ?? '0') : (find('/etc/group', group)?.[2] ?? group);
  return { uid: Number(found?.[2] ?? name) || 0, gid: Number(gid) || 0 };
}

function exported({ engine }: Call, container: Container): Response {
  const made = withContainerRoot(engine, container, { mounts: false }, (fs) =>
    ok(tarBytes(membersOf(entriesOfDirectory(fs, '/'), 0))),
  );
  if (!made.ok) return failure(made.error);
  engine.tell(container, 'export');
  return { status: 200, headers: new Headers({ 'Content-Type': 'application/octet-stream' }), body: made.value };
}

const changes = (engine: Engine, container: Container): Response => {
  const list = changesOf(engine, container).map(({ path: Path, kind }) => ({ Path, Kind: kinds[kind] }));
  return json(list.length === 0 ? null : list);
};

/** A container's files from outside: cp, export, diff. */
export const archiveRoutes: readonly Route[] = [
  ['GET', path('/changes'), withContainer(({ engine }, container) => changes(engine, container))],
  ['GET', path('/export'), withContainer(exported)],
  ['HEAD', path('/archive'), withContainer(read)],
  ['GET', path('/archive'), withContainer(read)],
  ['PUT', path('/archive'), withContainer(write)],
];
