import { expect, test } from 'vitest';
import type { JsonObject } from './json';
import { apiServer } from './testing/api-server';
import { kubeconfig } from './testing/kubeconfig';
import { bench, type Bench } from './testing/process';

const now = Date.UTC(2026, 10, 21);
const namespaced = (name: string): readonly JsonObject[] => [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name, uid: name }, status: { phase: 'Active' } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name, uid: `${name}-sa` } },
];

function cluster(): Bench {
  const made = bench(apiServer(namespaced('default')).connect, now);
  made.fs.writeFile('/root/.kube/config', kubeconfig);
  return made;
}

const words = (line: string): string[] => line.split(' ');

test('creates, shows, labels and deletes', async () => {
  const { run } = cluster();
  const said = async (line: string): Promise<string> => (await run(words(line))).stdout;
  expect(await run(words('get pods'))).toEqual({
    code: 0,
    stdout: '',
    stderr: 'No resources found in default namespace.\n',
  });
  expect(await said('create configmap a --from-literal=k=v')).toBe('configmap/a created\n');
  expect(await said('label cm a tier=web')).toBe('configmap/a labeled\n');
  expect(await said('get cm a --show-labels')).toBe('NAME   DATA   AGE   LABELS\na      1      0s    tier=web\n');
  expect(await said('get cm a -o jsonpath={.data.k}')).toBe('v');
  expect(await said('delete cm a')).toBe('configmap "a" deleted\n');
  expect(await run(words('get cm a'))).toEqual({
    code: 1,
    stdout: '',
    stderr: 'Error from server (NotFound): configmaps "a" not found\n',
  });
});

test('apply tells what it did', async () => {
  const { run, fs } = cluster();
  const manifest = (value: string): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: "${value}"}\n`;
  fs.writeFile('/root/a.yaml', manifest('1'));
  expect((await run(words('apply -f a.yaml'))).stdout).toBe('configmap/a created\n');
  expect((await run(words('apply -f a.yaml'))).stdout).toBe('configmap/a unchanged\n');
  fs.writeFile('/root/a.yaml', manifest('2'));
  expect((await run(words('apply -f a.yaml'))).stdout).toBe('configmap/a configured\n');
  expect((await run(words('describe cm a'))).stdout).toContain('Data\n====\nk:\n----\n2\n');
});

test('wrong usage goes to stderr', async () => {
  const { run } = cluster();
  expect(await run(words('get pods --foo'))).toMatchObject({
    code: 1,
    stderr: "error: unknown flag: --foo\nSee 'kubectl get --help' for usage.\n",
  });
  expect((await run(words('get nosuch'))).stderr).toBe('error: the server doesn\'t have a resource type "nosuch"\n');
  expect((await run(words('config use-context y'))).stderr).toBe('error: no context exists with the name: "y"\n');
  expect((await run(words('create deployment web'))).stderr).toBe('error: required flag(s) "image" not set\n');
});

test('a server that is not there', async () => {
  const { run } = cluster();
  const { code, stderr } = await run(words('get pods --server=https://127.0.0.1:1'));
  const lines = stderr.trimEnd().split('\n');
  expect([code, lines.length]).toEqual([1, 6]);
  expect(lines[5]).toBe(
    'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?',
  );
});
