import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kubectlVersions } from './live/clients';
import { useBridge } from './testing';

const versions = kubectlVersions();
const { folder, kubeconfig } = useBridge({ kubeconfig: true });

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(kubectl: string, line: string, input = ''): Promise<Said> {
  // Discovery of one version must not be the cache of another.
  const home = join(folder, kubectl.slice(kubectl.lastIndexOf('/') + 1));
  const env = { ...process.env, HOME: home, KUBECONFIG: kubeconfig };
  return new Promise((resolve) => {
    const child = execFile(kubectl, line.split(' '), { env, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

const manifest = (namespace: string, replicas: number, image: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: ${namespace}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: '${image}'}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: ${namespace}}
spec: {selector: {app: web}, ports: [{port: 80}]}
`;

describe.skipIf(versions.length === 0)('kubectl of every supported version (skipped where there is none)', () => {
  it.each(versions)('%s does what people do with it', { timeout: 180_000 }, async (version, kubectl) => {
    const namespace = `v${version.replace('.', '-')}`;
    const says = async (line: string, wanted: string | RegExp, input?: string): Promise<string> => {
      const { code, stdout, stderr } = await run(kubectl, line, input);
      expect(stderr.replace(/^warning: .*\n/gim, ''), line).toBe('');
      if (typeof wanted === 'string') expect(stdout, line).toBe(wanted);
      else expect(stdout, line).toMatch(wanted);
      expect(code, line).toBe(0);
      return stdout;
    };
    const n = `-n ${namespace}`;
    const file = join(folder, `${namespace}.yaml`);
    await says('version', /Server Version: v1\.33\./);
    await says(`create namespace ${namespace}`, `namespace/${namespace} created\n`);
    writeFileSync(file, manifest(namespace, 2, 'nginx:1.27'));
    await says(`apply -f ${file}`, 'deployment.apps/web created\nservice/web created\n');
    await says(`rollout status deployment/web ${n} --timeout=50s`, /successfully rolled out\n$/);
    writeFileSync(file, manifest(namespace, 3, 'nginx:1.27'));
    const difference = await run(kubectl, `diff -f ${file}`);
    expect(difference.stdout).toContain('+  replicas: 3');
    await says(`apply -f ${file}`, 'deployment.apps/web configured\nservice/web unchanged\n');
    await says(`apply --server-side --force-conflicts -f ${file}`, /^deployment.apps\/web serverside-applied\n/);
    await says(`get deployment web ${n} -o jsonpath={.spec.replicas}`, '3');
    await says(
      `get pods ${n} -o wide`,
      /^NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES\n/,
    );
    await says(`get all ${n}`, /^NAME[^]*deployment\.apps\/web/);
    await says(`get deployment web ${n} -o yaml`, /^apiVersion: apps\/v1\n/);
    await says(`get nodes --show-labels`, /^NAME +STATUS +ROLES +AGE +VERSION +LABELS\n/);
    await says(`describe deployment web ${n}`, /^Name: +web\n[^]*ScalingReplicaSet/);
    await says(`label deployment web tier=front ${n}`, 'deployment.apps/web labeled\n');
    await says(`annotate service web by=me ${n}`, 'service/web annotated\n');
    await says(`scale deployment web --replicas=1 ${n}`, 'deployment.apps/web scaled\n');
    await says(`set image deployment/web web=nginx:1.26 ${n}`, 'deployment.apps/web image updated\n');
    await says(`patch deployment web ${n} --type=merge -p {"spec":{"paused":true}}`, 'deployment.apps/web patched\n');
    await says(`rollout history deployment/web ${n}`, /REVISION +CHANGE-CAUSE\n1 +<none>\n2 +<none>\n/);
    await says(`create configmap settings --from-literal=a=b ${n}`, 'configmap/settings created\n');
    await says(`get configmap settings ${n} -o go-template={{.data.a}}`, 'b');
    await says('api-resources --api-group=apps -o name', /^controllerrevisions\.apps\ndaemonsets\.apps\n/);
    await says('explain deployment.spec.strategy', /^GROUP: +apps\nKIND: +Deployment\n/);
    await says(`auth can-i delete pods ${n}`, 'yes\n');
    await says(
      `wait --for=condition=Available deployment/web ${n} --timeout=50s`,
      'deployment.apps/web condition met\n',
    );
    await says(`exec deploy/web ${n} -- cat /etc/hostname`, /^web-/);
    await says(`logs deploy/web ${n} --tail=1`, /\n$/);
    await says(`delete -f ${file}`, /service "web" deleted/);
    const missing = await run(kubectl, `get deployment web ${n}`);
    expect([missing.code, missing.stderr]).toEqual([
      1,
      'Error from server (NotFound): deployments.apps "web" not found\n',
    ]);

    await says(`create serviceaccount reader ${n}`, 'serviceaccount/reader created\n');
    await says(`create role reader --verb=get,list --resource=configmaps ${n}`, /reader created\n$/);
    await says(
      `create rolebinding reader --role=reader --serviceaccount=${namespace}:reader ${n}`,
      /reader created\n$/,
    );
    const token = (await says(`create token reader ${n}`, /^ey[\w-]+\.[\w-]+\.[\w-]+\n?$/)).trim();
    const as = `--context=token --token=${token}`;
    await says(`${as} get configmaps ${n} -o name`, 'configmap/kube-root-ca.crt\nconfigmap/settings\n');
    const who = `system:serviceaccount:${namespace}:reader`;
    const refused = await run(kubectl, `${as} delete configmap settings ${n}`);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      `Error from server (Forbidden): configmaps "settings" is forbidden: User "${who}" cannot delete resource "configmaps" in API group "" in the namespace "${namespace}"\n`,
    ]);
    const wrong = await run(kubectl, `--context=token --token=nonsense get pods ${n}`);
    expect([wrong.code, wrong.stderr]).toEqual([1, 'error: You must be logged in to the server (Unauthorized)\n']);
  });
});
