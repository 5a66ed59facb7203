import { beforeAll, expect, it } from 'vitest';
import { linesAt, type Lines } from '../../world/testing/lines';

let lines: Lines;
const run = (line: string): Promise<string> => lines.run(line);

beforeAll(async () => {
  lines = await linesAt('docker');
  await run('docker pull nginx; docker pull busybox');
}, 60_000);

it('options of local volumes are mounted while somebody uses them', async () => {
  expect(await run('docker volume create -o type=tmpfs -o device=tmpfs -o o=size=1m tv')).toBe('tv\n');
  expect(await run('docker run --rm -v tv:/t busybox df /t | tail -1')).toMatch(/^tmpfs +1024 +0 +1024 +0% \/t\n$/);
  expect(await run('mount | grep volumes')).toBe('');
  await run('mkdir -p /srv/d; echo here > /srv/d/f; docker volume create -o type=none -o o=bind -o device=/srv/d bv');
  expect(await run('docker run --rm -v bv:/d busybox cat /d/f')).toBe('here\n');
  await run('docker volume create -o type=none -o o=bind -o device=/nope gone');
  expect(await run('docker run --rm -v gone:/d busybox true')).toContain(
    "error while mounting volume '/var/lib/docker/volumes/gone/_data': failed to mount local volume: mount /nope:/var/lib/docker/volumes/gone/_data, flags: 0x1000: no such file or directory",
  );
  expect(await run('docker ps -aq; mount | grep -c overlay2; ip -br link | grep -c veth')).toBe('0\n0\n');
});

it('options that do not belong together are refused', async () => {
  const create = (options: string): Promise<string> => run(`docker volume create ${options} odd`);
  const refused = (why: string): string => `Error response from daemon: create odd: ${why}\n`;
  expect(await create('-o foo=bar')).toBe(refused('invalid option: "foo"'));
  expect(await create('-o type=tmpfs')).toBe(refused('missing required option: "device"'));
  expect(await run('docker volume inspect odd')).toBe('[]\nError response from daemon: get odd: no such volume\n');
});

it('what the image holds goes into a new volume once, when the container is made; nocopy leaves it empty', async () => {
  await run('docker create --name web -v data:/usr/share/nginx/html nginx');
  expect(await run('ls /var/lib/docker/volumes/data/_data')).toBe('50x.html\nindex.html\n');
  await run('rm /var/lib/docker/volumes/data/_data/*; docker start web; docker rm -f web');
  expect(await run('ls /var/lib/docker/volumes/data/_data')).toBe('');
  expect(
    await run('docker run --rm -v plain:/usr/share/nginx/html:nocopy --entrypoint ls nginx /usr/share/nginx/html'),
  ).toBe('');
});

it('in use, pruned, filtered', async () => {
  const id = (await run('docker run -d -v data:/d busybox sleep 1000')).trim();
  expect(await run('docker volume rm data')).toBe(
    `Error response from daemon: remove data: volume is in use - [${id}]\n`,
  );
  await run('docker volume create --label a=b --label c=d two; docker volume create --label a=b one');
  expect(await run('docker volume ls -q -f label=a=b -f label=c')).toBe('two\n');
  expect(await run('docker volume ls -q -f dangling=false')).toBe('data\n');
  // Volumes with options stay.
  expect(await run('docker volume prune -af --filter label=a=b')).toMatch(/^Deleted Volumes:\n(one\ntwo|two\none)\n\n/);
  await run('docker rm -f $(docker ps -aq); docker volume prune -af');
  expect(await run('docker volume ls -q')).toBe('bv\ngone\ntv\n');
});
