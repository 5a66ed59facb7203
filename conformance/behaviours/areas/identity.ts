import { at, patches } from '../client';
import { area, type Behaviours, type Framework } from '../framework';
import { documented } from './discovery';
import { pausePod } from './objects';

const MOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const ROOT_CA = 'kube-root-ca.crt';

const review = (f: Framework, token: string, more: object = {}) =>
  f.api.create('/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token, ...more } });

const account = (name: string, more: object = {}) => ({ metadata: { name }, ...more });

/** A pod that runs a shell command until it has said all. */
async function says(f: Framework, name: string, command: string, more: object = {}): Promise<string> {
  const { volumeMounts, ...spec } = more as { readonly volumeMounts?: readonly object[] };
  await f.api.create(
    f.at('pods'),
    pausePod(name, {
      restartPolicy: 'Never',
      containers: [
        {
          name: 'test',
          image: 'busybox:1.36',
          command: ['sh', '-c', command],
          ...(volumeMounts === undefined ? {} : { volumeMounts }),
        },
      ],
      ...spec,
    }),
  );
  await f.until(
    async () => at(await f.api.get(f.at('pods', name)), 'status', 'phase') === 'Succeeded',
    `${name} to end`,
  );
  return (await f.api.ask('GET', `${f.at('pods', name)}/log`)).text;
}

export const accounts: Behaviours = area('[sig-auth] ServiceAccounts', {
  'should mount an API token into pods': async (f) => {
    await f.api.create(f.at('serviceaccounts'), account('mount-test'));
    const name = 'pod-service-account';
    await f.api.create(
      f.at('pods'),
      pausePod(name, {
        serviceAccountName: 'mount-test',
        restartPolicy: 'Never',
        containers: [{ name: 'test', image: 'busybox:1.36', command: ['sleep', '100000'] }],
      }),
    );
    await f.until(async () => at(await f.api.get(f.at('pods', name)), 'status', 'phase') === 'Running', 'it to run');
    const pod = await f.api.get(f.at('pods', name));
    const node = await f.api.get(`/api/v1/nodes/${String(at(pod, 'spec', 'nodeName'))}`);
    const read = (file: string): Promise<string> => f.kubectl(`exec ${name} -c test -- cat ${MOUNT}/${file}`);
    const [token, ca, namespace] = [await read('token'), await read('ca.crt'), await read('namespace')];
    f.equal(ca, at(await f.api.get(f.at('configmaps', ROOT_CA)), 'data', 'ca.crt'), 'the authority');
    f.equal(namespace, f.namespace, 'the namespace');
    const { status } = await review(f, token);
    f.equal(at(status, 'authenticated'), true, 'whether the token is good');
    f.equal(at(status, 'error') ?? '', '', 'what is wrong with it');
    f.equal(at(status, 'user', 'username'), `system:serviceaccount:${f.namespace}:mount-test`, 'the user');
    const groups = at(status, 'user', 'groups') as readonly string[];
    for (const group of ['system:authenticated', 'system:serviceaccounts', `system:serviceaccounts:${f.namespace}`])
      f.holds(groups.includes(group), `one of ${group}`);
    const extra = (key: string): unknown => at(status, 'user', 'extra', `authentication.kubernetes.io/${key}`);
    f.holds(String(at(extra('credential-id'), 0)).startsWith('JTI='), 'a credential id');
    f.equal(extra('pod-name'), [name], 'the name of the pod');
    f.equal(extra('pod-uid'), [pod.metadata.uid], 'the uid of the pod');
    f.equal(extra('node-name'), [node.metadata.name], 'the name of the node');
    f.equal(extra('node-uid'), [node.metadata.uid], 'the uid of the node');
  },

  'should allow opting out of API token automount': async (f) => {
    await f.api.create(f.at('serviceaccounts'), account('mount', { automountServiceAccountToken: true }));
    await f.api.create(f.at('serviceaccounts'), account('nomount', { automountServiceAccountToken: false }));
    for (const serviceAccountName of ['default', 'mount', 'nomount'])
      for (const automount of [undefined, true, false]) {
        const name = `pod-${serviceAccountName}-${String(automount)}`;
        const made = await f.api.create(
          f.at('pods'),
          pausePod(name, {
            serviceAccountName,
            ...(automount === undefined ? {} : { automountServiceAccountToken: automount }),
          }),
        );
        const mounts = (at(made, 'spec', 'containers', 0, 'volumeMounts') ?? []) as readonly object[];
        const mounted = mounts.some((each) => at(each, 'mountPath') === MOUNT);
        f.equal(mounted, automount ?? serviceAccountName !== 'nomount', `whether ${name} has a token`);
      }
  },

  'should mount projected service account token': async (f) => {
    const text = await says(f, 'test-pod', 'cat /test-volume/token', {
      volumes: [
        {
          name: 'test-volume',
          projected: { sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 3600 } }] },
        },
      ],
      volumeMounts: [{ name: 'test-volume', mountPath: '/test-volume', readOnly: true }],
    });
    f.holds(/^[\w=-]+\.[\w=-]+\.[\w.+/=-]*$/.test(text.trim()), `a token, not ${text}`);
  },

  'ServiceAccountIssuerDiscovery should support OIDC discovery of service account issuer': async (f) => {
    await f.createGlobal('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      metadata: { name: `${f.namespace}-system:service-account-issuer-discovery` },
      subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: f.namespace }],
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: 'system:service-account-issuer-discovery',
      },
    });
    const fetched = (path: string): string =>
      `wget -q -O - --no-check-certificate --header "Authorization: Bearer $(cat ${MOUNT}/token)" https://kubernetes.default.svc${path}; echo`;
    const text = await says(
      f,
      'oidc-discovery-validator',
      [
        `cat /var/run/secrets/tokens/sa-token; echo`,
        fetched('/.well-known/openid-configuration'),
        fetched('/openid/v1/jwks'),
      ].join('; '),
      {
        volumes: [
          {
            name: 'sa-token',
            projected: {
              sources: [
                {
                  serviceAccountToken: { path: 'sa-token', expirationSeconds: 600, audience: 'oidc-discovery-test' },
                },
              ],
            },
          },
        ],
        volumeMounts: [{ name: 'sa-token', mountPath: '/var/run/secrets/tokens', readOnly: true }],
      },
    );
    const [token = '', configuration = '', keys = ''] = text.split('\n').filter((line) => line !== '');
    const [head, claims] = token
      .split('.', 2)
      .map((part) => JSON.parse(atob(part.replace(/-/g, '+').replace(/_/g, '/'))) as unknown);
    const said = JSON.parse(configuration) as unknown;
    f.equal(at(said, 'issuer'), at(claims, 'iss'), 'who issued the token');
    f.holds(String(at(said, 'jwks_uri')).endsWith('/openid/v1/jwks'), 'where the keys are');
    f.equal(at(claims, 'aud'), ['oidc-discovery-test'], 'whom the token is for');
    const known = (at(JSON.parse(keys), 'keys') as readonly unknown[]).map((key) => at(key, 'kid'));
    f.holds(known.includes(at(head, 'kid')), 'the key of the token is one of them');
  },

  'should run through the lifecycle of a ServiceAccount': async (f) => {
    const labels = { 'test-serviceaccount-static': 'true' };
    const selector = 'labelSelector=test-serviceaccount-static=true';
    const name = 'testserviceaccount';
    const made = await f.api.create(f.at('serviceaccounts'), { metadata: { name, labels } });
    f.equal((await f.api.get(f.at('serviceaccounts', name))).metadata.uid, made.metadata.uid, 'the uid');
    const watcher = await f.api.watch(`${f.at('serviceaccounts')}?${selector}&timeoutSeconds=180`);
    await watcher.until('ADDED');
    await f.api.patch(f.at('serviceaccounts', name), { automountServiceAccountToken: false }, patches.strategic);
    await watcher.until('MODIFIED');
    const { items } = await f.api.get(`/api/v1/serviceaccounts?${selector}`);
    f.equal(
      items.map((each) => [each.metadata.name, each['automountServiceAccountToken']]),
      [[name, false]],
      'what is listed',
    );
    await f.api.delete(f.at('serviceaccounts'));
    await watcher.until('DELETED');
  },

  'should guarantee kube-root-ca.crt exist in any namespace': async (f) => {
    const path = f.at('configmaps', ROOT_CA);
    await f.until(() => f.exists(path), 'the authority to be there');
    await f.api.delete(path);
    await f.until(() => f.exists(path), 'it to be there again');
    await f.api.update(path, { metadata: { name: ROOT_CA }, data: { 'ca.crt': '' } });
    await f.until(async () => (at(await f.api.get(path), 'data', 'ca.crt') ?? '') !== '', 'it to be what it was');
  },

  'should update a ServiceAccount': async (f) => {
    await f.api.create(f.at('serviceaccounts'), account('e2e-sa', { automountServiceAccountToken: false }));
    const updated = await f.change(f.at('serviceaccounts', 'e2e-sa'), (thing) => ({
      ...thing,
      automountServiceAccountToken: true,
    }));
    f.equal(updated['automountServiceAccountToken'], true, 'what was put');
  },

  'should create a serviceAccountToken and ensure a successful TokenReview': async (f) => {
    await f.api.create(f.at('serviceaccounts'), account('e2e-sa'));
    const made = await f.api.create(`${f.at('serviceaccounts', 'e2e-sa')}/token`, {});
    const { status } = await review(f, String(at(made, 'status', 'token')));
    f.equal([at(status, 'authenticated'), at(status, 'error') ?? ''], [true, ''], 'the review');
  },
});

