import type { Process } from '../../linux/process/types';
import { hostOf } from './engine/host';
import { Loop } from './engine/loop';
import { Machine, type Turn } from './engine/machine';
import { loadQuickJs } from './engine/quickjs';
import { sources } from './engine/sources';

/** What the image says of its Node.js; without it, the newest there is. */
export const versionOf = ({ fs }: Process): string => {
  const text = fs.readText('/usr/local/include/node/version');
  return text.ok ? text.value.trim() : '22.21.1';
};

/** node(1): the command line's meaning is the guest library's (guest/main.js). */
export const node = (process: Process): Promise<number> => run(process, process.argv);

/** Runs the library's main program with these words. */
export async function run(process: Process, argv: readonly string[]): Promise<number> {
  const loading = process.clock.external(loadQuickJs);
  await process.sleep(40);
  const quickjs = await loading;
  const loop = new Loop(process);
  let current: Machine | undefined;
  const host = hostOf(process, loop, () => {
    if (current === undefined) throw new Error('the engine is not there yet');
    return current;
  });
  const ask = (name: string, ...args: string[]): string => {
    const found = machine.vm.getProp(machine.vm.global, name);
    const handles = args.map((arg) => machine.vm.newString(arg));
    const result = machine.vm.unwrapResult(machine.vm.callFunction(found, machine.vm.undefined, ...handles));
    const text = machine.vm.getString(result);
    for (const handle of [found, result, ...handles]) handle.dispose();
    return text;
  };
  const machine = (current = new Machine(quickjs, process, host, {
    load: (name) => ask('__loadModule', name),
    resolve: (base, name) => ask('__resolveModule', base, name),
  }));
  // Not at once: the end may come while the guest's code is on the stack.
  process.atExit(() => void process.clock.setTimer(0, () => machine.dispose()));
  const library = sources['boot'];
  if (library === undefined) throw new Error("node's library is missing");
  const begin = (): Turn => {
    const booted = machine.evaluate(library, 'node:boot');
    if (booted !== 'done') return booted;
    return machine.call('__main', versionOf(process), [...argv]);
  };
  return loop.run(machine, begin);
}
