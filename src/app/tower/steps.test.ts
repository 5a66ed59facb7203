import { expect, test } from 'vitest';
import type { SpanView } from '../../world/protocol';
import { stepsOf } from './steps';
import { towerOf, towers } from './tower';

const span = (id: number, actor: string, verb: string, subject: string, detail?: SpanView['detail']): SpanView => ({
  key: String(id),
  id,
  parent: 1,
  at: 0,
  actor,
  verb,
  subject,
  ...(detail === undefined ? {} : { detail }),
});

test('the ten steps of docker run, each with its layer and what it made', () => {
  const spans = [
    span(3, 'docker@workstation', 'POST', '/v1.51/containers/create', {
      body: { Image: 'nginx', Tty: false, Env: [] },
    }),
    span(2, 'docker@workstation', 'parse', 'docker run', { operands: ['nginx'] }),
    span(4, 'dockerd@workstation', 'POST', '/containers/create'),
    span(5, 'dockerd@workstation', 'image', 'nginx', { found: 'sha256:1' }),
    span(6, 'overlayfs@workstation', 'mount', '/merged', { lowerdir: ['/l/A', '/l/B'] }),
    span(7, 'containerd@workstation', 'create', 'container 1'),
    span(8, 'containerd-shim@workstation', 'start', '1', { pid: 7 }),
    span(9, 'libnetwork@workstation', 'endpoint', '172.17.0.2 on bridge'),
    span(10, 'netfilter@workstation', 'iptables', '-t nat -A DOCKER'),
    span(11, 'runc@workstation', 'create', '1', { syscalls: ['clone(…) = 9', 'execve(…) = 0'] }),
    span(12, 'kernel@workstation', 'execve', 'nginx', { pid: 9 }),
  ];
  expect(
    stepsOf(spans).map(({ order, layer, artefacts }) => [order, layer, ...artefacts.map(({ title }) => title)]),
  ).toEqual([
    [1, 'cli', 'parse docker run'],
    [2, 'socket', 'POST /v1.51/containers/create'],
    [3, 'dockerd', 'image nginx'],
    [4, 'dockerd'],
    [5, 'kernel', 'mount /merged'],
    [6, 'kernel', 'endpoint 172.17.0.2 on bridge', 'iptables -t nat -A DOCKER'],
    [7, 'containerd', 'create container 1'],
    [8, 'shim', 'start 1'],
    [9, 'runc', 'create 1'],
    [10, 'process', 'execve nginx'],
  ]);
  expect(stepsOf(spans).flatMap(({ artefacts }) => artefacts.flatMap(({ facts }) => facts))).toEqual([
    { name: 'operands', text: 'nginx' },
    { name: 'body', text: '{\n  "Image": "nginx"\n}' },
    { name: 'found', text: 'sha256:1' },
    { name: 'lowerdir', text: '/l/A\n/l/B' },
    { name: 'pid', text: '7' },
    { name: 'syscalls', text: 'clone(…) = 9\nexecve(…) = 0' },
    { name: 'pid', text: '9' },
  ]);
});

test('every tower has the same eight layers', () => {
  const [first, ...rest] = towers.map(({ layers }) => layers.map(({ name }) => name));
  expect(first).toHaveLength(8);
  for (const names of rest) expect(names).toEqual(first);
});

test('the tower in use is that of the machines that acted', () => {
  const of = (...actors: readonly string[]) => towerOf(actors.map((actor) => ({ actor })));
  expect([
    of('bash@workstation', 'ls@workstation'),
    of('docker@workstation', 'dockerd@workstation', 'runc@workstation'),
    of('docker@workstation', 'com.docker.backend@workstation', 'vsudd@docker-desktop', 'dockerd@docker-desktop'),
    of('docker@workstation', 'npfs@windows', 'dockerd@windows', 'hcs@windows'),
  ]).toEqual([undefined, 'linux', 'desktop', 'windows']);
});
