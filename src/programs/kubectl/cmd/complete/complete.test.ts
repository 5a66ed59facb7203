import { expect, test } from 'vitest';
import type { JsonObject } from '../../json';
import { apiServer } from '../../testing/api-server';
import { bench, type Bench } from '../../testing/process';
import { recorded } from './testing/recorded';
import { recordedFlags } from './testing/recorded-flags';

const kubeconfig = `apiVersion: v1
kind: Config
clusters:
- name: kubernetes
  cluster: {server: "https://172.30.1.2:6443"}
contexts:
- name: kubernetes-admin@kubernetes
  context: {cluster: kubernetes, user: kubernetes-admin}
- name: token
  context: {cluster: kubernetes, user: token}
users:
- name: kubernetes-admin
  user: {}
- name: token
  user: {}
current-context: kubernetes-admin@kubernetes
`;

const made = (
  apiVersion: string,
  kind: string,
  name: string,
  namespace?: string,
  rest: JsonObject = {},
): JsonObject => ({
  apiVersion,
  kind,
  metadata: { name, uid: `${kind}-${name}`, ...(namespace === undefined ? {} : { namespace }) },
  ...rest,
});

const containers = (name: string): JsonObject => ({ containers: [{ name, image: 'nginx' }] });
const labels = { app: 'web' };

function cluster(): Bench {
  const objects = [
    ...['default', 'dev', 'kube-flannel', 'kube-node-lease', 'kube-public', 'kube-system'].map((name) =>
      made('v1', 'Namespace', name),
    ),
    ...['controlplane', 'node1', 'node2'].map((name) => made('v1', 'Node', name)),
    made('v1', 'Pod', 'lone', 'default', { spec: containers('lone') }),
    made('v1', 'Pod', 'web-65d846d465-7mwmj', 'default', { spec: containers('nginx') }),
    made('v1', 'Pod', 'web-65d846d465-87bc9', 'default', { spec: containers('nginx') }),
    made('apps/v1', 'Deployment', 'web', 'default', {
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: containers('nginx') } },
    }),
    made('v1', 'Service', 'kubernetes', 'default', { spec: { ports: [{ port: 443 }] } }),
    made('v1', 'Service', 'web', 'default', { spec: { ports: [{ port: 80 }] } }),
    made('v1', 'ServiceAccount', 'default', 'default'),
  ];
  const world = bench(apiServer(objects).connect, Date.UTC(2026, 10, 21));
  world.fs.writeFile('/root/.kube/config', kubeconfig);
  return world;
}

const wordsOf = (line: string): string[] =>
  line.split(' ').flatMap((word) => (word === '' ? [] : [word === "''" ? '' : word]));

/** Names without their descriptions in order, and the directive. */
function summary(answer: string): string {
  const lines = answer.trimEnd().split('\n');
  return [
    ...lines
      .slice(0, -1)
      .map((line) => line.split('\t')[0] ?? '')
      .sort(),
    lines.at(-1) ?? '',
  ].join(' ');
}

test('what fits is what kubectl 1.33 says', async () => {
  const { run } = cluster();
  const types = summary((await run(['__complete', 'get', ''])).stdout).replace(/ :4$/, '');
  expect(types.split(' ')).toEqual(expect.arrayContaining(['pods', 'deployments.apps', 'nodes']));
  const slashed = types
    .split(' ')
    .map((type) => `${type}/`)
    .sort()
    .join(' ');
  const different: unknown[] = [];
  for (const [line, answer] of recorded) {
    const { stdout } = await run(['__complete', ...wordsOf(line)]);
    const ours = summary(stdout).replace(types, 'TYPES').replace(slashed, 'TYPES/');
    if (ours !== answer) different.push([line, ours, answer]);
  }
  expect(different).toEqual([]);
});

test('every command offers the flags that kubectl 1.33 offers', async () => {
  const { run } = cluster();
  const named = async (words: readonly string[]): Promise<readonly string[]> =>
    (await run(['__complete', ...words, '--'])).stdout.match(/^--[\w-]+/gm) ?? [];
  const common = new Set(await named(['plugin', 'list']));
  const different: unknown[] = [];
  for (const [command, flags] of recordedFlags) {
    const own = (await named(wordsOf(command))).filter((name) => !common.has(name) || flags.split(' ').includes(name));
    if ([...new Set(own)].sort().join(' ') !== flags) different.push([command, own, flags]);
  }
  expect(different).toEqual([]);
});

test('descriptions come behind a tab, and can be left out', async () => {
  const { run } = cluster();
  expect(await run(['__complete', 'rollout', 're'])).toEqual({
    code: 0,
    stdout: 'restart\tRestart a resource\nresume\tResume a paused resource\n:4\n',
    stderr: 'Completion ended with directive: ShellCompDirectiveNoFileComp\n',
  });
  expect((await run(['__completeNoDesc', 'rollout', 're'])).stdout).toBe('restart\nresume\n:4\n');
  expect((await run(['__complete'])).stderr).toContain('requires at least 1 arg(s), only received 0');
});
