import { createLab, type Lab } from '../../cluster/lab';
import { topologies } from '../../cluster/topology';
import { concat, decode } from '../../linux/io/bytes';
import { startLine } from '../node/run-line';

/** A lab whose first host is asked line by line, by tests. */
export interface Lines {
  readonly lab: Lab;
  /** What a line of bash prints, on both streams; at most a minute passes. */
  run(line: string): Promise<string>;
}

/** Boots a lab of that topology. */
export async function linesAt(topology: string): Promise<Lines> {
  const plan = topologies[topology];
  if (plan === undefined) throw new Error(`there is no topology called ${topology}`);
  const lab = await createLab({
    topology: plan,
    seed: 5,
    // eslint-disable-next-line no-restricted-globals
    settle: () => new Promise((resolve) => setImmediate(resolve)),
  });
  await lab.boot();
  const run = async (line: string): Promise<string> => {
    const printed: Uint8Array[] = [];
    const sink = (bytes: Uint8Array): boolean => printed.push(bytes) > 0;
    const input = lab.first.fs.open('/dev/null', { read: true });
    if (!input.ok) throw new Error(input.error.message);
    const process = startLine({ lab }, { argv: ['bash', '-c', line], stdin: input.value, stdout: sink, stderr: sink });
    await lab.clock.runUntil(() => process.status !== undefined, { limit: 60_000 });
    await lab.clock.advanceTo(lab.clock.now);
    return decode(concat(printed));
  };
  return { lab, run };
}
