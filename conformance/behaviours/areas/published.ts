import { at } from '../client';
import { area, type Behaviours, type Framework } from '../framework';
import { CRDS, define } from './definitions';
import { anything, version } from './objects';

const text = (description: string) => ({ description, type: 'string' });

const foo = {
  description: 'Foo CRD for Testing',
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      description: 'Specification of Foo',
      properties: {
        bars: {
          description: 'List of Bars and their specs.',
          type: 'array',
          items: {
            type: 'object',
            required: ['name'],
            properties: {
              name: text('Name of Bar.'),
              age: text('Age of Bar.'),
              feeling: { ...text('Whether Bar is feeling great.'), enum: ['Great', 'Down'] },
              bazs: { description: 'List of Bazs.', items: { type: 'string' }, type: 'array' },
            },
          },
        },
      },
    },
    status: {
      description: 'Status of Foo',
      type: 'object',
      properties: {
        bars: {
          description: 'List of Bars and their statuses.',
          type: 'array',
          items: {
            type: 'object',
            properties: {
              name: text('Name of Bar.'),
              available: { description: 'Whether the Bar is installed.', type: 'boolean' },
              quxType: { ...text('Indicates to external qux type.'), pattern: 'in-tree|out-of-tree' },
            },
          },
        },
      },
    },
  },
};

const waldo = {
  description: 'Waldo CRD for Testing',
  type: 'object',
  properties: {
    spec: {
      description: 'Specification of Waldo',
      type: 'object',
      properties: { dummy: { description: 'Dummy property.', type: 'object' } },
    },
    status: {
      description: 'Status of Waldo',
      type: 'object',
      properties: {
        bars: { description: 'List of Bars and their statuses.', type: 'array', items: { type: 'object' } },
      },
    },
  },
};

const preserve = { 'x-kubernetes-preserve-unknown-fields': true };
const preservedRoot = { ...waldo, ...preserve, description: 'preserve-unknown-properties at root for Testing' };
const preservedNested = {
  ...waldo,
  description: 'preserve-unknown-properties in nested field for Testing',
  properties: { ...waldo.properties, spec: { ...waldo.properties.spec, ...preserve } },
};

interface Published {
  readonly path: string;
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly versions: readonly string[];
}

let count = 0;
async function publish(
  f: Framework,
  suffix: string,
  schema: object,
  versions: readonly string[],
  group = `crd-publish-openapi-test-${suffix}.example.com`,
): Promise<Published> {
  const kind = `e2e-test-crd-publish-openapi-${++count}-crd`;
  const plural = `${kind}s`;
  const made = await define(f, {
    group,
    kind,
    plural,
    scope: 'Namespaced',
    versions: versions.map((name, index) => version(name, schema, index === 0)),
  });
  return { path: `${CRDS}/${made.metadata.name}`, group, kind, plural, versions };
}

const definitionName = ({ group, kind }: Published, name: string): string =>
  `${group.split('.').reverse().join('.')}.${name}.${kind}`;

let known: { readonly tag: string; readonly document: unknown } | undefined;
/** The document; read again only if it is another. */
async function openApi({ api }: Framework): Promise<unknown> {
  const headers: Record<string, string> = known === undefined ? {} : { 'If-None-Match': known.tag };
  const { code, headers: said, text } = await api.ask('GET', '/openapi/v2', undefined, { headers });
  if (code === 304) return known?.document;
  const document = JSON.parse(text) as unknown;
  const tag = said.get('ETag');
  known = tag === undefined ? undefined : { tag, document };
  return document;
}

/** The definition that OpenAPI v2 has of a version, without what every kind has. */
async function published(f: Framework, it: Published, name: string): Promise<unknown> {
  const document = await openApi(f);
  const definition = at(document, 'definitions', definitionName(it, name));
  if (definition === undefined) return undefined;
  const { properties = {}, ...rest } = definition as { readonly properties?: Record<string, unknown> };
  const left = Object.fromEntries(
    Object.entries(properties).filter(([field]) => !['metadata', 'apiVersion', 'kind'].includes(field)),
  );
  delete (rest as Record<string, unknown>)['x-kubernetes-group-version-kind'];
  return { ...rest, ...(Object.keys(left).length === 0 ? {} : { properties: left }) };
}

