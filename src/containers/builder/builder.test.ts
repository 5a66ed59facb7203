import { expect, test } from 'vitest';
import { buildLab } from './testing/lab';
import { app, leftovers, nothing, paths } from './testing/leftovers';
import { plain } from './testing/plain';

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
      sha256:… 780924
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
          "created": "2025-11-21T09:00:00.66607373Z",
          "created_by": "WORKDIR /app",
        },
        {
          "comment": "buildkit.dockerfile.v0",
          "created": "2025-11-21T09:00:00.674074219Z",
          "created_by": "COPY . . # buildkit",
        },
        {
          "comment": "buildkit.dockerfile.v0",
          "created": "2025-11-21T09:00:00.833074219Z",
          "created_by": "RUN /bin/sh -c echo hi $PATH > out # buildkit",
        },
        {
          "comment": "buildkit.dockerfile.v0",
          "created": "2025-11-21T09:00:00.833074219Z",
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
      sha256:… 780924
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

test('the cache can be seen and pruned, and then steps run again', async () => {
  const { engine, build } = await buildLab();
  await build(app, 't=app&buildname=app');
  const records = engine.builder.records();
  expect(records.map(({ kind, description, mutable, shared, size }) => ({ kind, description, mutable, shared, size })))
    .toMatchInlineSnapshot(`
      [
        {
          "description": "local source for dockerfile",
          "kind": "source.local",
          "mutable": true,
          "shared": false,
          "size": 78,
        },
        {
          "description": "local source for context",
          "kind": "source.local",
          "mutable": true,
          "shared": false,
          "size": 0,
        },
        {
          "description": "local source for context",
          "kind": "source.local",
          "mutable": true,
          "shared": false,
          "size": 80,
        },
        {
          "description": "from local ",
          "kind": "regular",
          "mutable": false,
          "shared": true,
          "size": 0,
        },
        {
          "description": "[2/4] WORKDIR /app",
          "kind": "regular",
          "mutable": false,
          "shared": true,
          "size": 0,
        },
        {
          "description": "[3/4] COPY . .",
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
