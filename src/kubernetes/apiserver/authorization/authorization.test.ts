import { expect, it } from 'vitest';
import { clusterRole, clusterRoleBinding } from '../../api/rbac/rbac';
import { clusterRoleAggregationController } from '../../controllers/clusterrole-aggregation';
import { createControllerManager } from '../../controllers/manager';
import { Random } from '../../../sim/random';
import { bootstrap } from '../bootstrap';
import { rbacOf } from './rbac/rbac';
import { startTestServer, type TestServer } from './testing';

const group = 'rbac.authorization.k8s.io';
const rbac = `/apis/${group}/v1`;

const start = (): TestServer =>
  startTestServer({
    admin: { name: 'admin', groups: ['system:masters'] },
    jane: { name: 'jane', groups: ['developers'] },
    node1: { name: 'system:node:node1', groups: ['system:nodes'] },
  });

const role = (name: string, rules: readonly object[]): object => ({ metadata: { name }, rules });
const bind = (name: string, kind: string, roleName: string, subject: object): object => ({
  metadata: { name },
  roleRef: { apiGroup: group, kind, name: roleName },
  subjects: [subject],
});
const jane = { kind: 'User', apiGroup: group, name: 'jane' };

async function messages(server: TestServer, as: string, requests: readonly (readonly [string, string, object?])[]) {
  const said: string[] = [];
  for (const [method, path, body] of requests) {
    const { code, body: answer } = await server.ask(as, method, path, body);
    said.push(`${method} ${path} ${code} ${answer.message ?? ''}`.trim());
  }
  return said;
}

