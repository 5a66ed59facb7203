import type { Add, Copy } from '../dockerfile/instructions/types';
import { BuildFailure } from '../dockerfile/source';
import { cleaned, expander, stepName, type ConvertContext } from './convert';
import type { Command, StageState } from './stage';
import type { CopyAction, Vertex } from './types';
import { vertexOf } from './vertex';

/** ADD and COPY (convert_copy.go). */
export function convertCopy(state: StageState, written: Add | Copy, command: Command, context: ConvertContext): void {
  const word = expander(state, written, context);
  const raw = expander(state, written, { ...context, escape: '\\' }, { noQuotes: true });
  const adds = written.kind === 'add';
  const chown = word(written.chown);
  const chmod = word(written.chmod);
  const paths = written.paths.map(word);
  const given = word(written.target);
  const checksum = adds ? word(written.checksum) : '';
  const contents = written.contents.map(({ path, data, expand }) => ({ path, data: expand ? raw(data) : data }));
  const target = targetPath(state, given);
  checkMode(chmod);
  if (checksum !== '') checkChecksum(paths);
  const [source] = command.sources;
  if (source !== undefined && !source.dispatched)
    throw new BuildFailure(
      `cannot copy from stage ${JSON.stringify(adds ? '' : written.from)}, it needs to be defined before current stage ${JSON.stringify(state.label)}`,
    );
  const from = source === undefined ? context.context : source.vertex;
  const name = state.prefixed(stepName(state, written, context), command.onBuild);
  const shared = { kind: 'copy' as const, target, chown, chmod, exclude: written.exclude };
  const plain = { unpack: false, wildcard: false, contentsOnly: false, include: [], required: [] };
  const actions = paths.map((path): CopyAction => {
    if (isGit(path)) {
      if (!adds) throw new BuildFailure("source can't be a git ref for COPY");
      throw new BuildFailure(`failed to load cache key: git sources are not available in this world: ${path}`);
    }
    if (/^https?:\/\//.test(path)) {
      if (!adds) throw new BuildFailure("source can't be a URL for COPY");
      const remote = httpVertex(path, checksum, name);
      return { ...shared, ...plain, from: remote.vertex, source: remote.filename, unpack: written.unpack === true };
    }
    if (source === undefined) lintIgnored(path, written, context);
    const unpack = adds ? (written.unpack ?? true) : false;
    return { ...shared, from, ...local(path, !adds && written.parents), unpack, wildcard: true, contentsOnly: true };
  });
  for (const { path, data } of contents) {
    const inline = vertexOf(
      { kind: 'inline', name: `/${path.replace(/^\/+/, '')}`, data, mode: 0o644 },
      { name: '[internal] preparing inline document' },
    );
    actions.push({ ...shared, ...plain, from: inline, source: `/${path.replace(/^\/+/, '')}` });
  }
  state.vertex = vertexOf(
    { kind: 'file', base: state.vertex, actions, ...(written.link ? { link: true } : {}) },
    { name, ranges: written.ranges, ignoreCache: state.ignoreCache },
  );
  const flags = [
    ...(!adds && written.parents ? ['--parents'] : []),
    ...(chown === '' ? [] : [`--chown=${chown}`]),
    ...(chmod === '' ? [] : [`--chmod=${chmod}`]),
  ];
  const says = [adds ? 'ADD' : 'COPY', ...flags, ...paths, ...contents.map(({ path }) => `<<${path}`), given];
  state.image.commit(`${says.join(' ')} # buildkit`, true);
}

/** Where it goes; a slash at the end stays, for it says that it is a directory. */
function targetPath(state: StageState, given: string): string {
  const path = given === '.' || given === '' ? './' : given;
  const absolute = cleaned(path.startsWith('/') ? path : `${state.dir}/${path}`);
  return /(^|\/)\.?$/.test(path) && absolute !== '/' ? `${absolute}/` : absolute;
}

function local(path: string, parents: boolean): Pick<CopyAction, 'source' | 'include' | 'required'> {
  if (!parents) return { source: cleaned(path), include: [], required: [] };
  // `/./` says from where on folders are kept.
  const pivot = path.indexOf('/./');
  const below = pivot < 0 ? '/' : path.slice(0, pivot);
  const pattern = cleaned(pivot < 0 ? path : path.slice(pivot + 3));
  const plain = !/[*?[]/.test(below + pattern);
  return {
    source: cleaned(below),
    include: [pattern.slice(1)],
    required: plain ? [cleaned(`${below}${pattern}`)] : [],
  };
}

function checkMode(chmod: string): void {
  if (chmod === '') return;
  const wrong = new BuildFailure(
    `invalid chmod parameter: '${chmod}'. it should be octal string and between 0 and 07777`,
  );
  if (/^\d/.test(chmod)) {
    if (!/^[0-7]+$/.test(chmod) || Number.parseInt(chmod, 8) > 0o7777) throw wrong;
  } else if (!/^[ugoa]*([-+=]([rwxXst]*|[ugo]))+(,[ugoa]*([-+=]([rwxXst]*|[ugo]))+)*$/.test(chmod)) throw wrong;
}

function checkChecksum(paths: readonly string[]): void {
  const [path = '', another] = paths;
  if (another !== undefined || path === '') throw new BuildFailure("checksum can't be specified for multiple sources");
  if (!/^https?:\/\//.test(path)) throw new BuildFailure('checksum requires HTTP(S) or Git sources');
}

const isGit = (path: string): boolean =>
  /^(git:\/\/|git@|ssh:\/\/|github\.com\/)/.test(path) || /^https?:\/\/.*\.git(#.*)?$/.test(path);

function httpVertex(url: string, checksum: string, name: string): { vertex: Vertex; filename: string } {
  const last =
    url
      .replace(/^https?:\/\/[^/?#]*/, '')
      .replace(/[?#].*$/, '')
      .split('/')
      .pop() ?? '';
  const filename = last === '' ? '__unnamed__' : last;
  return { vertex: vertexOf({ kind: 'http', url, filename, checksum }, { name }), filename: `/${filename}` };
}

/** A file is taken that .dockerignore leaves out; exceptions make this too hard to tell. */
function lintIgnored(path: string, { kind, ranges }: Add | Copy, { ignore, linter }: ConvertContext): void {
  if (ignore === undefined || ignore.exclusions) return;
  const source = cleaned(path).slice(1);
  if (source === '' || !ignore.matches(source)) return;
  linter.warn(
    'CopyIgnoredFile',
    ranges,
    `Attempting to ${kind === 'add' ? 'Add' : 'Copy'} file ${JSON.stringify(source)} that is excluded by .dockerignore`,
  );
}
