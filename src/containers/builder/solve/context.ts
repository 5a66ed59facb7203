import type { BuildRequest, ContextMember } from '../request';
import { PatternMatcher, readIgnoreFile } from '../patternmatcher';
import { BuildFailure } from '../dockerfile/source';
import { decode } from '../../../linux/io/bytes';
import { isOnTheWay } from './glob';
import type { Vertex } from './types';

const nameOf = ({ name }: ContextMember): string => name.replace(/^(\.\/)+/, '').replace(/\/+$/, '');

/** The client's folder, as the build's name tells it: its files are kept from one build to the next. */
export const folderOf = ({ name }: BuildRequest): string => name.replace(/ \(.*\)$/, '').split('/')[0] ?? '';

/** A file of the context. */
export const memberOf = ({ context }: BuildRequest, path: string): ContextMember | undefined =>
  context.find((member) => nameOf(member) === path && member.type === 'file');

/** `<Dockerfile>.dockerignore`, or the context's own. */
export function ignoreFile(request: BuildRequest): {
  readonly name: string;
  readonly member: ContextMember | undefined;
} {
  const own = `${request.dockerfile}.dockerignore`;
  const special = memberOf(request, own);
  if (special !== undefined) return { name: own, member: special };
  return { name: '.dockerignore', member: memberOf(request, '.dockerignore') };
}

/** Its patterns; undefined where there is none. */
export function ignorePatterns(request: BuildRequest): PatternMatcher | undefined {
  const { member } = ignoreFile(request);
  if (member === undefined) return undefined;
  const patterns = readIgnoreFile(decode(member.body));
  if (patterns.length === 0) return undefined;
  const made = PatternMatcher.create(patterns);
  if (!made.ok) throw new BuildFailure(`failed parsing .dockerignore: ${made.error}`);
  return made.value;
}

/** What of the context the steps need, without what .dockerignore leaves out; owners do not come with it. */
export function contextFor(
  request: BuildRequest,
  vertices: readonly Vertex[],
  context: Vertex,
): readonly ContextMember[] {
  const wanted = new Set<string>();
  for (const { op } of vertices) {
    const takers = op.kind === 'file' ? op.actions : op.kind === 'exec' ? op.mounts : [];
    for (const taker of takers) {
      if (!('from' in taker) || taker.from !== context) continue;
      wanted.add(taker.source);
    }
  }
  const ignore = ignorePatterns(request);
  const byName = new Map(request.context.map((member) => [nameOf(member), member]));
  // Links lead to further files.
  for (const path of wanted) {
    const link = byName.get(path.slice(1));
    if (link?.type === 'symlink' && link.link !== undefined) wanted.add(besides(path, link.link));
  }
  const paths = [...wanted];
  const kept: ContextMember[] = [];
  for (const [name, member] of byName) {
    if (name === '' || name === '.') continue;
    if (!paths.some((path) => isOnTheWay(name, path))) continue;
    const excluded = ignore?.matches(name) === true;
    if (excluded && !(member.type === 'directory' && ignore.mayKeepBelow(name))) continue;
    kept.push({ ...member, name, uid: 0, gid: 0 });
  }
  // A folder that is left out stays only with something in it.
  const filled = kept.filter(
    ({ name, type }) =>
      type !== 'directory' ||
      ignore?.matches(name) !== true ||
      kept.some((other) => other.type !== 'directory' && other.name.startsWith(`${name}/`)),
  );
  return filled.sort((a, b) => (a.name.replaceAll('/', '\0') < b.name.replaceAll('/', '\0') ? -1 : 1));
}

function besides(path: string, target: string): string {
  if (target.startsWith('/')) return target;
  const parts = path.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/') || '/';
}
