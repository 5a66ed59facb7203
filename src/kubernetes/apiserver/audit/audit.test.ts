import { beforeAll, expect, it } from 'vitest';
import { loadYaml } from '../../apimachinery/yaml';
import { startTestServer } from '../authorization/testing';
import { defaultSettings } from '../settings';
import { loadPolicy } from './policy';

beforeAll(loadYaml);

const policyText = `
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: None
  nonResourceURLs: ["/healthz*", /version]
- level: RequestResponse
  resources: [{group: "", resources: [configmaps]}]
  omitManagedFields: true
- level: Metadata
  resources: [{group: "", resources: [secrets, pods/log]}]
- level: Request
  users: [jane]
  omitStages: [ResponseStarted]
`;

it('notes what the policy says, a line an event', async () => {
  const policy = loadPolicy(policyText);
  if (!policy.ok) throw new Error(policy.error);
  const lines: string[] = [];
  const server = startTestServer(
    { admin: { name: 'admin', groups: ['system:masters'] }, jane: { name: 'jane', groups: [] } },
    { ...defaultSettings(), log: { policy: policy.value, write: (line) => lines.push(line) } },
  );
  const core = '/api/v1/namespaces/default';
  await server.ask('admin', 'GET', '/healthz/ping');
  await server.ask('admin', 'GET', '/api/v1/nodes');
  await server.ask(
    'admin',
    'POST',
    `${core}/configmaps`,
    { metadata: { name: 'c' }, data: { a: '1' } },
    {
      'User-Agent': 'kubectl/v1.33.0',
      'Audit-Id': 'mine',
    },
  );
  await server.ask('admin', 'GET', `${core}/secrets/s`, undefined, {
    'Impersonate-User': 'jane',
    'Audit-Id': 'second',
  });
  await server.ask('jane', 'GET', '/api', undefined, { 'Audit-Id': 'third' });
  await server.ask('nobody', 'GET', `${core}/secrets`, undefined, { 'Audit-Id': 'fourth' });
  const uid = /"uid":"([^"]+)"/.exec(lines[0] ?? '')?.[1] ?? '';
  const version = /"resourceVersion":"(\d+)"/.exec(lines[0] ?? '')?.[1] ?? '';
  const time =
    '"requestReceivedTimestamp":"2026-11-21T03:00:00.000000Z","stageTimestamp":"2026-11-21T03:00:00.000000Z"';
  const allowed = '"annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}';
  const wanted = [
    `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"mine","stage":"ResponseComplete","requestURI":"${core}/configmaps","verb":"create","user":{"username":"admin","groups":["system:masters","system:authenticated"]},"sourceIPs":["172.30.0.10"],"userAgent":"kubectl/v1.33.0","objectRef":{"resource":"configmaps","namespace":"default","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":201},"requestObject":{"data":{"a":"1"},"metadata":{"name":"c"}},"responseObject":{"kind":"ConfigMap","apiVersion":"v1","data":{"a":"1"},"metadata":{"name":"c","namespace":"default","uid":"${uid}","resourceVersion":"${version}","creationTimestamp":"2026-11-21T03:00:00Z"}},${time},${allowed}}`,
    `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"second","stage":"ResponseComplete","requestURI":"${core}/secrets/s","verb":"get","user":{"username":"admin","groups":["system:masters","system:authenticated"]},"impersonatedUser":{"username":"jane","groups":["system:authenticated"]},"sourceIPs":["172.30.0.10"],"objectRef":{"resource":"secrets","namespace":"default","name":"s","apiVersion":"v1"},"responseStatus":{"metadata":{},"status":"Failure","message":"secrets \\"s\\" is forbidden: User \\"jane\\" cannot get resource \\"secrets\\" in API group \\"\\" in the namespace \\"default\\"","reason":"Forbidden","details":{"name":"s","kind":"secrets"},"code":403},${time},"annotations":{"authorization.k8s.io/decision":"forbid","authorization.k8s.io/reason":""}}`,
    `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","auditID":"third","stage":"ResponseComplete","requestURI":"/api","verb":"get","user":{"username":"jane","groups":["system:authenticated"]},"sourceIPs":["172.30.0.10"],"responseStatus":{"metadata":{},"code":200},${time},"annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: allowed by ClusterRoleBinding \\"system:discovery\\" of ClusterRole \\"system:discovery\\" to Group \\"system:authenticated\\""}}`,
    `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"fourth","stage":"ResponseStarted","requestURI":"${core}/secrets","verb":"list","user":{},"sourceIPs":["172.30.0.10"],"objectRef":{"resource":"secrets","namespace":"default","apiVersion":"v1"},"responseStatus":{"metadata":{},"status":"Failure","message":"Authentication failed, attempted: bearer","code":401},${time}}`,
  ];
  // How the server orders the members of objects is its own matter; those of events are checked as they are.
  expect(lines.slice(1)).toEqual(wanted.slice(1));
  expect(JSON.parse(lines[0] ?? '')).toEqual(JSON.parse(wanted[0] ?? ''));
});

