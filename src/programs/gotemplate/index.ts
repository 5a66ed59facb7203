import { execute, ExecuteError } from './execute';
import { builtins } from './functions';
import { ParseError } from './lex';
import { parse, type Parsed } from './parse';
import type { GoFunction, GoValue } from './values';

export { goJson } from './json';
export { sprintf } from './fmt';
export { dockerFunctions, kubectlFunctions } from './functions';
export { GoError, GoStruct, type GoFunction, type GoMap, type GoValue } from './values';

/** A Go template (text/template) that was parsed; it can be run any number of times. */
export interface Template {
  run(data: GoValue, options?: RunOptions): TemplateResult;
}

export interface RunOptions {
  readonly missingKey?: 'error';
}

/** On failure `output` is what the template had printed before it stopped, as Go's writers have seen it by then. */
export type TemplateResult =
  | { readonly ok: true; readonly output: string }
  | { readonly ok: false; readonly output: string; readonly error: string };

export type TemplateParse =
  { readonly ok: true; readonly template: Template } | { readonly ok: false; readonly error: string };

/** Parses `source`; `name` stands in the messages (`template: NAME:1: …`), `functions` join the built-in ones. */
export function parseTemplate(
  source: string,
  name: string,
  functions: Readonly<Record<string, GoFunction>> = {},
): TemplateParse {
  const known = { ...builtins, ...functions };
  let parsed: Parsed;
  try {
    parsed = parse(source, name, (word) => Object.hasOwn(known, word));
  } catch (reason) {
    if (reason instanceof ParseError) return { ok: false, error: reason.message };
    throw reason;
  }
  const run = (data: GoValue, options: RunOptions = {}): TemplateResult => {
    try {
      return { ok: true, output: execute(parsed, data, { name, source, functions: known, ...options }) };
    } catch (reason) {
      if (reason instanceof ExecuteError) return { ok: false, output: reason.output, error: reason.message };
      throw reason;
    }
  };
  return { ok: true, template: { run } };
}

/**
 * A decoded JSON document whose integers are Go's int (bigint), as where docker decodes into its own types. Without this
 * they stay float64, as where kubectl decodes into interface{}.
 */
export function withInts(value: unknown): GoValue {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(withInts);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withInts(field)]));
  }
  return value as GoValue;
}
