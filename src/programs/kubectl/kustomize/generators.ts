import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { encode } from '../../../linux/io/bytes';
import { Failure } from '../errors';
import { at, isObject, list, text, texts, type JsonObject } from '../json';
import { compactJson } from '../printers/json';
import type { Resource } from './resource';

type Read = (path: string) => string;

const base64 = (value: string): string => btoa(String.fromCharCode(...encode(value)));

function dataOf(source: unknown, read: Read): Readonly<Record<string, string>> {
  const data = new Map<string, string>();
  const add = (key: string, value: string): void => {
    if (data.has(key)) throw new Failure(`cannot add key ${key}, another key by that name already exists`);
    data.set(key, value);
  };
  const env = text(source, 'env');
  for (const path of [...list(source, 'envs').map(String), ...(env === '' ? [] : [env])]) {
    for (const line of read(path).split(/\r?\n/)) {
      if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
      const [key = '', ...value] = line.trimStart().split('=');
      add(key, value.join('='));
    }
  }
  for (const literal of list(source, 'literals').map(String)) {
    const equals = literal.indexOf('=');
    if (equals <= 0) throw new Failure(`invalid literal source ${literal}, expected key=value`);
    add(literal.slice(0, equals), literal.slice(equals + 1).replace(/^(["'])(.*)\1$/s, '$2'));
  }
  for (const file of list(source, 'files').map(String)) {
    const equals = file.indexOf('=');
    const path = equals < 0 ? file : file.slice(equals + 1);
    add(equals < 0 ? (path.split('/').at(-1) ?? path) : file.slice(0, equals), read(path));
  }
  return Object.fromEntries(data);
}

/** ConfigMaps and Secrets that a kustomization generates. */
export function generated(
  kustomization: JsonObject,
  read: Read,
): readonly (Resource & { readonly behavior: string })[] {
  const general = kustomization['generatorOptions'];
  const make = (kind: 'ConfigMap' | 'Secret', source: unknown): Resource & { readonly behavior: string } => {
    const data = dataOf(source, read);
    const own = at(source, 'options');
    const option = (name: string): unknown => at(own, name) ?? at(general, name);
    const labels = { ...texts(general, 'labels'), ...texts(own, 'labels') };
    const annotations = { ...texts(general, 'annotations'), ...texts(own, 'annotations') };
    const namespace = text(source, 'namespace');
    const type = text(source, 'type') || 'Opaque';
    const shown =
      kind === 'Secret' ? Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])) : data;
    return {
      behavior: text(source, 'behavior'),
      before: [],
      hashed: option('disableNameSuffixHash') !== true,
      object: {
        apiVersion: 'v1',
        ...(Object.keys(data).length === 0 ? {} : { data: shown }),
        ...(option('immutable') === true ? { immutable: true } : {}),
        kind,
        metadata: {
          ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
          ...(Object.keys(labels).length === 0 ? {} : { labels }),
          name: text(source, 'name'),
          ...(namespace === '' ? {} : { namespace }),
        },
        ...(kind === 'Secret' ? { type } : {}),
      },
    };
  };
  return [
    ...list(kustomization, 'configMapGenerator').map((each) => make('ConfigMap', each)),
    ...list(kustomization, 'secretGenerator').map((each) => make('Secret', each)),
  ];
}

const letters: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };

/** The suffix that tells one content from another. Upstream: api/hasher. */
export function contentHash(object: JsonObject): string {
  // Upstream looks the name up in a way that never finds it.
  const name = '';
  const data = object['data'] ?? '';
  const parts =
    object['kind'] === 'Secret'
      ? { kind: 'Secret', type: object['type'] ?? '', name, data }
      : object['kind'] === 'ConfigMap'
        ? { kind: 'ConfigMap', name, data }
        : object;
  const binary = isObject(object['binaryData']) ? { binaryData: object['binaryData'] } : {};
  const hash = bytesToHex(sha256(encode(compactJson({ ...parts, ...binary }))));
  return [...hash.slice(0, 10)].map((letter) => letters[letter] ?? letter).join('');
}