it('says what somebody may not do, and lets them once they may', async () => {
  const server = start();
  const questions = [
    ['GET', '/api/v1/namespaces/default/pods'],
    ['GET', '/api/v1/namespaces/default/pods/web'],
    ['GET', '/api/v1/namespaces/default/pods/web/log'],
    ['GET', '/api/v1/nodes'],
    ['GET', '/metrics'],
    ['GET', '/api'],
  ] as const;
  expect(await messages(server, 'jane', questions)).toEqual([
    'GET /api/v1/namespaces/default/pods 403 pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"',
    'GET /api/v1/namespaces/default/pods/web 403 pods "web" is forbidden: User "jane" cannot get resource "pods" in API group "" in the namespace "default"',
    'GET /api/v1/namespaces/default/pods/web/log 403 pods "web" is forbidden: User "jane" cannot get resource "pods/log" in API group "" in the namespace "default"',
    'GET /api/v1/nodes 403 nodes is forbidden: User "jane" cannot list resource "nodes" in API group "" at the cluster scope',
    'GET /metrics 403 forbidden: User "jane" cannot get path "/metrics"',
    'GET /api 200',
  ]);
  expect(
    await messages(server, 'admin', [
      [
        'POST',
        `${rbac}/namespaces/default/roles`,
        role('reader', [
          { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
          { apiGroups: [''], resources: ['pods'], resourceNames: ['web'], verbs: ['get'] },
          { apiGroups: [''], resources: ['*/log'], verbs: ['get'] },
        ]),
      ],
      ['POST', `${rbac}/namespaces/default/rolebindings`, bind('reader', 'Role', 'reader', jane)],
      ['POST', `${rbac}/clusterrolebindings`, bind('lost', 'ClusterRole', 'gone', jane)],
    ]),
  ).toEqual([
    `POST ${rbac}/namespaces/default/roles 201`,
    `POST ${rbac}/namespaces/default/rolebindings 201`,
    `POST ${rbac}/clusterrolebindings 201`,
  ]);
  expect(await messages(server, 'jane', [...questions, ['GET', '/api/v1/namespaces/default/pods/other']])).toEqual([
    'GET /api/v1/namespaces/default/pods 200',
    'GET /api/v1/namespaces/default/pods/web 404 pods "web" not found',
    'GET /api/v1/namespaces/default/pods/web/log 404 pods "web" not found',
    'GET /api/v1/nodes 403 nodes is forbidden: User "jane" cannot list resource "nodes" in API group "" at the cluster scope: RBAC: clusterrole.rbac.authorization.k8s.io "gone" not found',
    'GET /metrics 403 forbidden: User "jane" cannot get path "/metrics": RBAC: clusterrole.rbac.authorization.k8s.io "gone" not found',
    'GET /api 200',
    'GET /api/v1/namespaces/default/pods/other 403 pods "other" is forbidden: User "jane" cannot get resource "pods" in API group "" in the namespace "default": RBAC: clusterrole.rbac.authorization.k8s.io "gone" not found',
  ]);
  await server.ask('admin', 'DELETE', `${rbac}/namespaces/default/rolebindings/reader`);
  expect((await server.ask('jane', 'GET', '/api/v1/namespaces/default/pods')).code).toBe(403);
});

it('lets who may escalate and bind grant anything', async () => {
  const server = start();
  const manage = { apiGroups: [group], resources: ['roles', 'rolebindings', 'clusterroles'], verbs: ['*'] };
  await server.ask('admin', 'POST', `${rbac}/clusterroles`, role('manager', [manage]));
  await server.ask('admin', 'POST', `${rbac}/clusterrolebindings`, bind('manager', 'ClusterRole', 'manager', jane));
  const pods = { apiGroups: [''], resources: ['pods', 'secrets'], verbs: ['get', 'list'] };
  const said = await messages(server, 'jane', [
    ['POST', `${rbac}/namespaces/default/roles`, role('mine', [pods])],
    ['POST', `${rbac}/namespaces/default/rolebindings`, bind('v', 'ClusterRole', 'cluster-admin', jane)],
    ['POST', `${rbac}/namespaces/default/rolebindings`, bind('n', 'ClusterRole', 'nothing', jane)],
  ]);
  expect(said).toEqual([
    'POST /apis/rbac.authorization.k8s.io/v1/namespaces/default/roles 201',
    'POST /apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings 201',
    'POST /apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings 201',
  ]);
});

it('lets nobody grant what they do not have without the verbs escalate and bind', async () => {
  const server = start();
  const manage = { apiGroups: [group], resources: ['roles', 'rolebindings'], verbs: ['create', 'update'] };
  await server.ask('admin', 'POST', `${rbac}/clusterroles`, role('manager', [manage]));
  await server.ask('admin', 'POST', `${rbac}/clusterrolebindings`, bind('manager', 'ClusterRole', 'manager', jane));
  const pods = { apiGroups: [''], resources: ['pods', 'secrets'], verbs: ['get', 'list'] };
  expect(
    await messages(server, 'jane', [
      ['POST', `${rbac}/namespaces/default/roles`, role('mine', [pods])],
      ['POST', `${rbac}/namespaces/default/roles`, role('same', [manage])],
      ['POST', `${rbac}/namespaces/default/rolebindings`, bind('v', 'ClusterRole', 'cluster-admin', jane)],
      ['POST', `${rbac}/namespaces/default/rolebindings`, bind('n', 'ClusterRole', 'nothing', jane)],
      ['POST', `${rbac}/namespaces/default/rolebindings`, bind('ok', 'ClusterRole', 'manager', jane)],
    ]),
  ).toEqual([
    'POST /apis/rbac.authorization.k8s.io/v1/namespaces/default/roles 403 roles.rbac.authorization.k8s.io "mine" is forbidden: user "jane" (groups=["developers" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}\n{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}',
    'POST /apis/rbac.authorization.k8s.io/v1/namespaces/default/roles 201',
    'POST /apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings 403 rolebindings.rbac.authorization.k8s.io "v" is forbidden: user "jane" (groups=["developers" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:["*"], Resources:["*"], Verbs:["*"]}\n{NonResourceURLs:["*"], Verbs:["*"]}',
    'POST /apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings 404 clusterrole.rbac.authorization.k8s.io "nothing" not found',
    'POST /apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings 201',
  ]);
});

it('answers reviews about oneself and others', async () => {
  const server = start();
  const path = '/apis/authorization.k8s.io/v1';
  const pods = { verb: 'get', resource: 'pods', namespace: 'default' };
  await server.ask(
    'admin',
    'POST',
    `${rbac}/namespaces/default/rolebindings`,
    bind('edit', 'ClusterRole', 'edit', jane),
  );
  await server.ask(
    'admin',
    'POST',
    `${rbac}/namespaces/default/rolebindings`,
    bind('v', 'ClusterRole', 'system:aggregate-to-view', jane),
  );
  const status = async (as: string, resource: string, spec: object) =>
    (await server.ask(as, 'POST', `${path}/${resource}`, { spec })).body['status'];
  expect(await status('jane', 'selfsubjectaccessreviews', { resourceAttributes: pods })).toEqual({
    allowed: true,
    reason: 'RBAC: allowed by RoleBinding "v/default" of ClusterRole "system:aggregate-to-view" to User "jane"',
  });
  expect(await status('admin', 'subjectaccessreviews', { user: 'bob', resourceAttributes: pods })).toEqual({
    allowed: false,
  });
  expect(
    await status('admin', 'subjectaccessreviews', {
      user: 'bob',
      groups: ['system:authenticated'],
      nonResourceAttributes: { path: '/healthz', verb: 'get' },
    }),
  ).toEqual({
    allowed: true,
    reason:
      'RBAC: allowed by ClusterRoleBinding "system:discovery" of ClusterRole "system:discovery" to Group "system:authenticated"',
  });
  const wrong = await server.ask('admin', 'POST', `${path}/namespaces/default/localsubjectaccessreviews`, {
    spec: { user: 'bob', resourceAttributes: { ...pods, namespace: 'other' } },
  });
  expect(wrong.body.message).toBe(
    'LocalSubjectAccessReview.authorization.k8s.io "" is invalid: spec.resourceAttributes.namespace: Invalid value: "other": must match metadata.namespace',
  );
  expect((await server.ask('jane', 'GET', `${path}/selfsubjectaccessreviews`)).code).toBe(403);
  expect((await server.ask('admin', 'GET', `${path}/selfsubjectaccessreviews`)).code).toBe(405);
});

it('lets a kubelet see what its pods need', async () => {
  const server = start();
  const core = '/api/v1/namespaces/default';
  await server.ask('admin', 'POST', `${core}/serviceaccounts`, { metadata: { name: 'default' } });
  await server.ask('admin', 'POST', `${core}/secrets`, { metadata: { name: 'used' } });
  await server.ask('admin', 'POST', `${core}/pods`, {
    metadata: { name: 'web' },
    spec: {
      nodeName: 'node1',
      containers: [{ name: 'c', image: 'i', envFrom: [{ secretRef: { name: 'used' } }] }],
    },
  });
  expect(
    await messages(server, 'node1', [
      ['GET', `${core}/secrets/used`],
      ['GET', `${core}/secrets/other`],
      ['GET', `${core}/secrets`],
      ['GET', `${core}/pods/web`],
      ['GET', '/api/v1/pods?fieldSelector=spec.nodeName%3Dnode1'],
      ['GET', '/api/v1/pods'],
      ['GET', '/api/v1/nodes/node2'],
      ['GET', '/api/v1/services'],
      ['POST', `${core}/serviceaccounts/default/token`, { spec: {} }],
      ['DELETE', `${core}/configmaps/c`],
    ]),
  ).toEqual([
    `GET ${core}/secrets/used 200`,
    `GET ${core}/secrets/other 403 secrets "other" is forbidden: User "system:node:node1" cannot get resource "secrets" in API group "" in the namespace "default": no relationship found between node 'node1' and this object`,
    `GET ${core}/secrets 403 secrets is forbidden: User "system:node:node1" cannot list resource "secrets" in API group "" in the namespace "default": No Object name found`,
    `GET ${core}/pods/web 200`,
    'GET /api/v1/pods?fieldSelector=spec.nodeName%3Dnode1 200',
    'GET /api/v1/pods 403 pods is forbidden: User "system:node:node1" cannot list resource "pods" in API group "" at the cluster scope: can only list/watch pods with spec.nodeName field selector',
    `GET /api/v1/nodes/node2 403 nodes "node2" is forbidden: User "system:node:node1" cannot get resource "nodes" in API group "" at the cluster scope: node 'node1' cannot read 'node2', only its own Node object`,
    'GET /api/v1/services 200',
    `POST ${core}/serviceaccounts/default/token 201`,
    `DELETE ${core}/configmaps/c 403 configmaps "c" is forbidden: User "system:node:node1" cannot delete resource "configmaps" in API group "" in the namespace "default": can only read resources of this type`,
  ]);
});

it('has the default policy, and puts back what was taken from it', async () => {
  const { registry, clock } = start();
  // The binding kubeadm:cluster-admins is kubeadm's.
  expect([registry.list(clusterRole).length, registry.list(clusterRoleBinding).length]).toEqual([67, 48]);
  const basic = [
    {
      verbs: ['create'],
      apiGroups: ['authorization.k8s.io'],
      resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
    },
    { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
  ];
  const rulesOf = (name: string) => registry.get(clusterRole, undefined, name)?.rules;
  expect(rulesOf('system:basic-user')).toEqual(basic);
  const admin = registry.as({ user: 'admin', groups: ['system:masters'], agent: 'test' });
  const own = { verbs: ['get'], apiGroups: ['x.io'], resources: ['y'] };
  admin.mutate(clusterRole, undefined, 'system:basic-user', (now) => ({ ...now, rules: [own, ...basic.slice(1)] }));
  admin.delete(clusterRoleBinding, undefined, 'system:basic-user');
  bootstrap(registry, { advertiseAddress: '172.30.1.2' });
  expect(rulesOf('system:basic-user')).toEqual([
    own,
    basic[1],
    { ...basic[0], resources: ['selfsubjectaccessreviews'] },
    { ...basic[0], resources: ['selfsubjectrulesreviews'] },
  ]);
  expect(registry.list(clusterRoleBinding)).toHaveLength(48);

  expect(rulesOf('view')).toBeNull();
  const trace = registry.storage.trace;
  createControllerManager({
    registry,
    clock,
    trace,
    random: new Random(1),
    controllers: [clusterRoleAggregationController],
  });
  await clock.advance(1000);
  expect(rulesOf('view')).toEqual(rulesOf('system:aggregate-to-view'));
  expect(rulesOf('admin')?.length).toBe(
    ['admin', 'edit', 'view'].reduce((sum, name) => sum + (rulesOf(`system:aggregate-to-${name}`)?.length ?? 0), 0),
  );
});

it('decides in microseconds, whatever is bound to others', () => {
  const server = start();
  const admin = server.registry.as({ user: 'admin', groups: ['system:masters'], agent: 'test' });
  for (let index = 0; index < 2000; index++)
    admin.create(clusterRoleBinding, {
      metadata: { name: `b${index}` },
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'User', apiGroup: group, name: `user${index}` }],
    });
  const authorizer = rbacOf(server.registry.storage);
  const question = {
    user: { name: 'jane', groups: ['developers', 'system:authenticated'] },
    verb: 'list',
    isResource: true,
    group: '',
    resource: 'pods',
    subresource: '',
    namespace: 'default',
    name: '',
    path: '',
  };
  for (let index = 0; index < 2000; index++) authorizer.authorize(question);
  const begin = process.cpuUsage().user;
  for (let index = 0; index < 10_000; index++) authorizer.authorize(question);
  const each = (process.cpuUsage().user - begin) / 10_000;
  console.log('a decision: µs', each);
  expect(each).toBeLessThan(20);
});
