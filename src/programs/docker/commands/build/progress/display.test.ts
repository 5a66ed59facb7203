import { expect, test } from 'vitest';
import { createDisplay, type Display, type DisplayMode } from './display';
import type { SolveStatus } from './status';

const begin = Date.parse('2026-11-20T20:40:00Z');
/** An instant so many milliseconds after the build began. */
const at = (ms: number): string => new Date(begin + ms).toISOString().replace('Z', '000000Z');
const vertex = (digest: string, name: string, started?: number, completed?: number, more = {}) => ({
  digest,
  name,
  ...(started === undefined ? {} : { started: at(started) }),
  ...(completed === undefined ? {} : { completed: at(completed) }),
  ...more,
});
const log = (digest: string, text: string, time: number) => ({
  vertex: digest,
  stream: 1,
  msg: text,
  timestamp: at(time),
});

const display = (mode: Exclude<DisplayMode, 'auto'>, env: Record<string, string> = {}): Display =>
  createDisplay({
    mode,
    textDescription: 'building with "default" instance using docker driver',
    consoleDescription: 'docker:default',
    size: () => ({ rows: 24, columns: 60 }),
    env: new Map(Object.entries(env)),
  });

/** What a display prints of statuses that come at given times. */
function show(shown: Display, ...events: readonly (readonly [number, SolveStatus | undefined])[]): string {
  let text = '';
  for (const [time, status] of events)
    text += status === undefined ? shown.refresh(begin + time) : shown.update(status, begin + time);
  return text + shown.done(begin + (events.at(-1)?.[0] ?? 0));
}

const load = vertex('a', '[internal] load build definition from Dockerfile', 0, 20);
const transferred = { id: 'transferring dockerfile:', vertex: 'a', name: 'transferring', started: at(0) };
const small: readonly (readonly [number, SolveStatus])[] = [
  [0, { vertexes: [vertex('a', load.name, 0)] }],
  [10, { statuses: [{ ...transferred, current: 30, timestamp: at(5) }] }],
  [20, { vertexes: [load], statuses: [{ ...transferred, current: 2536, timestamp: at(9), completed: at(9) }] }],
  [
    30,
    { vertexes: [vertex('b', '[1/2] FROM busybox', 20, 21, { cached: true }), vertex('c', '[2/2] RUN echo hi', 25)] },
  ],
  [180, { logs: [log('c', 'hi\nthere', 175)] }],
  [400, { logs: [log('c', ' and more\n', 390)] }],
  [1300, { vertexes: [vertex('c', '[2/2] RUN echo hi', 25, 1290)] }],
];

test('plain: each step is told once, its statuses when they end, its logs with the time since it began', () => {
  expect(show(display('plain'), ...small)).toBe(`#0 building with "default" instance using docker driver

#1 [internal] load build definition from Dockerfile
#1 transferring dockerfile: 2.54kB done
#1 DONE 0.0s

#2 [1/2] FROM busybox
#2 CACHED

#3 [2/2] RUN echo hi
#3 0.150 hi
#3 0.150 there and more
#3 DONE 1.3s
`);
});

test('plain: a failure is told again with its last lines', () => {
  const error = 'process "/bin/sh -c false" did not complete successfully: exit code: 1';
  const run = '[2/2] RUN false';
  const lines = Array.from({ length: 12 }, (_, index) => `line ${index}\n`).join('');
  const text = show(
    display('plain'),
    [0, { vertexes: [vertex('c', run, 0)] }],
    [200, { logs: [log('c', lines, 100)] }],
    [400, { logs: [log('c', 'sh: ', 300)] }],
    [600, { logs: [log('c', 'not found\n', 310)] }],
    [800, { vertexes: [vertex('c', run, 0, 700, { error })] }],
  );
  expect(text.slice(text.indexOf('line 11\n'))).toBe(
    `line 11\n#1 0.300 sh: not found\n#1 ERROR: ${error}\n------\n > ${run}:\n${Array.from(
      { length: 9 },
      (_, index) => `0.100 line ${index + 3}\n`,
    ).join('')}not found\n------\n`,
  );
});

test('plain: steps that run side by side take turns', () => {
  const one = (ms: number): SolveStatus => ({ logs: [log('a', `one ${ms}\n`, ms)] });
  const two = (ms: number): SolveStatus => ({ logs: [log('b', `two ${ms}\n`, ms), log('b', 'b\n', ms)] });
  const events = Array.from({ length: 12 }, (_, index) => index * 1000 + 1000).flatMap((ms) => [
    [ms, one(ms)] as const,
    [ms + 500, two(ms + 500)] as const,
  ]);
  const text = show(display('plain'), [0, { vertexes: [vertex('a', 'one', 0), vertex('b', 'two', 0)] }], ...events, [
    14_000,
    { vertexes: [vertex('a', 'one', 0, 13_900), vertex('b', 'two', 0, 14_000)] },
  ]);
  expect(text.split('\n').filter((line) => /\.\.\.|DONE|^#\d (one|two)/.test(line))).toEqual([
    '#1 one',
    '#1 ...',
    '#2 two',
    '#2 ...',
    '#1 one',
    '#1 DONE 13.9s',
    '#2 two',
    '#2 DONE 14.0s',
  ]);
});

test('rawjson: statuses as they come, as encoding/json writes them', () => {
  expect(
    show(display('rawjson'), [
      0,
      { vertexes: [vertex('a', 'RUN a && b > c', 0)], logs: [log('a', 'x', 1)], statuses: [] },
    ]),
  ).toBe(
    `{"vertexes":[{"digest":"a","name":"RUN a \\u0026\\u0026 b \\u003e c","started":"${at(0)}"}],"logs":[{"vertex":"a","stream":1,"data":"eA==","timestamp":"${at(1)}"}]}\n`,
  );
  expect(show(display('quiet'), ...small)).toBe('');
});

test('tty: the steps are drawn anew in place, what runs with its last lines', () => {
  const screens = show(display('tty'), ...small).split('\x1b[?25h');
  const shown = (text = ''): string =>
    text
      .replace(/\x1b\[([0-9?]+)([A-Za-z])/g, (_, n: string, kind: string) => (kind === 'm' ? `<${n}>` : kind))
      .replace(/ {2,}/g, '  ');
  expect(screens[0]?.split('\n').map((line) => line.length)).toEqual([
    59 + '\x1b[1A\x1b[1B\x1b[0G\x1b[?25l'.length,
    59,
    0,
  ]);
  expect(shown(screens[0])).toBe(
    'ABGl[+] Building 0.0s (0/1)  docker:default\n => [internal] load build definition from Dockerfile  0.0s\n',
  );
  expect(screens.length).toBe(6);
  expect(shown(screens[1])).toBe(`AAGl[+] Building 0.2s (2/3)  docker:default
<34> => [internal] load build definition from Dockerfile  0.0s
<0><34> => => transferring dockerfile: 2.54kB  0.0s
<0><34> => CACHED [1/2] FROM busybox  0.0s
<0> => [2/2] RUN echo hi  0.1s
<2> => => # hi  
<0><2> => => # there  
<0>`);
  expect(shown(screens[4])).toMatch(/^A{5}Gl\[\+\] Building 1\.3s \(3\/3\) FINISHED +docker:default\n/);
});

test('tty: without color where NO_COLOR says so', () => {
  expect(show(display('tty', { NO_COLOR: '1' }), ...small)).not.toContain('\x1b[34m');
});
