import { CowMap } from './cow-map';
import { ShellError } from './errors';
import { fillArray, fillDictionary, type FillItem } from './fill';
import { AssociativeArray, IndexedArray, newOwner, type Owner } from './values';
import { convert, Flag, type Variable, type VariableHooks } from './variable';

export { Flag, type Variable } from './variable';

interface Frame {
  /** `call`: variables put before a function's name, `command`: before another command's. */
  readonly kind: 'function' | 'command' | 'call';
  /** What the names meant outside; restored when the frame is left. */
  readonly saved: Map<string, Variable | undefined>;
}

export interface Reference {
  readonly name: string;
  readonly subscript: string | undefined;
}

const MAX_REFERENCES = 8;

/** All variables of a shell, dynamically scoped, with copies for subshells in constant time. */
export class Variables {
  #map: CowMap<string, Variable>;
  #frames: Frame[] = [];
  #owner: Owner = newOwner();
  #exported: Map<string, string> | undefined;
  hooks: VariableHooks | undefined;

  constructor(map: CowMap<string, Variable> = new CowMap()) {
    this.#map = map;
  }

  fork(): Variables {
    const copy = new Variables(this.#map.fork());
    copy.#frames = this.#frames.map(({ kind, saved }) => ({ kind, saved: new Map(saved) }));
    copy.#exported = this.#exported;
    this.#owner = newOwner();
    return copy;
  }

  /** The variable of that very name, references not followed. */
  raw(name: string): Variable | undefined {
    return this.#map.get(name);
  }

  /** Follows name references; a reference may lead to an array element. */
  resolve(name: string): Reference {
    let target = name;
    for (let step = 0; step < MAX_REFERENCES; step++) {
      const variable = this.#map.get(target);
      if (variable === undefined || (variable.flags & Flag.nameref) === 0)
        return { name: target, subscript: undefined };
      if (typeof variable.value !== 'string' || variable.value === '') return { name: target, subscript: undefined };
      const element = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(variable.value);
      if (element?.[1] !== undefined && element[2] !== undefined)
        return { name: element[1], subscript: this.hooks?.key(element[1], element[2]) ?? element[2] };
      target = variable.value;
    }
    if (target !== '') this.hooks?.complain(`warning: ${name}: circular name reference`);
    return { name: '', subscript: undefined };
  }

  get(name: string): Variable | undefined {
    const variable = this.#map.get(name);
    if (variable === undefined || (variable.flags & (Flag.nameref | Flag.dynamic)) === 0) return variable;
    if ((variable.flags & Flag.dynamic) !== 0) {
      return { value: this.hooks?.dynamic(name) ?? variable.value, flags: variable.flags };
    }
    const target = this.resolve(name);
    if (target.subscript !== undefined) return { value: this.element(target.name, target.subscript), flags: 0 };
    return target.name === name ? variable : this.get(target.name);
  }

  /** The value of `$name`: of an array, its element 0. */
  scalar(name: string): string | undefined {
    const value = this.get(name)?.value;
    if (value === undefined || typeof value === 'string') return value;
    return value instanceof IndexedArray ? value.get(0) : value.get('0');
  }

  /** `${name[subscript]}`. */
  element(name: string, subscript: string): string | undefined {
    const value = this.get(name)?.value;
    if (value instanceof AssociativeArray) {
      if (subscript === '') this.hooks?.complain(`${name}: bad array subscript`);
      return value.get(subscript);
    }
    const index = this.#count(name, subscript);
    if (index < 0) {
      this.hooks?.complain(`${name}: bad array subscript`);
      return undefined;
    }
    if (value instanceof IndexedArray) return value.get(index);
    return index === 0 ? value : undefined;
  }

  /** The number of a subscript; negative ones count from the end. */
  index(name: string, subscript: string): number {
    const index = this.#count(name, subscript);
    if (index < 0) throw new ShellError(`${name}[${subscript}]: bad array subscript`);
    return index;
  }

  /** What is wrong with a subscript ends all of a `-c` (array_expand_index of bash's arrayfunc.c). */
  #evaluate(subscript: string): number {
    try {
      return Number(this.hooks?.arithmetic(subscript) ?? '0');
    } catch (error) {
      if (!(error instanceof ShellError) || error.exits) throw error;
      throw new ShellError(error.message, { status: error.status, discards: true });
    }
  }

