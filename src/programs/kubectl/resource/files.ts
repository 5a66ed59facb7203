import type { FileSystem } from '../../../linux/fs/types';
import { Failure } from '../errors';
import { isObject, type JsonObject } from '../json';
import { decodeYaml, YamlError } from '../manifest/yaml';
import { goErrno } from '../rest/kubeconfig';

const extensions = ['.json', '.yaml', '.yml'];

/** What `-f` names, in the order it is read. */
export interface Source {
  /** For messages: the path, or `STDIN`. */
  readonly name: string;
  read(): Promise<string>;
}

/** Files of a path: itself, or those in the directory with a known extension. Source: cli-runtime ExpandPathsToFileVisitors. */
export function expandPath(fs: FileSystem, path: string, recursive: boolean): readonly string[] {
  const stat = fs.stat(path);
  if (!stat.ok) {
    if (stat.error.code === 'ENOENT') throw new Failure(`the path "${path}" does not exist`);
    throw new Failure(`the path "${path}" cannot be accessed: stat ${path}: ${goErrno(stat.error.message)}`);
  }
  if (stat.value.type !== 'directory') return [path];
  return walk(fs, path.replace(/(.)\/+$/, '$1'), recursive);
}

function walk(fs: FileSystem, folder: string, recursive: boolean): readonly string[] {
  const entries = fs.readdir(folder);
  if (!entries.ok) throw new Failure(`error reading "${folder}": open ${folder}: ${goErrno(entries.error.message)}`);
  return entries.value
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, type }) => {
      const path = `${folder}/${name}`;
      if (type === 'directory') return recursive ? walk(fs, path, recursive) : [];
      return extensions.some((extension) => name.endsWith(extension)) ? [path] : [];
    });
}

/** Shell patterns that nobody expanded (filepath.Glob, one level). */
export function expandPattern(fs: FileSystem, pattern: string): readonly string[] {
  const stat = fs.stat(pattern);
  if (stat.ok || !/[*?[]/.test(pattern)) {
    if (!stat.ok && stat.error.code === 'ENOENT') throw new Failure(`the path "${pattern}" does not exist`);
    return [pattern];
  }
  const slash = pattern.lastIndexOf('/');
  const folder = slash < 0 ? '.' : pattern.slice(0, slash) || '/';
  const regex = new RegExp(
    `^${pattern
      .slice(slash + 1)
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replace(/\*/g, '[^/]*')
      .replace(/\?/g, '[^/]')}$`,
  );
  const entries = fs.readdir(folder);
  const names = entries.ok ? entries.value.map(({ name }) => name).filter((name) => regex.test(name)) : [];
  if (names.length === 0) throw new Failure(`the path "${pattern}" does not exist`);
  return names.sort().map((name) => (slash < 0 ? name : `${pattern.slice(0, slash + 1)}${name}`));
}

export function readFile(fs: FileSystem, path: string): string {
  const read = fs.readText(path);
  if (read.ok) return read.value;
  if (read.error.code === 'EISDIR') throw new Failure(`read ${path}: is a directory`);
  throw new Failure(`open ${path}: ${goErrno(read.error.message)}`);
}

/** Objects of a manifest. Source: cli-runtime StreamVisitor, with sigs.k8s.io/yaml's words. */
export const decodeManifest = (source: string, name: string): readonly JsonObject[] => [
  ...manifestDocuments(source, name),
];

/** The same one after another, so that what stands before a fault is read. */
export function* manifestDocuments(source: string, name: string): Iterable<JsonObject> {
  const trimmed = source.trimStart();
  try {
    for (const document of trimmed.startsWith('{') ? decodeJson(trimmed, name) : decodeChunks(source)) {
      if (document === null || document === undefined) continue;
      if (!isObject(document)) {
        throw new Failure(
          `error validating "${name}": error validating data: invalid object to validate; if you choose to ignore these errors, turn validation off with --validate=false`,
        );
      }
      yield document;
    }
  } catch (reason) {
    if (reason instanceof YamlError)
      throw new Failure(`error parsing ${name}: error converting YAML to JSON: ${reason.message}`);
    throw reason;
  }
}

// The reader splits at lines of `---` before YAML is parsed, so that lines are counted per document.
function* decodeChunks(source: string): Iterable<unknown> {
  for (const chunk of source.split(/^---(?:[ \t].*)?$/m))
    if (chunk.trim() !== '') yield decodeYaml(chunk.replace(/^\r?\n/, ''))[0];
}

function decodeJson(source: string, name: string): readonly unknown[] {
  try {
    return [JSON.parse(source) as unknown];
  } catch {
    const several = splitJson(source);
    if (several) return several;
    // Flow style YAML looks like JSON.
    try {
      return decodeYaml(source);
    } catch {
      throw new Failure(`error parsing ${name}: json: ${jsonComplaint(source)}`);
    }
  }
}

function splitJson(source: string): readonly unknown[] | undefined {
  const found: unknown[] = [];
  let depth = 0;
  let inText = false;
  let from = 0;
  for (let index = 0; index < source.length; index++) {
    const character = source[index];
    if (inText) {
      if (character === '\\') index++;
      else if (character === '"') inText = false;
      continue;
    }
    if (character === '"') inText = true;
    else if (character === '{' || character === '[') depth++;
    else if ((character === '}' || character === ']') && --depth === 0) {
      try {
        found.push(JSON.parse(source.slice(from, index + 1)));
      } catch {
        return undefined;
      }
      from = index + 1;
    }
  }
  return source.slice(from).trim() === '' ? found : undefined;
}

const jsonComplaint = (source: string): string =>
  source.trimEnd().endsWith('}') ? 'invalid character' : 'unexpected EOF';
