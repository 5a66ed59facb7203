import { expect, test } from 'vitest';
import { Changes } from './changes';
import type { DockerView } from './view';

const container = (key: string, status: string): DockerView => ({
  key,
  name: key,
  image: 'nginx',
  state: 'running',
  status,
  ip: undefined,
  ports: [],
});

test('only the newest view of what changed is owed, once', () => {
  const changes = new Changes();
  changes.set('docker', container('a', 'Created'));
  changes.set('docker', container('a', 'Up'));
  changes.set('docker', container('b', 'Up'));
  changes.remove('docker', 'b');
  expect(changes.flush()).toEqual([{ of: 'docker', set: [container('a', 'Up')], removed: ['b'] }]);
  expect(changes.flush()).toEqual([]);
});

test('a reset forgets what was owed and says so', () => {
  const changes = new Changes();
  changes.remove('docker', 'a');
  changes.reset('docker');
  changes.set('docker', container('c', 'Up'));
  expect(changes.flush()).toEqual([{ of: 'docker', reset: true, set: [container('c', 'Up')], removed: [] }]);
});
