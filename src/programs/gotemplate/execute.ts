import { format, quote } from './fmt';
import { commandText, operandText, pipeText, type Command, type Node, type Operand, type Pipe } from './nodes';
import type { Parsed } from './parse';
import { GoError, GoStruct, isList, isMap, sortedKeys, truth, typeName, type GoFunction, type GoValue } from './values';

export interface ExecuteOptions {
  readonly name: string;
  readonly source: string;
  readonly functions: Readonly<Record<string, GoFunction>>;
  /** `missingkey=error`: a missing map key ends the execution. */
  readonly missingKey?: 'error';
}

/** A failure while a template runs. `output` is what it had written by then. */
export class ExecuteError extends Error {
  constructor(
    message: string,
    readonly output: string,
  ) {
    super(message);
  }
}

/** Runs a parsed template over `data`. Throws `ExecuteError` with text/template's message. */
export function execute(parsed: Parsed, data: GoValue, options: ExecuteOptions): string {
  const state = new State(parsed, options, data);
  state.walk(parsed.body, data);
  return state.output;
}

class Break extends Error {}
class Continue extends Error {}

class State {
  output = '';
  #template: string;
  readonly #variables: { name: string; value: GoValue }[] = [];

  constructor(
    readonly parsed: Parsed,
    readonly options: ExecuteOptions,
    data: GoValue,
  ) {
    this.#template = options.name;
    this.#variables.push({ name: '$', value: data });
  }

