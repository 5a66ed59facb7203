import { expect, it } from 'vitest';
import { encode } from '../../../linux/io/bytes';
import { base64, fromBase64 } from '../../../linux/net/tls/pem';
import { decode } from '../../../linux/io/bytes';
import { startTestServer, type TestServer } from '../authorization/testing';

const start = (): TestServer =>
  startTestServer({
    admin: { name: 'admin', uid: '1', groups: ['system:masters'] },
    jane: { name: 'jane', uid: '2', groups: ['developers'] },
  });

const review = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const whoami = async (server: TestServer, as: string, headers?: Readonly<Record<string, string>>) => {
  const { code, body } = await server.ask(as, 'POST', review, {}, headers);
  return code === 201
    ? (body['status'] as { userInfo: unknown }).userInfo
    : `${code} ${body.message ?? String(body['text'])}`;
};

it('knows users by token, certificate or not at all', async () => {
  const server = start();
  expect(await whoami(server, 'jane')).toEqual({
    username: 'jane',
    uid: '2',
    groups: ['developers', 'system:authenticated'],
  });
  expect(await whoami(server, 'nobody')).toBe('401 Unauthorized');
  expect(await whoami(server, '')).toBe(
    '403 selfsubjectreviews.authentication.k8s.io is forbidden: User "system:anonymous" cannot create resource "selfsubjectreviews" in API group "authentication.k8s.io" at the cluster scope',
  );
  expect((await server.ask('', 'GET', '/version')).code).toBe(200);
});

it('lets who may act as somebody else', async () => {
  const server = start();
  expect(await whoami(server, 'admin', { 'Impersonate-User': 'bob', 'Impersonate-Group': 'a, b' })).toEqual({
    username: 'bob',
    groups: ['a', 'b', 'system:authenticated'],
  });
  expect(
    await whoami(server, 'admin', {
      'Impersonate-User': 'system:serviceaccount:default:x',
      'Impersonate-Uid': '9',
      'Impersonate-Extra-Reason%2fwhy': 'test',
    }),
  ).toEqual({
    username: 'system:serviceaccount:default:x',
    uid: '9',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
    extra: { 'reason/why': ['test'] },
  });
  expect(await whoami(server, 'jane', { 'Impersonate-User': 'bob' })).toBe(
    '403 users "bob" is forbidden: User "jane" cannot impersonate resource "users" in API group "" at the cluster scope',
  );
  expect(await whoami(server, 'jane', { 'Impersonate-User': 'system:serviceaccount:ns:sa' })).toBe(
    '403 serviceaccounts "sa" is forbidden: User "jane" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "ns"',
  );
  expect(await whoami(server, 'admin', { 'Impersonate-Group': 'g' })).toBe(
    `500 Internal Server Error: "${review}": requested [{Group  g    }] without impersonating a user\n`,
  );
});

it('issues tokens that end with what they are bound to', async () => {
  const server = start();
  const accounts = '/api/v1/namespaces/default/serviceaccounts';
  await server.ask('admin', 'POST', accounts, { metadata: { name: 'web' } });
  const ask = async (spec: object) => server.ask('admin', 'POST', `${accounts}/web/token`, { spec });
  const { body } = await ask({ expirationSeconds: 600 });
  const { token } = body['status'] as { token: string };
  const [header = '', payload = '', signature = ''] = token.split('.');
  const text = (part: string) =>
    JSON.parse(decode(fromBase64(part.replace(/-/g, '+').replace(/_/g, '/')) ?? new Uint8Array()));
  const claims = text(payload) as { jti: string; 'kubernetes.io': { serviceaccount: { uid: string } } };
  expect(text(header)).toEqual({ alg: 'RS256', kid: expect.stringMatching(/^[\w-]{43}$/) });
  expect(signature).toHaveLength(342);
  const { uid } = claims['kubernetes.io'].serviceaccount;
  expect(claims).toEqual({
    aud: ['https://kubernetes.default.svc.cluster.local'],
    exp: 1795230600,
    iat: 1795230000,
    iss: 'https://kubernetes.default.svc.cluster.local',
    jti: claims.jti,
    'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'web', uid } },
    nbf: 1795230000,
    sub: 'system:serviceaccount:default:web',
  });
  expect(await whoami(server, token)).toEqual({
    username: 'system:serviceaccount:default:web',
    uid,
    groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
    extra: { 'authentication.kubernetes.io/credential-id': [`JTI=${claims.jti}`] },
  });
  expect(await whoami(server, `${header}.${payload}.${signature.slice(1)}A`)).toBe('401 Unauthorized');
  expect(await whoami(server, `${'x'.repeat(100_000)}.y.z`)).toBe('401 Unauthorized');

  expect((await ask({ expirationSeconds: 1 })).body.message).toBe(
    'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 1: may not specify a duration less than 10 minutes',
  );
  expect((await ask({ boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'p' } })).body.message).toBe(
    'pods "p" not found',
  );
  await server.clock.advance(700_000);
  expect(await whoami(server, token)).toBe('401 Unauthorized');
  const tokenReview = await server.ask('admin', 'POST', '/apis/authentication.k8s.io/v1/tokenreviews', {
    spec: { token },
  });
  expect(tokenReview.body['status']).toEqual({
    user: {},
    error: '[invalid bearer token, service account token has expired]',
  });
  const fresh = ((await ask({})).body['status'] as { token: string }).token;
  expect((await server.ask(fresh, 'GET', '/api')).code).toBe(200);
  await server.ask('admin', 'DELETE', `${accounts}/web`);
  expect((await server.ask(fresh, 'GET', '/api')).code).toBe(401);
});

it('takes the tokens of kubeadm join', async () => {
  const server = start();
  const data = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, base64(encode(value))]));
  await server.ask('admin', 'POST', '/api/v1/namespaces/kube-system/secrets', {
    metadata: { name: 'bootstrap-token-abcdef' },
    type: 'bootstrap.kubernetes.io/token',
    data: data({
      'token-id': 'abcdef',
      'token-secret': '0123456789abcdef',
      expiration: '2026-11-21T04:00:00Z',
      'usage-bootstrap-authentication': 'true',
      'auth-extra-groups': 'system:bootstrappers:kubeadm:default-node-token',
    }),
  });
  expect(await whoami(server, 'abcdef.0123456789abcdef')).toEqual({
    username: 'system:bootstrap:abcdef',
    groups: ['system:bootstrappers', 'system:bootstrappers:kubeadm:default-node-token', 'system:authenticated'],
  });
  expect(await whoami(server, 'abcdef.0123456789abcdee')).toBe('401 Unauthorized');
  await server.clock.advance(3_700_000);
  expect(await whoami(server, 'abcdef.0123456789abcdef')).toBe('401 Unauthorized');
});