it('says what is wrong with a policy', () => {
  const said = (text: string) => {
    const loaded = loadPolicy(text);
    return loaded.ok ? 'good' : loaded.error;
  };
  const head = 'apiVersion: audit.k8s.io/v1\nkind: Policy\n';
  expect([
    said(`${head}rules: []`),
    said(`${head}rules: [{level: Much}]`),
    said(`${head}rules: [{level: None, nonResourceURLs: [/x], namespaces: [a]}]`),
    said('apiVersion: v1\nkind: Policy'),
    said(policyText),
  ]).toEqual([
    'loaded illegal policy with 0 rules',
    'rules[0].level: Unsupported value: "Much": supported values: "None", "Metadata", "Request", "RequestResponse"',
    'rules[0].nonResourceURLs: Invalid value: ["/x"]: rules cannot apply to both regular resources and non-resource URLs',
    'unknown group version field v1, Kind=Policy in policy',
    'good',
  ]);
});

it('notes what admission has to say', async () => {
  const policy = loadPolicy('apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]');
  if (!policy.ok) throw new Error(policy.error);
  const lines: string[] = [];
  const { ask } = startTestServer(
    { admin: { name: 'admin', groups: ['system:masters'] } },
    {
      ...defaultSettings(),
      log: { policy: policy.value, write: (line) => lines.push(line) },
      admissionConfigurations: new Map([['PodSecurity', { exemptions: { namespaces: ['free'] } }]]),
    },
  );
  const labels = {
    'pod-security.kubernetes.io/enforce': 'baseline',
    'pod-security.kubernetes.io/audit': 'restricted',
  };
  const noted: unknown[] = [];
  for (const name of ['strict', 'free']) {
    await ask('admin', 'POST', '/api/v1/namespaces', { metadata: { name, labels } });
    await ask('admin', 'POST', `/api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name: 'default' } });
    const { code } = await ask('admin', 'POST', `/api/v1/namespaces/${name}/pods`, {
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'c', image: 'nginx' }] },
    });
    const { annotations } = JSON.parse(lines.at(-1) ?? '') as { annotations: Record<string, string> };
    noted.push(
      code,
      Object.entries(annotations).map(([key, value]) => `${key}: ${value}`),
    );
  }
  expect(noted).toEqual([
    201,
    [
      'authorization.k8s.io/decision: allow',
      'authorization.k8s.io/reason: ',
      'pod-security.kubernetes.io/audit-violations: would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
      'pod-security.kubernetes.io/enforce-policy: baseline:latest',
    ],
    201,
    [
      'authorization.k8s.io/decision: allow',
      'authorization.k8s.io/reason: ',
      'pod-security.kubernetes.io/exempt: namespace',
    ],
  ]);
});
