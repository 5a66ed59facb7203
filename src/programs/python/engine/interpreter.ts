import type { Clock } from '../../../sim/clock';
import type { Random } from '../../../sim/random';
import { Memory, type Plain } from './memory';
import { moduleFiles } from './module-files';

/** Answers a call of the guest; a promise makes the whole interpreter wait. */
export type Call = (name: string, args: readonly Plain[]) => Plain | Promise<Plain>;

/** What the interpreter gets from the machine it runs on. */
export interface Machine {
  readonly clock: Clock;
  readonly random: Random;
  readonly call: Call;
  /** Bytes that the interpreter itself writes. */
  readonly write: (descriptor: number, bytes: Uint8Array) => void;
  /** What `import` finds at a path. */
  readonly look: (path: string) => 'directory' | Uint8Array | undefined;
}

type Code = (...args: number[]) => number;

/** Bytes where the interpreter's stack is kept while it waits. */
const keptStack = 1 << 20;
const heapSize = 4 << 20;
/** Asyncify's states. */
const unwinding = 1;
const rewinding = 2;
/** The number of the function `js.call` in the table of our objects; 0 is the module `js` itself. */
const callReference = 2;
const noSuchCall = 52;

/**
 * MicroPython in WebAssembly, one instance a process. The module was treated by Binaryen's asyncify pass: a call of ours
 * that has to wait unwinds the stack into memory and winds it up again when the answer is there. The only thing of ours
 * that the guest can reach is `js.call`.
 */
export class Interpreter {
  readonly #code = new Map<string, Code>();
  readonly #memory: Memory;
  readonly #linear: WebAssembly.Memory;
  readonly #table: WebAssembly.Table;
  readonly #call: Call;
  /** asyncify's area, and room for two arguments after its head. */
  readonly #area: number;
  readonly #pair: number;
  #coming: Promise<Plain> | undefined;
  #answer: Plain;

  static async start(module: WebAssembly.Module, machine: Machine): Promise<Interpreter> {
    const held: { made?: Interpreter } = {};
    const self = (): Interpreter => {
      if (held.made === undefined) throw new Error('the interpreter has not started');
      return held.made;
    };
    const known = imports(self, machine);
    const scope: Record<string, Record<string, WebAssembly.ImportValue>> = {};
    for (const { module: room, name } of WebAssembly.Module.imports(module))
      (scope[room] ??= {})[name] =
        known[name] ??
        (name.startsWith('invoke_')
          ? (index: number, ...args: number[]) => self().invoke(index, args)
          : () => -noSuchCall);
    const made = (held.made = new Interpreter(await WebAssembly.instantiate(module, scope), machine.call));
    made.code('mp_js_init')(16_384, heapSize);
    made.code('proxy_c_init')();
    return made;
  }

  private constructor(instance: WebAssembly.Instance, call: Call) {
    for (const [name, value] of Object.entries(instance.exports))
      if (typeof value === 'function') this.#code.set(name, value as Code);
    const { memory, __indirect_function_table: table } = instance.exports;
    if (!(memory instanceof WebAssembly.Memory) || !(table instanceof WebAssembly.Table))
      throw new Error('micropython.wasm has no memory');
    this.#linear = memory;
    this.#table = table;
    this.#call = call;
    this.code('emscripten_stack_init')();
    this.code('__wasm_call_ctors')();
    this.#memory = new Memory(memory, this.code('malloc'));
    this.#pair = this.code('malloc')(32);
    this.#area = this.code('malloc')(keptStack);
  }

  get memory(): Memory {
    return this.#memory;
  }

  /** A function that the module exports. */
  code(name: string): Code {
    const found = this.#code.get(name);
    if (found === undefined) throw new Error(`micropython.wasm has no ${name}`);
    return found;
  }

