import { expect, test } from 'vitest';
import type { Image } from '../images/image';
import { buildLab } from './testing/lab';
import { plain } from './testing/plain';

type Lab = Awaited<ReturnType<typeof buildLab>>;

/** What would be left behind: mounts, networks' places, cgroups, containers, and folders that are not layers. */
function leftovers({ engine, world }: Lab): object {
  const { fs } = world.host;
  const names = (path: string) => {
    const listed = fs.readdir(path);
    return listed.ok ? listed.value.map(({ name }) => name) : [];
  };
  return {
    mounts: fs.mounts().filter(({ type }) => type === 'overlay').length,
    endpoints: engine.networks.list().reduce((sum, { endpoints }) => sum + endpoints.size, 0),
    links: world.host.net.links().filter(({ name }) => name.startsWith('veth')).length,
    cgroups: names('/sys/fs/cgroup/system.slice/docker.service/buildkit').filter((name) => !name.includes('.')).length,
    containers: engine.list().length,
    inUse: engine.builder.records().filter(({ inUse }) => inUse).length,
    work: names('/var/lib/docker/overlay2').filter((name) => names(`/var/lib/docker/overlay2/${name}`).includes('work'))
      .length,
    temporary: [...names('/var/lib/docker/buildkit/executor'), ...names('/var/lib/docker/tmp')],
  };
}

const nothing = { mounts: 0, endpoints: 0, links: 0, cgroups: 0, containers: 0, inUse: 0, work: 0, temporary: [] };
const paths = (image: Image | undefined): readonly string[][] =>
  (image?.layers ?? []).slice(1).map(({ entries }) => Object.keys(entries));

const app = {
  Dockerfile: 'FROM busybox\nWORKDIR /app\nCOPY . .\nRUN echo hi $PATH > out\nCMD ["cat", "out"]\n',
  a: 'A',
  'b/': '',
  'b/c': 'C',
};

