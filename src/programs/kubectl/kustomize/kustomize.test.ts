import { expect, test } from 'vitest';
import { apiServer } from '../testing/api-server';
import { bench } from '../testing/process';

const lab = () => bench(apiServer([]).connect, Date.UTC(2026, 0, 5));

const base = {
  'base/kustomization.yaml': 'resources: [d.yaml, s.yaml]\nconfigMapGenerator: [{name: conf, literals: [a=1]}]\n',
  'base/d.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec: {containers: [{name: c, image: "nginx:1", envFrom: [{configMapRef: {name: conf}}]}]}
`,
  'base/s.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: app}\nspec: {ports: [{port: 80}]}\n',
};

function write(fs: ReturnType<typeof lab>['fs'], files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    fs.mkdirAll(`/root/${path.slice(0, path.lastIndexOf('/'))}`);
    fs.writeFile(`/root/${path}`, text);
  }
}

test('an overlay renames, patches, labels and hashes', async () => {
  const { fs, run } = lab();
  write(fs, {
    ...base,
    'prod/kustomization.yaml': `namePrefix: prod-
namespace: team
resources: [../base]
images: [{name: nginx, newName: httpd, newTag: "2.4"}]
replicas: [{name: app, count: 2}]
labels: [{pairs: {env: prod}}]
patches: [{target: {kind: Service}, patch: '[{"op": "replace", "path": "/spec/ports/0/port", "value": 8080}]'}]
replacements: [{source: {kind: Service, fieldPath: metadata.name}, targets: [{select: {kind: Deployment}, fieldPaths: [metadata.annotations.svc], options: {create: true}}]}]
`,
  });
  const { stdout, stderr, code } = await run(['kustomize', 'prod']);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  expect(stdout).toMatchInlineSnapshot(`
    "apiVersion: v1
    data:
      a: "1"
    kind: ConfigMap
    metadata:
      labels:
        env: prod
      name: prod-conf-h29d89cmmt
      namespace: team
    ---
    apiVersion: v1
    kind: Service
    metadata:
      labels:
        env: prod
      name: prod-app
      namespace: team
    spec:
      ports:
      - port: 8080
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      annotations:
        svc: prod-app
      labels:
        env: prod
      name: prod-app
      namespace: team
    spec:
      replicas: 2
      selector:
        matchLabels:
          app: app
      template:
        metadata:
          labels:
            app: app
        spec:
          containers:
          - envFrom:
            - configMapRef:
                name: prod-conf-h29d89cmmt
            image: httpd:2.4
            name: c
    "
  `);
});

test('what is wrong is said as upstream says it', async () => {
  const { fs, run } = lab();
  write(fs, {
    ...base,
    'dup/kustomization.yaml': 'resources: [../base, ../base]\n',
    'unknown/kustomization.yaml': 'foo: bar\n',
    'loop/kustomization.yaml': 'resources: [../loop]\n',
    'empty/kustomization.yaml': '',
  });
  const said = async (folder: string): Promise<string> => (await run(['kustomize', folder])).stderr;
  expect(await said('dup')).toBe(
    "error: accumulating resources: accumulation err='accumulating resources from '../base': '/root/base' must resolve to a file': recursed merging from path '/root/base': may not add resource with an already registered id: Deployment.v1.apps/app.[noNs]\n",
  );
  expect(await said('unknown')).toBe('error: invalid Kustomization: json: unknown field "foo"\n');
  expect(await said('empty')).toBe('error: kustomization.yaml is empty\n');
  expect(await said('loop')).toContain('cycle detected');
});
