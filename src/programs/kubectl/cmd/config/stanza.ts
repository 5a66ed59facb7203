import { isObject, type JsonObject } from '../../json';

/** The shape of api.Config: what each member holds. */
export type Shape =
  | 'string'
  | 'bool'
  /** Base64 in the file. */
  | 'bytes'
  | 'strings'
  | 'anything'
  | { readonly map: Shape; readonly type: string }
  | { readonly fields: Readonly<Record<string, Shape>>; readonly type: string };

const extensions: Shape = { map: 'anything', type: 'map[string]runtime.Object' };

/** Members in the order in which Go writes them. */
export const clusterShape = {
  type: '*api.Cluster',
  fields: {
    server: 'string',
    'tls-server-name': 'string',
    'insecure-skip-tls-verify': 'bool',
    'certificate-authority': 'string',
    'certificate-authority-data': 'bytes',
    'proxy-url': 'string',
    'disable-compression': 'bool',
    extensions,
  },
} as const satisfies Shape;

export const contextShape = {
  type: '*api.Context',
  fields: { cluster: 'string', user: 'string', namespace: 'string', extensions },
} as const satisfies Shape;

export const userShape = {
  type: '*api.AuthInfo',
  fields: {
    'client-certificate': 'string',
    'client-certificate-data': 'bytes',
    'client-key': 'string',
    'client-key-data': 'bytes',
    token: 'string',
    tokenFile: 'string',
    as: 'string',
    'as-uid': 'string',
    'as-groups': 'strings',
    'as-user-extra': 'anything',
    username: 'string',
    password: 'string',
    'auth-provider': 'anything',
    exec: 'anything',
    extensions,
  },
} as const satisfies Shape;

export const configShape = {
  type: 'api.Config',
  fields: {
    kind: 'string',
    apiVersion: 'string',
    preferences: { type: 'api.Preferences', fields: { colors: 'bool', extensions } },
    clusters: { map: clusterShape, type: 'map[string]*api.Cluster' },
    users: { map: userShape, type: 'map[string]*api.AuthInfo' },
    contexts: { map: contextShape, type: 'map[string]*api.Context' },
    'current-context': 'string',
    extensions,
  },
} as const satisfies Shape;

/** Members that are written even when they are empty. */
const always = new Set(['server', 'cluster', 'user']);

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  value === false ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0);

/** An entry with its members in order, empty ones left out, unknown ones too. */
export function ordered(
  value: JsonObject,
  { fields }: { readonly fields: Readonly<Record<string, Shape>> },
): JsonObject {
  const result: Record<string, unknown> = {};
  for (const [name, shape] of Object.entries(fields)) {
    const member = value[name];
    if (!isEmpty(member)) result[name] = member;
    else if (always.has(name) && shape === 'string') result[name] = '';
  }
  return result;
}
