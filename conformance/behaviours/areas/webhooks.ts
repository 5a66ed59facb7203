import { at, patches, type Thing } from '../client';
import { area, type Behaviours, type Framework } from '../framework';
import { CRDS } from './definitions';
import { documented } from './discovery';
import { configMap, crd, openVersion, pausePod } from './objects';
import {
  configuration,
  configure,
  denyConfigMaps,
  mutable,
  mutateConfigMaps,
  pathOf,
  ready,
  rule,
  stages,
  unwanted,
} from './webhook-configurations';
import { changes } from './webhook-changes';
import { customResources } from './webhook-custom-resources';

const failing = (name: string, failurePolicy: string, more: object = {}) => ({
  name,
  rule: rule('CREATE', 'configmaps'),
  path: '/configmaps',
  more: { failurePolicy, ...more },
});

/** Without an authority in its configuration a webhook cannot be called. */
function unreachable(body: Awaited<ReturnType<typeof configuration>>, name: string) {
  return {
    ...body,
    webhooks: body.webhooks.map((each) => {
      if (each.name !== name) return each;
      const { service } = each.clientConfig as { readonly service: object };
      return { ...each, clientConfig: { service } };
    }),
  };
}

async function slow(f: Framework, failurePolicy: string, timeoutSeconds?: number): Promise<Thing> {
  return configure(f, 'validating', [
    {
      name: 'allow-configmap-with-delay-webhook.k8s.io',
      rule: rule('CREATE', 'configmaps'),
      path: '/always-allow-delay-5s',
      more: { failurePolicy, ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }) },
    },
  ]);
}

