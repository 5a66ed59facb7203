import { err, ok, type Result } from '../../../sim/result';
import type { JsonSchemaProps } from './json-schema-props';
import { additionalSchema, property, sortedKeys } from './structural';

export interface FoundField {
  /** As field.Path prints it. */
  readonly path: string;
  readonly root: string;
  readonly schema: JsonSchemaProps;
}

/** cel.ValidFieldPath: `.spec.a['b']`, a way through a schema. */
export function fieldPath(text: string, root: JsonSchemaProps, brackets = true): Result<FoundField, string> {
  const tokens = tokensOf(text);
  let schema: JsonSchemaProps | undefined = root;
  let path = '';
  let first = '';
  const step = (name: string): string | undefined => {
    const at: JsonSchemaProps | undefined = schema;
    if (at === undefined) return 'does not refer to a valid field';
    const isNamed = sortedKeys(at.properties).length > 0;
    if (!isNamed && at.additionalProperties === undefined) return 'does not refer to a valid field';
    const sub: JsonSchemaProps | undefined = isNamed ? property(at, name) : (additionalSchema(at) ?? {});
    if (sub === undefined) return 'does not refer to a valid field';
    path += !isNamed ? `[${name}]` : path === '' ? name : `.${name}`;
    if (first === '') first = name;
    schema = sub;
    return undefined;
  };
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? '';
    let problem: string | undefined;
    if (token === '.') {
      const name = tokens[++at];
      problem = name === undefined ? 'unexpected end of JSON path' : step(name);
    } else if (token === '[') {
      if (!brackets) return err('array notation is not allowed');
      const quoted = tokens[++at];
      if (quoted === undefined) return err('unexpected end of JSON path');
      if (!/^'.*'$/s.test(quoted) || quoted.length < 2) return err(`expected single quoted string but got ${quoted}`);
      problem = step(quoted.slice(1, -1).replace(/\\(.)/g, '$1'));
      const close = tokens[++at];
      if (problem === undefined && close === undefined) problem = 'unexpected end of JSON path';
      if (problem === undefined && close !== ']') problem = `expected ] but got ${close}`;
    } else problem = `expected [ or . but got: ${token}`;
    if (problem !== undefined) return err(problem);
  }
  return ok({ path, root: first, schema: schema ?? {} });
}

/** Delimiters by themselves, and what stands between them; quotes hide delimiters. */
function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at);
    const found = /^(?:[.[\]]|'(?:\\'|[^'])*'|[^.[\]]+)/.exec(rest)?.[0] ?? rest;
    tokens.push(found);
    at += found.length;
  }
  return tokens;
}
