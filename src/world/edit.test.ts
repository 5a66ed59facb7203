import { expect, test } from 'vitest';
import { Typist } from './testing/typist';

test('kubectl edit opens vi, takes what is right, comes back with what is wrong', async () => {
  const typist = await Typist.sit({ rows: 24, columns: 80 });
  const opened = async (): Promise<string> => {
    for (let waited = 0; waited < 50; waited++) {
      const screen = await typist.screen();
      if (typist.alternate && /"\/tmp\/kubectl-edit-\d+\.yaml" \d+L, \d+B/.test(screen)) return screen;
      await typist.world.lab.clock.advance(100);
    }
    throw new Error(await typist.screen());
  };
  const left = async (): Promise<string> =>
    typist.until((rows) => !typist.alternate && rows.endsWith('workstation:~# '.trimEnd()));
  await typist.line('kubectl create deployment web --image=nginx', 3000);

  await typist.type('kubectl edit deployment web\r');
  expect((await opened()).split('\n').slice(0, 6)).toEqual([
    "# Please edit the object below. Lines beginning with a '#' will be ignored,",
    '# and an empty file will abort the edit. If an error occurs while saving this fi',
    'le will be',
    '# reopened with the relevant failures.',
    '#',
    'apiVersion: apps/v1',
  ]);
  await typist.type(':q\r');
  expect(await left()).toContain('Edit cancelled, no changes made.');

  await typist.type('kubectl edit deployment web\r');
  await opened();
  await typist.type('/replicas: 1\r2wcw3\x1bZZ');
  expect(await left()).toContain('deployment.apps/web edited');
  expect(await typist.line('kubectl get deployment web -o jsonpath={.spec.replicas}')).toContain('\n3');

  await typist.type('kubectl edit deployment web\r');
  await opened();
  await typist.type(':%s/replicas: 3/replicas: -1/\r:wq\r');
  await typist.world.lab.clock.advance(2000);
  const again = await opened();
  expect(again).toContain(
    '# deployments.apps "web" was not valid:\n# * spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  );
  await typist.type(':q!\r');
  const told = await left();
  expect(told).toMatch(
    /A copy of your changes has been stored to "\/tmp\/kubectl-edit-\d+\.yaml"\nerror: Edit cancelled, no valid changes were saved\./,
  );

  await typist.type('KUBE_EDITOR="nano -w" kubectl edit deployment web\r');
  await typist.world.lab.clock.advance(1000);
  expect(await typist.screen()).toMatch(/^ {2}GNU nano 7\.2 +\/tmp\/kubectl-edit-\d+\.yaml/);
  await typist.type('\x1c  replicas: 3\r  replicas: 2\ry\x03\x13\x18');
  expect(await left()).toContain('deployment.apps/web edited');
});

test('vi stops and goes on, and is busybox’s in a container', async () => {
  const typist = await Typist.sit({ rows: 24, columns: 80 });
  await typist.type('vi notes.txt\rihello\x1b\x1a', 500);
  expect(await typist.screen()).toContain('[1]+  Stopped                 vi notes.txt');
  await typist.type('fg\r', 500);
  expect((await typist.screen()).split('\n').slice(0, 2)).toEqual(['hello', '~']);
  await typist.type(':wq\r', 500);
  expect(await typist.line('cat notes.txt')).toContain('\nhello\n');
  await typist.line('docker run -d --name box busybox sleep 3600', 20_000);
  await typist.type('docker exec -it box vi /etc/hostname\r', 3000);
  expect(await typist.screen()).toMatch(/\n- \/etc\/hostname 1\/1 100%$/);
  await typist.type(':q\r', 1000);
});