test('steps make layers; the second build finds them, a changed file what it changes', async () => {
  const lab = await buildLab();
  const { engine, build } = lab;
  expect(plain(await build(app, 't=app:1'))).toMatchInlineSnapshot(`
    "  transferring dockerfile: 115
    [internal] load build definition from Dockerfile
    [internal] load metadata for docker.io/library/busybox:latest
      transferring context: 2
    [internal] load .dockerignore
      resolve docker.io/library/busybox:latest@sha256:… 0
      transferring context: 200
    [internal] load build context
      sha256:… 780732
      extracting sha256:… 0
    [1/4] FROM docker.io/library/busybox:latest@sha256:…
    [2/4] WORKDIR /app
    [3/4] COPY . .
    [4/4] RUN echo hi /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin > out
      exporting layers 0
      writing image sha256:… 0
      naming to docker.io/library/app:1 0
    exporting to image"
  `);
  const image = engine.images.find('app:1')?.image;
  expect([image?.config, image?.history.slice(1), paths(image)]).toMatchInlineSnapshot(`
    [
      {
        "ArgsEscaped": true,
        "Cmd": [
          "cat",
          "out",
        ],
        "Env": [
          "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ],
        "WorkingDir": "/app",
      },
      [
        {
          "comment": "buildkit.dockerfile.v0",
          "created": "2025-09-26T21:31:42Z",
          "created_by": "CMD ["sh"]",
          "empty_layer": true,
        },
        {
          "comment": "buildkit.dockerfile.v0",
          "created": "2025-11-21T09:00:00.666063965Z",
          "created_by": "WORKDIR /app",
        },
        {
          "comment": "buildkit.dockerfile.v0",
          "created": "2025-11-21T09:00:00.674064453Z",
          "created_by": "COPY . . # buildkit",
        },
        {
          "comment": "buildkit.dockerfile.v0",
          "created": "2025-11-21T09:00:00.758064453Z",
          "created_by": "RUN /bin/sh -c echo hi $PATH > out # buildkit",
        },
        {
          "comment": "buildkit.dockerfile.v0",
          "created": "2025-11-21T09:00:00.758064453Z",
          "created_by": "CMD ["cat" "out"]",
          "empty_layer": true,
        },
      ],
      [
        [
          "/app",
        ],
        [
          "/app",
          "/app/Dockerfile",
          "/app/a",
          "/app/b",
          "/app/b/c",
        ],
        [
          "/app",
          "/app/out",
          "/etc",
        ],
      ],
    ]
  `);
  expect(plain(await build(app, 't=app'))).toMatchInlineSnapshot(`
    "  transferring dockerfile: 115
    [internal] load build definition from Dockerfile
    [internal] load metadata for docker.io/library/busybox:latest
      transferring context: 2
    [internal] load .dockerignore
      resolve docker.io/library/busybox:latest@sha256:… 0
    [1/4] FROM docker.io/library/busybox:latest@sha256:…
      transferring context: 94
    [internal] load build context
    [2/4] WORKDIR /app: CACHED
    [3/4] COPY . .: CACHED
    [4/4] RUN echo hi /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin > out: CACHED
      exporting layers 0
      writing image sha256:… 0
      naming to docker.io/library/app 0
    exporting to image"
  `);
  expect(engine.images.find('app')?.image).toBe(image);
  expect(plain(await build({ ...app, 'b/c': 'D' }, 't=app'))).toMatchInlineSnapshot(`
    "  transferring dockerfile: 115
    [internal] load build definition from Dockerfile
    [internal] load metadata for docker.io/library/busybox:latest
      transferring context: 2
    [internal] load .dockerignore
      resolve docker.io/library/busybox:latest@sha256:… 0
    [1/4] FROM docker.io/library/busybox:latest@sha256:…
      transferring context: 105
    [internal] load build context
    [2/4] WORKDIR /app: CACHED
    [3/4] COPY . .
    [4/4] RUN echo hi /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin > out
      exporting layers 0
      writing image sha256:… 0
      naming to docker.io/library/app 0
    exporting to image"
  `);
  expect(plain(await build(app, 't=app&nocache=1'))).toMatchInlineSnapshot(`
    "  transferring dockerfile: 115
    [internal] load build definition from Dockerfile
    [internal] load metadata for docker.io/library/busybox:latest
      transferring context: 2
    [internal] load .dockerignore
      resolve docker.io/library/busybox:latest@sha256:… 0
    [1/4] FROM docker.io/library/busybox:latest@sha256:…
    [2/4] WORKDIR /app: CACHED
      transferring context: 105
    [internal] load build context
    [3/4] COPY . .
    [4/4] RUN echo hi /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin > out
      exporting layers 0
      writing image sha256:… 0
      naming to docker.io/library/app 0
    exporting to image"
  `);
  expect(leftovers(lab)).toEqual(nothing);
});

const failing: readonly (readonly [dockerfile: string, query: string])[] = [
  ['FROM busybox\nRUN nosuch\n', ''],
  ['FROM busybox\nRUN ["nosuch"]\n', ''],
  ['FROM busybox\nCOPY nope /\n', ''],
  ['FROM nope\nCOPY nope /\n', ''],
  ['FROM busybox AS a\nFROM a\n', 'target=b'],
  ['FROM busybox\nUSER nosuch\nRUN id\n', ''],
  ['FROM busybox\nRUN --mount=type=secret,id=x,required cat /run/secrets/x\n', ''],
  ['FROM busybox\nRUN --network=host ip\n', ''],
  ['FROM busybox AS first\nCOPY --from=later /a /b\nFROM busybox AS later\n', 'target=first'],
  ['FROM a AS b\nFROM b AS a\n', ''],
  ['FROM busybox\nCOPY --chmod=999 a /\n', ''],
  ['FROM busybox\nADD git@github.com:a/b.git /\n', ''],
];

