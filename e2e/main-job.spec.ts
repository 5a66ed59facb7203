import { expect, test } from '@playwright/test';
import { Learner } from './learner';

test('a deployment, its service, its rules, and a docker container, typed by a learner on the built page', async ({
  page,
}) => {
  test.setTimeout(180_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  const learner = new Learner(page);
  await learner.arrive();
  await learner.picture('1-arrived');

  await learner.types('kubectl create deployment nginx --image=nginx --replicas=3');
  await learner.sees('deployment.apps/nginx created');
  const pods = page.locator('[data-pod^="nginx-"]');
  await expect(pods).toHaveCount(3);
  await expect(page.locator('[data-pod^="nginx-"][data-phase="Running"]')).toHaveCount(3, { timeout: 60_000 });
  await expect(
    page.locator('[data-node="node1"] [data-pod^="nginx-"], [data-node="node2"] [data-pod^="nginx-"]'),
  ).toHaveCount(3);
  await expect
    .poll(async () => page.locator('ol[data-actor]').evaluateAll((rows) => rows.map((row) => row.dataset.actor)))
    .toEqual([
      'kubectl',
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
      'kubelet',
      'containerd',
      'network',
    ]);
  await expect(page.locator('[data-workload="Deployment/nginx"]')).toContainText(/ReplicaSet\s+nginx-\w+\s+3\/3/);
  await learner.picture('2-deployment');

  await learner.types('kubectl expose deployment nginx --port=80');
  await learner.sees('service/nginx exposed');
  await expect(page.locator('[data-service="nginx"] [data-endpoint]')).toHaveCount(3);

  await learner.clear();
  await learner.types('kubectl get pods -o wide');
  await learner.sees(/nginx-\w+-\w+ +1\/1 +Running +0 +\S+ +10\.244\.\d+\.\d+ +node[12]/);
  await learner.picture('3-exposed');

  const chain = page.locator('tbody[data-chain^="KUBE-SVC-"]', { hasText: 'default/nginx' });
  await expect(chain.locator('tr[data-packets]')).toHaveCount(4, { timeout: 30_000 });
  await expect(chain).toContainText('--probability 0.33333333349');
  await expect(chain).toContainText('--probability 0.50000000000');

  await learner.clear();
  // The client pod's own node rewrites the address, so that node's rules count.
  const node = await page.locator('[data-node]:has([data-pod^="nginx-"])').first().getAttribute('data-node');
  await page.getByLabel('host').selectOption(node);
  for (let knock = 0; knock < 4; knock++) {
    await learner.types('kubectl exec deploy/nginx -- curl -s http://nginx');
    await learner.sees('Welcome to nginx!');
    await learner.clear();
  }
  await learner.types(
    'for i in 1 2 3; do for p in $(kubectl get pods -l app=nginx -o name); do kubectl exec $p -- curl -s http://nginx | grep title; done; done; echo KNOCKED',
  );
  await learner.sees(/\nKNOCKED/);
  await expect
    .poll(async () => {
      const counts = await chain
        .locator('tr[data-packets]')
        .evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-packets'))));
      return counts.reduce((sum, count) => sum + count, 0);
    })
    .toBeGreaterThan(0);
  await learner.picture('4-knocked');

  await learner.clear();
  await learner.types(`ssh ${node} iptables-save -t nat | grep nginx`);
  await learner.sees(/-A KUBE-SVC-\w{16} .*--probability 0\.33333333349 -j KUBE-SEP-\w{16}/);
  await learner.picture('5-iptables-save');

  await learner.clear();
  await learner.types('kubectl get pods; kubectl exec deploy/nginx -- curl -s http://nginx | grep title');
  await learner.sees(/\n<title>/);
  await learner.types('docker run -d -p 8080:80 nginx');
  await learner.sees(/[0-9a-f]{64}/);
  await expect(page.locator('[data-container]')).toHaveCount(1);
  // static/picture.png is this state.
  await learner.picture('6-all-parts');
  await learner.clear();
  await learner.types('curl localhost:8080');
  await learner.sees('Welcome to nginx!');
  await expect(page.locator('[data-container][data-state="running"]')).toHaveCount(1);
  await page.getByLabel('host').selectOption('workstation');
  await expect(page.locator('tbody[data-chain="DOCKER"]')).toContainText(
    '--dport 8080 -j DNAT --to-destination 172.17.0.2:80',
  );
  await learner.picture('7-docker');

  const before = await pods.evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-pod')));
  await page.getByLabel('host').selectOption(node);
  await learner.clear();
  await learner.types(`kubectl delete pod ${before[0]}`);
  await learner.sees(`pod "${before[0]}" deleted`);
  await expect(page.locator('[data-pod^="nginx-"][data-phase="Running"]')).toHaveCount(3, { timeout: 60_000 });
  const after = await pods.evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-pod')));
  expect(after).not.toContain(before[0]);
  await learner.picture('8-replaced');

  expect(faults).toEqual([]);
});
