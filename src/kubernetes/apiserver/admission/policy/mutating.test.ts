import { expect, test } from 'vitest';
import { serveAlpha } from '../../alpha';
import { startTestServer } from '../../authorization/testing';
import { defaultSettings } from '../../settings';

const policies = '/apis/admissionregistration.k8s.io/v1alpha1/mutatingadmissionpolicies';
const bindings = '/apis/admissionregistration.k8s.io/v1alpha1/mutatingadmissionpolicybindings';
const maps = '/api/v1/namespaces/default/configmaps';
const deployments = '/apis/apps/v1/namespaces/default/deployments';

function start() {
  const settings = defaultSettings();
  const server = startTestServer(
    { admin: { name: 'admin', groups: ['system:masters'] } },
    { ...settings, admissionPlugins: new Set([...settings.admissionPlugins, 'MutatingAdmissionPolicy']) },
  );
  serveAlpha(server.registry.storage, {
    featureGates: new Set(['MutatingAdmissionPolicy']),
    runtimeConfig: new Set(['admissionregistration.k8s.io/v1alpha1']),
  });
  const ask = (method: string, path: string, body?: object) => server.ask('admin', method, path, body);
  const policy = async (name: string, resource: string, mutations: readonly object[], more: object = {}) => {
    const [apiGroups, resources] = resource === 'deployments' ? [['apps'], [resource]] : [[''], [resource]];
    const made = await ask('POST', policies, {
      metadata: { name },
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups, apiVersions: ['v1'], operations: ['CREATE'], resources }],
        },
        reinvocationPolicy: 'Never',
        mutations,
        ...more,
      },
    });
    await ask('POST', bindings, { metadata: { name }, spec: { policyName: name } });
    return made;
  };
  return { ask, policy, server };
}

const apply = (expression: string) => ({ patchType: 'ApplyConfiguration', applyConfiguration: { expression } });
const jsonPatch = (expression: string) => ({ patchType: 'JSONPatch', jsonPatch: { expression } });

test('objects are changed by apply configurations and by patches, one after the other', async () => {
  const { ask, policy } = start();
  const made = await policy(
    'labels',
    'configmaps',
    [
      apply(`Object{
        metadata: Object.metadata{labels: {"by": variables.who, "team": "a"}, annotations: {"note": 'a{b}, "c": }'}},
        data: {"n": string(size(object.data))}
      }`),
      jsonPatch(
        '[JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("x/y"), value: object.data["n"]}]',
      ),
    ],
    {
      variables: [{ name: 'who', expression: 'request.userInfo.username' }],
      matchConditions: [{ name: 'not-b', expression: 'object.metadata.name != "b"' }],
    },
  );
  expect(made.code).toBe(201);
  const a = await ask('POST', maps, { metadata: { name: 'a' }, data: { k: 'v' } });
  expect([a.body['data'], (a.body as never as { metadata: { labels: object } }).metadata.labels]).toEqual([
    { k: 'v', n: '1' },
    { by: 'admin', team: 'a', 'x/y': '1' },
  ]);
  const b = await ask('POST', maps, { metadata: { name: 'b' }, data: { k: 'v' } });
  expect(b.body['data']).toEqual({ k: 'v' });
});

test('lists with keys are merged, what is one value is not, and failures follow the policy', async () => {
  const { ask, policy } = start();
  await policy('sidecars', 'deployments', [
    apply(`Object{spec: Object.spec{template: Object.spec.template{spec: Object.spec.template.spec{
      containers: [Object.spec.template.spec.containers.item{name: "proxy", image: "envoy"}]
    }}}}`),
  ]);
  const deployment = {
    metadata: { name: 'web' },
    spec: {
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    },
  };
  const { body } = await ask('POST', deployments, deployment);
  const { spec } = body as never as { spec: { template: { spec: { containers: readonly { name: string }[] } } } };
  expect(spec.template.spec.containers.map(({ name }) => name)).toEqual(['c', 'proxy']);
  await policy('atomic', 'configmaps', [
    apply('Object{metadata: Object.metadata{ownerReferences: [], finalizers: ["a.b/c"]}}'),
  ]);
  await policy('broken', 'configmaps', [jsonPatch('[JSONPatch{op: "remove", path: "/data/gone"}]')], {
    matchConditions: [{ name: 'c', expression: 'object.metadata.name == "c"' }],
  });
  expect((await ask('POST', maps, { metadata: { name: 'a' } })).code).toBe(201);
  const refused = await ask('POST', maps, { metadata: { name: 'c' } });
  expect([refused.code, refused.body.message]).toEqual([
    422,
    "policy 'broken' with binding 'broken' denied request: JSON Patch: an operation cannot be done",
  ]);
});

test('what is no good is refused, and nothing is served where the flags do not ask for it', async () => {
  const { ask, policy, server } = start();
  const bad = await policy('bad', 'configmaps', [apply('object.metadata'), jsonPatch('')], {
    matchConstraints: {
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['DELETE'], resources: ['configmaps'] }],
    },
    reinvocationPolicy: 'Often',
  });
  expect(bad.body.message).toBe(
    'MutatingAdmissionPolicy.admissionregistration.k8s.io "bad" is invalid: [spec.matchConstraints.resourceRules.operations: Unsupported value: "DELETE": supported values: "*", "CREATE", "UPDATE", spec.mutations[0].applyConfiguration.expression: Invalid value: "object.metadata": must evaluate to Object but got dyn, spec.mutations[1].jsonPatch.expression: Required value: expression is not specified, spec.reinvocationPolicy: Unsupported value: "Often": supported values: "IfNeeded", "Never"]',
  );
  serveAlpha(server.registry.storage, { featureGates: new Set(), runtimeConfig: new Set() });
  expect((await ask('GET', policies)).code).toBe(404);
});