async function waitFor(f: Framework, it: Published, name: string, schema: unknown): Promise<void> {
  let last: unknown;
  const wanted = sorted(schema);
  await f
    .until(async () => (last = sorted(await published(f, it, name))) === wanted, `${name} to be published`, 60_000)
    .catch((error: unknown) => {
      throw new Error(`${String(error)}: ${String(last)} instead of ${String(wanted)}`);
    });
}

/** As a text that does not depend on the order of fields. */
const sorted = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([left], [right]) => (left < right ? -1 : 1)))
      : each,
  );

const document = ({ group, kind, versions }: Published, rest: string, name = 'test-cr'): string =>
  `{"kind":"${kind}","apiVersion":"${group}/${versions[0] ?? ''}","metadata":{"name":"${name}"},${rest}}`;

/** kubectl creates and applies it. */
async function accepted(f: Framework, it: Published, rest: string): Promise<void> {
  for (const verb of ['create', 'apply']) {
    await f.kubectl(`${verb} -f -`, document(it, rest));
    await f.kubectl(`delete ${it.plural} test-cr`);
  }
}

async function explained(f: Framework, what: string, pattern: RegExp): Promise<void> {
  const said = await f.kubectl(`explain ${what}`);
  if (!pattern.test(said)) throw new Error(`kubectl explain ${what}: ${said}`);
}

/** A definition's versions are published, and gone with it. */
async function cycle(f: Framework, all: readonly (readonly [Published, object])[]): Promise<void> {
  for (const [it, schema] of all) for (const name of it.versions) await waitFor(f, it, name, schema);
  for (const [it] of all) await f.api.delete(it.path);
  for (const [it] of all) for (const name of it.versions) await waitFor(f, it, name, undefined);
}

