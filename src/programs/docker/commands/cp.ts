import { decode } from '../../../linux/io/bytes';
import type { Stat } from '../../../linux/fs/types';
import { membersOfResource } from '../../../containers/archive/resource';
import { tarBytes } from '../../../containers/archive/tar';
import { unpack } from '../../../containers/archive/unpack';
import { readTar } from '../../../containers/archive/untar';
import { ApiRefusal, query } from '../cli/api';
import { outputModeError, readAll, validateOutputPath, writeOut } from '../cli/archive-io';
import { CommandError, type Command, type Invocation } from '../cli/command';
import {
  absolutePath,
  destinationInfo,
  prepareCopy,
  rebased,
  renamed,
  sourceInfo,
  splitArgument,
  splitEntry,
  type CopyInfo,
} from '../cli/copy-paths';
import { flags } from '../cli/flags';
import { humanSize } from '../cli/format';
import { isTerminal } from '../cli/streams';

interface PathStat {
  readonly name: string;
  readonly mode: number;
  readonly linkTarget: string;
}

const bit = (mode: number, place: number): boolean => Math.floor(mode / 2 ** place) % 2 === 1;
const isLink = ({ mode }: PathStat): boolean => bit(mode, 27);
const isDirectory = ({ mode }: PathStat): boolean => bit(mode, 31);
const typeOf = (stat: PathStat): Stat['type'] => (bit(stat.mode, 26) ? 'block' : 'file');

export const cp: Command = {
  use: 'cp [OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-\n\tdocker cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH',
  short: 'Copy files/folders between a container and the local filesystem',
  long: `Copy files/folders between a container and the local filesystem

Use '-' as the source to read a tar archive from stdin
and extract it to a directory destination in a container.
Use '-' as the destination to stream a tar archive of a
container source to stdout.`,
  aliases: ['docker container cp', 'docker cp'],
  flags: flags(`
    -a, --archive | Archive mode (copy all uid/gid information)
    -L, --follow-link | Always follow symbol link in SRC_PATH
    -q, --quiet | Suppress progress output during copy. Progress output is automatically suppressed if no terminal is attached
  `),
  operands: [2, 2],
  async run(invocation) {
    const [given = '', to = ''] = invocation.args;
    if (given === '') throw new CommandError('source can not be empty');
    if (to === '') throw new CommandError('destination can not be empty');
    const source = splitArgument(given);
    const target = splitArgument(to);
    if (source.container !== '' && target.container !== '')
      throw new CommandError('copying between containers is not supported');
    if (source.container !== '') return copyOut(invocation, source.container, source.path, target.path);
    if (target.container !== '') return copyIn(invocation, source.path, target.container, target.path);
    throw new CommandError('must specify at least one container source');
  },
};

const archivePath = (
  container: string,
  path: string,
  more: Readonly<Record<string, string | undefined>> = {},
): string => `/containers/${container}/archive${query({ ...more, path })}`;

async function statInside({ api }: Invocation, container: string, path: string): Promise<PathStat | undefined> {
  try {
    const response = await api.stream('HEAD', archivePath(container, path));
    return statOf(response.headers.get('X-Docker-Container-Path-Stat'));
  } catch (thrown) {
    if (!(thrown instanceof ApiRefusal)) throw thrown;
    return undefined;
  }
}

function statOf(header: string | undefined | null): PathStat | undefined {
  if (header === undefined || header === null) return undefined;
  const bytes = Uint8Array.from(atob(header), (char) => char.charCodeAt(0));
  return JSON.parse(decode(bytes)) as PathStat;
}

/** Where a link of the container leads: absolute, or from its folder. */
function targetOf(path: string, { linkTarget }: PathStat): string {
  if (linkTarget.startsWith('/')) return linkTarget;
  return `${splitEntry(path)[0]}/${linkTarget}`;
}

