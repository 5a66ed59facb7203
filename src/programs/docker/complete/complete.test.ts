import { expect, test } from 'vitest';
import { registries } from '../../../containers/images/catalogue';
import { Registries } from '../../../containers/images/registry';
import { Output, OutputFile } from '../../../containers/shim/output';
import { lab } from '../../../containers/testing/lab';
import { decode } from '../../../linux/io/bytes';
import { elf } from '../../../linux/process/executable';
import type { Program } from '../../../linux/process/types';
import { dockerd } from '../../dockerd/dockerd';
import { docker } from '..';
import { recorded } from './recorded';

const busybox: Program = async (process) => {
  await process.sleep(1e9);
  return 0;
};

/** A host with an engine, on which `docker` runs. */
async function engine(): Promise<(...args: string[]) => Promise<string>> {
  const made: ReturnType<typeof lab> = lab({
    docker,
    dockerd: dockerd({ registries: new Registries(registries), hostOf: () => made.host, running: () => undefined }),
    busybox,
  });
  const { host, clock } = made;
  host.fs.mkdirAll('/usr/bin');
  for (const name of ['docker', 'dockerd']) host.fs.writeFile(`/usr/bin/${name}`, elf(name), 0o755);
  host.net.setUp('lo', true);
  host.spawn({ file: '/usr/bin/dockerd', argv: ['dockerd'] });
  await clock.advance(100);
  return async (...args) => {
    let stdout = '';
    const out = new Output(clock);
    out.listen((bytes) => void (stdout += decode(bytes)));
    const child = host.spawn({
      file: '/usr/bin/docker',
      argv: ['docker', ...args],
      fds: new Map([
        [1, new OutputFile('out', out)],
        [2, new OutputFile('err', new Output(clock))],
      ]),
    });
    if (!child.ok) throw new Error(child.error.message);
    let ended = false;
    void child.value.wait().then(() => (ended = true));
    await clock.runUntil(() => ended, { limit: 120_000 });
    return stdout;
  };
}

/** Names without their descriptions in order, and the directive. */
function summary(answer: string): string {
  const lines = answer.trimEnd().split('\n');
  return [
    ...lines
      .slice(0, -1)
      .map((line) => line.split('\t')[0] ?? '')
      .sort(),
    lines.at(-1) ?? '',
  ].join(' ');
}

test('containers, images, networks and volumes of the engine are offered as docker 28 does', async () => {
  const run = await engine();
  for (const line of ['pull -q busybox', 'run -d --name c1 busybox sleep 9', 'run -d --name c2 busybox sleep 9'])
    await run(...line.split(' '));
  for (const line of ['kill c2', 'create --name c3 busybox', 'network create net1', 'volume create vol1'])
    await run(...line.split(' '));
  const different: unknown[] = [];
  for (const [line, answer] of recorded) {
    const words = line.split(' ').map((word) => (word === "''" ? '' : word));
    const ours = summary(await run('__complete', ...words));
    if (ours !== answer) different.push([line, ours, answer]);
  }
  expect(different).toEqual([]);
});

test('commands and flags come with descriptions', async () => {
  const run = await engine();
  expect(await run('__complete', 'volume', '')).toBe(
    'create\tCreate a volume\ninspect\tDisplay detailed information on one or more volumes\nls\tList volumes\nprune\tRemove unused local volumes\nrm\tRemove one or more volumes\n:4\n',
  );
  expect(await run('__complete', 'rm', '--f')).toMatch(/^--force\t\S.*\n:4\n$/);
  expect((await run('__complete', 'run', '--')).split('\n').length).toBeGreaterThan(20);
  expect(await run('completion', 'bash')).toContain('complete -o default -F __start_docker docker\n');
});

test('what is forwarded to buildx is completed by its commands and flags', async () => {
  const docker = await engine();
  expect(await docker('__complete', 'buildx', 'hi')).toBe('history\tCommands to work on build records\n:4\n');
  expect(await docker('__complete', 'build', '--no-c')).toBe(
    '--no-cache\tDo not use cache when building the image\n--no-cache-filter\tDo not cache specified stages\n:4\n',
  );
  expect(await docker('__complete', 'image', 'build', '')).toBe(':16\n');
});
