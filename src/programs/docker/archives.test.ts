import { expect, test } from 'vitest';
import { registries } from '../../containers/images/catalogue';
import { Registries } from '../../containers/images/registry';
import { sha256HexOf } from '../../containers/images/digest';
import { readTar } from '../../containers/archive/untar';
import { Output, OutputFile } from '../../containers/shim/output';
import { lab } from '../../containers/testing/lab';
import { decode } from '../../linux/io/bytes';
import { elf } from '../../linux/process/executable';
import type { Program } from '../../linux/process/types';
import { dockerd } from '../dockerd/dockerd';
import { docker } from '.';

/** A busybox that sleeps, prints a file, and changes files: `touch path text`, `rm path`. */
const busybox: Program = async (process) => {
  const [applet = '', ...args] = process.argv;
  const [path = '', text = ''] = args;
  switch (applet.split('/').at(-1)) {
    case 'sleep':
      process.signals.handle('SIGTERM', () => process.exit(0));
      await process.sleep(Number(path) * 1000);
      return 0;
    case 'cat': {
      const read = process.fs.readText(path);
      await process.stdout.write(read.ok ? read.value : `${read.error.message}\n`);
      return read.ok ? 0 : 1;
    }
    case 'touch':
      return process.fs.writeFile(path, text).ok ? 0 : 1;
    case 'rm':
      return process.fs.removeAll(path).ok ? 0 : 1;
    default:
      return 127;
  }
};

async function world() {
  const made: ReturnType<typeof lab> = lab({
    docker,
    dockerd: dockerd({ registries: new Registries(registries), hostOf: () => made.host, running: () => undefined }),
    busybox,
  });
  const { host, clock } = made;
  host.fs.mkdirAll('/usr/bin');
  host.fs.mkdirAll('/w');
  for (const name of ['docker', 'dockerd']) host.fs.writeFile(`/usr/bin/${name}`, elf(name), 0o755);
  host.net.setUp('lo', true);
  host.spawn({ file: '/usr/bin/dockerd', argv: ['dockerd'] });
  await clock.advance(100);
  const run = async (line: string, input = '/dev/null') => {
    let [stdout, stderr] = ['', ''];
    const [out, error] = [new Output(clock), new Output(clock)];
    out.listen((bytes) => void (stdout += decode(bytes)));
    error.listen((bytes) => void (stderr += decode(bytes)));
    const stdin = host.fs.open(input, { read: true });
    const child = host.spawn({
      file: '/usr/bin/docker',
      argv: ['docker', ...line.split(' ').map((word) => word.replaceAll('_', ' '))],
      cwd: '/w',
      fds: new Map([
        ...(stdin.ok ? [[0, stdin.value] as const] : []),
        [1, new OutputFile('out', out)] as const,
        [2, new OutputFile('err', error)] as const,
      ]),
    });
    if (!child.ok) throw new Error(child.error.message);
    let code: number | undefined;
    void child.value.wait().then((status) => (code = status.kind === 'exited' ? status.code : -1));
    await clock.runUntil(() => code !== undefined, { limit: 120_000 });
    return [code, stdout, stderr];
  };
  const read = (path: string): string => {
    const text = host.fs.readText(path);
    return text.ok ? text.value : text.error.code;
  };
  return { host, run, read };
}

test('docker cp copies in all directions, whether the container runs or not', async () => {
  const { host, run, read } = await world();
  await run('run -d --name c1 busybox sleep 1000');
  host.fs.writeFile('/w/up', 'up\n');
  host.fs.mkdirAll('/w/dir/sub');
  host.fs.writeFile('/w/dir/sub/f', 'deep\n');
  for (const command of ['cp up c1:/tmp/', 'cp up c1:/tmp/renamed', 'cp dir c1:/tmp', 'cp /w/dir/. c1:/tmp/dot'])
    expect(await run(command)).toEqual([0, '', '']);
  expect(await run('exec c1 cat /tmp/up')).toEqual([0, 'up\n', '']);
  expect(await run('exec c1 cat /tmp/renamed')).toEqual([0, 'up\n', '']);
  expect(await run('exec c1 cat /tmp/dir/sub/f')).toEqual([0, 'deep\n', '']);
  expect(await run('exec c1 cat /tmp/dot/sub/f')).toEqual([0, 'deep\n', '']);
  await run('stop -t 0 c1');
  expect(await run('cp -q=false c1:/tmp/dir /w/back')).toEqual([0, '', 'Successfully copied 3.07kB to /w/back\n']);
  expect(read('/w/back/sub/f')).toBe('deep\n');
  expect(await run('cp c1:/tmp/up .')).toEqual([0, '', '']);
  expect(await run('cp - c1:/etc/passwd')).toEqual([1, '', 'destination "c1:/etc/passwd" must be a directory\n']);
  const failures: readonly (readonly [string, string])[] = [
    ['c1:/nope .', 'Error response from daemon: Could not find the file /nope in container c1'],
    ['up c1:/no/such/', 'no such directory'],
    ['up c1:/no/such', 'Error response from daemon: Could not find the file /no in container c1'],
    ['nope:/x .', 'Error response from daemon: No such container: nope'],
    ['/nope c1:/', 'lstat //nope: no such file or directory'],
    ['/w/no/such c1:/', 'lstat /w/no: no such file or directory'],
    ['up x', 'must specify at least one container source'],
    ['c1:/a c1:/b', 'copying between containers is not supported'],
    ['c1:/etc/passwd /no/where/x', 'invalid output path: directory "/no/where" does not exist'],
  ];
  for (const [operands, said] of failures) expect(await run(`cp ${operands}`)).toEqual([1, '', `${said}\n`]);
});