test('what fails says why, and leaves nothing', async () => {
  const lab = await buildLab();
  const said: string[] = [];
  for (const [Dockerfile, query] of failing) {
    const lines = plain(await lab.build({ Dockerfile }, query)).split('\n');
    said.push(...lines.filter((line) => line.startsWith('ERROR')));
    expect([leftovers(lab), lab.engine.images.list().length]).toEqual([nothing, 0]);
  }
  expect(said.join('\n')).toMatchInlineSnapshot(`
    "ERROR process "/bin/sh -c nosuch" did not complete successfully: exit code: 127 (2-2)
    ERROR process "nosuch" did not complete successfully: exit code: 1 (2-2)
    ERROR failed to compute cache key: failed to calculate checksum of ref …: "/nope": not found (2-2)
    ERROR nope: failed to resolve source metadata for docker.io/library/nope:latest: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed (1-1)
    ERROR target stage "b" could not be found (did you mean a?)
    ERROR process "/bin/sh -c id" did not complete successfully: unable to find user nosuch: no matching entries in passwd file (3-3)
    ERROR secret x: not found (2-2)
    ERROR failed to load LLB: network.host is not allowed
    ERROR cannot copy from stage "later", it needs to be defined before current stage "first" (2-2)
    ERROR a: failed to resolve source metadata for docker.io/library/a:latest: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed (1-1)
    ERROR invalid chmod parameter: '999'. it should be octal string and between 0 and 07777 (2-2)
    ERROR failed to load cache key: git sources are not available in this world: git@github.com:a/b.git (2-2)"
  `);
});

test('only the stages that are needed are built, at the same time', async () => {
  const { engine, build, world } = await buildLab();
  const Dockerfile = [
    'FROM busybox AS one',
    'RUN sleep 5 && echo x > /out',
    'FROM busybox AS two',
    'RUN sleep 5 && echo y > /out',
    'FROM alpine AS unused',
    'RUN sleep 99',
    'FROM busybox',
    'COPY --from=one --chown=5:6 --chmod=u=rwx,g=r /out /bin/app',
    'COPY --from=1 /out /etc/two',
    'COPY --from=redis:7 /etc/redis-version /v',
    'RUN cat /bin/app && cat /etc/two',
  ].join('\n');
  const before = world.clock.now;
  expect(plain(await build({ Dockerfile }, 't=m'))).toMatchInlineSnapshot(`
    "  transferring dockerfile: 347
    [internal] load build definition from Dockerfile
    [internal] load metadata for docker.io/library/busybox:latest
    [internal] load metadata for docker.io/library/redis:7
      transferring context: 2
    [internal] load .dockerignore
      resolve docker.io/library/busybox:latest@sha256:… 0
      resolve docker.io/library/redis:7@sha256:… 0
      sha256:… 274
      sha256:… 780732
      extracting sha256:… 0
    [one 1/2] FROM docker.io/library/busybox:latest@sha256:…
      sha256:… 2727104
      sha256:… 28913797
      extracting sha256:… 0
      extracting sha256:… 0
      sha256:… 274
    FROM docker.io/library/redis:7@sha256:…
    [one 2/2] RUN sleep 5 && echo x > /out
    [two 2/2] RUN sleep 5 && echo y > /out
    [stage-3 2/5] COPY --from=one --chown=5:6 --chmod=u=rwx,g=r /out /bin/app
    [stage-3 3/5] COPY --from=1 /out /etc/two
    [stage-3 4/5] COPY --from=redis:7 /etc/redis-version /v
    [stage-3 5/5] RUN cat /bin/app && cat /etc/two | x
    [stage-3 5/5] RUN cat /bin/app && cat /etc/two | y
    [stage-3 5/5] RUN cat /bin/app && cat /etc/two
      exporting layers 0
      writing image sha256:… 0
      naming to docker.io/library/m 0
    exporting to image"
  `);
  expect(world.clock.now - before).toBeLessThan(9000);
  expect(engine.images.find('m')?.image.layers[1]?.entries['/bin/app']).toMatchObject({ mode: 0o744, uid: 5, gid: 6 });
  expect(plain(await build({ Dockerfile: Dockerfile.replace('echo x', 'echo x && true') }, 't=m')))
    .toMatchInlineSnapshot(`
    "  transferring dockerfile: 355
    [internal] load build definition from Dockerfile
    [internal] load metadata for docker.io/library/busybox:latest
    [internal] load metadata for docker.io/library/redis:7
      transferring context: 2
    [internal] load .dockerignore
      resolve docker.io/library/busybox:latest@sha256:… 0
    [one 1/2] FROM docker.io/library/busybox:latest@sha256:…: CACHED
      resolve docker.io/library/redis:7@sha256:… 0
    FROM docker.io/library/redis:7@sha256:…: CACHED
    [two 2/2] RUN sleep 5 && echo y > /out: CACHED
    [one 2/2] RUN sleep 5 && echo x && true > /out | x
    [one 2/2] RUN sleep 5 && echo x && true > /out
    [stage-3 2/5] COPY --from=one --chown=5:6 --chmod=u=rwx,g=r /out /bin/app
    [stage-3 3/5] COPY --from=1 /out /etc/two
    [stage-3 4/5] COPY --from=redis:7 /etc/redis-version /v
    [stage-3 5/5] RUN cat /bin/app && cat /etc/two | y
    [stage-3 5/5] RUN cat /bin/app && cat /etc/two
      exporting layers 0
      writing image sha256:… 0
      naming to docker.io/library/m 0
    exporting to image"
  `);
});