export const webhooks: Behaviours = area('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin]', {
  'should include webhook resources in discovery documents': (f) =>
    documented(f, 'admissionregistration.k8s.io', 'v1', [
      'mutatingwebhookconfigurations',
      'validatingwebhookconfigurations',
    ]),

  'should be able to deny pod and configmap creation': async (f) => {
    const selector = {
      matchLabels: { [f.namespace]: 'true' },
      matchExpressions: [{ key: 'skip-webhook-admission', operator: 'NotIn', values: ['yes'] }],
    };
    const open = failing('fail-open.k8s.io', 'Ignore');
    const body = await configuration(f, 'validating', [
      { name: 'deny-unwanted-pod-container-name-and-label.k8s.io', rule: rule('CREATE', 'pods'), path: '/pods' },
      { ...denyConfigMaps, more: { namespaceSelector: selector } },
      open,
    ]);
    await f.createGlobal(pathOf('validating'), unreachable(body, open.name));
    await ready(f);

    const pods = f.at('pods');
    const bad = pausePod(
      'disallowed-pod',
      { containers: [{ name: 'webhook-disallow', image: 'pause' }] },
      { 'webhook-e2e-test': 'webhook-disallow' },
    );
    const { message } = await f.refused(f.api.create(pods, bad));
    for (const part of ['the pod contains unwanted container name', 'the pod contains unwanted label'])
      f.holds(message.includes(part), `“${part}” in ${message}`);
    const hanging = await f.refused(
      f.api.create(pods, pausePod('hanging-pod', {}, { 'webhook-e2e-test': 'wait-forever' })),
    );
    for (const part of ['webhook', 'deadline'])
      f.holds(hanging.message.includes(part), `“${part}” in ${hanging.message}`);
    await f.refused(f.api.get(f.at('pods', 'hanging-pod')), 404);

    const said = 'the configmap contains unwanted key and value';
    await f.refused(f.api.create(f.at('configmaps'), unwanted('disallowed-configmap')), undefined, said);
    await f.api.create(f.at('configmaps'), configMap('allowed-configmap', { admit: 'this' }));
    const path = f.at('configmaps', 'allowed-configmap');
    await f.refused(
      f.change(path, (thing) => ({ ...thing, data: { admit: 'this', 'webhook-e2e-test': 'webhook-disallow' } })),
      undefined,
      said,
    );
    const patch = { data: { 'webhook-e2e-test': 'webhook-disallow' } };
    await f.refused(f.api.patch(path, patch, patches.strategic), undefined, said);
    const exempted = `${f.namespace}-exempted`;
    await f.createNamespace(exempted, { 'skip-webhook-admission': 'yes' });
    await f.api.create(f.at('configmaps', undefined, exempted), unwanted('disallowed-configmap'));
  },

  'should be able to deny attaching pod': async (f) => {
    await configure(f, 'validating', [
      { name: 'deny-attaching-pod.k8s.io', rule: rule('CONNECT', 'pods/attach'), path: '/pods/attach' },
    ]);
    const name = 'to-be-attached-pod';
    const containers = [{ name: 'container1', image: 'registry.k8s.io/pause:3.10', stdin: true }];
    await f.api.create(f.at('pods'), pausePod(name, { containers }));
    await f.until(async () => at(await f.api.get(f.at('pods', name)), 'status', 'phase') === 'Running', 'it to run');
    await f.kubectlFails(`attach ${name} -i -c=container1`, '', `attaching to pod 'to-be-attached-pod' is not allowed`);
  },

  ...customResources,
  'should unconditionally reject operations on fail closed webhook': async (f) => {
    const closed = failing('fail-closed.k8s.io', 'Fail', {
      namespaceSelector: {
        matchLabels: { [f.namespace]: 'true' },
        matchExpressions: [{ key: 'fail-closed-webhook', operator: 'In', values: ['yes'] }],
      },
    });
    const body = await configuration(f, 'validating', [closed]);
    await f.createGlobal(pathOf('validating'), unreachable(body, closed.name));
    await ready(f);
    const namespace = `${f.namespace}-fail-closed`;
    await f.createNamespace(namespace, { 'fail-closed-webhook': 'yes' });
    const { reason } = await f.refused(f.api.create(f.at('configmaps', undefined, namespace), configMap('foo')), 500);
    f.equal(reason, 'InternalError', 'the reason');
  },

  'should mutate configmap': async (f) => {
    await configure(f, 'mutating', [mutateConfigMaps(1), mutateConfigMaps(2)]);
    const made = await f.api.create(f.at('configmaps'), mutable('to-be-mutated'));
    f.equal(made['data'], stages(2), 'the data');
  },

  'should mutate pod and apply defaults after mutation': async (f) => {
    await configure(f, 'mutating', [
      { name: 'adding-init-container.k8s.io', rule: rule('CREATE', 'pods'), path: '/mutating-pods' },
    ]);
    const made = await f.api.create(f.at('pods'), pausePod('webhook-to-be-mutated'));
    const [first, ...others] = at(made, 'spec', 'initContainers') as readonly unknown[];
    f.equal(others, [], 'more init containers');
    f.equal(at(first, 'name'), 'webhook-added-init-container', 'the init container');
    f.equal(at(first, 'terminationMessagePolicy'), 'File', 'a default of it');
  },

  'should not be able to mutate or prevent deletion of webhook configuration objects': async (f) => {
    const configurations = (operation: string) => ({
      ...rule(operation, '', 'admissionregistration.k8s.io', ['*']),
      resources: ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'],
    });
    // In no namespace: only a selector of objects could spare them.
    const always = { failurePolicy: 'Fail' };
    await configure(
      f,
      'validating',
      [
        {
          name: 'deny-webhook-configuration-deletions.k8s.io',
          rule: configurations('DELETE'),
          path: '/always-deny',
          more: always,
        },
      ],
      { name: `${f.namespace}-blocking` },
    );
    await configure(
      f,
      'mutating',
      [
        {
          name: 'add-label-to-webhook-configurations.k8s.io',
          rule: configurations('CREATE'),
          path: '/add-label',
          more: always,
        },
      ],
      { name: `${f.namespace}-blocking` },
    );
    for (const kind of ['validating', 'mutating'] as const) {
      const dummy = {
        name: `dummy-${kind}-webhook.k8s.io`,
        rule: rule('CREATE', 'invalid'),
        path: '/none',
        more: { failurePolicy: 'Ignore' },
      };
      const made = await configure(f, kind, [dummy], { name: `${f.namespace}-dummy` });
      f.equal(made.metadata.labels?.['added-label'], undefined, 'a label that a webhook added');
      await f.api.delete(`${pathOf(kind)}/${made.metadata.name}`);
      await f.refused(f.api.get(`${pathOf(kind)}/${made.metadata.name}`), 404);
    }
  },

  'should deny crd creation': async (f) => {
    await configure(f, 'validating', [
      {
        name: 'deny-crd-with-unwanted-label.k8s.io',
        rule: rule('CREATE', 'customresourcedefinitions', 'apiextensions.k8s.io', ['*']),
        path: '/crd',
        more: { namespaceSelector: {}, objectSelector: { matchLabels: { [f.namespace]: 'true' } } },
      },
    ]);
    const name = 'e2e-test-webhook-deny-crd';
    const labels = { [f.namespace]: 'true', 'webhook-e2e-test': 'webhook-disallow' };
    const body = crd({
      group: 'webhook.example.com',
      kind: `E2e-test-webhook-deny-crd`,
      plural: `${name}s`,
      scope: 'Namespaced',
      versions: [openVersion('v1')],
      labels,
    });
    await f.refused(f.createGlobal(CRDS, body), undefined, 'the crd contains unwanted label');
  },

  'should honor timeout': async (f) => {
    const path = f.at('configmaps', 'e2e-test-slow-webhook-configmap');
    const create = () => f.api.create(f.at('configmaps'), configMap('e2e-test-slow-webhook-configmap'));
    for (const [policy, timeout, passes] of [
      ['Fail', 1, false],
      ['Ignore', 1, true],
      ['Fail', 10, true],
      ['Fail', undefined, true],
    ] as const) {
      const made = await slow(f, policy, timeout);
      if (passes) {
        await create();
        await f.api.delete(path);
      } else {
        const { message } = await f.refused(create());
        f.holds(/context deadline exceeded|timeout/.test(message), message);
        f.holds(message.includes('/always-allow-delay-5s?timeout=1s'), message);
      }
      await f.api.delete(`${pathOf('validating')}/${made.metadata.name}`);
    }
  },

  ...changes,
  "should mutate everything except 'skip-me' configmaps": async (f) => {
    const matchConditions = [{ name: 'skip-me', expression: "object.metadata.name != 'skip-me'" }];
    await configure(f, 'mutating', [{ ...mutateConfigMaps(1), more: { matchConditions } }]);
    f.equal((await f.api.create(f.at('configmaps'), mutable('random')))['data'], stages(1), 'the data');
    f.equal((await f.api.create(f.at('configmaps'), mutable('skip-me')))['data'], stages(0), 'what is skipped');
  },
});
