import { expect, test } from 'vitest';
import { registries } from '../../../../containers/images/catalogue';
import { Registries } from '../../../../containers/images/registry';
import { readTar } from '../../../../containers/archive/untar';
import { Output, OutputFile } from '../../../../containers/shim/output';
import { lab } from '../../../../containers/testing/lab';
import { decode, encode } from '../../../../linux/io/bytes';
import { elf } from '../../../../linux/process/executable';
import type { Program } from '../../../../linux/process/types';
import { dockerd } from '../../../dockerd/dockerd';
import { docker } from '../..';

/** A shell that knows `echo WORDS`, `ls DIR` and `exit N`. */
const busybox: Program = async (process) => {
  const [name = '', , line = ''] = process.argv;
  if (!name.endsWith('sh')) return 0;
  const [command, ...words] = line.split(' ');
  if (command === 'echo') await process.stdout.write(`${words.join(' ')}\n`);
  if (command === 'ls') {
    const listed = process.fs.readdir(words[0] ?? '/');
    const names = listed.ok ? listed.value.map((entry) => entry.name).toSorted() : [];
    await process.stdout.write(`${names.join(' ')}\n`);
  }
  return command === 'exit' ? Number(words[0]) : 0;
};

async function world() {
  const made: ReturnType<typeof lab> = lab({
    docker,
    dockerd: dockerd({ registries: new Registries(registries), hostOf: () => made.host, running: () => undefined }),
    busybox,
  });
  const { host, clock } = made;
  host.fs.mkdirAll('/usr/bin');
  host.fs.mkdirAll('/app/sub');
  for (const name of ['docker', 'dockerd']) host.fs.writeFile(`/usr/bin/${name}`, elf(name), 0o755);
  host.net.setUp('lo', true);
  host.spawn({ file: '/usr/bin/dockerd', argv: ['dockerd'] });
  await clock.advance(100);
  const run = async (line: string, { input = '', env = {} as Record<string, string> } = {}) => {
    let [stdout, stderr] = ['', ''];
    const out = new Output(clock);
    const error = new Output(clock);
    out.listen((bytes) => void (stdout += decode(bytes)));
    error.listen((bytes) => void (stderr += decode(bytes)));
    host.fs.writeFile('/stdin', encode(input));
    const stdin = host.fs.open('/stdin', { read: true });
    const child = host.spawn({
      file: '/usr/bin/docker',
      argv: line.split(' '),
      cwd: '/app',
      env: new Map(Object.entries({ HOME: '/root', ...env })),
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
    const timeless = stderr.replace(/\b\d+\.\d{3} /g, 'T ').replace(/ \d+\.\ds( done)?$/gm, '$1');
    return [code, stdout, timeless.replace(/sha256:\w{64}/g, 'ID')] as const;
  };
  const write = (path: string, text: string) => host.fs.writeFile(`/app/${path}`, text);
  return { host, clock, run, write };
}

test('docker build tells each step and tags the image', async () => {
  const { run, write, host } = await world();
  write('Dockerfile', 'FROM busybox\nCOPY a /a\nRUN echo hi\n');
  write('a', 'A');
  await run('docker pull -q busybox');
  const [code, stdout, stderr] = await run('docker build -t app --iidfile /app/id .');
  expect([code, stdout]).toEqual([0, '']);
  expect(
    stderr
      .split('\n\n')
      .map((step) => step.replace(/^#\d+ /gm, ''))
      .toSorted(),
  ).toEqual(
    [
      'building with "default" instance using docker driver',
      '[internal] load build definition from Dockerfile\ntransferring dockerfile: 72B done\nDONE',
      '[internal] load metadata for docker.io/library/busybox:latest\nDONE',
      '[internal] load .dockerignore\ntransferring context: 2B done\nDONE',
      '[1/3] FROM docker.io/library/busybox:latest\nDONE',
      '[internal] load build context\ntransferring context: 29B done\nDONE',
      '[2/3] COPY a /a\nDONE',
      '[3/3] RUN echo hi\nT hi\nDONE',
      'exporting to image\nexporting layers done\nwriting image ID done\nnaming to docker.io/library/app done\nDONE\n',
    ].toSorted((a, b) => (String(a) < String(b) ? -1 : 1)),
  );
  const id = host.fs.readText('/app/id');
  expect(id.ok && id.value).toMatch(/^sha256:\w{64}$/);
  expect(await run('docker build -q .')).toEqual([0, `${id.ok ? id.value : ''}\n`, '']);
});

test('a failing step is shown with its lines of the Dockerfile', async () => {
  const { run, write } = await world();
  write('sub/Dockerfile.x', 'FROM busybox\nRUN echo one\nRUN exit 3\nRUN echo two\n');
  const [code, stdout, stderr] = await run('docker build -f sub/Dockerfile.x .');
  expect([code, stdout]).toEqual([1, '']);
  const failed = 'process "/bin/sh -c exit 3" did not complete successfully: exit code: 3';
  expect(stderr.slice(stderr.indexOf('ERROR'))).toBe(
    `ERROR: ${failed}\n------\n > [3/4] RUN exit 3:\n------\nsub/Dockerfile.x:3\n--------------------\n   1 |     FROM busybox\n   2 |     RUN echo one\n   3 | >>> RUN exit 3\n   4 |     RUN echo two\n   5 |     \n--------------------\nERROR: failed to build: failed to solve: ${failed}\n`,
  );
  const [, left] = await run('docker ps -aq');
  expect(left).toBe('');
});

test('the Dockerfile comes from standard input or from outside, and is no part of the context', async () => {
  const { run, write, host } = await world();
  write('a', 'A');
  write('.dockerignore', '*\n!a\n');
  const [code, , stderr] = await run('docker build -f - .', { input: 'FROM busybox\nCOPY . /x\nRUN ls /x\n' });
  expect([code, /T (.*)\n/.exec(stderr)?.[1]]).toEqual([0, 'a']);
  const [only, , alone] = await run('docker build -', { input: 'FROM busybox\nWORKDIR /x\nCOPY . .\nRUN ls /x\n' });
  expect([only, /T (.*)\n/.exec(alone)?.[1]]).toEqual([0, '']);
  host.fs.writeFile('/Other', 'FROM busybox\nCOPY . /y\nRUN ls /y\n');
  const [outside, , text] = await run('docker build -f /Other .');
  expect([outside, /T (.*)\n/.exec(text)?.[1]]).toEqual([0, 'a']);
});

test('what is wrong on the command line is said before anything is built', async () => {
  const { run, write } = await world();
  write('Dockerfile', 'FROM busybox\n');
  const usage =
    "Usage:  docker buildx build [OPTIONS] PATH | URL | -\n\nRun 'docker buildx build --help' for more information\n";
  const errors = async (line: string, options = {}) => {
    const [code, stdout, stderr] = await run(line, options);
    expect(stdout).toBe('');
    return [code, stderr];
  };
  expect(await errors('docker build')).toEqual([
    1,
    `ERROR: docker: 'docker buildx build' requires 1 argument\n\n${usage}`,
  ]);
  expect(await errors('docker build --nope .')).toEqual([125, `unknown flag: --nope\n\n${usage}`]);
  expect(await errors('docker build /nope')).toEqual([
    1,
    'ERROR: failed to build: unable to prepare context: path "/nope" not found\n',
  ]);
  expect(await errors('docker build -t App .')).toEqual([
    1,
    'ERROR: failed to build: invalid tag "App": repository name must be lowercase\n',
  ]);
  expect(await errors('docker build -f - -')).toEqual([
    1,
    "ERROR: failed to build: invalid argument: can't use stdin for both build context and dockerfile\n",
  ]);
  expect(await errors('docker build -f no/Dockerfile .')).toEqual([
    1,
    'ERROR: failed to build: resolve : lstat no: no such file or directory\n',
  ]);
  expect(await errors('docker build --network web .')).toEqual([
    1,
    'ERROR: failed to build: network mode "web" not supported by buildkit - you can define a custom network for your builder using the network driver-opt in buildx create\n',
  ]);
  expect(await errors('docker build --secret id=x,src=/nope .')).toEqual([
    1,
    'ERROR: failed to build: failed to stat /nope: stat /nope: no such file or directory\n',
  ]);
  expect(await errors('docker build --secret x .')).toEqual([1, "ERROR: invalid field 'x' must be a key=value pair\n"]);
  expect(await errors('docker build --progress tty .')).toEqual([
    1,
    'ERROR: failed to get console: provided file is not a console\n',
  ]);
  expect(await errors('docker build --builder x .')).toEqual([1, 'ERROR: no builder "x" found\n']);
  expect(await errors('docker build --platform linux/amd64,linux/arm64 .')).toEqual([
    1,
    'ERROR: failed to build: Multi-platform build is not supported for the docker driver.\nSwitch to a different driver, or turn on the containerd image store, and try again.\nLearn more at https://docs.docker.com/go/build-multi-platform/\n',
  ]);
});

test('builders are kept, chosen and removed', async () => {
  const { run } = await world();
  expect(await run('docker buildx create --name other --use')).toEqual([0, 'other\n', '']);
  const [, listed] = await run('docker buildx ls');
  expect(listed).toBe(
    'NAME/NODE     DRIVER/ENDPOINT                   STATUS     BUILDKIT   PLATFORMS\nother*        docker-container                                        \n \\_ other0     \\_ unix:///var/run/docker.sock   inactive              \ndefault       docker                                                  \n \\_ default    \\_ default                       running    v0.25.2    linux/amd64 (+4), linux/386\n',
  );
  expect(await run('docker buildx rm other')).toEqual([0, '', 'other removed\n']);
  expect(await run('docker buildx rm default')).toEqual([
    1,
    '',
    'failed to remove default: context builder cannot be removed, run `docker context rm default` to remove this context\nERROR: failed to remove one or more builders\n',
  ]);
  expect(await run('docker buildx use nope')).toEqual([
    1,
    '',
    'ERROR: failed to find instance "nope": open nope: no such file or directory\n',
  ]);
});

test('bake: targets of HCL, JSON and compose files', async () => {
  const { run, write } = await world();
  write(
    'docker-bake.hcl',
    'variable "TAG" { default = "v1" }\ngroup "default" { targets = ["web"] }\ntarget "base" {\n  args = { A = "1" }\n}\ntarget "web" {\n  inherits = ["base"]\n  context = "sub"\n  tags = ["web:${TAG}"]\n  args = { B = TAG == "v1" ? "one" : "two" }\n}\n',
  );
  const [code, printed] = await run('docker buildx bake --print --set web.args.C=3', { env: { TAG: 'v2' } });
  expect([code, JSON.parse(printed)]).toEqual([
    0,
    {
      group: { default: { targets: ['web'] } },
      target: {
        web: { context: 'sub', dockerfile: 'Dockerfile', args: { A: '1', B: 'two', C: '3' }, tags: ['web:v2'] },
      },
    },
  ]);
  write(
    'compose.yaml',
    'services:\n  api:\n    image: api:1\n    build: {context: sub, args: [X=1]}\n  db: {image: redis}\n',
  );
  write('sub/Dockerfile', 'FROM busybox\nARG X\nRUN echo $X\n');
  expect((await run('docker bake -f compose.yaml --progress none'))[0]).toBe(0);
  expect((await run('docker images -q api:1'))[1]).toMatch(/^\w{12}\n$/);
  expect(await run('docker buildx bake nope')).toEqual([1, '', 'ERROR: failed to find target nope\n']);
});

test('what was built before is listed, told again and removed', async () => {
  const { run, write, host } = await world();
  write('Dockerfile', 'FROM busybox\nCOPY Dockerfile /\nRUN echo hi\n');
  await run('docker build -t app --metadata-file /app/meta.json .');
  await run('docker build --target nope -f sub/Other .');
  const [, listed] = await run('docker buildx history ls');
  const rows = listed.split('\n').map((row) =>
    row
      .replace(/^\w{25} /, 'REF ')
      .replace(/\d+ seconds? ago|Less than a second ago/, 'AGO')
      .replace(/\d+\.\ds/, 'TIME')
      .replace(/ {2,}/g, '  '),
  );
  expect(rows).toEqual([
    'BUILD ID  NAME  STATUS  CREATED AT  DURATION  ',
    'REF  app/sub/Other (nope)  Error  AGO  TIME  ',
    'REF  app  Completed  AGO  TIME  ',
    '',
  ]);
  const [, refs] = await run('docker buildx history ls --format {{.Ref}}');
  const [, ref = ''] = refs.split('\n');
  const meta = host.fs.readText('/app/meta.json');
  expect(meta.ok && JSON.parse(meta.value)).toEqual({
    'buildx.build.ref': `default/default/${ref}`,
    'containerimage.config.digest': expect.stringMatching(/^sha256:/),
    'containerimage.digest': expect.stringMatching(/^sha256:/),
    'image.name': 'docker.io/library/app:latest',
  });
  const [code, , logs] = await run(`docker buildx history logs ${ref}`);
  expect([code, logs.split('\n')[0]]).toEqual([0, '#1 [internal] load build definition from Dockerfile']);
  expect(logs).toContain('T hi\n');
  expect(await run(`docker buildx history rm ${ref}`)).toEqual([0, '', '']);
  expect((await run('docker buildx history ls --format {{.Name}}'))[1]).toBe('app/sub/Other (nope)\n');
  const [, du] = await run('docker buildx du');
  expect(du.split('\n')[0]).toBe('ID                           RECLAIMABLE   SIZE      LAST ACCESSED');
  expect(du).toMatch(/\nShared:\t\t\d.*B\nPrivate:\t\d.*B\nReclaimable:\t(\d.*B)\nTotal:\t\t\1\n$/);
  const [, pruned] = await run('docker builder prune -af');
  expect(pruned.split('\n')[0]).toBe('ID\t\t\t\t\t\tRECLAIMABLE\tSIZE\t\tLAST ACCESSED');
  expect(pruned).toMatch(/\nTotal:\t\d.*B\n$/);
  expect((await run('docker buildx du'))[1].endsWith('Reclaimable:\t0B\nTotal:\t\t0B\n')).toBe(true);
  expect(await run('docker builder prune', { input: 'n\n' })).toEqual([
    0,
    'WARNING! This will remove all dangling build cache. Are you sure you want to continue? [y/N] ',
    '',
  ]);
});

test('the result as files: a directory, an archive, an image to load', async () => {
  const { run, write, host } = await world();
  write('Dockerfile', 'FROM scratch\nCOPY a /dir/a\nCOPY a /b\n');
  write('a', 'A');
  expect((await run('docker build -q -o out .'))[0]).toBe(0);
  const names = (path: string) => {
    const listed = host.fs.readdir(path);
    return listed.ok ? listed.value.map(({ name }) => name).toSorted() : listed.error.code;
  };
  expect([names('/app/out'), names('/app/out/dir'), host.fs.readText('/app/out/b')]).toEqual([
    ['b', 'dir'],
    ['a'],
    { ok: true, value: 'A' },
  ]);
  expect((await run('docker build -q -o type=tar,dest=x.tar .'))[0]).toBe(0);
  const archive = host.fs.readFile('/app/x.tar');
  const read = archive.ok ? readTar(archive.value) : archive;
  expect(read.ok && read.value.map(({ name }) => name)).toEqual(['b', 'dir/', 'dir/a']);
  expect((await run('docker ps -aq'))[1] + (await run('docker images -aq'))[1]).toBe('');
  expect((await run('docker build -t app -o type=docker,dest=app.tar .'))[0]).toBe(0);
  await run('docker rmi app');
  expect((await run('docker load -i app.tar'))[1]).toMatch(/Loaded image: app:latest\n$/);
  expect(await run('docker build -o type=oci,dest=x .')).toEqual([
    1,
    '',
    'ERROR: failed to build: OCI exporter is not supported for the docker driver.\nSwitch to a different driver, or turn on the containerd image store, and try again.\nLearn more at https://docs.docker.com/go/build-exporters/\n',
  ]);
  expect(await run('docker build -o type=nope .')).toEqual([
    1,
    '',
    'ERROR: failed to build: failed to solve: exporter "nope" could not be found\n',
  ]);
});

test('secrets come from files and from the environment, build arguments from the environment', async () => {
  const { run, write } = await world();
  write(
    'Dockerfile',
    'FROM busybox\nARG A\nARG B=none\nRUN echo $A $B\nRUN --mount=type=secret,id=S ls /run/secrets\n',
  );
  const [code, , stderr] = await run('docker build --secret id=S,env=TOKEN --build-arg A --build-arg B=b .', {
    env: { A: 'from-env', TOKEN: 't' },
  });
  expect([code, [...stderr.matchAll(/T (.*)\n/g)].map(([, text]) => text)]).toEqual([0, ['$A $B', 'S']]);
});

test('what a Dockerfile offers: its checks, targets and arguments', async () => {
  const { run, write } = await world();
  write(
    'Dockerfile',
    '# VERSION which busybox\nARG VERSION=latest\n# base all stand on it\nFROM busybox:${VERSION} AS base\nARG MODE=fast\nFROM base AS app\nRUN --mount=type=secret,id=key,required=true echo hi\nFROM busybox AS other\n',
  );
  expect((await run('docker build --call=targets .'))[1]).toBe(
    'TARGET          DESCRIPTION\nbase            all stand on it\napp             \nother (default) \n',
  );
  expect((await run('docker build --call=outline --target app --build-arg MODE=slow .'))[1]).toBe(
    'TARGET: app\n\nBUILD ARG   VALUE    DESCRIPTION\nVERSION     latest   which busybox\nMODE        slow     \n\nSECRET   REQUIRED\nkey      true\n\n',
  );
  expect((await run('docker build --check .')).slice(0, 2)).toEqual([0, 'Check complete, no warnings found.\n']);
  write('Dockerfile', 'FROM busybox as x\nCMD echo hi\n');
  const [code, said] = await run('docker build --check .');
  expect([code, said.split('\n').slice(0, 5)]).toEqual([
    1,
    [
      'Check complete, 2 warnings have been found!',
      '',
      'WARNING: FromAsCasing - https://docs.docker.com/go/dockerfile/rule/from-as-casing/',
      "'as' and 'FROM' keywords' casing do not match",
      'Dockerfile:1',
    ],
  ]);
  const [, , debug] = await run('docker --debug build -t x .');
  expect(debug).toContain(
    "\n \x1b[33m2 warnings found:\n\x1b[0m - FromAsCasing: 'as' and 'FROM' keywords' casing do not match (line 1)\n",
  );
  expect(debug).toContain('More info: https://docs.docker.com/go/dockerfile/rule/from-as-casing/\nDockerfile:1\n');
});
