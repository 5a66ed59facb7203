import { expect, test } from 'vitest';
import { Typist } from './testing/typist';

test('docker build at a terminal: drawn in place, given up by ^C, and nothing of it stays', async () => {
  const typist = await Typist.sit({ topology: 'docker', rows: 30, columns: 100 });
  await typist.line("printf 'FROM alpine\\nRUN echo hi && sleep 3\\nRUN sleep 100\\n' > Dockerfile", 500);
  const drawn = await typist.line('docker build -t x .', 6000);
  const steps = drawn
    .split('\n')
    .slice(1)
    .map((row) => row.replace(/ +\d+\.\ds$/, '').replace(/\d+\.\d+(s|MB)|sha256:\w+/g, '…'));
  expect(steps).toEqual([
    expect.stringMatching(/^\[\+\] Building … \(5\/6\) +docker:default$/),
    ' => [internal] load build definition from Dockerfile',
    ' => => transferring dockerfile: 86B',
    ' => [internal] load metadata for docker.io/library/alpine:latest',
    ' => [internal] load .dockerignore',
    ' => => transferring context: 2B',
    ' => [1/3] FROM docker.io/library/alpine:latest@…',
    ' => => resolve docker.io/library/alpine:latest@…',
    ' => => … … / …',
    ' => => extracting …',
    ' => [2/3] RUN echo hi && sleep 3',
    ' => [3/3] RUN sleep 100',
  ]);
  await typist.type('\x03', 2000);
  const screen = await typist.screen();
  expect(screen).toContain(' => CANCELED [3/3] RUN sleep 100');
  expect(screen).toContain('ERROR: failed to build: failed to solve: Canceled: context canceled');
  expect(await typist.line('echo $?; docker ps -aq; docker images -q', 3000)).toMatch(
    /\n130\nworkstation:~# $|\n130\nworkstation:~#$/,
  );
}, 60_000);
