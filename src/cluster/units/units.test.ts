import { expect, test } from 'vitest';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { Trace } from '../../sim/trace';
import { Host } from '../../linux/host';
import { elf } from '../../linux/process/executable';
import type { Process } from '../../linux/process/types';
import { topologies } from '../topology';
import { startUnits } from '.';

const daemon = async (process: Process): Promise<number> => {
  await process.stderr.write(`up as ${process.argv.join(' ')}\n`);
  process.host.systemd?.notify(process.pid, { READY: '1' });
  await process.block<void>((wake) => process.signals.handle('SIGTERM', () => wake()));
  return 0;
};

test('a host starts what is installed, says so, and starts it again when it dies', async () => {
  const trace = new Trace();

  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const clock = new Clock({ start: 0, settle, trace });
  const programs = new Map(['sshd', 'kubelet'].map((name) => [name, daemon] as const));
  const host = new Host({ name: 'node1', clock, random: new Random(1), trace, programs });
  for (const path of ['/usr/sbin', '/usr/bin', '/run', '/dev']) host.fs.mkdirAll(path);
  host.fs.symlink('usr/lib', '/lib');
  host.fs.writeFile('/usr/sbin/sshd', elf('sshd'), 0o755);
  host.fs.writeFile('/usr/bin/kubelet', elf('kubelet'), 0o755);
  const plan = Object.values(topologies)
    .flatMap(({ hosts }) => hosts)
    .find(({ roles }) => roles.includes('worker'));
  if (plan === undefined) throw new Error('no topology has a worker');
  startUnits(host, plan);
  await clock.advance(100);
  const manager = host.systemd;
  const state = (name: string): string => `${manager?.unit(name).active ?? ''} ${manager?.unit(name).sub ?? ''}`;
  expect([
    state('kubelet.service'),
    state('sshd.service'),
    state('docker.service'),
    state('multi-user.target'),
  ]).toEqual(['active running', 'active running', 'inactive dead', 'active active']);
  const pid = manager?.service('kubelet.service')?.main?.pid ?? 0;
  host.init.kill(pid, 'SIGKILL');
  await clock.advance(9_000);
  expect(state('kubelet.service')).toBe('activating auto-restart');
  await clock.advance(2_000);
  expect(state('kubelet.service')).toBe('active running');
  const lines = manager?.journal.entries.filter(({ about, source }) => (about ?? source.unit) === 'kubelet.service');
  expect(lines?.map(({ identifier, message }) => `${identifier}: ${message}`)).toEqual([
    'systemd: Started kubelet.service - kubelet: The Kubernetes Node Agent.',
    expect.stringMatching(
      /^kubelet: up as \/usr\/bin\/kubelet --bootstrap-kubeconfig=\S+ --kubeconfig=\S+ --config=\S+$/,
    ),
    'systemd: kubelet.service: Main process exited, code=killed, status=9/KILL',
    "systemd: kubelet.service: Failed with result 'signal'.",
    'systemd: kubelet.service: Scheduled restart job, restart counter is at 1.',
    'systemd: Stopped kubelet.service - kubelet: The Kubernetes Node Agent.',
    'systemd: Started kubelet.service - kubelet: The Kubernetes Node Agent.',
    expect.stringMatching(/^kubelet: up as /),
  ]);
});