export const subjectReviews: Behaviours = area('[sig-auth] SubjectReview', {
  'should support SubjectReview API operations': async (f) => {
    const made = await f.api.create(f.at('serviceaccounts'), account('e2e'));
    const user = `system:serviceaccount:${f.namespace}:e2e`;
    const groups = ['system:authenticated', 'system:serviceaccounts', `system:serviceaccounts:${f.namespace}`];
    const { uid } = made.metadata;
    const resourceAttributes = { verb: 'list', resource: 'configmaps', namespace: f.namespace, version: 'v1' };
    const ask = async (path: string, name: string): Promise<unknown> =>
      at(
        await f.api.create(`${path}`, {
          metadata: path.includes('/namespaces/') ? { namespace: f.namespace } : {},
          spec: { resourceAttributes, user: name, groups, uid },
        }),
        'status',
        'allowed',
      );
    const { code } = await f.api.ask('GET', f.at('configmaps'), undefined, {
      headers: { 'Impersonate-User': user, 'Impersonate-Uid': uid, 'Impersonate-Group': groups.join(', ') },
    });
    f.holds(code === 200 || code === 403, `an answer, not ${code}`);
    const base = '/apis/authorization.k8s.io/v1';
    f.equal(await ask(`${base}/subjectaccessreviews`, user), code === 200, 'a review');
    f.equal(await ask(f.at('authorization.k8s.io/v1/localsubjectaccessreviews'), 'e2e'), code === 200, 'a local one');
  },
});