test('RUN: mounts of all kinds, networks, and none of it in the layer', async () => {
  const lab = await buildLab();
  const { engine, build } = lab;
  const Dockerfile = [
    'FROM busybox',
    'RUN --mount=type=cache,target=/cache echo 1 > /cache/n && ls /cache',
    'RUN --mount=type=cache,target=/cache ls /cache',
    'RUN --mount=type=secret,id=tok cat /run/secrets/tok',
    'RUN --mount=type=secret,id=tok,env=TOK echo $TOK',
    'RUN --mount=type=bind,target=/src,rw ls /src && echo x > /src/new',
    'RUN --mount=type=tmpfs,target=/t echo 1 > /t/x && ls /t',
    'RUN --network=none ip',
    'RUN ip',
    'RUN <<EOF',
    'echo one',
    'echo two',
    'EOF',
    'COPY <<A <<"B" /d/',
    'hello $HOME',
    'A',
    'raw $V',
    'B',
    'RUN cat /d/A && cat /d/B && ls / && ls /run',
  ].join('\n');
  const secrets = encodeURIComponent(JSON.stringify({ tok: btoa('s3cr3t\n') }));
  expect(plain(await build({ Dockerfile, a: 'a' }, `t=x&secrets=${secrets}`))).toMatchInlineSnapshot(`
    "  transferring dockerfile: 536
    [internal] load build definition from Dockerfile
    [internal] load metadata for docker.io/library/busybox:latest
      transferring context: 2
    [internal] load .dockerignore
    WARN UndefinedVar: Usage of undefined variable '$HOME' (line 14)
      resolve docker.io/library/busybox:latest@sha256:… 0
    [internal] preparing inline document
    [internal] preparing inline document
      transferring context: 567
    [internal] load build context
      sha256:… 780732
      extracting sha256:… 0
    [stage-0  1/12] FROM docker.io/library/busybox:latest@sha256:…
    [stage-0  2/12] RUN --mount=type=cache,target=/cache echo 1 > /cache/n && ls /cache | n
    [stage-0  2/12] RUN --mount=type=cache,target=/cache echo 1 > /cache/n && ls /cache
    [stage-0  3/12] RUN --mount=type=cache,target=/cache ls /cache | n
    [stage-0  3/12] RUN --mount=type=cache,target=/cache ls /cache
    [stage-0  4/12] RUN --mount=type=secret,id=tok cat /run/secrets/tok | s3cr3t
    [stage-0  4/12] RUN --mount=type=secret,id=tok cat /run/secrets/tok
    [stage-0  5/12] RUN --mount=type=secret,id=tok,env=TOK echo $TOK | s3cr3t
    [stage-0  5/12] RUN --mount=type=secret,id=tok,env=TOK echo $TOK
    [stage-0  6/12] RUN --mount=type=bind,target=/src,rw ls /src && echo x > /src/new | Dockerfile a
    [stage-0  6/12] RUN --mount=type=bind,target=/src,rw ls /src && echo x > /src/new
    [stage-0  7/12] RUN --mount=type=tmpfs,target=/t echo 1 > /t/x && ls /t | x
    [stage-0  7/12] RUN --mount=type=tmpfs,target=/t echo 1 > /t/x && ls /t
    [stage-0  8/12] RUN --network=none ip | lo
    [stage-0  8/12] RUN --network=none ip
    [stage-0  9/12] RUN ip | lo eth0
    [stage-0  9/12] RUN ip
    [stage-0 10/12] RUN <<EOF (echo one...) | one
    [stage-0 10/12] RUN <<EOF (echo one...) | two
    [stage-0 10/12] RUN <<EOF (echo one...)
    [stage-0 11/12] COPY <<A <<B /d/
    [stage-0 12/12] RUN cat /d/A && cat /d/B && ls / && ls /run | hello
    [stage-0 12/12] RUN cat /d/A && cat /d/B && ls / && ls /run | raw $V
    [stage-0 12/12] RUN cat /d/A && cat /d/B && ls / && ls /run | bin d dev etc home lib proc root sys tmp usr var
    [stage-0 12/12] RUN cat /d/A && cat /d/B && ls / && ls /run
      exporting layers 0
      writing image sha256:… 0
      naming to docker.io/library/x 0
    exporting to image"
  `);
  expect(paths(engine.images.find('x')?.image)).toMatchInlineSnapshot(`
    [
      [
        "/etc",
      ],
      [
        "/etc",
      ],
      [
        "/etc",
      ],
      [
        "/etc",
      ],
      [
        "/etc",
      ],
      [
        "/etc",
      ],
      [
        "/etc",
      ],
      [
        "/etc",
      ],
      [
        "/etc",
      ],
      [
        "/d",
        "/d/A",
        "/d/B",
      ],
      [
        "/etc",
      ],
    ]
  `);
  expect(leftovers(lab)).toEqual(nothing);
});