test('volumes are there for docker cp, and are not for docker export', async () => {
  const { host, run, read } = await world();
  await run('create --name c1 -v data:/data:ro -v more:/more busybox sleep 1');
  host.fs.writeFile('/w/up', 'up\n');
  expect(await run('cp up c1:/data/x')).toEqual([
    1,
    '',
    'Error response from daemon: mounted volume is marked read-only\n',
  ]);
  expect(await run('cp up c1:/more/x')).toEqual([0, '', '']);
  expect(read('/var/lib/docker/volumes/more/_data/x')).toBe('up\n');
  expect(await run('cp c1:/more/x down')).toEqual([0, '', '']);
  expect(read('/w/down')).toBe('up\n');
  expect(await run('export -o /w/all.tar c1')).toEqual([0, '', '']);
  const bytes = host.fs.readFile('/w/all.tar');
  const members = bytes.ok ? readTar(bytes.value) : undefined;
  const names = members?.ok === true ? members.value.map(({ name }) => name) : [];
  expect(names).toContain('bin/busybox');
  expect(names).not.toContain('more/x');
  expect(host.fs.mounts().filter(({ type }) => type === 'overlay')).toEqual([]);
});

test('commit, save, rmi, load: the same image comes back', async () => {
  const { host, run } = await world();
  await run('run -d --name c1 busybox sleep 1000');
  await run('exec c1 touch /new text');
  await run('exec c1 rm /etc/passwd');
  expect(await run('diff c1')).toEqual([0, 'C /etc\nD /etc/passwd\nA /new\n', '']);
  const [code, id] = await run('commit -a me -m why -c ENV_A=1 -c CMD_["cat","/new"] c1 mine:1');
  expect(code).toBe(0);
  expect(id).toMatch(/^sha256:[0-9a-f]{64}\n$/);
  expect(
    await run('image inspect -f {{.Id}}|{{.Author}}|{{.Comment}}|{{json_.Config.Cmd}}|{{len_.RootFS.Layers}} mine:1'),
  ).toEqual([0, `${String(id).trim()}|me|why|["cat","/new"]|2\n`, '']);
  expect(await run('run --rm mine:1')).toEqual([0, 'text', '']);
  expect(await run('run --rm mine:1 cat /etc/passwd')).toEqual([1, 'No such file or directory\n', '']);
  expect(await run('save -o /w/m.tar mine:1')).toEqual([0, '', '']);
  const bytes = host.fs.readFile('/w/m.tar');
  const members = bytes.ok ? readTar(bytes.value) : undefined;
  for (const { name, type, body } of members?.ok === true ? members.value : [])
    if (type === 'file' && name.startsWith('blobs/')) expect(`blobs/sha256/${sha256HexOf([body])}`).toBe(name);
  const [, removed] = await run('rmi mine:1');
  expect(removed).toMatch(new RegExp(`^Untagged: mine:1\nDeleted: ${String(id)}Deleted: sha256:[0-9a-f]{64}\n$`));
  expect(await run('load -i /w/m.tar')).toEqual([0, 'Loaded image: mine:1\n', '']);
  expect(await run('load', '/w/m.tar')).toEqual([0, 'Loaded image: mine:1\n', '']);
  expect(await run('images -q --no-trunc mine')).toEqual([0, String(id), '']);
  expect(await run('run --rm mine:1')).toEqual([0, 'text', '']);
  host.fs.writeFile('/w/bad', 'notatar\n');
  expect(await run('load', '/w/bad')).toEqual([1, '', 'unexpected EOF\n']);
  expect(await run('load -i /nope')).toEqual([1, '', 'open /nope: no such file or directory\n']);
  expect(await run('save nope')).toEqual([1, '', 'Error response from daemon: No such image: nope\n']);
  expect(await run('save -o /no/x busybox')).toEqual([
    1,
    '',
    'failed to save image: invalid output path: stat /no: no such file or directory\n',
  ]);
  expect(await run('commit -c RUN_x c1')).toEqual([
    1,
    '',
    'Error response from daemon: RUN is not a valid change command\n',
  ]);
});

test('import makes an image of an archive; images in use stay', async () => {
  const { run } = await world();
  await run('create --name c1 busybox sleep 1');
  await run('export -o /w/all.tar c1');
  const [, id] = await run('import -c CMD_["cat","/etc/hostname"] -m mine /w/all.tar flat:1');
  expect(id).toMatch(/^sha256:[0-9a-f]{64}\n$/);
  expect(await run('history --format {{.Comment}}|{{.CreatedBy}} flat:1')).toEqual([0, 'mine|\n', '']);
  const [code] = await run('run --rm flat:1');
  expect(code).toBe(0);
  const [refused, , why] = await run('rmi busybox');
  expect([refused, String(why).replace(/[0-9a-f]{12}/g, 'ID')]).toEqual([
    1,
    'Error response from daemon: conflict: unable to remove repository reference "busybox" (must force) - container ID is using its referenced image ID\n',
  ]);
  const [forced, said] = await run('rmi -f busybox');
  expect([forced, String(said).replace(/[0-9a-f]{64}/g, 'ID')]).toEqual([
    0,
    'Untagged: busybox:latest\nUntagged: busybox@sha256:ID\nDeleted: sha256:ID\n',
  ]);
  // Its layers are there as long as the container is.
  expect(await run('start c1')).toEqual([0, 'c1\n', '']);
});

test('import from a place that is not there fails as the engine fails', async () => {
  const { run } = await world();
  expect(await run('import http://nowhere.example/x.tar')).toEqual([
    1,
    '',
    expect.stringContaining('Get "http://nowhere.example/x.tar": '),
  ]);
  expect(await run('import /nope.tar')).toEqual([1, '', 'open /nope.tar: no such file or directory\n']);
});
