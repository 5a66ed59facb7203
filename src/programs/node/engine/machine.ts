import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten-core';
import type { Process } from '../../../linux/process/types';
import { Border, type Value } from './values';

/** The engine asks every 10,000 steps whether to go on; so many steps are taken for a millisecond of CPU time. */
const MS_A_CHECK = 1;
/** A turn that takes longer is an endless loop: its state is given up and the process computes on until it is killed. */
const LONGEST_TURN = 20_000;
const HEAP = 256 * 2 ** 20;

/** How a turn of the guest's code ended. */
export type Turn = 'done' | 'endless' | 'exit';

/** One JavaScript heap and what may be done to it from outside. It sees nothing but the host function. */
export class Machine {
  readonly vm: QuickJSContext;
  readonly border: Border;
  /** Set by process.exit(): the code under way ends at the next check. */
  exitStatus: number | undefined;
  readonly #runtime: QuickJSRuntime;
  #checks = 0;
  #reads = 0;

  constructor(
    quickjs: QuickJSWASMModule,
    private readonly process: Process,
    host: (operation: string, args: readonly Value[]) => Value,
    modules: { readonly load: (name: string) => string; readonly resolve: (base: string, name: string) => string },
  ) {
    this.#runtime = quickjs.newRuntime();
    this.#runtime.setMemoryLimit(HEAP);
    this.#runtime.setMaxStackSize(900 * 1024);
    this.#runtime.setInterruptHandler(() => {
      if (this.exitStatus !== undefined) return true;
      return ++this.#checks > LONGEST_TURN;
    });
    this.#runtime.setModuleLoader(
      (name) => modules.load(name),
      (base, name) => modules.resolve(base, name),
    );
    const vm = (this.vm = this.#runtime.newContext());
    this.border = new Border(vm);
    const call = vm.newFunction('host', (operation, ...args) =>
      this.border.into(
        host(
          vm.getString(operation),
          args.map((arg) => this.border.out(arg)),
        ),
      ),
    );
    vm.setProp(vm.global, '__host', call);
    call.dispose();
    const compile = vm.newFunction('compile', (source, file) =>
      vm.evalCode(vm.getString(source), vm.getString(file), { type: 'global', backtraceBarrier: false }),
    );
    vm.setProp(vm.global, '__compile', compile);
    compile.dispose();
  }

  /** Virtual now, with the time that the turn under way has taken so far. */
  now(): number {
    this.#reads++;
    return this.process.clock.now + this.#checks * MS_A_CHECK + Math.floor(this.#reads / 2000);
  }

  /** CPU time of the turns since the last call, in microseconds. */
  takeCpu(): number {
    const used = this.#checks * MS_A_CHECK * 1000 + Math.floor(this.#reads / 2000) * 1000 + 20;
    this.#checks = 0;
    this.#reads = 0;
    return used;
  }

  /** Runs a script (for its effects). */
  evaluate(source: string, file: string, type: 'global' | 'module' = 'global'): Turn {
    return this.#ended(this.vm.evalCode(source, file, { type }));
  }

  /** Evaluates a module; `settled` hears of what its promise becomes through the guest. */
  evaluateModule(source: string, file: string, settled: string): Turn {
    const result = this.vm.evalCode(source, file, { type: 'module' });
    if (result.error !== undefined) {
      if (this.exitStatus !== undefined) return this.#ended(result);
      this.#pass(settled, result.error);
      return 'done';
    }
    const turn = this.#pass(settled, result.value, true);
    return turn;
  }

  #pass(name: string, value: QuickJSHandle, fulfilled = false): Turn {
    const callback = this.vm.getProp(this.vm.global, name);
    const result = this.vm.callFunction(callback, this.vm.undefined, fulfilled ? this.vm.true : this.vm.false, value);
    callback.dispose();
    value.dispose();
    return this.#ended(result);
  }

  /** Calls a global function of the guest with plain values. */
  call(name: string, ...args: readonly Value[]): Turn {
    const { vm } = this;
    const callback = vm.getProp(vm.global, name);
    const handles = args.map((arg) => this.border.into(arg));
    const result = vm.callFunction(callback, vm.undefined, ...handles);
    callback.dispose();
    for (const handle of handles) handle.dispose();
    return this.#ended(result);
  }

  /** Runs the jobs of promises until none is left. */
  jobs(): Turn {
    for (;;) {
      const result = this.#runtime.executePendingJobs(1000);
      if (result.error !== undefined) {
        result.error.dispose();
        if (this.exitStatus !== undefined) return 'exit';
        if (this.#checks > LONGEST_TURN) return 'endless';
        continue;
      }
      if (result.value === 0) return 'done';
    }
  }

  #ended(result: ReturnType<QuickJSContext['evalCode']>): Turn {
    if (result.error === undefined) {
      result.value.dispose();
      return this.exitStatus === undefined ? 'done' : 'exit';
    }
    const fault: unknown = this.vm.dump(result.error);
    result.error.dispose();
    if (this.exitStatus !== undefined) return 'exit';
    if (this.#checks > LONGEST_TURN) return 'endless';
    throw new Error(`the guest's own library failed: ${JSON.stringify(fault)}`);
  }

  memory(): number {
    const usage = this.#runtime.computeMemoryUsage();
    const { memory_used_size: used } = this.vm.dump(usage) as { memory_used_size: number };
    usage.dispose();
    return used;
  }

  dispose(): void {
    try {
      this.border.dispose();
      this.vm.dispose();
      this.#runtime.dispose();
    } catch {
      // A heap that a killed program left half way; the module reuses what it can.
    }
  }
}
