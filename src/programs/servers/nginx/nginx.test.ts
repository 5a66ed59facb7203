import { expect, test } from 'vitest';
import type { Namespace } from '../../../linux/fs';
import { Output, OutputFile } from '../../../containers/shim/output';
import { lab } from '../../../containers/testing/lab';
import { treeOf } from '../../../containers/images/tree';
import { nginx as repository } from '../../../containers/images/nginx';
import { decode } from '../../../linux/io/bytes';
import { readBody } from '../../../linux/net/http/codec';
import { request } from '../../../linux/net/http/client';
import { programs } from '..';

/** A host on whose disk the image's own files lie. */
async function world(conf?: string) {
  const { host, clock } = lab(programs);
  const image = repository.tags.get('latest')?.();
  const mounts = host.init.namespaces.mnt as Namespace;
  image?.layers.forEach((layer, index) => mounts.mountTree(`/image/${index}`, treeOf(layer)));
  const lowers = (image?.layers ?? []).map((_, index) => `/image/${index}`).reverse();
  for (const path of ['/upper', '/work', '/root']) host.fs.mkdirAll(path);
  host.fs.mount({
    source: 'overlay',
    target: '/root',
    type: 'overlay',
    options: { lowerdir: lowers.join(':'), upperdir: '/upper', workdir: '/work' },
  });
  for (const name of ['access', 'error']) {
    host.fs.unlink(`/root/var/log/nginx/${name}.log`);
  }
  if (conf !== undefined) host.fs.writeFile('/root/etc/nginx/conf.d/default.conf', conf);
  host.net.setUp('lo', true);
  const run = (...args: string[]) => {
    let text = '';
    const stderr = new Output(clock);
    stderr.listen((bytes) => void (text += decode(bytes)));
    const child = host.spawn({
      file: '/usr/sbin/nginx',
      argv: ['nginx', ...args],
      root: '/root',
      fds: new Map([[2, new OutputFile('err', stderr)]]),
    });
    if (!child.ok) throw new Error(child.error.message);
    return { child: child.value, stderr: () => text };
  };
  const get = async (path: string) => {
    let answer: unknown;
    host.init.thread(async () => {
      const sent = await request(host.init, { url: `http://127.0.0.1${path}`, addresses: ['127.0.0.1'] });
      answer = sent.ok
        ? [sent.value.status, decode(await readBody(sent.value.body)), sent.value.headers.get('Content-Type')]
        : sent.error;
    });
    await clock.runUntil(() => answer !== undefined, { limit: 10_000 });
    return answer;
  };
  const log = (name: string) => {
    const read = host.fs.readText(`/root/var/log/nginx/${name}.log`);
    return read.ok ? read.value : '';
  };
  return { host, clock, run, get, log };
}

test('serves its welcome page, says 404 in its own words, logs both', async () => {
  const { clock, run, get, log } = await world();
  run('-g', 'daemon off;');
  await clock.advance(100);
  expect(await get('/')).toEqual([200, expect.stringContaining('<title>Welcome to nginx!</title>'), 'text/html']);
  expect(await get('/nope')).toEqual([
    404,
    '<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n<hr><center>nginx/1.29.3</center>\r\n</body>\r\n</html>\r\n',
    'text/html',
  ]);
  expect(log('access').split('\n')).toEqual([
    expect.stringMatching(
      /^127\.0\.0\.1 - - \[21\/Nov\/2025:09:00:00 \+0000\] "GET \/ HTTP\/1\.1" 200 615 "-" "\S+" "-"$/,
    ),
    expect.stringMatching(/"GET \/nope HTTP\/1\.1" 404 153 /),
    '',
  ]);
  expect(log('error')).toMatch(
    /\[error\] \d+#\d+: \*2 open\(\) "\/usr\/share\/nginx\/html\/nope" failed \(2: No such file or directory\), client: 127\.0\.0\.1, server: localhost, request: "GET \/nope HTTP\/1\.1", host: "127\.0\.0\.1"\n$/,
  );
});

test('a directive that nobody knows is refused with file and line', async () => {
  const { clock, run } = await world('server {\n  listen 80;\n  rot /srv;\n}\n');
  const { stderr } = run('-t');
  await clock.advance(100);
  expect(stderr()).toMatch(
    /\[emerg\] \d+#\d+: unknown directive "rot" in \/etc\/nginx\/conf\.d\/default\.conf:3\nnginx: \[emerg\] unknown directive "rot" in \/etc\/nginx\/conf\.d\/default\.conf:3\nnginx: configuration file \/etc\/nginx\/nginx\.conf test failed\n$/,
  );
});

test('reloads with new workers, and ends when told to', async () => {
  const { host, clock, run, log } = await world();
  const { child } = run('-g', 'daemon off;');
  await clock.advance(100);
  host.init.kill(child.pid, 'SIGHUP');
  await clock.advance(100);
  expect(log('error')).toMatch(/reconfiguring\n[^]*gracefully shutting down\n[^]*exited with code 0\n[^]*SIGIO/);
  host.init.kill(child.pid, 'SIGQUIT');
  await clock.advance(100);
  expect(child.process.status).toEqual({ kind: 'exited', code: 0 });
  expect(log('error')).toMatch(/signal 3 \(SIGQUIT\) received, shutting down\n[^]*\] \d+#\d+: exit\n$/);
});
