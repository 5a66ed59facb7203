import { beforeAll, expect, test } from 'vitest';
import { Typist } from './testing/typist';

/* What an administrator types on a node, over ssh, at a terminal of the whole world. */
let at: Typist;

beforeAll(async () => {
  at = await Typist.sit({ columns: 240 });
  await at.line('kubectl run web --image=nginx', 20_000);
  await at.line('ssh $(kubectl get pod web -o jsonpath={.spec.nodeName})', 2000);
}, 60_000);

/** The rows below the typed line, without the prompt that follows. */
async function answer(line: string, wait?: number): Promise<string> {
  return (await at.line(line, wait)).split('\n').slice(1, -1).join('\n');
}

test('crictl lists containers, pods and images of its own node', async () => {
  expect(await answer('crictl ps --name web')).toMatch(
    /^CONTAINER           IMAGE               CREATED             STATE               NAME                ATTEMPT             POD ID              POD                 NAMESPACE\n[0-9a-f]{13}       [0-9a-f]{13}       \d+ seconds ago      Running             web                 0                   [0-9a-f]{13}       web                 default$/,
  );
  expect(await answer('crictl pods --name web | cut -c 41-')).toBe(
    'STATE               NAME                NAMESPACE           ATTEMPT             RUNTIME\n' +
      'Ready               web                 default             0                   (default)',
  );
  expect(await answer('crictl images nginx | cut -c 1-40')).toBe(
    'IMAGE                     TAG           \ndocker.io/library/nginx   latest        ',
  );
});

test('crictl runs commands in a container, reads its log, stops it; the kubelet makes another', async () => {
  await at.line('I=$(crictl ps -q --name web)');
  expect(await answer('crictl exec $I cat /etc/hostname')).toBe('web');
  expect(await answer('crictl exec $I false')).toMatch(
    /^time="\S+" level=fatal msg="execing command in container: command terminated with exit code 1"$/,
  );
  expect(await answer('crictl logs --tail 1 $I')).toMatch(/start worker process \d+$/);
  expect(await answer('crictl stop $I > /dev/null; crictl inspect $I | grep -A1 state', 500)).toContain(
    '"state": "CONTAINER_EXITED"',
  );
  expect(await answer('sleep 5; crictl ps --name web | tail -1', 20_000)).toMatch(/Running +web +1 /);
  expect(await answer('crictl rm $I; crictl inspect $I')).toMatch(
    /^[0-9a-f]{64}\ntime="\S+" level=fatal msg="getting the status of the container .*not found"$/,
  );
});

test('crictl tells what containerd tells of images that cannot be pulled', async () => {
  const message =
    'failed to pull and unpack image \\"docker.io/library/nginx:9.99\\": failed to resolve image: docker.io/library/nginx:9.99: not found';
  expect((await answer('crictl pull nginx:9.99')).split('\n').at(-1)).toMatch(
    `level=fatal msg="pulling image: rpc error: code = NotFound desc = ${message}"`,
  );
});

const E =
  'etcdctl --endpoints=https://127.0.0.1:2379 --cacert=/etc/kubernetes/pki/etcd/ca.crt ' +
  '--cert=/etc/kubernetes/pki/etcd/server.crt --key=/etc/kubernetes/pki/etcd/server.key';

test('etcdctl reads what the cluster keeps, as a real one prints it', async () => {
  await at.line('exit');
  await at.line('ssh controlplane', 1000);
  await at.line(`alias e='${E}'`);
  expect(await answer('e get --prefix --keys-only /registry/pods/default')).toBe('/registry/pods/default/web\n');
  // The id is the recorded one: it is made of the member's address.
  expect(await answer('e member list -w table')).toBe(
    '+------------------+---------+--------------+-------------------------+-------------------------+------------+\n' +
      '|        ID        | STATUS  |     NAME     |       PEER ADDRS        |      CLIENT ADDRS       | IS LEARNER |\n' +
      '+------------------+---------+--------------+-------------------------+-------------------------+------------+\n' +
      '| 264d7b068180479b | started | controlplane | https://172.30.1.2:2380 | https://172.30.1.2:2379 |      false |\n' +
      '+------------------+---------+--------------+-------------------------+-------------------------+------------+',
  );
  expect(await answer('e endpoint health')).toBe(
    'https://127.0.0.1:2379 is healthy: successfully committed proposal: took = 2ms',
  );
  expect(await answer('e put greeting hello; e get greeting; e del greeting; e get greeting')).toBe(
    'OK\ngreeting\nhello\n1',
  );
  const asked = 'mod("greeting") > "0"\\n\\nput greeting again\\n\\nput greeting "good day"\\nget greeting\\n';
  await at.line(`printf '${asked}' > t`);
  expect(await answer('e txn < t; e txn < t; e del greeting')).toBe('FAILURE\n\nOK\n\nSUCCESS\n\nOK\n1');
  // A lease takes its keys along.
  await at.line("L=$(e lease grant 60 | cut -d' ' -f2); e put --lease=$L short lived");
  expect(await answer('e lease timetolive $L --keys | sed "s/$L/ID/; s/remaining([0-9]*s)/remaining/"')).toBe(
    'lease ID granted with TTL(60s), remaining, attached keys([short])',
  );
  expect(await answer('e lease revoke $L | sed "s/$L/ID/"; e get short; e lease revoke $L 2>&1')).toBe(
    'lease ID revoked\nError: etcdserver: requested lease not found',
  );
  expect(await answer('e get --prefix --count-only / 2>&1')).toBe(
    'Error: --count-only is only for `--write-out=fields`',
  );
  expect(await answer('etcdctl get x 2>&1 | tail -1', 8000)).toBe('Error: context deadline exceeded');
});

test('a snapshot is restored to another directory, and the cluster has what it had', async () => {
  await at.line('e snapshot save /tmp/snap.db');
  await at.line(
    'export KUBECONFIG=/etc/kubernetes/admin.conf; kubectl delete pod web --now; kubectl create cm later',
    8000,
  );
  expect(await answer('kubectl get pod web 2>&1; kubectl get cm later -o name')).toBe(
    'Error from server (NotFound): pods "web" not found\nconfigmap/later',
  );
  expect(
    await answer('etcdutl snapshot restore /tmp/snap.db --data-dir /var/lib/etcd-2 2>/dev/null; ls /var/lib/etcd-2'),
  ).toBe('member');
  await at.line('sed -i s,/var/lib/etcd$,/var/lib/etcd-2, /etc/kubernetes/manifests/etcd.yaml', 60_000);
  expect(await answer('kubectl get pod web -o name; kubectl get cm later 2>&1')).toBe(
    'pod/web\nError from server (NotFound): configmaps "later" not found',
  );
});