test('COPY and ADD: folders, patterns, links, what .dockerignore says', async () => {
  const { engine, build } = await buildLab();
  const files = {
    Dockerfile: [
      'FROM scratch',
      'COPY . /all/',
      'COPY *.txt one* /some/',
      'COPY dir /as-dir',
      'COPY --parents dir/sub/deep /p/',
      'COPY --exclude=*.md dir /no-md/',
      'COPY link /followed',
      'ADD empty* /none',
    ].join('\n'),
    '.dockerignore': '*.log\nsecret\n!keep.log\n',
    'a.txt': 'a',
    'b.log': 'b',
    'keep.log': 'k',
    one: '1',
    link: '-> one',
    'secret/': '',
    'secret/key': 'k',
    'dir/': '',
    'dir/r.md': 'r',
    'dir/sub/': '',
    'dir/sub/deep': 'd',
  };
  await build(files, 't=c');
  expect(engine.images.find('c')?.image.layers.map(({ entries }) => Object.keys(entries).join(' ')))
    .toMatchInlineSnapshot(`
    [
      "/all /all/.dockerignore /all/Dockerfile /all/a.txt /all/dir /all/dir/r.md /all/dir/sub /all/dir/sub/deep /all/keep.log /all/link /all/one",
      "/some /some/a.txt /some/one",
      "/as-dir /as-dir/r.md /as-dir/sub /as-dir/sub/deep",
      "/p /p/dir /p/dir/sub /p/dir/sub/deep",
      "/no-md /no-md/sub /no-md/sub/deep",
      "/followed",
    ]
  `);
});

