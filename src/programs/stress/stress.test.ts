import { expect, test } from 'vitest';
import { createTestHost } from '../../linux/process/testing';
import { programs } from '.';

async function run(argv: readonly string[], cgroup = '/'): Promise<readonly [string, unknown, number]> {
  const box = createTestHost(programs);
  box.host.fs.mkdir('/sys/fs/cgroup/small');
  box.write('/sys/fs/cgroup/small/memory.max', '100M');
  box.write('/sys/fs/cgroup/small/cpu.max', '50000 100000');
  const child = box.start('/bin/stress', { argv: ['stress', ...argv], cgroup });
  const status = await box.ended(child);
  return [box.said.join(''), status?.kind === 'exited' ? status.code : status, Math.round(box.clock.now / 1000)];
}

test('stress keeps busy for a time', async () => {
  expect(await run(['--cpu', '1', '--timeout', '1'])).toEqual([
    'stress: info: [2] dispatching hogs: 1 cpu, 0 io, 0 vm, 0 hdd\nstress: info: [2] successful run completed in 1s\n',
    0,
    1,
  ]);
  expect((await run(['-m', '1', '--vm-bytes', '10M', '-t', '2s', '-q']))[0]).toBe('');
});

test('the OOM killer ends a worker, and stress tells of it as in the tutorials', async () => {
  expect(await run(['--vm', '1', '--vm-bytes', '250M', '--vm-hang', '1'], '/small')).toEqual([
    'stress: info: [2] dispatching hogs: 0 cpu, 0 io, 1 vm, 0 hdd\n' +
      'stress: FAIL: [2] (415) <-- worker 3 got signal 9\n' +
      'stress: WARN: [2] (417) now reaping child worker processes\n' +
      'stress: FAIL: [2] (421) kill error: No such process\n' +
      'stress: FAIL: [2] (461) failed run completed in 0s\n',
    1,
    0,
  ]);
});

test.each([
  [['-c'], "stress: FAIL: [2] (167) missing argument to option '--cpu'\n"],
  [['--bogus'], 'stress: FAIL: [2] (251) unrecognized option: --bogus\n'],
  [['foo'], 'stress: FAIL: [2] (251) unrecognized option: foo\n'],
  [['-c', 'x'], 'stress: FAIL: [2] (665) unrecognized suffix: x\n'],
  [['--vm-bytes', '5Z', '-m', '1'], 'stress: FAIL: [2] (665) unrecognized suffix: Z\n'],
])('%j is wrong', async (argv, text) => {
  expect((await run(argv)).slice(0, 2)).toEqual([text, 1]);
});