  #fail(at: number, context: string, message: string): never {
    const before = this.options.source.slice(0, at);
    const line = before.split('\n').length;
    const column = at - (before.lastIndexOf('\n') + 1);
    const where = `template: ${this.options.name}:${line}:${column}: executing ${quote(this.#template)} at <${context}>`;
    throw new ExecuteError(`${where}: ${message}`, this.output);
  }

  walk(nodes: readonly Node[], dot: GoValue): void {
    for (const node of nodes) this.#node(node, dot);
  }

  #node(node: Node, dot: GoValue): void {
    switch (node.kind) {
      case 'text':
        this.output += node.text;
        return;
      case 'action': {
        const value = this.#pipe(node.pipe, dot);
        if (node.pipe.declares.length === 0) this.#print(node.pipe, value);
        return;
      }
      case 'if':
      case 'with': {
        const depth = this.#variables.length;
        const value = this.#pipe(node.pipe, dot);
        if (truth(value)) this.walk(node.body, node.kind === 'with' ? value : dot);
        else if (node.otherwise !== undefined) this.walk(node.otherwise, dot);
        this.#variables.length = depth;
        return;
      }
      case 'range':
        this.#range(node, dot);
        return;
      case 'template':
        this.#call(node, dot);
        return;
      case 'break':
        throw new Break();
      case 'continue':
        throw new Continue();
    }
  }

  #print(pipe: Pipe, value: GoValue): void {
    if (typeof value === 'function')
      this.#fail(pipe.at, pipeText(pipe), `can't print ${pipeText(pipe)} of type func()`);
    this.output += value === undefined || value === null ? '<no value>' : format(value);
  }

  #range(node: Extract<Node, { kind: 'range' }>, dot: GoValue): void {
    const depth = this.#variables.length;
    // The pipeline runs without its variables: they are set anew for each element.
    const over = this.#commands(node.pipe, dot);
    const items = this.#elements(over, node.pipe);
    if (items.length === 0) {
      if (node.otherwise !== undefined) this.walk(node.otherwise, dot);
      return;
    }
    for (const [key, item] of items) {
      const [first, second] = node.pipe.declares;
      if (first !== undefined) this.#bind(node.pipe, first, second === undefined ? item : key);
      if (second !== undefined) this.#bind(node.pipe, second, item);
      try {
        this.walk(node.body, item);
      } catch (reason) {
        if (reason instanceof Break) break;
        if (!(reason instanceof Continue)) throw reason;
      } finally {
        this.#variables.length = depth;
      }
    }
    this.#variables.length = depth;
  }

  #bind(pipe: Pipe, name: string, value: GoValue): void {
    if (!pipe.assigns) {
      this.#variables.push({ name, value });
      return;
    }
    const variable = this.#variables.findLast((candidate) => candidate.name === name);
    if (variable !== undefined) variable.value = value;
  }

  #elements(over: GoValue, pipe: Pipe): readonly (readonly [GoValue, GoValue])[] {
    if (over === undefined || over === null) return [];
    if (isList(over)) return over.map((item, index) => [BigInt(index), item]);
    if (isMap(over)) return sortedKeys(over).map((key) => [key, over[key]]);
    if (typeof over === 'bigint')
      return Array.from({ length: Math.max(0, Number(over)) }, (_, index) => [BigInt(index), BigInt(index)]);
    return this.#fail(pipe.at, pipeText(pipe), `range can't iterate over ${format(over)}`);
  }

  #call(node: Extract<Node, { kind: 'template' }>, dot: GoValue): void {
    const body = this.parsed.templates.get(node.name);
    if (body === undefined) {
      this.#fail(node.at, `{{template ${quote(node.name)}}}`, `template ${quote(node.name)} not defined`);
    }
    const value = node.pipe === undefined ? undefined : this.#pipe(node.pipe, dot);
    const outer = this.#template;
    const variables = this.#variables.splice(0);
    this.#variables.push({ name: '$', value });
    this.#template = node.name;
    this.walk(body, value);
    this.#template = outer;
    this.#variables.splice(0, Infinity, ...variables);
  }

  #pipe(pipe: Pipe, dot: GoValue): GoValue {
    const value = this.#commands(pipe, dot);
    for (const name of pipe.declares) this.#bind(pipe, name, value);
    return value;
  }

  #commands(pipe: Pipe, dot: GoValue): GoValue {
    let value: GoValue = undefined;
    pipe.commands.forEach((command, index) => {
      value = this.#command(command, dot, index === 0 ? [] : [value]);
    });
    return value;
  }

  #command(command: Command, dot: GoValue, final: readonly GoValue[]): GoValue {
    const [first, ...args] = command.operands;
    const given = args.length > 0 || final.length > 0;
    switch (first.kind) {
      case 'identifier':
        return this.#function(first.name, first, command, args, dot, final);
      case 'field':
        return this.#chain(dot, first.path, first, args, dot, final);
      case 'variable': {
        const [name, ...path] = first.path;
        const value = this.#variable(name);
        if (path.length > 0) return this.#chain(value, path, first, args, dot, final);
        if (given)
          this.#fail(first.at, commandText(command), `can't give argument to non-function ${operandText(first)}`);
        return value;
      }
      case 'chain': {
        const on = this.#operand(first.on, dot);
        return this.#chain(on, first.path, first, args, dot, final);
      }
      case 'nil':
        return this.#fail(first.at, 'nil', 'nil is not a command');
      default:
        if (given)
          this.#fail(first.at, operandText(first), `can't give argument to non-function ${operandText(first)}`);
        return this.#operand(first, dot);
    }
  }

  #variable(name: string): GoValue {
    return this.#variables.findLast((candidate) => candidate.name === name)?.value;
  }

  #operand(operand: Operand, dot: GoValue): GoValue {
    switch (operand.kind) {
      case 'dot':
        return dot;
      case 'nil':
        return null;
      case 'literal':
        return operand.value;
      case 'pipe':
        return this.#pipe(operand.pipe, dot);
      case 'identifier':
        return this.#function(operand.name, operand, undefined, [], dot, []);
      case 'field':
        return this.#chain(dot, operand.path, operand, [], dot, []);
      case 'variable': {
        const [name, ...path] = operand.path;
        return this.#chain(this.#variable(name), path, operand, [], dot, []);
      }
      case 'chain':
        return this.#chain(this.#operand(operand.on, dot), operand.path, operand, [], dot, []);
    }
  }

  /** `.a.b.c` from `receiver`; arguments go to the last. */
  #chain(
    receiver: GoValue,
    path: readonly string[],
    node: Operand,
    args: readonly Operand[],
    dot: GoValue,
    final: readonly GoValue[],
  ): GoValue {
    let value = receiver;
    path.forEach((field, index) => {
      const last = index === path.length - 1;
      value = this.#field(value, field, node, last ? args : [], dot, last ? final : [], index > 0);
    });
    return value;
  }

  #field(
    receiver: GoValue,
    field: string,
    node: Operand,
    args: readonly Operand[],
    dot: GoValue,
    final: readonly GoValue[],
    nested: boolean,
  ): GoValue {
    const context = operandText(node);
    if (receiver === undefined) {
      if (this.options.missingKey === 'error' && !nested)
        this.#fail(node.at, context, `nil data; no entry for key ${quote(field)}`);
      return undefined;
    }
    if (receiver === null) return this.#fail(node.at, context, `nil pointer evaluating interface {}.${field}`);
    if (receiver instanceof GoStruct) {
      const found = receiver.fields.get(field);
      if (typeof found === 'function') return this.#invoke(found, field, node, this.#arguments(args, dot, final));
      if (!receiver.fields.has(field))
        return this.#fail(node.at, context, `can't evaluate field ${field} in type ${receiver.typeName}`);
      return found;
    }
    if (isMap(receiver)) {
      if (args.length > 0 || final.length > 0)
        this.#fail(node.at, context, `${field} is not a method but has arguments`);
      const found = Object.hasOwn(receiver, field) ? receiver[field] : undefined;
      if (found === undefined && this.options.missingKey === 'error') {
        this.#fail(node.at, context, `map has no entry for key ${quote(field)}`);
      }
      return found;
    }
    return this.#fail(
      node.at,
      context,
      `can't evaluate field ${field} in type ${nested ? 'interface {}' : typeName(receiver)}`,
    );
  }

  #arguments(args: readonly Operand[], dot: GoValue, final: readonly GoValue[]): GoValue[] {
    return [...args.map((operand) => this.#operand(operand, dot)), ...final];
  }

  #function(
    name: string,
    node: Operand,
    command: Command | undefined,
    args: readonly Operand[],
    dot: GoValue,
    final: readonly GoValue[],
  ): GoValue {
    // `and` and `or` look at their arguments one by one and stop early (Go 1.18).
    if ((name === 'and' || name === 'or') && args.length > 0) {
      let value: GoValue = undefined;
      for (const operand of args) {
        value = this.#operand(operand, dot);
        if (truth(value) === (name === 'or')) return value;
      }
      return final.length > 0 ? final[0] : value;
    }
    const found = this.options.functions[name];
    if (found === undefined) return this.#fail(node.at, name, `${quote(name)} is not a defined function`);
    const context = command === undefined ? operandText(node) : commandText(command);
    return this.#invoke(found, name, node, this.#arguments(args, dot, final), context);
  }

  #invoke(
    called: GoFunction,
    name: string,
    node: Operand,
    args: readonly GoValue[],
    context = operandText(node),
  ): GoValue {
    try {
      return called(...args);
    } catch (reason) {
      if (reason instanceof GoError) return this.#fail(node.at, context, reason.message.replace('%name', name));
      throw reason;
    }
  }
}
