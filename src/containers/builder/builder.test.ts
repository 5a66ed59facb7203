import { expect, test } from 'vitest';
import { buildLab } from './testing/lab';
import { plain } from './testing/plain';

const cases: Record<string, [Record<string, string>, string?][]> = {
  cache: [
    [
      {
        Dockerfile: 'FROM busybox\nWORKDIR /app\nCOPY . .\nRUN echo hi $X > out\nCMD ["cat", "out"]\n',
        a: 'A',
        'b/': '',
        'b/c': 'C',
      },
      't=app:1',
    ],
    [
      {
        Dockerfile: 'FROM busybox\nWORKDIR /app\nCOPY . .\nRUN echo hi $X > out\nCMD ["cat", "out"]\n',
        a: 'A',
        'b/': '',
        'b/c': 'C',
      },
      't=app',
    ],
    [
      {
        Dockerfile: 'FROM busybox\nWORKDIR /app\nCOPY . .\nRUN echo hi $X > out\nCMD ["cat", "out"]\n',
        a: 'A',
        'b/': '',
        'b/c': 'D',
      },
      't=app',
    ],
    [
      {
        Dockerfile: 'FROM busybox\nWORKDIR /app\nCOPY . .\nRUN echo hi $X > out\nCMD ["cat", "out"]\n',
        a: 'A',
        'b/': '',
        'b/c': 'D',
      },
      't=app&nocache=1',
    ],
  ],
  fail: [
    [{ Dockerfile: 'FROM busybox\nRUN nosuch\n' }],
    [{ Dockerfile: 'FROM busybox\nRUN ["nosuch"]\n' }],
    [{ Dockerfile: 'FROM busybox\nCOPY nope /\n' }],
    [{ Dockerfile: 'FROM nope\nCOPY nope /\n' }],
    [{ Dockerfile: 'FROM busybox AS a\nFROM a\n' }, 'target=b'],
    [{ Dockerfile: 'FROM busybox\nUSER nosuch\nRUN id\n' }],
  ],
  multi: [
    [
      {
        Dockerfile:
          'FROM busybox AS build\nRUN echo x > /out\nFROM alpine AS unused\nRUN sleep 9\nFROM alpine\nCOPY --from=build --chown=5:6 --chmod=u=rwx,g=r /out /bin/app\nCOPY --from=redis:7 /etc/redis-version /v\nRUN cat /bin/app\n',
      },
      't=m',
    ],
    [
      {
        Dockerfile:
          'FROM busybox AS build\nRUN echo x > /out\nFROM alpine AS unused\nRUN sleep 9\nFROM alpine\nCOPY --from=build --chown=5:6 --chmod=u=rwx,g=r /out /bin/app\nCOPY --from=redis:7 /etc/redis-version /v\nRUN cat /bin/app\n',
      },
      't=m',
    ],
  ],
  mounts: [
    [
      {
        Dockerfile:
          'FROM busybox\nRUN --mount=type=cache,target=/cache echo 1 > /cache/n && ls /cache\nRUN --mount=type=cache,target=/cache ls /cache\nRUN --mount=type=secret,id=tok cat /run/secrets/tok\nRUN --mount=type=bind,target=/src,rw ls /src && echo x > /src/new\nRUN --mount=type=tmpfs,target=/t echo 1 > /t/x && ls /t\nRUN --network=none ip\nRUN ip\nRUN ls /cache && ls /src && ls /run\n',
        a: 'a',
      },
      'secrets=' + encodeURIComponent(JSON.stringify({ tok: btoa('s3cr3t\n') })),
    ],
  ],
  heredoc: [
    [
      {
        Dockerfile:
          'FROM busybox\nARG V=1\nRUN <<EOF\necho one\necho two\nEOF\nCOPY <<A <<"B" /d/\nhello $V\nA\nraw $V\nB\nRUN cat /d/A && cat /d/B\n',
      },
    ],
  ],
  lint: [
    [
      {
        Dockerfile:
          'from busybox as Base\nMAINTAINER me\nENV a b\nCMD echo hi\nCMD ["echo","last"]\nENTRYPOINT echo shellform\nEXPOSE 80 443/udp\n',
      },
    ],
    [
      {
        Dockerfile:
          'from busybox as Base\nMAINTAINER me\nENV a b\nCMD echo hi\nCMD ["echo","last"]\nENTRYPOINT echo shellform\nEXPOSE 80 443/udp\n',
      },
      'check=1',
    ],
    [
      {
        Dockerfile:
          'ARG B\nFROM --platform=linux/amd64 busybox$B\nWORKDIR x\nENV API_TOKEN=$Q\nCOPY skipped /\nEXPOSE 80/TCP 1.2.3.4:80:80\n',
        '.dockerignore': 'skipped',
        skipped: 's',
      },
      'check=1',
    ],
  ],
};
for (const [name, builds] of Object.entries(cases))
  test(name, async () => {
    const { build } = await buildLab();
    for (const [files, query] of builds) console.log(name + '\n' + plain(await build(files, query ?? '')));
    expect(1).toBe(1);
  });