test('rules of BuildKit, with a build and instead of one', async () => {
  const { build } = await buildLab();
  const Dockerfile =
    'ARG B\nFROM --platform=linux/amd64 busybox$B\nWORKDIR x\nENV API_TOKEN=$Q\nENV a b\nCOPY skipped /\nEXPOSE 80/TCP 1.2.3.4:80:80\nCMD echo a\nCMD ["b"]\n';
  const files = { Dockerfile, '.dockerignore': 'skipped', skipped: 's' };
  expect(plain(await build(files, 'check=1'))).toMatchInlineSnapshot(`
    "  transferring dockerfile: 182
    [internal] load build definition from Dockerfile
    [internal] load metadata for docker.io/library/busybox:latest
      transferring context: 47
    [internal] load .dockerignore
    LINT FromPlatformFlagConstDisallowed: FROM --platform flag should not use constant value "linux/amd64" (2)
    LINT WorkdirRelativePath: Relative workdir "x" can have unexpected results if the base image changes (3)
    LINT UndefinedVar: Usage of undefined variable '$Q' (4)
    LINT SecretsUsedInArgOrEnv: Do not use ARG or ENV instructions for sensitive data (ENV "API_TOKEN") (4)
    LINT LegacyKeyValueFormat: "ENV key=value" should be used instead of legacy "ENV key value" format (5)
    LINT CopyIgnoredFile: Attempting to Copy file "skipped" that is excluded by .dockerignore (6)
    LINT ExposeInvalidFormat: EXPOSE instruction should not define an IP address or host-port mapping, found '1.2.3.4:80:80' (7)
    LINT ExposeProtoCasing: Defined protocol '80/TCP' in EXPOSE instruction should be lowercase (7)
    LINT JSONArgsRecommended: JSON arguments recommended for CMD to prevent unintended behavior related to OS signals (8)
    LINT MultipleInstructionsDisallowed: Multiple CMD instructions should not be used in the same stage because only the last one will be used (8)"
  `);
  expect(plain(await build({ Dockerfile: '# check=error=true\nFROM busybox\nCMD a\n' }))).toMatchInlineSnapshot(`
    "  transferring dockerfile: 75
    [internal] load build definition from Dockerfile
    [internal] load metadata for docker.io/library/busybox:latest
      transferring context: 2
    [internal] load .dockerignore
    WARN JSONArgsRecommended: JSON arguments recommended for CMD to prevent unintended behavior related to OS signals (line 3)
    ERROR lint violation found for rules: JSONArgsRecommended"
  `);
});

test('a trigger of the base runs in front of the stage', async () => {
  const { engine, build } = await buildLab();
  await build({ Dockerfile: 'FROM busybox\nONBUILD RUN echo ran > /onb\nONBUILD COPY a /\n', a: 'a' }, 't=onb');
  const child = { Dockerfile: 'FROM onb\nRUN cat /onb\n', a: 'a' };
  expect(plain(await build(child, 't=child'))).toMatchInlineSnapshot(`
    "  transferring dockerfile: 59
    [internal] load build definition from Dockerfile
    [internal] load metadata for docker.io/library/onb:latest
      transferring context: 2
    [internal] load .dockerignore
    [1/2] FROM docker.io/library/onb:latest
      transferring context: 29
    [internal] load build context
    [2/4] ONBUILD RUN echo ran > /onb
    [3/4] ONBUILD COPY a /
    [4/4] RUN cat /onb | ran
    [4/4] RUN cat /onb
      exporting layers 0
      writing image sha256:… 0
      naming to docker.io/library/child 0
    exporting to image"
  `);
  expect([engine.images.find('onb')?.image.config.OnBuild, engine.images.find('child')?.image.config.OnBuild]).toEqual([
    ['RUN echo ran > /onb', 'COPY a /'],
    undefined,
  ]);
});

test('the cache can be seen and pruned, and then steps run again', async () => {
  const { engine, build } = await buildLab();
  await build(app, 't=app&buildname=app');
  const records = engine.builder.records();
  expect(records.map(({ kind, description, mutable, shared, size }) => ({ kind, description, mutable, shared, size })))
    .toMatchInlineSnapshot(`
    [
      {
        "description": "local source for dockerfile app",
        "kind": "source.local",
        "mutable": true,
        "shared": false,
        "size": 78,
      },
      {
        "description": "local source for dockerignore app",
        "kind": "source.local",
        "mutable": true,
        "shared": false,
        "size": 0,
      },
      {
        "description": "local source for context app /",
        "kind": "source.local",
        "mutable": true,
        "shared": false,
        "size": 80,
      },
      {
        "description": "WORKDIR /app",
        "kind": "regular",
        "mutable": false,
        "shared": true,
        "size": 0,
      },
      {
        "description": "COPY . .",
        "kind": "regular",
        "mutable": false,
        "shared": true,
        "size": 80,
      },
      {
        "description": "mount / from exec /bin/sh -c echo hi $PATH > out",
        "kind": "regular",
        "mutable": false,
        "shared": true,
        "size": 64,
      },
    ]
  `);
  expect(engine.builder.builds().map(({ name, status, steps, cachedSteps }) => ({ name, status, steps, cachedSteps })))
    .toMatchInlineSnapshot(`
    [
      {
        "cachedSteps": 0,
        "name": "app",
        "status": "completed",
        "steps": 5,
      },
    ]
  `);
  engine.builder.prune(() => true);
  expect(plain(await build(app, 't=app')).match(/CACHED/g)).toBeNull();
});

