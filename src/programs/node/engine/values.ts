import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';

/** What crosses the border between a program's JavaScript and the simulated kernel. */
export type Value =
  undefined | null | boolean | number | string | Uint8Array | readonly Value[] | { readonly [key: string]: Value };

/** Carries values into and out of one context: plain ones as they are, bytes as an ArrayBuffer, objects by way of JSON. */
export class Border {
  readonly #parse: QuickJSHandle;

  constructor(private readonly vm: QuickJSContext) {
    const json = vm.getProp(vm.global, 'JSON');
    this.#parse = vm.getProp(json, 'parse');
    json.dispose();
  }

  into(value: Value): QuickJSHandle {
    const { vm } = this;
    switch (typeof value) {
      case 'undefined':
        return vm.undefined;
      case 'boolean':
        return value ? vm.true : vm.false;
      case 'number':
        return vm.newNumber(value);
      case 'string':
        return vm.newString(value);
      default:
    }
    if (value === null) return vm.null;
    if (value instanceof Uint8Array) return vm.newArrayBuffer(value.slice().buffer);
    const text = vm.newString(JSON.stringify(value));
    const made = vm.unwrapResult(vm.callFunction(this.#parse, vm.undefined, text));
    text.dispose();
    return made;
  }

  out(handle: QuickJSHandle): Value {
    const { vm } = this;
    switch (vm.typeof(handle)) {
      case 'undefined':
        return undefined;
      case 'string':
        return vm.getString(handle);
      case 'number':
        return vm.getNumber(handle);
      case 'object': {
        if (vm.sameValue(handle, vm.null)) return null;
        const length = vm.getProp(handle, 'byteLength');
        const isBuffer = vm.typeof(length) === 'number';
        length.dispose();
        if (!isBuffer) return vm.dump(handle) as Value;
        const bytes = vm.getArrayBuffer(handle);
        const copy = bytes.value.slice();
        bytes.dispose();
        return copy;
      }
      default:
        return vm.dump(handle) as Value;
    }
  }

  dispose(): void {
    this.#parse.dispose();
  }
}
