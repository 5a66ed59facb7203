import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { kinds } from '../../api';
import type { Kind } from '../../apimachinery/kind';
import type { Json } from './components';
import { loadTypes, openapiDocument } from './document';

/** Whole schemas beside those of a real 1.33 server, as its OpenAPI v2 has them. */
const recorded = `${process.env['BOTTLESHIP_SHARED'] ?? '../shared'}/data/kubernetes-openapi-1.33.json`;

const views: readonly Kind[] = kinds.flatMap((kind) => [...(kind.hidden ? [] : [kind]), ...kind.views]);
const schemas: Json = {};

beforeAll(async () => {
  await loadTypes(views);
  for (const apiVersion of new Set(views.map((kind) => kind.apiVersion))) {
    const document = openapiDocument(views.filter((kind) => kind.apiVersion === apiVersion));
    const found = (document['components'] as { schemas: Json }).schemas;
    for (const [name, schema] of Object.entries(found))
      if ((schemas[name] as Json | undefined)?.['x-kubernetes-group-version-kind'] === undefined)
        schemas[name] = schema;
  }
});

/** The order of `required` means nothing. */
const inOrder = (at: string, value: unknown): unknown =>
  at.endsWith('.required') && Array.isArray(value) ? value.toSorted() : value;

const isSchema = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && ('type' in value || '$ref' in value || 'allOf' in value);

/** What v2 says of the same: no `allOf` around references, no defaults, no values, one type where v3 has several. */
function asV2(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asV2);
  if (typeof value !== 'object' || value === null) return value;
  const made: Json = {};
  for (const [key, inner] of Object.entries(value)) {
    if ((key === 'default' && !isSchema(inner)) || (key === 'enum' && Array.isArray(inner))) continue;
    if (key === 'oneOf' && Array.isArray(inner)) made['type'] = 'string';
    else if (key === 'allOf' && Array.isArray(inner)) Object.assign(made, asV2(inner[0]));
    else if (key === '$ref' && typeof inner === 'string')
      made[key] = inner.replace('#/components/schemas/', '#/definitions/');
    else if (key === 'description' && typeof inner === 'string')
      made[key] = inner.replace(/\n\nPossible enum values:\n[^]*$/, '');
    else made[key] = asV2(inner);
  }
  return made;
}

describe.skipIf(!existsSync(recorded))('beside a real server', () => {
  it('has the same schemas', () => {
    const { definitions } = JSON.parse(readFileSync(recorded, 'utf8')) as { definitions: Record<string, Json> };
    const differences: string[] = [];
    const compare = (at: string, mine: unknown, real: unknown): void => {
      if (
        typeof mine === 'object' &&
        mine !== null &&
        typeof real === 'object' &&
        real !== null &&
        !Array.isArray(real)
      ) {
        for (const key of new Set([...Object.keys(mine), ...Object.keys(real)]))
          compare(`${at}.${key}`, (mine as Json)[key], (real as Json)[key]);
      } else if (JSON.stringify(inOrder(at, mine)) !== JSON.stringify(inOrder(at, real))) {
        differences.push(`${at}: ${JSON.stringify(mine)}, not ${JSON.stringify(real)}`.slice(0, 200));
      }
    };
    for (const [name, schema] of Object.entries(schemas)) {
      compare(name.replace(/^io\.k8s\.(api\.)?/, ''), asV2(schema), definitions[name]);
    }
    expect(Object.keys(schemas).length).toBeGreaterThan(480);
    // Upstream has them in every group version, served or not.
    expect(differences.map((each) => each.replace(/: .*/s, ''))).toEqual([
      'apimachinery.pkg.apis.meta.v1.DeleteOptions.x-kubernetes-group-version-kind',
    ]);
  });
});
