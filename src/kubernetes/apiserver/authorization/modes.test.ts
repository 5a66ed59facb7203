import { expect, it } from 'vitest';
import { ok } from '../../../sim/result';
import { defaultSettings } from '../settings';
import { abacPolicies } from './abac';
import { startTestServer } from './testing';

const users = {
  jane: { name: 'jane', groups: ['dev'] },
  joe: { name: 'joe', groups: ['system:authenticated'] },
};
const pods = '/api/v1/namespaces/default/pods';

it('ABAC: lines of a policy file, old ones too', async () => {
  const policies = abacPolicies(
    '/etc/abac',
    `# who may what
{"apiVersion":"abac.authorization.kubernetes.io/v1beta1","kind":"Policy","spec":{"user":"jane","namespace":"default","resource":"pods","apiGroup":"*","readonly":true}}

{"apiVersion":"abac.authorization.kubernetes.io/v1beta1","kind":"Policy","spec":{"group":"dev","nonResourcePath":"/metr*"}}
{"user":"joe","resource":"configmaps"}
`,
  );
  if (typeof policies === 'string') throw new Error(policies);
  const { ask } = startTestServer(users, { ...defaultSettings(), authorizationModes: ['ABAC'], abac: policies });
  const said: string[] = [];
  for (const [as, method, path] of [
    ['jane', 'GET', pods],
    ['jane', 'DELETE', `${pods}/x`],
    ['jane', 'GET', '/metrics'],
    ['joe', 'GET', '/metrics'],
    ['joe', 'DELETE', '/api/v1/namespaces/default/configmaps/x'],
  ] as const)
    said.push(`${as} ${method} ${path}: ${(await ask(as, method, path)).code}`);
  expect(said).toEqual([
    `jane GET ${pods}: 200`,
    `jane DELETE ${pods}/x: 403`,
    'jane GET /metrics: 200',
    'joe GET /metrics: 403',
    'joe DELETE /api/v1/namespaces/default/configmaps/x: 404',
  ]);
  const { body } = await ask('jane', 'DELETE', `${pods}/x`);
  expect(body.message).toBe(
    'pods "x" is forbidden: User "jane" cannot delete resource "pods" in API group "" in the namespace "default": No policy matched.',
  );
  expect(abacPolicies('/etc/abac', '\n{]')).toBe(
    `error reading policy file /etc/abac, line 2: {]: couldn't get version/kind; json parse error: invalid JSON`,
  );
});

it('Webhook: a server is asked once in a while, and nobody gets through where it fails', async () => {
  const asked: string[] = [];
  let up = true;
  const { ask, clock } = startTestServer(
    users,
    {
      ...defaultSettings(),
      authorizationModes: ['Webhook'],
      authorizationWebhooks: [
        { url: 'https://authz.example.com/check', version: 'v1', authorizedTtl: 60_000, unauthorizedTtl: 0 },
      ],
    },
    {
      post: ({ url, body }) => {
        const { spec, kind, apiVersion } = JSON.parse(body) as Record<'spec' | 'kind' | 'apiVersion', never>;
        asked.push(`${url} ${String(kind)} ${String(apiVersion)} ${JSON.stringify(spec)}`);
        const status = body.includes('"joe"')
          ? { allowed: false, denied: true, reason: 'not joe' }
          : { allowed: body.includes('"list"') };
        return Promise.resolve(
          up ? ok({ status: 200, body: JSON.stringify({ status }) }) : ok({ status: 503, body: 'gone' }),
        );
      },
    },
  );
  const codes = async (as: string, path: string) => (await ask(as, 'GET', path)).code;
  expect([await codes('jane', pods), await codes('jane', pods), await codes('jane', `${pods}/x`)]).toEqual([
    200, 200, 403,
  ]);
  expect((await ask('joe', 'GET', pods)).body.message).toBe(
    'pods is forbidden: User "joe" cannot list resource "pods" in API group "" in the namespace "default": not joe',
  );
  up = false;
  expect(await codes('jane', pods)).toBe(200);
  await clock.advance(61_000);
  expect(await ask('jane', 'GET', pods)).toEqual({
    code: 500,
    body: {
      text: `Internal Server Error: "${pods}": an error on the server ("gone") has prevented the request from succeeding\n`,
    },
  });
  expect(asked).toEqual([
    'https://authz.example.com/check?timeout=30s SubjectAccessReview authorization.k8s.io/v1 {"resourceAttributes":{"namespace":"default","verb":"list","version":"*","resource":"pods"},"user":"jane","groups":["dev","system:authenticated"]}',
    'https://authz.example.com/check?timeout=30s SubjectAccessReview authorization.k8s.io/v1 {"resourceAttributes":{"namespace":"default","verb":"get","version":"*","resource":"pods","name":"x"},"user":"jane","groups":["dev","system:authenticated"]}',
    'https://authz.example.com/check?timeout=30s SubjectAccessReview authorization.k8s.io/v1 {"resourceAttributes":{"namespace":"default","verb":"list","version":"*","resource":"pods"},"user":"joe","groups":["system:authenticated"]}',
    'https://authz.example.com/check?timeout=30s SubjectAccessReview authorization.k8s.io/v1 {"resourceAttributes":{"namespace":"default","verb":"list","version":"*","resource":"pods"},"user":"jane","groups":["dev","system:authenticated"]}',
  ]);
});
