import type { FileSystem } from '../../../linux/fs/types';
import type { Process } from '../../../linux/process/types';
import { Failure } from '../errors';
import { isObject, list, nameOfObject, type JsonObject } from '../json';
import { applyMerge } from '../patch';
import { decodeManifest, readFile } from '../resource/files';
import { contentHash, generated } from './generators';
import { readKustomization, type Kustomization } from './kustomization';
import { patched, patchedLate } from './patches';
import { withReferences } from './references';
import { replacedFields } from './replacements';
import { append, byKind, findOne, idOf, renamed, type Resource } from './resource';
import { lateTransformers, transformers } from './transformers';

const names = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
/** Folders that build upon folders; more is a circle. */
const DEEPEST = 50;

export interface Built {
  readonly objects: readonly JsonObject[];
  readonly warnings: readonly string[];
}

/** A path without `.` and `..`. */
function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

const missing = (shown: string, path: string): string =>
  `evalsymlink failure on '${shown}' : lstat ${path}: no such file or directory`;

/** The objects that a directory's kustomization makes. Upstream: sigs.k8s.io/kustomize/api, without plugins and charts. */
export function kustomized({ fs, cwd }: Process, directory: string): Built {
  const path = normalize(directory.startsWith('/') ? directory : `${cwd}/${directory}`);
  const stat = fs.stat(path);
  if (!stat.ok) throw new Failure(`must build at directory: not a valid directory: ${missing(directory, path)}`);
  if (stat.value.type !== 'directory')
    throw new Failure(`must build at directory: '${directory}': file is not directory`);
  const build = new Build(fs);
  const resources = build
    .folder(path, 0)
    .map((each) =>
      each.hashed
        ? renamed(each, ['metadata', 'name'], `${nameOfObject(each.object)}-${contentHash(each.object)}`)
        : each,
    );
  const objects = withReferences(resources).toSorted(byKind);
  return { objects: objects.map(({ object }) => object), warnings: build.warnings };
}

class Build {
  readonly warnings: string[] = [];
  constructor(readonly fs: FileSystem) {}

  #kustomization(folder: string): Kustomization {
    const name = names.find((each) => this.fs.stat(`${folder}/${each}`).ok);
    if (name === undefined)
      throw new Failure(
        `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${folder}'`,
      );
    const found = readKustomization(readFile(this.fs, `${folder}/${name}`), name);
    this.warnings.push(...found.warnings);
    return found;
  }

  /** All that a folder makes; a component starts from what its user has. */
  folder(path: string, depth: number, start: readonly Resource[] = []): readonly Resource[] {
    if (depth > DEEPEST) throw new Failure(`cycle detected: candidate root '${path}' contains visited root '${path}'`);
    const { value } = this.#kustomization(path);
    const read = (file: string): string => this.#file(path, file);
    let resources: Resource[] = [...start];
    for (const each of [...list(value, 'resources'), ...list(value, 'bases')].map(String))
      this.#accumulate(resources, path, each, depth);
    for (const each of list(value, 'components').map(String))
      resources = [...this.folder(this.#directory(path, each), depth + 1, resources)];
    for (const { behavior, ...made } of generated(value, read)) {
      if (behavior !== 'merge' && behavior !== 'replace') append(resources, [made]);
      else {
        const old = findOne(resources, idOf(made.object));
        const object = behavior === 'merge' ? applyMerge(old.object, made.object) : made.object;
        resources[resources.indexOf(old)] = { ...old, object: { ...object, metadata: old.object['metadata'] } };
      }
    }
    let result = patched(resources, value, read);
    for (const transform of transformers) result = transform(result, value);
    result = patchedLate(result, value, read);
    for (const transform of lateTransformers) result = transform(result, value);
    return replacedFields(result, value, read);
  }

  #accumulate(into: Resource[], folder: string, entry: string, depth: number): void {
    const path = normalize(entry.startsWith('/') ? entry : `${folder}/${entry}`);
    const stat = this.fs.stat(path);
    const failed = (why: string, then: string): Failure =>
      new Failure(`accumulating resources: accumulation err='accumulating resources from '${entry}': ${why}': ${then}`);
    if (!stat.ok)
      throw failed(missing(path, path), `must build at directory: not a valid directory: ${missing(path, path)}`);
    if (stat.value.type !== 'directory') {
      append(
        into,
        decodeManifest(readFile(this.fs, path), entry)
          .flatMap((each) =>
            String(each['kind']).endsWith('List') && Array.isArray(each['items'])
              ? (each['items'] as unknown[]).filter(isObject)
              : [each],
          )
          .map((object: JsonObject) => ({ object, before: [], hashed: false })),
      );
      return;
    }
    const notFile = `'${path}' must resolve to a file`;
    let found: readonly Resource[];
    try {
      found = this.folder(path, depth + 1);
    } catch (reason) {
      if (!(reason instanceof Failure)) throw reason;
      throw failed(notFile, `recursed accumulation of path '${path}': ${reason.message}`);
    }
    try {
      append(into, found);
    } catch (reason) {
      if (!(reason instanceof Failure)) throw reason;
      throw failed(notFile, `recursed merging from path '${path}': ${reason.message}`);
    }
  }

  #directory(folder: string, entry: string): string {
    const path = normalize(entry.startsWith('/') ? entry : `${folder}/${entry}`);
    if (this.fs.stat(path).ok) return path;
    throw new Failure(
      `accumulating components: accumulateDirectory: "must build at directory: not a valid directory: ${missing(path, path)}"`,
    );
  }

  #file(folder: string, entry: string): string {
    const path = normalize(entry.startsWith('/') ? entry : `${folder}/${entry}`);
    if (this.fs.stat(path).ok) return readFile(this.fs, path);
    throw new Failure(missing(path, path));
  }
}