  /** Runs a text as a module's code; the result is what it raised and did not catch. */
  async run(source: string): Promise<string | undefined> {
    const memory = this.#memory;
    const { at, length } = memory.put(source);
    const out = this.code('malloc')(16);
    for (;;) {
      this.code('mp_js_do_exec')(at, length, out);
      if (this.code('asyncify_get_state')() !== unwinding) break;
      this.code('asyncify_stop_unwind')();
      this.#answer = await this.#coming;
      this.code('asyncify_start_rewind')(this.#area);
    }
    return memory.view.getInt32(out, true) === -1 ? String(memory.read(out)) : undefined;
  }

  /** `js.call` with so many arguments from there. */
  called(count: number, args: number, out: number): void {
    const state = this.code('asyncify_get_state')();
    if (state === rewinding) this.code('asyncify_stop_rewind')();
    else {
      const [name, ...rest] = Array.from({ length: count }, (_, index) => this.#memory.read(args + 12 * index));
      const answer = this.#call(String(name), rest);
      if (answer instanceof Promise) {
        this.#coming = answer;
        const { view } = this.#memory;
        view.setInt32(this.#area, this.#area + 8, true);
        view.setInt32(this.#area + 4, this.#area + keptStack, true);
        this.code('asyncify_start_unwind')(this.#area);
        return;
      }
      this.#answer = answer;
    }
    this.#memory.write(this.#answer, out);
  }

  /** Two arguments that need not be beside each other. */
  calledWithTwo(first: number, second: number, out: number): void {
    const { bytes } = this.#memory;
    bytes.copyWithin(this.#pair, first, first + 12);
    bytes.copyWithin(this.#pair + 12, second, second + 12);
    this.called(2, this.#pair, out);
  }

  /** Calls through the table; longjmp throws a number, as emscripten's own glue has it. */
  invoke(index: number, args: readonly number[]): number {
    const stack = this.code('emscripten_stack_get_current')();
    try {
      const found: unknown = this.#table.get(index);
      return (found as Code)(...args);
    } catch (error) {
      this.code('_emscripten_stack_restore')(stack);
      if (typeof error !== 'number') throw error;
      this.code('setThrew')(1, 0);
      return 0;
    }
  }

  /** Gives one dict the contents of another: both are addresses of mp_obj_dict_t (base, then the map's three words). */
  replaceMap(target: number, source: number): void {
    this.#memory.bytes.copyWithin(target + 4, source + 4, source + 16);
  }

  /** More memory, up to a gigabyte. */
  grow(wanted: number): boolean {
    const now = this.#memory.bytes.length;
    if (wanted > 1 << 30) return false;
    try {
      this.#linear.grow(Math.ceil((Math.max(wanted, now * 1.2) - now) / 65_536));
      return true;
    } catch {
      return false;
    }
  }
}

/** What the module imports; the rest are system calls, which it is told do not exist. */
function imports(
  self: () => Interpreter,
  { clock, random, write, look }: Machine,
): Readonly<Record<string, (...args: number[]) => number | undefined>> {
  return {
    ...moduleFiles(self, look),
    mp_js_random_u32: () => random.uint32(),
    mp_js_ticks_ms: () => Math.floor(clock.now) % 2 ** 30,
    mp_js_time_ms: () => clock.now,
    lookup_attr: (_object = 0, name = 0, out = 0) => {
      const { memory } = self();
      if (memory.text(name) !== 'call') return 0;
      memory.reference(callReference, out);
      return 1;
    },
    has_attr: (_object = 0, name = 0) => (self().memory.text(name) === 'call' ? 1 : 0),
    call0: (_function = 0, out = 0) => void self().called(0, 0, out),
    call1: (_function = 0, _via = 0, first = 0, out = 0) => void self().called(1, first, out),
    call2: (_function = 0, _via = 0, first = 0, second = 0, out = 0) => void self().calledWithTwo(first, second, out),
    calln: (_function = 0, _via = 0, count = 0, args = 0, out = 0) => void self().called(count, args, out),
    js_check_existing: () => -1,
    proxy_js_free_obj: () => undefined,
    fd_write: (descriptor = 0, vectors = 0, count = 0, written = 0) => {
      const { view, bytes } = self().memory;
      let sum = 0;
      for (let index = 0; index < count; index++) {
        const at = view.getUint32(vectors + 8 * index, true);
        const length = view.getUint32(vectors + 8 * index + 4, true);
        write(descriptor, bytes.slice(at, at + length));
        sum += length;
      }
      view.setUint32(written, sum, true);
      return 0;
    },
    emscripten_resize_heap: (wanted = 0) => (self().grow(wanted >>> 0) ? 1 : 0),
    _emscripten_throw_longjmp: () => {
      throw Infinity;
    },
    _abort_js: () => {
      throw new Error('python: aborted');
    },
  };
}