export const openapi: Behaviours = area('[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin]', {
  'works for CRD with validation schema': async (f) => {
    const it = await publish(f, 'foo', foo, ['v1']);
    await waitFor(f, it, 'v1', foo);
    await accepted(f, it, '"spec":{"bars":[{"name":"test-bar"}]}');
    const bad = document(it, '"spec":{"bars":[{"name":"test-bar","feeling":"NonExistentValue"}]}');
    await f.kubectlFails('create -f -', bad, 'Unsupported value: "NonExistentValue"');
    for (const verb of ['create', 'apply']) {
      await f.kubectlFails(`${verb} -f -`, document(it, '"spec":{"foo":true}'), 'unknown field "spec.foo"');
      const noName = document(it, '"spec":{"bars":[{"age":"10"}]}');
      await f.kubectlFails(`${verb} -f -`, noName, 'spec.bars[0].name: Required value');
    }
    const { plural } = it;
    await explained(
      f,
      plural,
      /DESCRIPTION:.*Foo CRD for Testing.*FIELDS:.*apiVersion.*<string>.*APIVersion defines.*spec.*<Object>.*Specification of Foo/s,
    );
    await explained(
      f,
      `${plural}.metadata`,
      /DESCRIPTION:.*Standard object's metadata.*FIELDS:.*creationTimestamp.*<string>.*CreationTimestamp is a timestamp/s,
    );
    await explained(
      f,
      `${plural}.spec`,
      /DESCRIPTION:.*Specification of Foo.*FIELDS:.*bars.*<\[\]Object>.*List of Bars and their specs/s,
    );
    await explained(
      f,
      `${plural}.spec.bars`,
      /(FIELD|RESOURCE):.*bars.*<\[\]Object>.*DESCRIPTION:.*List of Bars and their specs.*FIELDS:.*bazs.*<\[\]string>.*List of Bazs.*name.*<string>.*Name of Bar/s,
    );
    await f.kubectlFails(`explain ${plural}.spec.bars2`, undefined, 'field "bars2" does not exist');
    await cycle(f, [[it, foo]]);
  },

  'works for CRD without validation schema': async (f) => {
    const it = await publish(f, 'empty', anything, ['v1']);
    // Of what takes anything kubectl is told no more than that.
    await waitFor(f, it, 'v1', { type: 'object' });
    await accepted(f, it, '"a":{"b":[{"c":"d"}]}');
    await explained(f, it.plural, /DESCRIPTION:.*<empty>/s);
    await cycle(f, [[it, { type: 'object' }]]);
  },

  'works for CRD preserving unknown fields at the schema root': async (f) => {
    const it = await publish(f, 'unknown-at-root', preservedRoot, ['v1']);
    await accepted(f, it, '"a":{"b":[{"c":"d"}]}');
    await explained(f, it.plural, new RegExp(`KIND:.*${it.kind}`, 's'));
    await f.api.delete(it.path);
    await waitFor(f, it, 'v1', undefined);
  },

  'works for CRD preserving unknown fields in an embedded object': async (f) => {
    const it = await publish(f, 'unknown-in-nested', preservedNested, ['v1']);
    await accepted(f, it, '"spec":{"a":null,"b":[{"c":"d"}]}');
    await explained(f, it.plural, /DESCRIPTION:.*preserve-unknown-properties in nested field for Testing/s);
    await f.api.delete(it.path);
    await waitFor(f, it, 'v1', undefined);
  },

  'works for multiple CRDs of different groups': async (f) =>
    cycle(f, [
      [await publish(f, 'foo', foo, ['v1']), foo],
      [await publish(f, 'waldo', waldo, ['v1beta1']), waldo],
    ]),

  'works for multiple CRDs of same group but different versions': async (f) => {
    await cycle(f, [[await publish(f, 'multi-ver', foo, ['v2', 'v3']), foo]]);
    const group = 'crd-publish-openapi-test-common-group.example.com';
    await cycle(f, [
      [await publish(f, '', foo, ['v4'], group), foo],
      [await publish(f, '', waldo, ['v5'], group), waldo],
    ]);
  },

  'works for multiple CRDs of same group and version but different kinds': async (f) => {
    const group = 'crd-publish-openapi-test-common-group.example.com';
    await cycle(f, [
      [await publish(f, '', foo, ['v6'], group), foo],
      [await publish(f, '', waldo, ['v6'], group), waldo],
    ]);
  },

  'updates the published spec when one version gets renamed': async (f) => {
    const it = await publish(f, 'multi-ver', foo, ['v2', 'v3']);
    for (const name of it.versions) await waitFor(f, it, name, foo);
    await f.change(it.path, (thing) => renamed(thing, (each) => (each.name === 'v3' ? { ...each, name: 'v4' } : each)));
    await waitFor(f, it, 'v4', foo);
    await waitFor(f, it, 'v3', undefined);
    await waitFor(f, it, 'v2', foo);
  },

  'removes definition from spec when one version gets changed to not be served': async (f) => {
    const it = await publish(f, 'multi-to-single-ver', foo, ['v5', 'v6alpha1']);
    for (const name of it.versions) await waitFor(f, it, name, foo);
    await f.change(it.path, (thing) =>
      renamed(thing, (each) => (each.name === 'v6alpha1' ? { ...each, served: false } : each)),
    );
    await waitFor(f, it, 'v6alpha1', undefined);
    await waitFor(f, it, 'v5', foo);
  },
});

interface Version {
  readonly name: string;
}

function renamed(thing: unknown, change: (version: Version) => Version): unknown {
  const versions = at(thing, 'spec', 'versions') as readonly Version[];
  return { ...(thing as object), spec: { ...(at(thing, 'spec') as object), versions: versions.map(change) } };
}
