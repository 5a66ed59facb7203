import variant from '@jitl/quickjs-wasmfile-release-asyncify';
import {
  newQuickJSAsyncWASMModuleFromVariant,
  newVariant,
  type QuickJSAsyncContext,
  type QuickJSAsyncWASMModule,
  type QuickJSHandle,
} from 'quickjs-emscripten-core';
import type { Process } from '../../../linux/process/types';

// Beside its package, wherever a bundle stands; a browser's build makes a file of it that is fetched only here.
const wasm = new URL(
  '../../../../node_modules/@jitl/quickjs-wasmfile-release-asyncify/dist/emscripten-module.wasm',
  import.meta.url,
);
const sources = import.meta.glob<string>('../guest/*.js', { eager: true, query: '?raw', import: 'default' });

/** Engines whose shells have ended: the next one need not be made. */
const idle: QuickJSAsyncWASMModule[] = [];
const used = new WeakMap<QuickJSAsyncWASMModule, number>();

/** What the shell's JavaScript may ask of its process. */
export interface Host {
  command(database: string, json: string): Promise<string>;
  ask(name: string, argument: string | number | undefined): string | number | undefined;
}

export type Outcome =
  | { readonly kind: 'value'; readonly text: string | undefined }
  | { readonly kind: 'error'; readonly text: string; readonly incomplete: boolean };

/** QuickJS with stacks that can wait: a call to the server stops the script until the answer is there. */
export class Engine {
  #steps = 0;

  private constructor(
    private readonly module: QuickJSAsyncWASMModule,
    private readonly vm: QuickJSAsyncContext,
    private readonly process: Process,
  ) {}

  static async create(process: Process, host: Host): Promise<Engine> {
    // One stack can wait in an engine at a time: each shell has its own.
    const module = await process.clock.external(
      async () => idle.pop() ?? newQuickJSAsyncWASMModuleFromVariant(newVariant(variant, { wasmLocation: wasm.href })),
    );
    const runtime = module.newRuntime();
    runtime.setMemoryLimit(128 * 2 ** 20);
    const vm = runtime.newContext();
    const engine = new Engine(module, vm, process);
    runtime.setInterruptHandler(() => ++engine.#steps > 60_000);
    const command = vm.newAsyncifiedFunction('command', async (database, json) =>
      vm.newString(await host.command(vm.getString(database), vm.getString(json))),
    );
    const sleep = vm.newAsyncifiedFunction('sleep', async (ms) => {
      await process.sleep(vm.getNumber(ms));
      return vm.undefined;
    });
    const ask = vm.newFunction('host', (name, argument) => {
      const given =
        argument === undefined
          ? undefined
          : vm.typeof(argument) === 'number'
            ? vm.getNumber(argument)
            : vm.getString(argument);
      const answer = host.ask(vm.getString(name), given);
      return answer === undefined
        ? vm.undefined
        : typeof answer === 'number'
          ? vm.newNumber(answer)
          : vm.newString(answer);
    });
    for (const [name, handle] of [
      ['__command', command],
      ['__sleep', sleep],
      ['__host', ask],
    ] as const) {
      vm.setProp(vm.global, name, handle);
      handle.dispose();
    }
    const booted = await vm.evalCodeAsync(sources['../guest/mongosh.js'] ?? '', 'mongosh');
    vm.unwrapResult(booted).dispose();
    return engine;
  }

  /**
   * The shell has ended: its engine is free for another. Its heap is not given back (QuickJS counts what hangs in stacks
   * that waited as lost); after some shells the whole engine is.
   */
  release(): void {
    const uses = (used.get(this.module) ?? 0) + 1;
    used.set(this.module, uses);
    if (uses < 16) idle.push(this.module);
  }

  /** Calls a function of the guest's with texts. */
  async call(name: string, ...args: readonly string[]): Promise<Outcome> {
    return this.#text(`${name}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`, '');
  }

  async #text(code: string, source: string): Promise<Outcome> {
    const result = await this.vm.evalCodeAsync(code, 'shell');
    if (result.error !== undefined) return this.#failed(result.error, source);
    const text = this.vm.typeof(result.value) === 'undefined' ? undefined : this.vm.getString(result.value);
    result.value.dispose();
    return { kind: 'value', text };
  }

  async #failed(error: QuickJSHandle, source: string): Promise<Outcome> {
    this.vm.setProp(this.vm.global, '__failure', error);
    error.dispose();
    const result = await this.vm.evalCodeAsync(`__error(__failure, ${JSON.stringify(source)})`, 'shell');
    if (result.error !== undefined) {
      result.error.dispose();
      return { kind: 'error', text: 'Error: interrupted', incomplete: false };
    }
    const text = this.vm.getString(result.value);
    result.value.dispose();
    return { kind: 'error', text, incomplete: false };
  }

  /** Runs a script; what it gave is shown by `show` (`__show`, `__json`). */
  async run(source: string, file: string, show: string): Promise<Outcome> {
    this.#steps = 0;
    const written = source.replace(/(^|[^\w.$])await\s+/g, '$1');
    const trimmed = written.trim().replace(/;$/, '');
    let result = /^\{[^]*\}$/.test(trimmed) ? await this.vm.evalCodeAsync(`(${trimmed})`, file) : undefined;
    if (result === undefined || result.error !== undefined) {
      result?.error?.dispose();
      result = await this.vm.evalCodeAsync(written, file);
    }
    await this.process.compute(this.#steps * 1000 + 200);
    if (result.error !== undefined) return this.#failed(result.error, source);
    this.vm.setProp(this.vm.global, '__last', result.value);
    result.value.dispose();
    return this.#text(`${show}(__last)`, source);
  }
}