/** A request for CN=e2e.example.com: what upstream's test makes, in the form of this world. */
export const certificates: Behaviours = area('[sig-auth] Certificates API [Privileged:ClusterAdmin]', {
  'should support CSR API operations': async (f) => {
    const [group, resource] = ['certificates.k8s.io', 'certificatesigningrequests'];
    await documented(f, group, 'v1', [resource, `${resource}/approval`, `${resource}/status`]);
    const { code, stderr } = await f.shell(
      'openssl genrsa -out /tmp/e2e.key 2048 && openssl req -new -key /tmp/e2e.key -subj /CN=e2e.example.com -out /tmp/e2e.csr && openssl req -x509 -key /tmp/e2e.key -subj /CN=e2e.example.com -days 1 -out /tmp/e2e.crt',
    );
    f.equal(code, 0, stderr);
    const read = async (file: string): Promise<string> => (await f.shell(`base64 -w 0 ${file}`)).stdout;
    const signerName = `example.com/e2e-${f.namespace}`;
    const path = `/apis/${group}/v1/${resource}`;
    const body = {
      metadata: { generateName: 'e2e-example-csr-' },
      spec: {
        request: await read('/tmp/e2e.csr'),
        signerName,
        expirationSeconds: 3600,
        usages: ['digital signature', 'key encipherment', 'server auth'],
      },
    };
    await f.createGlobal(path, body);
    await f.createGlobal(path, body);
    const made = await f.createGlobal(path, body);
    const own = `${path}/${made.metadata.name}`;
    const gotten = await f.api.get(own);
    f.equal([gotten.metadata.uid, at(gotten, 'spec', 'expirationSeconds')], [made.metadata.uid, 3600], 'what was made');
    const listPath = `${path}?fieldSelector=spec.signerName=${encodeURIComponent(signerName)}`;
    const list = await f.api.get(listPath);
    f.equal(list.items.length, 3, 'how many there are');
    const watcher = await f.api.watch(
      `${path}?resourceVersion=${list.metadata.resourceVersion}&fieldSelector=metadata.name=${made.metadata.name}`,
    );
    const patched = await f.api.patch(own, { metadata: { annotations: { patched: 'true' } } });
    const updated = await f.api.update(own, {
      ...patched,
      metadata: { ...patched.metadata, annotations: { ...patched.metadata.annotations, updated: 'true' } },
    });
    f.equal(updated.metadata.annotations, { patched: 'true', updated: 'true' }, 'the annotations');
    await watcher.until('MODIFIED', 'true', 'metadata', 'annotations', 'patched');

    const condition = (type: string) => ({ type, status: 'True', reason: 'E2E', message: 'Set from an e2e test' });
    const identity = [made.kind, made.metadata.uid];
    const approval = await f.api.get(`${own}/approval`);
    f.equal([approval.kind, approval.metadata.uid], identity, 'what /approval is');
    const half = await f.api.patch(`${own}/approval`, {
      metadata: { annotations: { patchedapproval: 'true' } },
      status: { conditions: [{ type: 'ApprovalPatch', status: 'True', reason: 'e2e' }] },
    });
    f.equal(at(half, 'status', 'conditions', 0, 'type'), 'ApprovalPatch', 'the patched condition');
    f.equal(half.metadata.annotations?.['patchedapproval'], 'true', 'the annotation of /approval');
    const approved = await f.api.update(`${own}/approval`, {
      ...half,
      status: { conditions: [at(half, 'status', 'conditions', 0), condition('Approved')] },
    });
    f.equal(at(approved, 'status', 'conditions', 1, 'type'), 'Approved', 'the updated condition');

    const status = await f.api.get(`${own}/status`);
    f.equal([status.kind, status.metadata.uid], identity, 'what /status is');
    const certificate = await read('/tmp/e2e.crt');
    const issued = await f.api.patch(`${own}/status`, {
      metadata: { annotations: { patchedstatus: 'true' } },
      status: { certificate },
    });
    f.equal(at(issued, 'status', 'certificate'), certificate, 'the certificate');
    f.equal(issued.metadata.annotations?.['patchedstatus'], 'true', 'the annotation of /status');
    const conditions = at(issued, 'status', 'conditions') as readonly object[];
    const last = await f.api.update(`${own}/status`, {
      ...issued,
      status: { ...(issued['status'] as object), conditions: [...conditions, condition('StatusUpdate')] },
    });
    f.equal(at(last, 'status', 'conditions', conditions.length, 'type'), 'StatusUpdate', 'the condition of /status');

    await f.api.delete(own);
    await f.refused(f.api.get(own), 404);
    f.equal((await f.api.get(listPath)).items.length, 2, 'how many there are after a deletion');
    await f.api.delete(listPath);
    f.equal((await f.api.get(listPath)).items.length, 0, 'how many are left');
  },
});