async function copyOut(invocation: Invocation, container: string, from: string, to: string): Promise<number> {
  const { process, api, flags: given } = invocation;
  const { fs } = process;
  const target = to === '-' ? to : absolutePath(process.cwd, to);
  validateOutputPath(fs, target);
  let path = from;
  let rebaseName = '';
  if (given.on('follow-link')) {
    const stat = await statInside(invocation, container, path);
    if (stat !== undefined && isLink(stat)) ({ path, rebaseName } = rebased(path, targetOf(path, stat)));
  }
  const response = await api.stream('GET', archivePath(container, path));
  if (target === '-') {
    await writeOut(process, response.body);
    return 0;
  }
  const stat = statOf(response.headers.get('X-Docker-Container-Path-Stat'));
  const source: CopyInfo = { path, exists: true, isDirectory: stat !== undefined && isDirectory(stat), rebaseName };
  const archive = await readAll(response.body);
  const said = await progress(invocation, 'Copying from container - ', archive.length, target, () => {
    const read = readTar(archive);
    if (!read.ok) return read.error;
    const own = rebaseName === '' ? read.value : renamed(read.value, splitEntry(path)[1], rebaseName);
    const prepared = prepareCopy(own, source, destinationInfo(fs, target));
    const members = prepared.members.map((member) => ({
      ...member,
      body: member.body instanceof Uint8Array ? member.body : new Uint8Array(0),
    }));
    const done = unpack(fs, prepared.folder, members, { noOverwriteDirNonDir: true, owners: false });
    return done.ok ? undefined : done.error;
  });
  if (said !== undefined) throw new CommandError(said);
  return 0;
}

async function copyIn(invocation: Invocation, from: string, container: string, to: string): Promise<number> {
  const { process, api, flags: given, error } = invocation;
  let target = to;
  let stat = await statInside(invocation, container, to);
  if (stat !== undefined && isLink(stat)) {
    target = targetOf(to, stat);
    stat = await statInside(invocation, container, target);
  }
  const bad = stat === undefined ? undefined : outputModeError(typeOf(stat));
  if (bad !== undefined)
    throw new CommandError(`destination "${container}:${to}" must be a directory or a regular file: ${bad}`);
  const info: CopyInfo = {
    path: target,
    exists: stat !== undefined,
    isDirectory: stat !== undefined && isDirectory(stat),
    rebaseName: '',
  };
  let archive: Uint8Array;
  let folder = target;
  if (from === '-') {
    if (!info.isDirectory) throw new CommandError(`destination "${container}:${to}" must be a directory`);
    archive = await readAll(process.stdin);
  } else {
    const source = sourceInfo(process.fs, absolutePath(process.cwd, from), given.on('follow-link'));
    const [, base] = splitEntry(source.path);
    const members = membersOfResource(
      process.fs,
      source.path.replace(/\/\.?$/, '') || '/',
      source.rebaseName === '' ? base : source.rebaseName,
    );
    try {
      const prepared = prepareCopy(members, source, info);
      folder = prepared.folder;
      archive = tarBytes(prepared.members);
    } catch (thrown) {
      // The archive's writer is still at its first entry when nobody reads it any more, and logs that.
      if (thrown instanceof CommandError && thrown.message === 'cannot copy directory') {
        const time = `${new Date(process.clock.now).toISOString().slice(0, 19)}Z`;
        const what = `Can't add file ${source.path.replace(/\/\.?$/, '')} to tar: io: read/write on closed pipe`;
        await error(`time=${JSON.stringify(time)} level=error msg=${JSON.stringify(what)}\n`);
      }
      throw thrown;
    }
  }
  const send = async (): Promise<undefined> => {
    const params = { noOverwriteDirNonDir: 'true', copyUIDGID: given.on('archive') ? 'true' : undefined };
    await api.send('PUT', archivePath(container, folder, params), archive);
    return undefined;
  };
  await progress(invocation, 'Copying to container - ', archive.length, `${container}:${target}`, send);
  return 0;
}

/** Tells how much was copied, on a terminal. */
async function progress(
  { process, flags: given, error }: Invocation,
  header: string,
  size: number,
  target: string,
  act: () => string | undefined | Promise<string | undefined>,
): Promise<string | undefined> {
  const quiet = given.given('quiet') ? given.on('quiet') : !isTerminal(process, 1);
  if (quiet) return act();
  const shown = isTerminal(process, 2);
  if (shown) await error(`\x1b[sPreparing to copy...\x1b[?25l\x1b[u\x1b[2K${header}${humanSize(0, 3)}`);
  const failed = await act();
  if (shown) await error('\x1b[?25h\x1b[u\x1b[2K');
  await error(`Successfully copied ${humanSize(size, 3)} to ${target}\n`);
  return failed;
}
