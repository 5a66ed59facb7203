import { sha512 } from '@noble/hashes/sha2.js';
import { fingerprint } from 'virtual:kubernetes-openapi/fingerprint';
import { encode } from '../../../linux/io/bytes';
import type { Kind } from '../../apimachinery/kind';
import type { Schema, StructSchema } from '../../apimachinery/schema';

/**
 * Names a document's content without the texts, which are not loaded for it. Clients keep a document for as long as its
 * hash stays.
 */
export function hashOf(kinds: readonly Kind[], path = ''): string {
  const seen = new Set<StructSchema>();
  const parts = [fingerprint, path];
  const walk = (schema: Schema): void => {
    if (schema.type === 'list')
      parts.push(JSON.stringify([schema.keys, schema.patchKey, schema.patchMerge, schema.retainKeys]));
    if (schema.type === 'list' || schema.type === 'map') return walk(schema.of);
    parts.push(schema.type, schema.go);
    if (schema.type !== 'struct' || seen.has(schema)) return;
    seen.add(schema);
    for (const [name, field] of Object.entries(schema.fields)) {
      parts.push(name);
      walk(field.schema);
    }
  };
  for (const { names, openApi, schema } of kinds) {
    parts.push(JSON.stringify(names), JSON.stringify(openApi) ?? '');
    if (openApi === undefined && schema !== undefined) walk(schema);
  }
  return Array.from(sha512(encode(parts.join('\n'))), (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}
