import { expect, test } from 'vitest';
import { buildLab } from '../testing/lab';
import { leftovers, nothing, paths } from '../testing/leftovers';
import { plain } from '../testing/plain';

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
      sha256:… 780924
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
