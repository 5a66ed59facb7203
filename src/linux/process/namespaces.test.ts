import { beforeEach, expect, test } from 'vitest';
import { createTestHost, type TestHost } from './testing';
import type { Namespaces, Process, Program } from './types';

let box: TestHost;
beforeEach(() => {
  box = createTestHost();
});

const idle: Program = async (process) => {
  await process.sleep(1_000_000);
  return 0;
};
const link = (process: Process, path: string): string => {
  const target = process.fs.readlink(path);
  return target.ok ? target.value : target.error.code;
};
const names = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts'] as const;

test('each namespace has a number below /proc/<pid>/ns, its own after unshare, another’s after setns', async () => {
  const first =
    'cgroup:[4026531835] ipc:[4026531839] mnt:[4026531841] net:[4026531840] pid:[4026531836] user:[4026531837] uts:[4026531838]';
  const all = (process: Process): string => names.map((name) => link(process, `/proc/self/ns/${name}`)).join(' ');
  const results: unknown[] = [];
  const other = box.start(idle, { namespaces: { uts: 'new', net: 'new', ipc: 'new', mnt: 'new', cgroup: 'new' } });
  const child = box.start(async (process) => {
    results.push(all(process));
    process.unshare(['uts', 'net']);
    process.namespaces.uts.hostname = 'inner';
    results.push(link(process, '/proc/self/ns/uts') === link(process, '/proc/1/ns/uts'), process.net.links().length);
    const { namespaces } = other.process;
    const { uts, net, ipc, mnt, cgroup } = namespaces;
    results.push(process.setns({ uts, net, ipc, mnt, cgroup }).ok);
    results.push(
      names.filter((name) => link(process, `/proc/self/ns/${name}`) === link(process, `/proc/${other.pid}/ns/${name}`))
        .length,
    );
    return 0;
  });
  await box.ended(child);
  expect(results).toEqual([first, false, 1, true, 7]);
  expect(box.host.init.namespaces.uts.hostname).toBe('box');
});

test('unshare(CLONE_NEWPID) is for children; the first of them is init, and nobody is born after it', async () => {
  const results: unknown[] = [];
  const child = box.start(async (process) => {
    process.unshare(['pid']);
    results.push(
      process.pid > 1,
      link(process, '/proc/self/ns/pid') === link(process, '/proc/self/ns/pid_for_children'),
    );
    const init = process.spawn({
      file: async (inner) => {
        results.push(inner.pid, inner.parentPid, link(inner, '/proc/self'));
        const orphanMaker = inner.spawn({
          file: async (middle) => {
            middle.spawn({ file: idle, argv: ['orphan'] });
            await middle.sleep(1);
            return 0;
          },
          argv: ['middle'],
        });
        if (orphanMaker.ok) await orphanMaker.value.wait();
        await inner.sleep(10);
        results.push(inner.host.processes(inner).map(({ pid, parentPid, argv }) => `${pid} ${parentPid} ${argv[0]}`));
        results.push(/NSpid:\t(\d+)\n/.exec(box.read('/proc/self/status', inner))?.[1]);
        return 3;
      },
      argv: ['init'],
    });
    if (!init.ok) return 1;
    await process.sleep(5);
    results.push(
      /NSpid:\t(\d+\t1)\n/.exec(box.read(`/proc/${init.value.pid}/status`, process))?.[1] === `${init.value.pid}\t1`,
    );
    await init.value.wait();
    const late = process.spawn({ file: idle, argv: ['late'] });
    results.push(late.ok ? 'ok' : late.error.code);
    return 0;
  });
  await box.ended(child);
  expect(results).toEqual([true, false, 1, 0, '1', true, ['1 0 init', '3 1 orphan'], '1', 'ENOMEM']);
  await box.clock.advance(10);
  expect(box.host.processes(box.host.init)).toHaveLength(1);
});

