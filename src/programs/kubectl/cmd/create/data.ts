import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Cli } from '../../cli';
import { Failure } from '../../errors';
import { flag, type Flag } from '../../flags/flag-set';
import type { JsonObject } from '../../json';
import { decode, encode } from '../../../../linux/io/bytes';
import { meta } from '../../manifest/objects';
import { compactJson } from '../../printers/json';
import { goErrno } from '../../rest/kubeconfig';
import { base64 } from './base64';
import { typedCreate } from './typed';

/** Keys and values, in the order they came. */
type Entries = Map<string, Uint8Array>;
type Add = (key: string, value: Uint8Array) => void;

const keyPattern = /^[-._a-zA-Z0-9]+$/;
export const keyRule =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

/** validation.IsConfigMapKey. */
function keyComplaints(key: string): readonly string[] {
  const found: string[] = [];
  if (key.length > 253) found.push('must be no more than 253 characters');
  if (!keyPattern.test(key)) found.push(keyRule);
  if (key === '.') found.push("must not be '.'");
  else if (key === '..') found.push("must not be '..'");
  else if (key.startsWith('..')) found.push("must not start with '..'");
  return found;
}

export const sourceFlags: readonly Flag[] = [
  flag.bool('append-hash', false, 'Append a hash of the content to the name.'),
  flag.strings('from-env-file', [], 'File with lines of KEY=value, one key each.'),
  flag.strings('from-file', [], 'File, named as key or after key=; or a directory, each of whose files is a key.'),
  flag.array('from-literal', [], 'A key and its value: key=value.'),
];

/** Reads --from-file, --from-literal and --from-env-file. Source: kubectl pkg/cmd/create/create_configmap.go. */
export function readSources(cli: Cli, add: Add, envWord: 'config' | 'secret'): void {
  const { flags } = cli;
  const [files, literals, envs] = [flags.list('from-file'), flags.list('from-literal'), flags.list('from-env-file')];
  if (envs.length > 0 && (files.length > 0 || literals.length > 0))
    throw new Failure('from-env-file cannot be combined with from-file or from-literal');
  for (const source of files) addFile(cli, source, add);
  for (const source of literals) {
    const equals = source.indexOf('=');
    if (equals < 1) throw new Failure(`invalid literal source ${source}, expected key=value`);
    add(source.slice(0, equals), encode(unquote(source.slice(equals + 1))));
  }
  for (const path of envs) {
    const stat = cli.process.fs.stat(path);
    if (!stat.ok) throw new Failure(`error reading ${path}: ${goErrno(stat.error.message)}`);
    if (stat.value.type === 'directory') throw new Failure(`env ${envWord} file cannot be a directory`);
    for (const [key, value] of readEnvFile(cli, path)) add(key, encode(value));
  }
}

// util.ParseLiteralSource leaves quotes alone.
const unquote = (value: string): string => value;

function addFile({ process: { fs } }: Cli, source: string, add: Add): void {
  const parts = source.split('=');
  if (parts.length > 2) throw new Failure("key names or file paths cannot contain '='");
  const [first = '', second] = parts;
  if (parts.length === 2 && first === '') throw new Failure(`key name for file path ${second ?? ''} missing`);
  if (parts.length === 2 && second === '') throw new Failure(`file path for key name ${first} missing`);
  const path = second ?? first;
  const stat = fs.stat(path);
  if (!stat.ok) throw new Failure(`error reading ${path}: ${goErrno(stat.error.message)}`);
  const read = (file: string): Uint8Array => {
    const content = fs.readFile(file);
    if (content.ok) return content.value;
    throw new Failure(`open ${file}: ${goErrno(content.error.message)}`);
  };
  if (stat.value.type !== 'directory') {
    const base = path.slice(path.lastIndexOf('/') + 1);
    add(second === undefined ? base : first, read(path));
    return;
  }
  if (second !== undefined) throw new Failure('cannot give a key name for a directory path');
  const entries = fs.readdir(path);
  if (!entries.ok) throw new Failure(`error listing files in ${path}: ${goErrno(entries.error.message)}`);
  for (const { name, type } of entries.value.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
    if (type === 'file') add(name, read(`${path.replace(/\/$/, '')}/${name}`));
}

/** Lines of KEY=value; a key alone takes its value from the environment. */
export function readEnvFile(cli: Cli, path: string): readonly (readonly [string, string])[] {
  const content = cli.process.fs.readText(path);
  if (!content.ok) throw new Failure(`open ${path}: ${goErrno(content.error.message)}`);
  return content.value
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map((line) => line.trimStart())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const equals = line.indexOf('=');
      const key = equals < 0 ? line : line.slice(0, equals);
      if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(key))
        throw new Failure(
          `"${key}" is not a valid key name: a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')`,
        );
      return [key, equals < 0 ? (cli.process.env.get(key) ?? '') : line.slice(equals + 1)] as const;
    });
}

