import { at, patches, type Thing } from '../client';
import { area, type Behaviours, type Framework } from '../framework';
import { BUSYBOX, exec, podOf, reach, ready, serve, shellContainer, SLEEP, start } from '../pods';

const create = (f: Framework, name: string, spec: object, labels: object = {}): Promise<Thing> =>
  f.api.create(f.at('services'), { metadata: { name, labels }, spec });
const setType = (f: Framework, name: string, change: (spec: Readonly<Record<string, unknown>>) => object) =>
  f.change(f.at('services', name), (it) => ({ ...it, spec: change(it['spec'] as Readonly<Record<string, unknown>>) }));

/** A pod that serves its name, and one that asks. */
async function backend(f: Framework, name: string, labels: object, port = 80): Promise<void> {
  const containerPort = { containerPort: port, name: 'http' };
  const pod = podOf({ name, script: serve(name, port), container: { ports: [containerPort] }, metadata: { labels } });
  await f.api.create(f.at('pods'), pod);
  await ready(f, name);
}
async function asker(f: Framework): Promise<void> {
  await start(f, { name: 'asker', script: SLEEP });
  await reach(f, 'asker', 'Running');
}
const answers = (f: Framework, where: string, wanted: string): Promise<void> =>
  f.until(
    async () => (await exec(f, 'asker', `wget -qO- -T 2 http://${where} || true`)).trim() === wanted,
    `${where} to answer ${wanted}`,
  );
const ips = async (f: Framework, service: string): Promise<number> =>
  ((at(await f.api.get(f.at('endpoints', service)), 'subsets', 0, 'addresses') ?? []) as readonly unknown[]).length;

const reached = async (f: Framework, name: string): Promise<void> => {
  const ip = String(at(await f.api.get(f.at('services', name)), 'spec', 'clusterIP'));
  await answers(f, ip, 'backend');
};
const ports = [{ port: 80, protocol: 'TCP', name: 'http' }];
const selector = { app: 'backend' };

