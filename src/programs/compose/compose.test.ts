import { expect, test } from 'vitest';
import { registries } from '../../containers/images/catalogue';
import { Registries } from '../../containers/images/registry';
import { lab } from '../../containers/testing/lab';
import { Output, OutputFile } from '../../containers/shim/output';
import { decode } from '../../linux/io/bytes';
import { elf } from '../../linux/process/executable';
import type { Program } from '../../linux/process/types';
import { dockerd } from '../dockerd/dockerd';
import { compose } from './compose';

/** A busybox of a few applets. */
const busybox: Program = async (process) => {
  const [name = '', ...args] = process.argv;
  switch (name.split('/').at(-1)) {
    case 'echo':
      await process.stdout.write(`${args.join(' ')}\n`);
      return 0;
    case 'sleep':
      process.signals.handle('SIGTERM', () => undefined);
      await process.sleep(Number(args[0]) * 1000);
      return 0;
    case 'false':
      return 1;
    default:
      return 0;
  }
};

async function world(files: Readonly<Record<string, string>>) {
  const made: ReturnType<typeof lab> = lab({
    'docker-compose': compose,
    dockerd: dockerd({ registries: new Registries(registries), hostOf: () => made.host, running: () => undefined }),
    busybox,
  });
  const { host, clock } = made;
  host.fs.mkdirAll('/usr/bin');
  for (const name of ['docker-compose', 'dockerd']) host.fs.writeFile(`/usr/bin/${name}`, elf(name), 0o755);
  for (const [path, text] of Object.entries(files)) {
    host.fs.mkdirAll(path.replace(/\/[^/]*$/, ''));
    host.fs.writeFile(path, text);
  }
  host.net.setUp('lo', true);
  expect(host.spawn({ file: '/usr/bin/dockerd', argv: ['dockerd'] }).ok).toBe(true);
  await clock.advance(100);
  const run = async (line: string, env: Readonly<Record<string, string>> = {}) => {
    const argv = ['docker-compose', ...line.split(' ').filter((word) => word !== '')];
    let [stdout, stderr] = ['', ''];
    const [out, error] = [new Output(clock), new Output(clock)];
    out.listen((bytes) => void (stdout += decode(bytes)));
    error.listen((bytes) => void (stderr += decode(bytes)));
    const nothing = host.fs.open('/dev/null', { read: true });
    const child = host.spawn({
      file: '/usr/bin/docker-compose',
      argv,
      cwd: '/shop',
      env: new Map(Object.entries({ HOME: '/root', ...env })),
      fds: new Map([
        ...(nothing.ok ? [[0, nothing.value] as const] : []),
        [1, new OutputFile('out', out)] as const,
        [2, new OutputFile('err', error)] as const,
      ]),
    });
    if (!child.ok) throw new Error(child.error.message);
    let code: number | undefined;
    void child.value.wait().then((status) => (code = status.kind === 'exited' ? status.code : -1));
    await clock.runUntil(() => code !== undefined, { limit: 120_000 });
    return { code, stdout, stderr };
  };
  return { host, clock, run };
}

const shop = `services:
  web:
    image: busybox
    command: sleep 1000
    ports: ["8088:80"]
    depends_on: [db]
    networks: [front]
  db:
    image: busybox
    command: ["sleep", "1000"]
    volumes: [dbdata:/data]
    networks: [front]
networks: {front: {}}
volumes: {dbdata: {}}
`;

test('config prints the canonical form', async () => {
  const { run } = await world({ '/shop/compose.yaml': shop });
  expect(await run('config')).toEqual({
    code: 0,
    stderr: '',
    stdout: `name: shop
services:
  db:
    command:
      - sleep
      - "1000"
    image: busybox
    networks:
      front: null
    volumes:
      - type: volume
        source: dbdata
        target: /data
        volume: {}
  web:
    command:
      - sleep
      - "1000"
    depends_on:
      db:
        condition: service_started
        required: true
    image: busybox
    networks:
      front: null
    ports:
      - mode: ingress
        target: 80
        published: "8088"
        protocol: tcp
networks:
  front:
    name: shop_front
volumes:
  dbdata:
    name: shop_dbdata
`,
  });
});

test('up makes what is missing, down removes it', async () => {
  const { run, clock } = await world({ '/shop/compose.yaml': shop });
  expect(await run('up -d --quiet-pull')).toEqual({
    code: 0,
    stdout: '',
    stderr: ` db Pulling 
 web Pulling 
 db Pulled 
 web Pulled 
 Network shop_front  Creating
 Network shop_front  Created
 Volume shop_dbdata  Creating
 Volume shop_dbdata  Created
 Container shop-db-1  Creating
 Container shop-db-1  Created
 Container shop-web-1  Creating
 Container shop-web-1  Created
 Container shop-db-1  Starting
 Container shop-db-1  Started
 Container shop-web-1  Starting
 Container shop-web-1  Started
`,
  });
  await clock.advance(3000);
  expect((await run('ps')).stdout)
    .toBe(`NAME         IMAGE     COMMAND        SERVICE   CREATED         STATUS         PORTS
shop-db-1    busybox   "sleep 1000"   db        3 seconds ago   Up 3 seconds   
shop-web-1   busybox   "sleep 1000"   web       3 seconds ago   Up 3 seconds   0.0.0.0:8088->80/tcp, [::]:8088->80/tcp
`);
  expect((await run('up -d')).stderr).toBe(' Container shop-db-1  Running\n Container shop-web-1  Running\n');
  expect((await run('ls')).stdout).toBe(`NAME                STATUS              CONFIG FILES
shop                running(2)          /shop/compose.yaml
`);
  expect((await run('down -v')).stderr).toBe(` Container shop-web-1  Stopping
 Container shop-web-1  Stopped
 Container shop-web-1  Removing
 Container shop-web-1  Removed
 Container shop-db-1  Stopping
 Container shop-db-1  Stopped
 Container shop-db-1  Removing
 Container shop-db-1  Removed
 Network shop_front  Removing
 Volume shop_dbdata  Removing
 Volume shop_dbdata  Removed
 Network shop_front  Removed
`);
});
