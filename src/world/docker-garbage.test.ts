import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { Task } from '../linux/process/task';
import { Typist } from './testing/typist';

/** What is garbage after this is not held by the world any more. */
async function collect(typist: Typist): Promise<void> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  // A turn of the event loop between: a WeakRef that was looked at holds until then.
  for (let round = 0; round < 3; round++) {
    await typist.world.lab.clock.advance(1000);
    gc();
  }
}

/** Processes of containers, their shims, mounts and networks, as far as they are still held. */
function watch(typist: Typist): () => readonly string[] {
  const { kernel } = typist.world.lab.first;
  const held: (readonly [string, WeakRef<object>])[] = [];
  for (const task of kernel.pidNamespace.tasks as Iterable<Task>) {
    if (task.comm !== 'sleep' && !task.comm.startsWith('containerd-shim')) continue;
    held.push([`process ${task.comm}`, new WeakRef(task)]);
    if (task.comm !== 'sleep') continue;
    held.push(['mounts', new WeakRef(task.namespaces.mnt)], ['network', new WeakRef(task.namespaces.net)]);
    held.push(['cgroup', new WeakRef(task.cgroup)], ['files', new WeakRef(task.fs)]);
  }
  return () => held.filter(([, ref]) => ref.deref() !== undefined).map(([what]) => what);
}

test('of containers that were removed nothing stays in memory but the record of what happened', async () => {
  const typist = await Typist.sit({ topology: 'docker' });
  await typist.line('docker pull -q busybox >/dev/null', 20_000);
  await typist.line('for i in 1 2 3; do docker run -d --name c$i busybox sleep 1000 >/dev/null; done', 20_000);
  const held = watch(typist);
  expect(held()).toHaveLength(3 * 6);
  await typist.line('docker rm -f c1 c2 c3', 20_000);
  // Another one in their place: what the last one left in a variable goes, too.
  await typist.line('docker run --rm busybox true', 20_000);
  await collect(typist);
  expect(held()).toEqual([]);
});