export const services: Behaviours = {
  ...area('[sig-network] Services', {
    'should provide secure master service': async (f) => {
      await f.api.get('/api/v1/namespaces/default/services/kubernetes');
    },
    'should find a service from listing all namespaces': async (f) => {
      const { items } = await f.api.get('/api/v1/services');
      f.holds(
        items.some(({ metadata }) => metadata.name === 'kubernetes' && metadata.namespace === 'default'),
        'it is listed',
      );
    },
    'should serve a basic endpoint from pods': async (f) => {
      await create(f, 'endpoint-test2', { selector, ports });
      await asker(f);
      await backend(f, 'backend', selector);
      await f.until(async () => (await ips(f, 'endpoint-test2')) === 1, 'one endpoint');
      await reached(f, 'endpoint-test2');
      await backend(f, 'other', selector);
      await f.until(async () => (await ips(f, 'endpoint-test2')) === 2, 'two endpoints');
      await f.api.delete(f.at('pods', 'other'));
      await f.until(async () => (await ips(f, 'endpoint-test2')) === 1, 'one endpoint again');
      await reached(f, 'endpoint-test2');
    },
    'should serve multiport endpoints from pods': async (f) => {
      await create(f, 'multi-endpoint-test', {
        selector,
        ports: [
          { name: 'portname1', port: 80, targetPort: 'portname1' },
          { name: 'portname2', port: 81, targetPort: 'portname2' },
        ],
      });
      await asker(f);
      for (const [name, port] of [
        ['portname1', 100],
        ['portname2', 101],
      ] as const) {
        const container = { ports: [{ name, containerPort: port }] };
        await f.api.create(
          f.at('pods'),
          podOf({ name, script: serve(name, port), container, metadata: { labels: selector } }),
        );
        await ready(f, name);
      }
      const ip = String(at(await f.api.get(f.at('services', 'multi-endpoint-test')), 'spec', 'clusterIP'));
      await answers(f, `${ip}:80`, 'portname1');
      await answers(f, `${ip}:81`, 'portname2');
    },
    'should be able to create a functioning NodePort service': async (f) => {
      await create(f, 'nodeport-test', { type: 'NodePort', selector, ports });
      await asker(f);
      await backend(f, 'backend', selector);
      const service = await f.api.get(f.at('services', 'nodeport-test'));
      await reached(f, 'nodeport-test');
      const nodePort = String(at(service, 'spec', 'ports', 0, 'nodePort'));
      for (const node of ['172.30.2.2', '172.30.3.2']) await answers(f, `${node}:${nodePort}`, 'backend');
    },
    'should be able to change the type from ExternalName to ClusterIP': async (f) => {
      await create(f, 'service', { type: 'ExternalName', externalName: 'foo.example.com' });
      await asker(f);
      await backend(f, 'backend', selector);
      await setType(f, 'service', () => ({ type: 'ClusterIP', selector, ports }));
      await reached(f, 'service');
    },
    'should be able to change the type from ExternalName to NodePort': async (f) => {
      await create(f, 'service', { type: 'ExternalName', externalName: 'foo.example.com' });
      await asker(f);
      await backend(f, 'backend', selector);
      const changed = await setType(f, 'service', () => ({ type: 'NodePort', selector, ports }));
      await reached(f, 'service');
      await answers(f, `172.30.2.2:${String(at(changed, 'spec', 'ports', 0, 'nodePort'))}`, 'backend');
    },
    'should be able to change the type from ClusterIP to ExternalName': async (f) => {
      await create(f, 'backend-svc', { selector, ports });
      await create(f, 'service', { selector, ports });
      await asker(f);
      await backend(f, 'backend', selector);
      const externalName = `backend-svc.${f.namespace}.svc.cluster.local`;
      await setType(f, 'service', () => ({ type: 'ExternalName', externalName }));
      await answers(f, 'service', 'backend');
    },
    'should be able to change the type from NodePort to ExternalName': async (f) => {
      await create(f, 'backend-svc', { selector, ports });
      await create(f, 'service', { type: 'NodePort', selector, ports });
      await asker(f);
      await backend(f, 'backend', selector);
      const externalName = `backend-svc.${f.namespace}.svc.cluster.local`;
      await setType(f, 'service', () => ({ type: 'ExternalName', externalName }));
      await answers(f, 'service', 'backend');
    },
    'should test the lifecycle of an Endpoint': async (f) => {
      const path = f.at('endpoints', 'testservice');
      const watch = await f.api.watch(`${f.at('endpoints')}?labelSelector=test-endpoint-static%3Dtrue`);
      const subsets = (ip: string) => [{ addresses: [{ ip }], ports: [{ name: 'http', port: 80, protocol: 'TCP' }] }];
      await f.api.create(f.at('endpoints'), {
        metadata: { name: 'testservice', labels: { 'test-endpoint-static': 'true' } },
        subsets: subsets('10.0.0.24'),
      });
      await watch.next('ADDED');
      const { items } = await f.api.get('/api/v1/endpoints?labelSelector=test-endpoint-static%3Dtrue');
      f.equal(items.length, 1, 'how many are listed');
      await f.change(path, (it) => ({
        ...it,
        metadata: { ...it.metadata, labels: { ...it.metadata.labels, 'test-service': 'updated' } },
      }));
      await watch.next('MODIFIED');
      await f.api.patch(path, { metadata: { labels: { 'test-service': 'patched' } }, subsets: subsets('10.0.0.25') });
      const { object } = await watch.next('MODIFIED');
      f.equal(at(object, 'subsets', 0, 'addresses', 0, 'ip'), '10.0.0.25', 'the address');
      await f.api.delete(`${f.at('endpoints')}?labelSelector=test-endpoint-static%3Dtrue`);
      await watch.next('DELETED');
      await f.refused(f.api.get(path), 404);
    },
    'should complete a service status lifecycle': async (f) => {
      const path = f.at('services', 'test-service');
      await create(f, 'test-service', { type: 'LoadBalancer', ports }, { 'test-service-static': 'true' });
      const watch = await f.api.watch(`${f.at('services')}?labelSelector=test-service-static%3Dtrue`);
      await f.api.get(`${path}/status`);
      const loadBalancer = { ingress: [{ ip: '203.0.113.1' }] };
      const patched = await f.api.patch(`${path}/status`, {
        metadata: { annotations: { patchedstatus: 'true' } },
        status: { loadBalancer },
      });
      f.equal(at(patched, 'status', 'loadBalancer', 'ingress', 0, 'ip'), '203.0.113.1', 'the address');
      await watch.until('MODIFIED', 'true', 'metadata', 'annotations', 'patchedstatus');
      const own = { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from e2e test' };
      const updated = await f.change(
        path,
        (it) => ({
          ...it,
          status: { ...(it['status'] as object), conditions: [{ ...own, lastTransitionTime: '2025-01-01T00:00:00Z' }] },
        }),
        '/status',
      );
      f.equal(at(updated, 'status', 'conditions', 0, 'type'), own.type, 'the condition');
      await f.api.patch(path, { metadata: { labels: { 'test-service': 'patched' } } }, patches.strategic);
      await watch.until('MODIFIED', 'patched', 'metadata', 'labels', 'test-service');
      await f.api.delete(path);
      await watch.until('DELETED', 'test-service', 'metadata', 'name');
    },
    'should delete a collection of services': async (f) => {
      for (const name of ['e2e-svc-a', 'e2e-svc-b', 'e2e-svc-c'])
        await create(f, name, { ports }, { own: name.endsWith('c') ? 'other' : 'one' });
      await f.api.delete(`${f.at('services')}?labelSelector=own%3Done`);
      const { items } = await f.api.get(f.at('services'));
      f.equal(
        items.map(({ metadata }) => metadata.name),
        ['e2e-svc-c'],
        'what is left',
      );
    },
  }),
  ...area('[sig-cli] Kubectl client', {
    'Kubectl api-versions should check if v1 is in available api versions': async (f) => {
      f.holds((await f.kubectl('api-versions')).split('\n').includes('v1'), 'v1 is there');
    },
    'Kubectl cluster-info should check if Kubernetes control plane services is included in cluster-info': async (f) => {
      const said = await f.kubectl('cluster-info');
      for (const part of ['Kubernetes control plane', 'is running at']) f.holds(said.includes(part), part);
    },
    'Kubectl version should check is all data is printed': async (f) => {
      const said = await f.kubectl('version');
      for (const part of ['Client Version: ', 'Server Version: ']) f.holds(said.includes(part), part);
    },
    'Kubectl run pod should create a pod from an image when restart is Never': async (f) => {
      await f.kubectl(`run e2e-test-httpd-pod --restart=Never --pod-running-timeout=2m0s --image=${BUSYBOX}`);
      const pod = await f.api.get(f.at('pods', 'e2e-test-httpd-pod'));
      f.equal(at(pod, 'spec', 'containers', 0, 'image'), BUSYBOX, 'the image');
      f.equal(at(pod, 'spec', 'restartPolicy'), 'Never', 'the policy');
    },
    "Kubectl replace should update a single-container pod's image": async (f) => {
      await f.kubectl(`run e2e-test-pod --image=docker.io/library/httpd:2.4 --labels=run=e2e-test-pod`);
      await reach(f, 'e2e-test-pod', 'Running');
      const text = await f.kubectl('get pod e2e-test-pod -o json');
      await f.kubectl('replace -f -', text.replaceAll('docker.io/library/httpd:2.4', BUSYBOX));
      const pod = await f.api.get(f.at('pods', 'e2e-test-pod'));
      f.equal(at(pod, 'spec', 'containers', 0, 'image'), BUSYBOX, 'the image');
    },
    'Kubectl server-side dry-run should check if kubectl can dry-run update Pods': async (f) => {
      const image = 'docker.io/library/httpd:2.4';
      await f.kubectl(`run e2e-test-httpd-pod --image=${image} --labels=run=e2e-test-httpd-pod`);
      const patch = `{"spec":{"containers":[{"name":"e2e-test-httpd-pod","image":"${BUSYBOX}"}]}}`;
      await f.kubectl(`patch pod e2e-test-httpd-pod -p '${patch}' --dry-run=server`);
      const pod = await f.api.get(f.at('pods', 'e2e-test-httpd-pod'));
      f.equal(at(pod, 'spec', 'containers', 0, 'image'), image, 'the image');
    },
    'Kubectl label should update the label on a resource': async (f) => {
      await start(f, { name: 'pause', script: SLEEP });
      await reach(f, 'pause', 'Running');
      await f.kubectl('label pods pause testing-label=testing-label-value');
      f.holds((await f.kubectl('get pod pause -L testing-label')).includes('testing-label-value'), 'the label');
      await f.kubectl('label pods pause testing-label-');
      f.holds(!(await f.kubectl('get pod pause -L testing-label')).includes('testing-label-value'), 'no label');
    },
    'Kubectl patch should add annotations for pods in rc': async (f) => {
      const template = { metadata: { labels: selector }, spec: { containers: [shellContainer(SLEEP)] } };
      await f.api.create(f.at('replicationcontrollers'), {
        metadata: { name: 'agnhost-primary' },
        spec: { replicas: 1, selector, template },
      });
      await f.until(async () => (await f.api.get(f.at('pods'))).items.length === 1, 'a pod');
      const [pod] = (await f.api.get(f.at('pods'))).items;
      await f.kubectl(`patch pod ${pod?.metadata.name} -p '{"metadata":{"annotations":{"x":"y"}}}'`);
      f.equal((await f.api.get(f.at('pods', pod?.metadata.name))).metadata.annotations?.['x'], 'y', 'the annotation');
    },
    'Kubectl diff should check if kubectl diff finds a difference for Deployments': async (f) => {
      const body = (image: string) =>
        JSON.stringify({
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'httpd-deployment' },
          spec: {
            replicas: 1,
            selector: { matchLabels: selector },
            template: { metadata: { labels: selector }, spec: { containers: [{ name: 'httpd', image }] } },
          },
        });
      await f.kubectl('create -f -', body('docker.io/library/httpd:2.4'));
      const { code, stdout } = await f.shell(`kubectl --namespace=${f.namespace} diff -f -`, body(BUSYBOX));
      f.equal(code, 1, 'the exit status');
      f.holds(stdout.includes(BUSYBOX), stdout);
    },
  }),
};
