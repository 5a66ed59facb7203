import { expect, test } from 'vitest';
import { certificateSigningRequest } from '../../api/certificates/csr';
import { startTestServer } from '../../apiserver/authorization/testing';
import { createCa, createKey, parseCertificates, requestPem } from '../../../linux/net/tls/certificate';
import { verify } from '../../../linux/net/tls/verify';
import { Random } from '../../../sim/random';
import { createControllerManager } from '../manager';

const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const random = new Random(3);
const key = createKey(random);

const users = {
  admin: { name: 'admin', groups: ['system:masters'] },
  jane: { name: 'jane', groups: [] },
  judge: { name: 'judge', groups: [] },
  bootstrap: { name: 'system:bootstrap:abcdef', groups: ['system:bootstrappers'] },
};

function start() {
  const server = startTestServer(users);
  const authority = createCa({ subject: { commonName: 'kubernetes' }, random, now: server.clock.now });
  createControllerManager({
    registry: server.registry,
    clock: server.clock,
    random,
    trace: server.registry.storage.trace,
    authority,
    authorizer: server.registry.admission.authorizer,
  });
  return { ...server, authority };
}

const csr = (name: string, commonName: string, organizations: readonly string[], spec: object = {}) => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name },
  spec: {
    request: btoa(requestPem({ subject: { commonName, organizations }, sans: [], keyId: key.keyId })),
    signerName: 'kubernetes.io/kube-apiserver-client',
    usages: ['client auth'],
    ...spec,
  },
});

test('a user gets a certificate: asked for, approved by who may, signed, and believed', async () => {
  const { ask, registry, clock, authority } = start();
  await ask('admin', 'POST', '/apis/rbac.authorization.k8s.io/v1/clusterroles', {
    metadata: { name: 'judges' },
    rules: [
      { apiGroups: ['certificates.k8s.io'], resources: ['certificatesigningrequests'], verbs: ['get', 'create'] },
      { apiGroups: ['certificates.k8s.io'], resources: ['certificatesigningrequests/approval'], verbs: ['update'] },
      { apiGroups: ['certificates.k8s.io'], resources: ['certificatesigningrequests/status'], verbs: ['update'] },
    ],
  });
  await ask('admin', 'POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    metadata: { name: 'judges' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'judges' },
    subjects: [{ kind: 'User', name: 'judge', apiGroup: 'rbac.authorization.k8s.io' }],
  });
  const asked = await ask('admin', 'POST', path, csr('jane', 'jane', ['dev'], { expirationSeconds: 3600 }));
  expect(asked.code).toBe(201);
  const given = asked.body as unknown as { metadata: object; spec: object };
  const conditions = [{ type: 'Approved', status: 'True', reason: 'KubectlApprove', message: 'yes' }];
  const refused = await ask('judge', 'PUT', `${path}/jane/approval`, { ...asked.body, status: { conditions } });
  expect([refused.code, refused.body.message]).toEqual([
    403,
    'certificatesigningrequests.certificates.k8s.io "jane" is forbidden: user not permitted to approve requests with signerName "kubernetes.io/kube-apiserver-client"',
  ]);
  const status = await ask('judge', 'PUT', `${path}/jane/status`, {
    ...given,
    status: { certificate: btoa('-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n') },
  });
  expect(status.body.message).toBe(
    'certificatesigningrequests.certificates.k8s.io "jane" is forbidden: user not permitted to sign requests with signerName "kubernetes.io/kube-apiserver-client"',
  );
  const approved = await ask('admin', 'PUT', `${path}/jane/approval`, { ...given, status: { conditions } });
  expect(approved.body['status']).toEqual({
    conditions: [
      {
        type: 'Approved',
        status: 'True',
        reason: 'KubectlApprove',
        message: 'yes',
        lastUpdateTime: '2026-11-21T03:00:00Z',
        lastTransitionTime: '2026-11-21T03:00:00Z',
      },
    ],
  });
  await clock.advance(1000);
  const { status: signed } = registry.get(certificateSigningRequest, undefined, 'jane')!;
  const chain = parseCertificates(atob(signed.certificate!));
  const [leaf] = chain;
  expect(leaf).toMatchObject({
    subject: { commonName: 'jane', organizations: ['dev'] },
    keyId: key.keyId,
    usages: ['client auth'],
  });
  expect(leaf!.notAfter - leaf!.notBefore).toBe(3_900_000);
  expect(verify(chain, { roots: [authority.certificate], now: clock.now }).ok).toBe(true);
  await clock.advance(2.1 * 3_600_000);
  expect(registry.get(certificateSigningRequest, undefined, 'jane')).toBeUndefined();
});

test('kubelets are approved if RBAC lets them; masters are not made, and wrong usages fail', async () => {
  const { ask, registry, clock } = start();
  const node = {
    signerName: 'kubernetes.io/kube-apiserver-client-kubelet',
    usages: ['digital signature', 'client auth'],
  };
  const masters = await ask('admin', 'POST', path, csr('root', 'root', ['system:masters']));
  expect(masters.body.message).toBe(
    'certificatesigningrequests.certificates.k8s.io "root" is forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed',
  );
  for (const [name, role] of [
    ['bootstrap', 'system:node-bootstrapper'],
    ['nodes', 'system:certificates.k8s.io:certificatesigningrequests:nodeclient'],
  ])
    await ask('admin', 'POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects: [{ kind: 'Group', name: 'system:bootstrappers', apiGroup: 'rbac.authorization.k8s.io' }],
    });
  await ask('bootstrap', 'POST', path, csr('node', 'system:node:node9', ['system:nodes'], node));
  await ask('admin', 'POST', path, csr('bad', 'x', [], { usages: ['server auth', 'client auth'] }));
  await clock.advance(1000);
  const of = (name: string) => registry.get(certificateSigningRequest, undefined, name)!.status;
  expect(of('node').conditions).toMatchObject([
    {
      type: 'Approved',
      reason: 'AutoApproved',
      message: 'Auto approving kubelet client certificate after SubjectAccessReview.',
    },
  ]);
  expect(parseCertificates(atob(of('node').certificate!))[0]?.subject.commonName).toBe('system:node:node9');
  expect(of('bad')).toEqual({});
  const conditions = [{ type: 'Approved', status: 'True', reason: 'x', message: 'x' }];
  const { body } = await ask('admin', 'GET', `${path}/bad`);
  await ask('admin', 'PUT', `${path}/bad/approval`, { ...body, status: { conditions } });
  await clock.advance(1000);
  expect(of('bad').conditions?.map(({ type, message }) => [type, message])).toEqual([
    ['Approved', 'x'],
    ['Failed', 'invalid usage for client certificate: server auth'],
  ]);
  await clock.advance(25 * 3_600_000);
  expect(registry.list(certificateSigningRequest)).toEqual([]);
});
