import { isDict, type Dict, type Value } from './value';

export type TypeName = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';

/** As much of JSON Schema as the compose specification uses. */
export interface Schema {
  readonly types?: readonly TypeName[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patterns?: readonly (readonly [RegExp, Schema])[];
  /** No property but those named and those that a pattern takes. */
  readonly closed?: boolean;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly unique?: boolean;
  readonly oneOf?: readonly Schema[];
  readonly values?: readonly string[];
  readonly pattern?: RegExp;
  readonly minimum?: number;
  readonly maximum?: number;
}

interface Problem {
  readonly at: readonly string[];
  /** How deep it is: the deepest one is told. */
  readonly depth: number;
  readonly text: string;
}

/** The most specific thing that is wrong, in compose's words (schema.Validate): undefined if all is well. */
export function validate(schema: Schema, value: Value): string | undefined {
  const problem = check(schema, value, []);
  return problem === undefined ? undefined : `${problem.at.join('.')} ${problem.text}`;
}

function check(schema: Schema, value: Value, at: readonly string[]): Problem | undefined {
  const { types, oneOf, values, pattern, minimum, maximum } = schema;
  const found = (text: string, depth = at.length): Problem => ({ at, depth, text });
  if (types !== undefined && !types.some((type) => isOf(type, value))) return found(`must be a ${readable(types)}`);
  const problems: (Problem | undefined)[] = [];
  if (values !== undefined && !values.includes(value as string))
    problems.push(found(`value must be one of ${values.map((each) => `'${each}'`).join(', ')}`));
  if (isDict(value)) problems.push(...checkObject(schema, value, at));
  if (Array.isArray(value)) problems.push(...checkList(schema, value, at));
  if (pattern !== undefined && typeof value === 'string' && !pattern.test(value))
    problems.push(found(`'${value}' does not match pattern '${pattern.source}'`));
  if (typeof value === 'number') {
    if (minimum !== undefined && value < minimum) problems.push(found(`must be greater than or equal to ${minimum}`));
    if (maximum !== undefined && value > maximum) problems.push(found(`must be less than or equal to ${maximum}`));
  }
  if (oneOf !== undefined) problems.push(checkOneOf(oneOf, value, at));
  return deepest(problems);
}

function deepest(problems: readonly (Problem | undefined)[]): Problem | undefined {
  let best: Problem | undefined;
  for (const problem of problems) if (problem !== undefined && problem.depth > (best?.depth ?? -1)) best = problem;
  return best;
}

function checkObject(schema: Schema, value: Dict, at: readonly string[]): (Problem | undefined)[] {
  const { properties, patterns = [], closed = false, required = [] } = schema;
  const problems: (Problem | undefined)[] = [];
  const missing = required.filter((name) => !(name in value)).map((name) => `'${name}'`);
  if (missing.length > 0) {
    const text = `missing ${missing.length === 1 ? 'property' : 'properties'} ${missing.join(', ')}`;
    problems.push({ at, depth: at.length, text });
  }
  const additional: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const inner = value[key] ?? null;
    const named = properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
    const taking = patterns.filter(([pattern]) => pattern.test(key));
    if (named !== undefined) problems.push(check(named, inner, [...at, key]));
    for (const [, each] of taking) problems.push(check(each, inner, [...at, key]));
    if (closed && named === undefined && taking.length === 0) additional.push(`'${key}'`);
  }
  if (additional.length > 0)
    problems.push({ at, depth: at.length + 1, text: `additional properties ${additional.join(', ')} not allowed` });
  return problems;
}

function checkList({ items, unique }: Schema, value: readonly Value[], at: readonly string[]): (Problem | undefined)[] {
  const problems: (Problem | undefined)[] = [];
  if (items !== undefined) value.forEach((item, index) => problems.push(check(items, item, [...at, String(index)])));
  if (unique === true) {
    const seen = new Map<string, number>();
    value.forEach((item, index) => {
      const key = JSON.stringify(item);
      const before = seen.get(key);
      if (before === undefined) seen.set(key, index);
      else problems.push({ at, depth: at.length, text: `items at ${before} and ${index} are equal` });
    });
  }
  return problems;
}

function checkOneOf(branches: readonly Schema[], value: Value, at: readonly string[]): Problem | undefined {
  const results = branches.map((branch) => check(branch, value, at));
  const fitting = results.flatMap((result, index) => (result === undefined ? [index] : []));
  if (fitting.length === 1) return undefined;
  if (fitting.length > 1)
    return { at, depth: at.length, text: `'oneOf' failed, subschemas ${fitting.slice(0, 2).join(', ')} matched` };
  return deepest(results);
}

function isOf(type: TypeName, value: Value): boolean {
  switch (type) {
    case 'object':
      return isDict(value);
    case 'array':
      return Array.isArray(value);
    case 'null':
      return value === null;
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function readable(types: readonly TypeName[]): string {
  const names = types.map((type) => (type === 'object' ? 'mapping' : type));
  if (names.length === 1) return names[0] ?? '';
  names.sort();
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}