test('the classic builder', async () => {
  const lab = await buildLab();
  const { build, engine } = lab;
  expect(plain(await build(app, 't=app&version=1'))).toMatchInlineSnapshot(`
    "Step 1/5 : FROM busybox

     ---> …
    Step 2/5 : WORKDIR /app

     ---> Running in …
     ---> Removed intermediate container …
     ---> …
    Step 3/5 : COPY . .

     ---> …
    Step 4/5 : RUN echo hi $PATH > out

     ---> Running in …
     ---> Removed intermediate container …
     ---> …
    Step 5/5 : CMD ["cat", "out"]

     ---> Running in …
     ---> Removed intermediate container …
     ---> …
    Successfully built …
    Successfully tagged app:latest"
  `);
  expect(plain(await build(app, 't=app:2&version=1&buildargs={"X":"1"}'))).toMatchInlineSnapshot(`
    "Step 1/5 : FROM busybox

     ---> …
    Step 2/5 : WORKDIR /app

     ---> Using cache
     ---> …
    Step 3/5 : COPY . .

     ---> Using cache
     ---> …
    Step 4/5 : RUN echo hi $PATH > out

     ---> Using cache
     ---> …
    Step 5/5 : CMD ["cat", "out"]

     ---> Using cache
     ---> …
    [Warning] One or more build-args [X] were not consumed
    Successfully built …
    Successfully tagged app:2"
  `);
  expect(engine.images.find('app')?.image.history.slice(1)).toMatchInlineSnapshot(`
    [
      {
        "comment": "buildkit.dockerfile.v0",
        "created": "2025-09-26T21:31:42Z",
        "created_by": "CMD ["sh"]",
        "empty_layer": true,
      },
      {
        "created": "2025-11-21T09:00:00.650063965Z",
        "created_by": "/bin/sh -c #(nop)  WORKDIR /app",
      },
      {
        "created": "2025-11-21T09:00:00.650063965Z",
        "created_by": "/bin/sh -c #(nop)  COPY dir:75489161cd0e0e2e670e8462a61ecc86adf100694dd130386bf8593b5a55de97 in /app/ ",
      },
      {
        "created": "2025-11-21T09:00:00.730063965Z",
        "created_by": "/bin/sh -c echo hi $PATH > out",
      },
      {
        "created": "2025-11-21T09:00:00.730063965Z",
        "created_by": "/bin/sh -c #(nop)  CMD ["cat" "out"]",
        "empty_layer": true,
      },
    ]
  `);
  const failing = { Dockerfile: 'FROM busybox\nRUN echo a && nosuch\n' };
  expect(plain(await build(failing, 'version=1&forcerm=1'))).toMatchInlineSnapshot(`
    "Step 1/2 : FROM busybox

     ---> …
    Step 2/2 : RUN echo a && nosuch

     ---> Running in …
    a
    [91m/bin/sh: nosuch: not found
    [0m
     ---> Removed intermediate container …
    ERROR The command '/bin/sh -c echo a && nosuch' returned a non-zero code: 127"
  `);
  expect(plain(await build({ Dockerfile: 'FROM busybox\nCOPY ../x /\n' }, 'version=1'))).toMatchInlineSnapshot(`
    "Step 1/2 : FROM busybox

     ---> …
    Step 2/2 : COPY ../x /

    ERROR COPY failed: forbidden path outside the build context: ../x ()"
  `);
  expect(plain(await build({ Dockerfile: 'FROM busybox\nENV\n' }, 'version=1'))).toMatchInlineSnapshot(`""`);
  expect(leftovers(lab)).toEqual(nothing);
});
