import { equal } from '../../apimachinery/equal';
import { decode, encode } from '../../../linux/io/bytes';
import { base64, fromBase64 } from '../../../linux/net/tls/pem';
import { keyPairWarnings } from './tls-warnings';
import { configKeyProblems } from '../validation/common';
import { bool, bytes, map, named, ptr, strings } from '../../apimachinery/schema';
import { object } from '../meta/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Labels, ObjectMeta } from '../../apimachinery/object';

export interface Secret extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  /** Values in base64. */
  readonly data?: Labels;
  /** Values in the clear: only on the way in. */
  readonly stringData?: Labels;
  readonly type?: string;
  readonly immutable?: boolean;
}

const immutable = 'field is immutable when `immutable` is set';
const accountAnnotation = 'kubernetes.io/service-account.name';
/** Keys that secrets of a type must have. */
const requiredKeys: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};
const dockerKeys: Readonly<Record<string, string>> = {
  'kubernetes.io/dockercfg': '.dockercfg',
  'kubernetes.io/dockerconfigjson': '.dockerconfigjson',
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export const secret = defineKind<Secret>({
  names: { group: '', version: 'v1', kind: 'Secret', plural: 'secrets' },
  scope: 'Namespaced',
  updateValidation: ['metaUpdate', 'update', 'meta', 'validate'],
  schema: object('Secret', { immutable: ptr(bool), data: map(bytes), stringData: strings, type: named('SecretType') }),
  selectableFields: { type: ({ type }) => type ?? '' },

  // Convert_v1_Secret: what was given in the clear is stored in base64; SetDefaults_Secret.
  defaults: ({ stringData, ...object }) => ({
    ...object,
    ...(stringData === undefined
      ? {}
      : {
          data: {
            ...object.data,
            ...Object.fromEntries(Object.entries(stringData).map(([key, value]) => [key, base64(encode(value))])),
          },
        }),
    type: object.type === undefined || object.type === '' ? 'Opaque' : object.type,
  }),
  validate: ({ data, type = 'Opaque', metadata }, errors) => {
    for (const key in data) for (const text of configKeyProblems(key)) errors.at('data').key(key).invalid(key, text);
    for (const key of requiredKeys[type] ?? []) if (data?.[key] === undefined) errors.at('data').key(key).required('');
    if (type === 'kubernetes.io/service-account-token' && (metadata.annotations?.[accountAnnotation] ?? '') === '')
      errors.at('metadata').at('annotations').key(accountAnnotation).required('');
    if (type === 'kubernetes.io/basic-auth' && data?.['username'] === undefined && data?.['password'] === undefined) {
      errors.at('data').key('username').required('');
      errors.at('data').key('password').required('');
    }
    const config = dockerKeys[type];
    const raw = config === undefined ? undefined : data?.[config];
    if (config !== undefined && raw !== undefined && !isJson(decode(fromBase64(raw) ?? new Uint8Array(0)))) {
      const text = decode(fromBase64(raw) ?? new Uint8Array(0));
      const why =
        text === ''
          ? 'unexpected end of JSON input'
          : `invalid character '${text.charAt(0)}' looking for beginning of value`;
      errors.at('data').key(config).invalid('<secret contents redacted>', why);
    }
  },
  validateUpdate: (object, old, errors) => {
    if (object.type !== old.type) errors.at('type').invalid(object.type, 'field is immutable');
    if (old.immutable !== true) return;
    if (object.immutable !== true) errors.at('immutable').forbidden(immutable);
    if (!equal(object.data, old.data)) errors.at('data').forbidden(immutable);
  },

  warnings: ({ type, data }) =>
    type === 'kubernetes.io/tls' ? keyPairWarnings(data?.['tls.crt'], data?.['tls.key']) : [],
  columns: [
    nameColumn,
    column('Type', ({ type }) => type ?? ''),
    column('Data', ({ data }) => (data === undefined ? 0 : Object.keys(data).length)),
    ageColumn,
  ],
});
