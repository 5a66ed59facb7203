import type { Coproc } from 'unbash';
import { Job } from '../jobs/table';
import type { Shell } from '../shell';
import { forkWaiting } from './fork';
import { errorText } from './io';
import { sourceText } from './pipeline';

/** `coproc NAME command`: runs beside, with pipes in `NAME[0]` (its output) and `NAME[1]` (its input). */
export async function runCoproc(shell: Shell, node: Coproc): Promise<number> {
  const { body } = node;
  if (body.type === 'CompoundList') return 1;
  const name = node.name?.value ?? 'COPROC';
  const { process } = shell;
  const input = process.pipe();
  const output = process.pipe();
  input.read.retain();
  output.write.retain();
  const child = await forkWaiting(shell, (sub) => sub.interpreter.command(sub, body, { last: true }), {
    overlay: new Map([
      [0, input.read],
      [1, output.write],
    ]),
    ...(shell.jobControl ? { group: 0 } : {}),
  });
  input.read.release();
  output.write.release();
  const { pid } = child;
  const [from, to] = [process.fds.install(output.read, 60), process.fds.install(input.write, 60)];
  shell.ownFds.add(from).add(to);
  shell.variables.define(name, [String(from), String(to)]);
  shell.set(`${name}_PID`, String(pid));
  const job = new Job(shell.jobControl ? pid : undefined, sourceText(shell, node), true);
  job.processes.push({ pid, text: job.text, status: undefined });
  shell.jobs.add(job);
  shell.lastBackground = pid;
  if (shell.interactive) await errorText(shell, `[${job.id}] ${pid}\n`);
  return 0;
}
