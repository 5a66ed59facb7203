import { patches } from '../client';
import type { Behaviours, Framework } from '../framework';
import { CRDS, define } from './definitions';
import { anything, version } from './objects';
import { configure, rule, stages } from './webhook-configurations';

const group = 'webhook.example.com';
interface Custom {
  readonly kind: string;
  readonly plural: string;
  readonly crd: string;
  readonly path: string;
  readonly body: (name: string, rest: object) => object;
}

/** A kind of v1 and perhaps v2, stored as v1. */
async function custom(f: Framework, schema: object = anything): Promise<Custom> {
  const kind = `e2e-test-webhook-${f.namespace}-crd`;
  const plural = `${kind}s`;
  const made = await define(f, {
    group,
    kind,
    plural,
    scope: 'Namespaced',
    versions: [version('v1', schema), version('v2', schema, false)],
  });
  return {
    kind,
    plural,
    crd: `${CRDS}/${made.metadata.name}`,
    path: f.at(`${group}/v1/${plural}`),
    body: (name, rest) => ({ apiVersion: `${group}/v1`, kind, metadata: { name, namespace: f.namespace }, ...rest }),
  };
}

const mutateCustom = (f: Framework, { plural }: Custom) =>
  configure(f, 'mutating', [
    {
      name: 'mutate-custom-resource-data-stage-1.k8s.io',
      rule: rule('CREATE UPDATE', plural, group, ['v1', 'v2']),
      path: '/mutating-custom-resource',
    },
    {
      name: 'mutate-custom-resource-data-stage-2.k8s.io',
      rule: rule('CREATE', plural, group, ['v1', 'v2']),
      path: '/mutating-custom-resource',
    },
  ]);

/** What webhooks are asked of custom resources. */
export const customResources: Behaviours = {
  'should be able to deny custom resource creation, update and deletion': async (f) => {
    const it = await custom(f);
    await configure(f, 'validating', [
      {
        name: 'deny-unwanted-custom-resource-data.k8s.io',
        rule: rule('CREATE UPDATE DELETE', it.plural, group, ['v1', 'v2']),
        path: '/custom-resource',
      },
    ]);
    const saying = (value: string) => ({ data: { 'webhook-e2e-test': value } });
    const said = 'the custom resource contains unwanted data';
    await f.refused(f.api.create(it.path, it.body('cr-instance-1', saying('webhook-disallow'))), undefined, said);
    await f.api.create(it.path, it.body('cr-instance-2', saying('webhook-nondeletable')));
    const path = `${it.path}/cr-instance-2`;
    await f.refused(
      f.change(path, (thing) => ({ ...thing, ...saying('webhook-disallow') })),
      undefined,
      said,
    );
    await f.refused(
      f.api.delete(path),
      undefined,
      'the custom resource cannot be deleted because it contains unwanted key and value',
    );
    await f.change(path, (thing) => ({ ...thing, ...saying('webhook-allow') }));
    await f.api.delete(path);
  },

  'should mutate custom resource': async (f) => {
    const it = await custom(f);
    await mutateCustom(f, it);
    const made = await f.api.create(it.path, it.body('cr-instance-1', { data: stages(0) }));
    f.equal(made['data'], stages(2), 'the data');
  },

  'should mutate custom resource with different stored version': async (f) => {
    const it = await custom(f);
    await mutateCustom(f, it);
    await f.api.create(it.path, it.body('cr-instance-1', { data: stages(0) }));
    await f.api.patch(it.crd, {
      spec: { versions: [version('v1', anything, false), version('v2', anything)] },
    });
    const patch = [{ op: 'add', path: '/dummy', value: 'test' }];
    const path = `${f.at(`${group}/v2/${it.plural}`)}/cr-instance-1`;
    const patched = await f.api.patch(path, patch, patches.json);
    f.equal([patched['data'], patched['dummy']], [stages(2), 'test'], 'what was patched');
  },

  'should mutate custom resource with pruning': async (f) => {
    const text = { type: 'string' };
    const data = { type: 'object', properties: { 'mutation-start': text, 'mutation-stage-1': text } };
    const it = await custom(f, { type: 'object', properties: { data } });
    await mutateCustom(f, it);
    const made = await f.api.create(it.path, it.body('cr-instance-1', { data: stages(0) }));
    f.equal(made['data'], stages(1), 'the data');
  },
};
