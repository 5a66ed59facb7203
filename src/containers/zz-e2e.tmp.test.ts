import { test } from 'vitest';
import { setImmediate as turn } from 'node:timers/promises';
import { createLab } from '/work/main/src/cluster/lab';
import * as topo from '/work/main/src/cluster/topology';
import { Output, OutputFile } from '/work/main/src/containers/shim/output';
import { decode } from '/work/main/src/linux/io/bytes';
test('e2e', async () => {
  const topology =
    (topo as any).topologies?.docker ??
    Object.values(topo)
      .map((v: any) => v?.docker)
      .find(Boolean);
  const lab = createLab({
    seed: 3,
    topology,
    settle: () => turn() as any,
    fault: (e: unknown, p: any) => console.log('FAULT', p?.argv, e),
  } as any);
  await lab.boot();
  const host = lab.first;
  const run = async (line: string) => {
    let text = '';
    const out = new Output(lab.clock);
    out.listen((b) => void (text += decode(b)));
    const nul = host.fs.open('/dev/null', { read: true }) as any;
    const c = host.spawn({
      file: '/bin/bash',
      argv: ['bash', '-c', line],
      newSession: true,
      fds: new Map<any, any>([
        [0, nul.value],
        [1, new OutputFile('o', out)],
        [2, new OutputFile('e', out)],
      ]),
    }) as any;
    if (!c.ok) return console.log('SPAWN', c.error);
    let code: any;
    void c.value.wait().then((s: any) => (code = s));
    const t0 = performance.now();
    const v0 = lab.clock.now;
    await lab.clock.runUntil(() => code !== undefined, { limit: 60_000 });
    console.log(
      `$ ${line}   -> ${JSON.stringify(code)} cpu ${(performance.now() - t0).toFixed(0)}ms virtual ${lab.clock.now - v0}ms\n${text}`,
    );
  };
  for (const line of (process.env.LINES ?? '').split('\n').filter(Boolean)) await run(line);
}, 60000);