test('a subreaper adopts the orphans below it', async () => {
  const parents: number[] = [];
  const child = box.start(async (process) => {
    process.subreaper = true;
    const middle = process.spawn({
      file: async (inner) => {
        const orphan = inner.spawn({ file: idle, argv: ['orphan'] });
        await inner.sleep(5);
        return orphan.ok ? 0 : 1;
      },
      argv: ['middle'],
    });
    if (middle.ok) await middle.value.wait();
    parents.push(
      ...process.host.processes(process).flatMap(({ argv, parentPid }) => (argv[0] === 'orphan' ? [parentPid] : [])),
    );
    return 0;
  });
  await box.ended(child);
  expect(parents).toEqual([child.pid]);
});

test('a user namespace: root inside, who one was outside; maps are written once', async () => {
  box.host.fs.writeFile('/tmp/mine', 'x', 0o600);
  box.host.fs.chown('/tmp/mine', 1000, 1000);
  box.host.fs.writeFile('/tmp/roots', 'x', 0o600);
  const results: unknown[] = [];
  const child = box.start(
    async (process) => {
      const owner = (path: string): unknown => {
        const stat = process.fs.stat(path);
        return stat.ok ? `${stat.value.uid}:${stat.value.gid}` : stat.error.code;
      };
      results.push(process.unshare(['net']).ok, process.unshare(['user']).ok);
      results.push(process.credentials.uid);
      results.push(box.write('/proc/self/setgroups', 'deny', process));
      results.push(
        box.write('/proc/self/uid_map', '0 1000 1', process),
        box.write('/proc/self/gid_map', '0 1000 1', process),
      );
      results.push(box.write('/proc/self/uid_map', '0 0 1', process), box.read('/proc/self/uid_map', process));
      results.push(process.credentials.uid, owner('/tmp/mine'), owner('/tmp/roots'), box.read('/tmp/roots', process));
      // Now it may do what root does in namespaces that belong to it, and only there.
      const mount = (): unknown => {
        const done = process.fs.mount({ type: 'tmpfs', source: 'tmpfs', target: '/tmp' });
        return done.ok ? 'ok' : done.error.code;
      };
      results.push(mount(), process.unshare(['mnt', 'uts']).ok, mount());
      results.push(process.fs.chown('/tmp', 5, 5).ok);
      return 0;
    },
    { user: { uid: 1000, gid: 1000, groups: [1000] } },
  );
  await box.ended(child);
  expect(box.faults).toEqual([]);
  expect(results).toEqual([
    ...[false, true, 65534, 'ok', 'ok', 'ok', 'EPERM', '         0       1000          1\n'],
    ...[0, '0:0', '65534:65534', 'EACCES', 'EPERM', true, 'ok', false],
  ]);
});

test('/proc/<pid>/root and cwd lead into another process’s mounts', async () => {
  box.host.fs.mkdirAll('/inner/etc');
  box.host.fs.writeFile('/inner/etc/name', 'container\n');
  box.host.fs.writeFile('/etc/name', 'host\n');
  const inner = box.start(
    async (process) => {
      process.fs.mount({ type: 'bind', source: '/inner', target: '/inner' });
      process.fs.pivotRoot('/inner');
      process.cwd = '/etc';
      await process.sleep(1_000_000);
      return 0;
    },
    { namespaces: { mnt: 'new' } as Partial<{ [N in keyof Namespaces]: 'new' }> },
  );
  await box.clock.advance(10);
  expect(box.read(`/proc/${inner.pid}/root/etc/name`)).toBe('container\n');
  expect(box.read(`/proc/${inner.pid}/cwd/name`)).toBe('container\n');
  expect(box.read('/proc/1/root/etc/name')).toBe('host\n');
  expect(box.host.fs.writeFile(`/proc/${inner.pid}/root/etc/new`, 'x').ok).toBe(true);
  expect(box.read('/inner/etc/new')).toBe('x');
});