  #count(name: string, subscript: string): number {
    const plain = /^\d{1,9}$/.test(subscript) && (subscript.length === 1 || !subscript.startsWith('0'));
    const index = plain ? Number(subscript) : this.#evaluate(subscript);
    if (index >= 0) return index;
    const value = this.get(name)?.value;
    const last = value instanceof IndexedArray ? value.last : value === undefined ? -1 : 0;
    return index + last + 1;
  }

  /** `name=value` or `name+=value`. */
  assign(name: string, value: string, append = false): void {
    const target = this.resolve(name);
    if (target.name === '') throw new ShellError('');
    if (target.subscript !== undefined) {
      this.assignElement(target.name, target.subscript, value, append);
      return;
    }
    const old = this.#map.get(target.name);
    this.#refuseReadonly(target.name, old);
    if (old?.value instanceof IndexedArray) {
      this.#array(target.name, old).set(0, this.#convert(old, append ? (old.value.get(0) ?? '') : undefined, value));
    } else if (old?.value instanceof AssociativeArray) {
      this.#dictionary(target.name, old).set(
        '0',
        this.#convert(old, append ? (old.value.get('0') ?? '') : undefined, value),
      );
    } else {
      const converted = this.#convert(old, append ? (this.scalar(target.name) ?? '') : undefined, value);
      this.#put(target.name, { value: converted, flags: old?.flags ?? 0 });
    }
    this.hooks?.assigned(target.name, value);
  }

  /** `name[subscript]=value`. */
  assignElement(name: string, subscript: string, value: string, append = false): void {
    const { name: target, subscript: inner } = this.resolve(name);
    if (inner !== undefined && target !== name) throw new ShellError(`\`${target}[${inner}]': not a valid identifier`);
    const old = this.#map.get(target);
    this.#refuseReadonly(target, old);
    if (subscript === '') throw new ShellError(`${name}[]: bad array subscript`);
    if (old?.value instanceof AssociativeArray) {
      const before = append ? (old.value.get(subscript) ?? '') : undefined;
      const converted = this.#convert(old, before, value);
      this.#dictionary(target, old).set(subscript, converted);
      return;
    }
    const index = this.index(target, subscript);
    // The subscript may have assigned to the array itself.
    const now = this.#map.get(target);
    const before = append ? (this.element(target, String(index)) ?? '') : undefined;
    const converted = this.#convert(now, before, value);
    this.#array(target, now).set(index, converted);
  }

  /** `name=(…)`: `values` with their subscripts; undefined means the next one. */
  assignArray(name: string, values: readonly FillItem[], append = false): void {
    const { name: target, subscript: inner } = this.resolve(name);
    if (inner !== undefined) throw new ShellError(`\`${target}[${inner}]': not a valid identifier`);
    const old = this.#map.get(target);
    this.#refuseReadonly(target, old);
    if (old?.value instanceof AssociativeArray) this.#fillDictionary(target, old, values, append);
    else this.#fillArray(target, old, values, append);
  }

  #fillDictionary(name: string, old: Variable, items: readonly FillItem[], append: boolean): void {
    const before = old.value instanceof AssociativeArray ? old.value : undefined;
    const dictionary = append && before !== undefined ? before.copy(this.#owner) : new AssociativeArray(this.#owner);
    const convert = (earlier: string | undefined, value: string): string => this.#convert(old, earlier, value);
    fillDictionary(dictionary, append ? dictionary : before, items, convert, (value) => {
      this.hooks?.complain(`${name}: ${value}: must use subscript when assigning associative array`);
    });
    this.#put(name, { value: dictionary, flags: old.flags });
  }

  #fillArray(name: string, old: Variable | undefined, items: readonly FillItem[], append: boolean): void {
    const array = append && old !== undefined ? this.#asArray(old).copy(this.#owner) : new IndexedArray(this.#owner);
    // Subscripts see what was assigned before them.
    this.#put(name, { value: array, flags: old?.flags ?? 0 });
    const convert = (earlier: string | undefined, value: string): string => this.#convert(old, earlier, value);
    const evaluate = (subscript: string): number => Number(this.hooks?.arithmetic(subscript) ?? subscript);
    fillArray(array, append ? array.last + 1 : 0, items, convert, evaluate);
  }

  /** Changes attributes; a variable that does not exist is declared without a value. */
  mark(name: string, add: number, remove = 0): void {
    const old = this.#map.get(name);
    this.#put(name, { value: old?.value, flags: ((old?.flags ?? 0) | add) & ~remove });
  }

  /** `declare -a`, `declare -A`: turns a variable into an array. */
  makeArray(name: string, kind: 'indexed' | 'associative'): void {
    const old = this.#map.get(name);
    if (kind === 'indexed') {
      if (old?.value instanceof AssociativeArray) {
        throw new ShellError(`${name}: cannot convert associative to indexed array`);
      }
      if (!(old?.value instanceof IndexedArray)) {
        const array = this.#asArray(old);
        if (old?.value === undefined) array.assigned = false;
        this.#put(name, { value: array, flags: old?.flags ?? 0 });
      }
      return;
    }
    if (old?.value instanceof AssociativeArray) return;
    if (old?.value instanceof IndexedArray && old.value.size > 0) {
      throw new ShellError(`${name}: cannot convert indexed to associative array`);
    }
    const dictionary = new AssociativeArray(this.#owner);
    if (typeof old?.value === 'string') dictionary.set('0', old.value);
    this.#put(name, { value: dictionary, flags: old?.flags ?? 0 });
  }

  /** `declare x[1]=y`: a plain or new variable becomes an indexed array. */
  makeArrayIfPlain(name: string): void {
    const value = this.#map.get(name)?.value;
    if (!(value instanceof AssociativeArray) && !(value instanceof IndexedArray)) this.makeArray(name, 'indexed');
  }

  /** Sets a variable whatever it was (dynamic ones, BASH_REMATCH, PIPESTATUS). */
  define(name: string, value: string | readonly string[], flags = 0): void {
    const stored = typeof value === 'string' ? value : IndexedArray.of(this.#owner, value);
    this.#put(name, { value: stored, flags });
  }

  /** False if it is readonly. */
  unset(name: string): boolean {
    const old = this.#map.get(name);
    if (old === undefined) return true;
    if ((old.flags & Flag.readonly) !== 0) return false;
    if ((old.flags & Flag.exported) !== 0) this.#exported = undefined;
    for (let depth = this.#frames.length - 1; depth >= 0; depth--) {
      const frame = this.#frames[depth];
      if (frame?.saved.has(name) !== true) continue;
      const innermost = this.#frames.findLastIndex(({ kind }) => kind === 'function');
      if (depth === innermost) break; // a local of the running function stays local, without a value
      const outer = frame.saved.get(name);
      frame.saved.delete(name);
      this.#restore(name, outer);
      return true;
    }
    this.#map.delete(name);
    return true;
  }

  /** `unset 'name[subscript]'`. */
  unsetElement(name: string, subscript: string): boolean {
    const target = this.resolve(name).name;
    const old = this.#map.get(target);
    if (old === undefined) return true;
    if ((old.flags & Flag.readonly) !== 0) return false;
    if (old.value instanceof AssociativeArray) this.#dictionary(target, old).delete(subscript);
    else if (old.value instanceof IndexedArray) {
      if (subscript === '@' || subscript === '*')
        this.#put(target, { value: new IndexedArray(this.#owner), flags: old.flags });
      else {
        const index = this.#count(target, subscript);
        if (index < 0) throw new ShellError(`[${subscript}]: bad array subscript`);
        this.#array(target, old).delete(index);
      }
    } else if (this.index(target, subscript) === 0) return this.unset(target);
    return true;
  }

  names(): string[] {
    return [...this.#map.keys()].sort((a, b) => (a < b ? -1 : 1));
  }

  /** The environment for a child. Cached until an exported variable changes. */
  environment(): ReadonlyMap<string, string> {
    if (this.#exported !== undefined) return this.#exported;
    const exported = new Map<string, string>();
    let changing = false;
    for (const [name, { value, flags }] of this.#map.entries()) {
      if ((flags & Flag.exported) === 0) continue;
      const now = (flags & Flag.dynamic) === 0 ? value : this.get(name)?.value;
      if (typeof now === 'string') exported.set(name, now);
      changing ||= (flags & Flag.dynamic) !== 0;
    }
    if (!changing) this.#exported = exported;
    return exported;
  }

  /** Enters a scope; what becomes local in it is restored by `leave`. */
  enter(kind: Frame['kind']): void {
    this.#frames.push({ kind, saved: new Map() });
  }

  /** Leaves a scope, but what was set in it stays (POSIX, before special builtins). */
  leaveKeeping(): void {
    this.#frames.pop();
  }

  leave(): void {
    const frame = this.#frames.pop();
    if (frame === undefined) return;
    for (const [name, variable] of frame.saved) this.#restore(name, variable);
  }

  get inFunction(): boolean {
    return this.#frames.some(({ kind }) => kind === 'function');
  }

  /** Makes a name local to the running function (or command, for `NAME=value command`). True if it newly is. */
  makeLocal(name: string, kind: Frame['kind'] = 'function'): boolean {
    const at = this.#frames.findLastIndex((candidate) => candidate.kind === kind);
    const frame = this.#frames[at];
    if (frame === undefined || frame.saved.has(name)) return false;
    const old = this.#map.get(name);
    this.#refuseReadonly(name, old);
    const given = kind === 'function' ? this.#frames.findLast(({ saved }) => saved.has(name)) : undefined;
    // What stood before the call becomes the local variable itself.
    if (given?.kind === 'call' && given === this.#frames[at - 1]) {
      frame.saved.set(name, given.saved.get(name));
      given.saved.delete(name);
    } else frame.saved.set(name, old);
    if (given !== undefined && given.kind !== 'function') return true;
    if (old !== undefined) {
      if ((old.flags & Flag.exported) !== 0) this.#exported = undefined;
      this.#map.delete(name);
    }
    return true;
  }

  isLocal(name: string): boolean {
    return this.#frames.findLast(({ kind }) => kind === 'function')?.saved.has(name) ?? false;
  }

  localNames(): string[] {
    return [...(this.#frames.findLast(({ kind }) => kind === 'function')?.saved.keys() ?? [])].sort();
  }

  /** Runs `act` as if no function were running (declare -g). */
  global(name: string, act: () => void): void {
    const depth = this.#frames.findIndex(({ saved }) => saved.has(name));
    const frame = this.#frames[depth];
    if (frame === undefined) {
      act();
      return;
    }
    const inner = this.#map.get(name);
    this.#restore(name, frame.saved.get(name));
    const frames = this.#frames;
    this.#frames = [];
    try {
      act();
    } finally {
      this.#frames = frames;
      frame.saved.set(name, this.#map.get(name));
      this.#restore(name, inner);
    }
  }

  #restore(name: string, variable: Variable | undefined): void {
    this.#exported = undefined;
    if (variable === undefined) this.#map.delete(name);
    else this.#map.set(name, variable);
  }

  #put(name: string, variable: Variable): void {
    if (this.#exported !== undefined) {
      const before = this.#map.get(name)?.flags ?? 0;
      if (((before | variable.flags) & Flag.exported) !== 0) this.#exported = undefined;
    }
    this.#map.set(name, variable);
  }

  #refuseReadonly(name: string, variable: Variable | undefined): void {
    if (variable !== undefined && (variable.flags & Flag.readonly) !== 0)
      throw new ShellError(`${name}: readonly variable`);
  }

  #convert(variable: Variable | undefined, before: string | undefined, value: string): string {
    return convert(variable?.flags ?? 0, before, value, this.hooks);
  }

  #asArray(variable: Variable | undefined): IndexedArray {
    const value = variable?.value;
    if (value instanceof IndexedArray) return value;
    return IndexedArray.of(this.#owner, typeof value === 'string' ? [value] : []);
  }

  /** The array, owned by this state, so that it may be changed. */
  #array(name: string, variable: Variable | undefined): IndexedArray {
    const array = this.#asArray(variable);
    const mine = array.owner === this.#owner ? array : array.copy(this.#owner);
    if (mine !== variable?.value) this.#put(name, { value: mine, flags: variable?.flags ?? 0 });
    return mine;
  }

  #dictionary(name: string, variable: Variable): AssociativeArray {
    const { value } = variable;
    if (value instanceof AssociativeArray && value.owner === this.#owner) return value;
    const mine = value instanceof AssociativeArray ? value.copy(this.#owner) : new AssociativeArray(this.#owner);
    this.#put(name, { value: mine, flags: variable.flags });
    return mine;
  }
}