/** The suffix that `--append-hash` gives (kubectl pkg/util/hash). */
export function hashSuffix(content: JsonObject): string {
  const hex = bytesToHex(sha256(encode(compactJson(content)))).slice(0, 10);
  const letters: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };
  return hex.replace(/[013ae]/g, (letter) => letters[letter] ?? letter);
}

const isText = (bytes: Uint8Array): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
};

const inOrder = (entries: Iterable<readonly [string, string]>): Readonly<Record<string, string>> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

export const configMap = typedCreate({
  use: 'configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  aliases: ['cm'],
  short: 'Create a config map from a local file, directory or literal value',
  long: `Create a config map from files, directories or literal values.

 A file becomes a key named as the file, unless you give it another name. Of a directory each file whose name is a valid key is taken; links, pipes and further directories are passed over.`,
  example: `# Each file of a directory is a key
kubectl create configmap conf --from-file=conf.d

# A file under another name
kubectl create configmap conf --from-file=key=file.txt

# Values given here
kubectl create configmap conf --from-literal=color=blue --from-literal=size=10`,
  flags: sourceFlags,
  root: '/api/v1',
  plural: 'configmaps',
  failed: 'failed to create configmap: ',
  build: (cli, name, namespace) => {
    const entries: Entries = new Map();
    readSources(
      cli,
      (key, value) => {
        const complaints = keyComplaints(key);
        if (complaints.length > 0)
          throw new Failure(`"${key}" is not a valid key name for a ConfigMap: ${complaints.join(',')}`);
        const before = entries.get(key);
        if (before)
          throw new Failure(
            `cannot add key "${key}", another key by that name already exists in ${isText(before) ? 'Data' : 'BinaryData'} for ConfigMap "${name}"`,
          );
        entries.set(key, value);
      },
      'config',
    );
    const texts = inOrder(
      [...entries].filter(([, value]) => isText(value)).map(([key, value]) => [key, decode(value)]),
    );
    const binary = inOrder(
      [...entries].filter(([, value]) => !isText(value)).map(([key, value]) => [key, base64(value)]),
    );
    const binaryData = Object.keys(binary).length > 0 ? { binaryData: binary } : {};
    const hash = cli.flags.bool('append-hash')
      ? `-${hashSuffix({ kind: 'ConfigMap', name, data: texts, ...binaryData })}`
      : '';
    return {
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: meta({ name: `${name}${hash}`, namespace }),
      ...(Object.keys(texts).length > 0 ? { data: texts } : {}),
      ...binaryData,
    };
  },
});

/** A Secret of its entries, with the hash in its name if asked for. */
export function secretOf(cli: Cli, name: string, namespace: string, entries: Entries, type: string): JsonObject {
  const data = inOrder([...entries].map(([key, value]) => [key, base64(value)]));
  const hash = cli.flags.bool('append-hash') ? `-${hashSuffix({ kind: 'Secret', type, name, data })}` : '';
  return {
    kind: 'Secret',
    apiVersion: 'v1',
    metadata: meta({ name: `${name}${hash}`, namespace }),
    ...(entries.size > 0 ? { data } : {}),
    ...(type === '' ? {} : { type }),
  };
}

/** Adds to a secret's entries, refusing bad and doubled keys. */
export const secretAdder =
  (entries: Entries): Add =>
  (key, value) => {
    const complaints = keyComplaints(key);
    if (complaints.length > 0) throw new Failure(`"${key}" is not valid key name for a Secret ${complaints.join(';')}`);
    if (entries.has(key)) throw new Failure(`cannot add key ${key}, another key by that name already exists`);
    entries.set(key, value);
  };
