import { expect, test } from 'vitest';
import { decode } from '../../../linux/io/bytes';
import { Headers } from '../../../linux/net/http/message';
import { defaultSettings } from '../settings';
import { admissionPlugins, pluginsOnByDefault } from './plugin-names';
import { bytesOf, serve } from '../testing';

/** A server, and how it answers: code, message or what `shown` picks, warnings. */
function world(plugins: ReadonlySet<string> = pluginsOnByDefault) {
  const settings = { ...defaultSettings(), admissionPlugins: plugins };
  const { registry, handler } = serve({ settings });
  const said: string[] = [];
  const ask = async (
    method: string,
    url: string,
    body?: object,
    shown: (answer: never) => unknown = () => '',
    user = 'admin system:masters',
  ): Promise<void> => {
    const [commonName = '', ...organizations] = user.split(' ');
    const response = await handler(
      {
        method,
        url,
        headers: new Headers(method === 'PATCH' ? { 'Content-Type': 'application/merge-patch+json' } : {}),
        body: bytesOf(body),
      },
      { remote: '172.30.0.10', peer: { commonName, organizations } },
    );
    const answer = JSON.parse(decode(response.body as Uint8Array)) as { readonly message?: string };
    const warnings = [...response.headers].flatMap(([name, value]) =>
      name.toLowerCase() === 'warning' ? [`\n  ${value}`] : [],
    );
    const words = answer.message ?? JSON.stringify(shown(answer as never)) ?? '';
    said.push(`${response.status} ${words}${warnings.join('')}`);
  };
  const space = async (name: string, labels: object = {}): Promise<void> => {
    await ask('POST', '/api/v1/namespaces', { metadata: { name, labels } });
    await ask('POST', `/api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name: 'default' } });
    said.length = 0;
  };
  return { ask, said, space, registry };
}

const pod = (name: string, container: object = {}, spec: object = {}): object => ({
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'nginx', ...container }], ...spec },
});
const asks = (cpu: string): object => ({ resources: { requests: { cpu } } });

test('limits: defaults, and what is too little, too much, out of proportion', async () => {
  const { ask, said, space } = world();
  await space('a');
  const at = '/api/v1/namespaces/a';
  const limits = [
    {
      type: 'Container',
      min: { cpu: '100m' },
      max: { cpu: '2' },
      default: { cpu: '1', memory: '1Gi' },
      defaultRequest: { cpu: '200m' },
      maxLimitRequestRatio: { cpu: '5' },
    },
    { type: 'Pod', max: { cpu: '3' } },
    { type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '5Gi' } },
  ];
  await ask('POST', `${at}/limitranges`, { metadata: { name: 'l' }, spec: { limits } });
  await ask('POST', `${at}/pods`, pod('one'), ({ metadata, spec }: { metadata: never; spec: never }) => [
    (metadata as { annotations: unknown }).annotations,
    (spec as { containers: { resources: unknown }[] }).containers[0]?.resources,
  ]);
  await ask('POST', `${at}/pods`, pod('low', asks('50m')));
  await ask('POST', `${at}/pods`, pod('high', { resources: { requests: { cpu: '2' }, limits: { cpu: '3' } } }));
  const two = { containers: ['x', 'y'].map((name) => ({ name, image: 'i', resources: { limits: { cpu: '1600m' } } })) };
  await ask('POST', `${at}/pods`, { metadata: { name: 'both' }, spec: two });
  const claim = (storage: string): object => ({
    metadata: { name: 'c' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
  });
  await ask('POST', `${at}/persistentvolumeclaims`, claim('500Mi'));
  await ask('POST', `${at}/persistentvolumeclaims`, claim('6Gi'));
  const evil = JSON.parse('{"__proto__":{"cpu":"1"},"constructor":"1"}') as object;
  await ask('POST', `${at}/limitranges`, {
    metadata: { name: 'm' },
    spec: { limits: [{ type: 'Container', max: evil }] },
  });
  expect(said.join('\n')).toMatchInlineSnapshot(`
    "201 ""
    201 [{"kubernetes.io/limit-ranger":"LimitRanger plugin set: cpu, memory request for container c; cpu, memory limit for container c"},{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"200m","memory":"1Gi"}}]
    403 pods "low" is forbidden: [minimum cpu usage per Container is 100m, but request is 50m, cpu max limit to request ratio per Container is 5, but provided ratio is 20.000000]
    403 pods "high" is forbidden: maximum cpu usage per Container is 2, but limit is 3
    403 pods "both" is forbidden: maximum cpu usage per Pod is 3, but limit is 3200m
    403 persistentvolumeclaims "c" is forbidden: minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi
    403 persistentvolumeclaims "c" is forbidden: maximum storage usage per PersistentVolumeClaim is 5Gi, but request is 6Gi
    400 LimitRange in version "v1" cannot be handled as a LimitRange: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
  `);
});

test('quotas: what must be said, what is too much, what is booked, what is in scope', async () => {
  const { ask, said, space, registry } = world();
  await space('a');
  const at = '/api/v1/namespaces/a';
  const quota = async (name: string, spec: { hard: Record<string, string> }): Promise<void> => {
    await ask('POST', `${at}/resourcequotas`, { metadata: { name }, spec });
    const used = Object.fromEntries(Object.keys(spec.hard).map((each) => [each, '0']));
    await ask('PATCH', `${at}/resourcequotas/${name}/status`, { status: { hard: spec.hard, used } });
  };
  const used = (): Promise<void> =>
    ask('GET', `${at}/resourcequotas`, undefined, ({ items }: { items: { status: { used: unknown } }[] }) =>
      items.map(({ status }) => status.used),
    );
  await quota('cpu', { hard: { 'requests.cpu': '1', pods: '3', 'count/configmaps': '1', 'services.nodeports': '1' } });
  await quota('best', { hard: { pods: '0' }, scopes: ['BestEffort'] } as never);
  said.length = 0;
  await ask('POST', `${at}/pods`, pod('none'));
  await ask('POST', `${at}/pods`, pod('a', asks('600m')));
  await ask('POST', `${at}/pods?dryRun=All`, pod('dry', asks('100m')));
  await ask('POST', `${at}/pods`, pod('b', asks('0.5')));
  await ask('POST', `${at}/pods`, pod('c', asks('400m')));
  await ask('POST', `${at}/configmaps`, { metadata: { name: 'one' } });
  await ask('POST', `${at}/configmaps`, { metadata: { name: 'two' } });
  const service = (name: string): object => ({ metadata: { name }, spec: { type: 'NodePort', ports: [{ port: 80 }] } });
  await ask('POST', `${at}/services`, service('s'));
  await ask('POST', `${at}/services`, service('t'));
  await used();
  expect(registry.revision).toBeGreaterThan(0);
  expect(said.join('\n')).toMatchInlineSnapshot(`
    "403 pods "none" is forbidden: failed quota: cpu: must specify requests.cpu for: c
    201 ""
    201 ""
    403 pods "b" is forbidden: exceeded quota: cpu, requested: requests.cpu=500m, used: requests.cpu=600m, limited: requests.cpu=1
    201 ""
    201 ""
    403 configmaps "two" is forbidden: exceeded quota: cpu, requested: count/configmaps=1, used: count/configmaps=1, limited: count/configmaps=1
    201 ""
    403 services "t" is forbidden: exceeded quota: cpu, requested: services.nodeports=1, used: services.nodeports=1, limited: services.nodeports=1
    200 [{"pods":"0"},{"count/configmaps":"1","pods":"2","requests.cpu":"1","services.nodeports":"1"}]"
  `);
});

test('pod security: enforced, warned of, by version, and when labels change', async () => {
  const { ask, said, space } = world();
  const label = (mode: string, value: string): object => ({ [`pod-security.kubernetes.io/${mode}`]: value });
  await space('b', { ...label('enforce', 'baseline'), ...label('warn', 'restricted') });
  await space('old', { ...label('enforce', 'restricted'), ...label('enforce-version', 'v1.20') });
  await space('open');
  const spec = { hostNetwork: true, hostPID: true, securityContext: { sysctls: [{ name: 'kernel.x', value: '1' }] } };
  await ask('POST', '/api/v1/namespaces/b/pods', pod('p', { securityContext: { privileged: true } }, spec));
  await ask('POST', '/api/v1/namespaces/b/pods', pod('q'));
  const template = {
    metadata: { labels: { a: 'b' } },
    spec: { containers: [{ name: 'c', image: 'i' }], hostIPC: true },
  };
  const deployment = { metadata: { name: 'd' }, spec: { selector: { matchLabels: { a: 'b' } }, template } };
  await ask('POST', '/apis/apps/v1/namespaces/b/deployments', deployment);
  await ask('POST', '/api/v1/namespaces/old/pods', pod('p'));
  for (const name of ['x', 'y']) await ask('POST', '/api/v1/namespaces/open/pods', pod(name));
  await ask('POST', '/api/v1/namespaces/open/pods', pod('host', {}, { hostNetwork: true }));
  const relabel = (labels: object): Promise<void> => ask('PATCH', '/api/v1/namespaces/open', { metadata: { labels } });
  await relabel(label('enforce', 'restricted'));
  await relabel({ ...label('enforce', 'strict'), ...label('warn-version', '1.33') });
  expect(said.join('\n')).toMatchInlineSnapshot(`
    "403 pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true, hostPID=true), privileged (container "c" must not set securityContext.privileged=true), forbidden sysctls (kernel.x)
    201 ""
      299 - "would violate PodSecurity \\"restricted:latest\\": allowPrivilegeEscalation != false (container \\"c\\" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container \\"c\\" must set securityContext.capabilities.drop=[\\"ALL\\"]), runAsNonRoot != true (pod or container \\"c\\" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container \\"c\\" must set securityContext.seccompProfile.type to \\"RuntimeDefault\\" or \\"Localhost\\")"
    201 ""
      299 - "would violate PodSecurity \\"restricted:latest\\": host namespaces (hostIPC=true), allowPrivilegeEscalation != false (container \\"c\\" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container \\"c\\" must set securityContext.capabilities.drop=[\\"ALL\\"]), runAsNonRoot != true (pod or container \\"c\\" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container \\"c\\" must set securityContext.seccompProfile.type to \\"RuntimeDefault\\" or \\"Localhost\\")"
    403 pods "p" is forbidden: violates PodSecurity "restricted:v1.20": allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")
    201 ""
    201 ""
    201 ""
    200 ""
      299 - "existing pods in namespace \\"open\\" violate the new PodSecurity enforce level \\"restricted:latest\\"", 299 - "host: host namespaces, allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile", 299 - "x (and 1 other pod): allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile"
    422 Namespace "open" is invalid: [metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted, metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: "1.33": must be "latest" or "v1.x"]"
  `);
});

test('priorities, runtimes, tolerations, claims', async () => {
  const { ask, said, space } = world();
  await space('a');
  const at = '/api/v1/namespaces/a';
  const scheduling = '/apis/scheduling.k8s.io/v1/priorityclasses';
  await ask('POST', scheduling, {
    metadata: { name: 'high' },
    value: 1000,
    globalDefault: true,
    preemptionPolicy: 'Never',
  });
  await ask('POST', scheduling, { metadata: { name: 'other' }, value: 5, globalDefault: true });
  const runtime = {
    metadata: { name: 'kata' },
    handler: 'kata',
    overhead: { podFixed: { memory: '100Mi' } },
    scheduling: { nodeSelector: { kata: 'yes' }, tolerations: [{ key: 'kata', operator: 'Exists' }] },
  };
  await ask('POST', '/apis/node.k8s.io/v1/runtimeclasses', runtime);
  const shown = ({ spec }: { spec: Record<string, unknown> }): unknown =>
    ['priority', 'priorityClassName', 'preemptionPolicy', 'overhead', 'nodeSelector', 'tolerations'].map(
      (key) => spec[key],
    );
  await ask('POST', `${at}/pods`, pod('p', {}, { runtimeClassName: 'kata' }), shown);
  await ask('POST', `${at}/pods`, pod('q', {}, { priorityClassName: 'system-node-critical' }), shown);
  await ask('POST', `${at}/pods`, pod('r', {}, { priorityClassName: 'no' }));
  await ask('POST', `${at}/pods`, pod('s', {}, { priorityClassName: 'high', priority: 7 }));
  await ask('POST', `${at}/pods`, pod('t', {}, { runtimeClassName: 'no' }));
  await ask('POST', `${at}/pods`, pod('u', {}, { runtimeClassName: 'kata', nodeSelector: { kata: 'no' } }));
  await ask('POST', `${at}/pods`, pod('v', {}, { overhead: { cpu: '1' } }));
  expect(said.join('\n')).toMatchInlineSnapshot(`
    "201 ""
    403 priorityclasses.scheduling.k8s.io "other" is forbidden: PriorityClass high is already marked as default. Only one default can exist
    201 ""
    201 [1000,"high","Never",{"memory":"100Mi"},{"kata":"yes"},[{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300},{"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":300},{"key":"kata","operator":"Exists"}]]
    201 [2000001000,"system-node-critical","PreemptLowerPriority",null,null,[{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300},{"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}]]
    403 pods "r" is forbidden: no PriorityClass with name no was found
    403 pods "s" is forbidden: the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 1000 from the given PriorityClass name
    403 pods "t" is forbidden: pod rejected: RuntimeClass "no" not found
    403 pods "u" is forbidden: conflict: runtimeClass.scheduling.nodeSelector[kata] = yes; pod.spec.nodeSelector[kata] = no
    403 pods "v" is forbidden: pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead"
  `);
});

test('flags: a kubelet and its own node, namespaces that come by themselves, nothing at all', async () => {
  const on = admissionPlugins(['NodeRestriction', 'NamespaceAutoProvision', 'AlwaysPullImages'], ['ServiceAccount']);
  if (typeof on === 'string') throw new Error(on);
  const { ask, said } = world(on);
  const kubelet = 'system:node:node1 system:nodes';
  const node = (name: string, labels: object = {}): object => ({ metadata: { name, labels } });
  await ask('POST', '/api/v1/nodes', node('node2'), undefined, kubelet);
  const labels = { 'kubernetes.io/os': 'linux', 'node-restriction.kubernetes.io/a': 'b', 'x.k8s.io/y': 'z', mine: '1' };
  await ask('POST', '/api/v1/nodes', node('node1', labels), undefined, kubelet);
  await ask('POST', '/api/v1/nodes', node('node1', { mine: '1' }), undefined, kubelet);
  await ask('POST', '/api/v1/namespaces/new/pods', pod('p', {}, { nodeName: 'node1' }), undefined, kubelet);
  await ask(
    'POST',
    '/api/v1/namespaces/new/pods',
    pod('p', { imagePullPolicy: 'Never' }),
    ({ spec }: { spec: never }) =>
      (spec as { containers: { imagePullPolicy: string }[] }).containers.map(({ imagePullPolicy }) => imagePullPolicy),
  );
  expect(said.join('\n')).toMatchInlineSnapshot(`
    "403 nodes "node2" is forbidden: node "node1" is not allowed to modify node "node2"
    403 nodes "node1" is forbidden: node "node1" is not allowed to set the following labels: node-restriction.kubernetes.io/a, x.k8s.io/y
    201 ""
    403 pods "p" is forbidden: pod does not have "kubernetes.io/config.mirror" annotation, node "node1" can only create mirror pods
    201 ["Always"]"
  `);
  expect(admissionPlugins(['Nonsense'], [])).toBe('enable-admission-plugins plugin "Nonsense" is unknown');
});

test('evictions ask the disruption budget', async () => {
  const { ask, said, space } = world();
  await space('a');
  const at = '/api/v1/namespaces/a';
  await ask('POST', `${at}/pods`, { ...pod('p'), metadata: { name: 'p', labels: { app: 'web' } } });
  const conditions = [{ type: 'Ready', status: 'True' }];
  await ask('PATCH', `${at}/pods/p/status`, { status: { phase: 'Running', conditions } });
  const budgets = '/apis/policy/v1/namespaces/a/poddisruptionbudgets';
  await ask('POST', budgets, {
    metadata: { name: 'b' },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
  });
  said.length = 0;
  const evict = (name: string): Promise<void> => ask('POST', `${at}/pods/p/eviction`, { metadata: { name } });
  const status = (allowed: number): object => ({
    status: {
      observedGeneration: 1,
      disruptionsAllowed: allowed,
      currentHealthy: 1,
      desiredHealthy: 1,
      expectedPods: 1,
    },
  });
  await evict('q');
  await evict('p');
  await ask('PATCH', `${budgets}/b/status`, status(0));
  await evict('p');
  await ask('PATCH', `${budgets}/b/status`, status(1));
  await evict('p');
  await ask('GET', `${budgets}/b`, undefined, ({ status: now }: { status: unknown }) => now);
  await ask('GET', `${at}/pods/p`);
  expect(said.join('\n')).toMatchInlineSnapshot(`
    "400 name in URL does not match name in Eviction object
    429 Cannot evict pod as it would violate the pod's disruption budget.
    200 ""
    429 Cannot evict pod as it would violate the pod's disruption budget.
    200 ""
    201 ""
    200 {"disruptionsAllowed":0,"currentHealthy":1,"desiredHealthy":1,"expectedPods":1,"observedGeneration":1,"disruptedPods":{"p":"2026-01-01T00:00:00Z"},"conditions":[{"type":"DisruptionAllowed","status":"False","observedGeneration":1,"lastTransitionTime":"2026-01-01T00:00:00Z","reason":"InsufficientPods","message":""}]}
    404 pods "p" not found"
  `);
});
