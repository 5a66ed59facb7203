import type { Result } from '../../../sim/result';
import { equal } from '../../apimachinery/equal';
import type { FieldErrors } from '../../apimachinery/field-errors';
import { goQuote } from '../../apimachinery/field-errors';
import { compileRegex, type Regex } from '../../cel/re2';
import { formats } from './formats';
import type { JsonSchemaProps } from './json-schema-props';
import { additionalSchema, itemSchema, property, sortedKeys } from './structural';

/** Values against schemas: k8s.io/kube-openapi/pkg/validation/validate, with its words. */
interface Complaint {
  /** The path within the value; undefined: about the whole (no errors.Validation upstream). */
  readonly name: string | undefined;
  readonly message: string;
  tell(errors: FieldErrors): void;
}

/** MatchCount tells which of several failed alternatives came closest. */
class Outcome {
  readonly complaints: Complaint[] = [];
  matches = 0;

  get valid(): boolean {
    return this.complaints.length === 0;
  }
  add(complaint: Complaint): void {
    if (!this.complaints.some(({ message }) => message === complaint.message)) this.complaints.push(complaint);
  }
  merge(other: Outcome): void {
    for (const each of other.complaints) this.add(each);
    this.matches += other.matches;
  }
}

/** ValidateCustomResource: what is wrong with a value; `errors` is where it stands. */
export function validateValue(schema: JsonSchemaProps, value: unknown, errors: FieldErrors): void {
  for (const complaint of against(schema, value, '').complaints) {
    const name = complaint.name?.replace(/^\./, '') ?? '';
    complaint.tell(name === '' ? errors : errors.at(name));
  }
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function against(schema: JsonSchemaProps, value: unknown, path: string): Outcome {
  const outcome = new Outcome();
  const apply = (check: (schema: JsonSchemaProps, value: unknown, path: string, into: Outcome) => void): void => {
    const into = new Outcome();
    check(schema, value, path, into);
    outcome.merge(into);
    outcome.matches++;
  };
  if (value === null) {
    checkType(schema, value, path, outcome);
    checkEnum(schema, value, path, outcome);
    return outcome;
  }
  if (typesOf(schema).length > 0 || formatOf(schema) !== '') apply(checkType);
  apply(checkJunctors);
  if (typeof value === 'string') {
    apply(checkString);
    if (formats.has(formatOf(schema).replaceAll('-', ''))) apply(checkFormat);
  }
  if (typeof value === 'number') apply(checkNumber);
  if (Array.isArray(value)) apply(checkList);
  apply(checkEnum);
  if (isMap(value)) apply(checkObject);
  outcome.matches++;
  return outcome;
}

const typesOf = (schema: JsonSchemaProps): readonly string[] =>
  schema['x-kubernetes-int-or-string'] === true
    ? ['integer', 'string']
    : (schema.type ?? '') === ''
      ? []
      : [schema.type ?? ''];

/** Formats that are not supported are none. */
const formatOf = ({ format = '' }: JsonSchemaProps): string => (formats.has(format.replaceAll('-', '')) ? format : '');

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

const mismatch = (path: string, wanted: string, given: string): Complaint => {
  const message = `${path} in body must be of type ${wanted}: ${goQuote(given)}`;
  return { name: path, message, tell: (errors) => errors.typeInvalid(given, message) };
};
const wrong = (path: string, value: unknown, text: string): Complaint => {
  const message = `${path} in body ${text}`;
  return { name: path, message, tell: (errors) => errors.invalid(value, message) };
};
/** Plain errors upstream: they belong to the whole value. */
const general = (message: string): Complaint => ({
  name: undefined,
  message,
  tell: (errors) => errors.invalid('', message),
});

function checkType(schema: JsonSchemaProps, value: unknown, path: string, into: Outcome): void {
  into.matches++;
  const types = typesOf(schema);
  if (value === null) {
    if (types.length > 0 && schema.nullable !== true) into.add(mismatch(path, types.join(','), 'null'));
    return;
  }
  const given = typeOf(value);
  const numeric = types.includes('number') || types.includes('integer');
  const format = formatOf(schema);
  if (typeof value !== 'string' && !Array.isArray(value) && format !== '' && !types.includes(given))
    if (!(given === 'integer' && types.includes('number')))
      return into.add(mismatch(path, format, given === 'integer' ? 'int64' : given === 'number' ? 'float64' : ''));
  if (!numeric && format !== '' && (typeof value === 'string' || Array.isArray(value))) return;
  if (!types.includes(given) && !(given === 'integer' && types.includes('number')) && types.length > 0)
    into.add(mismatch(path, types.join(','), given));
}

function checkJunctors(schema: JsonSchemaProps, value: unknown, path: string, into: Outcome): void {
  const { anyOf = [], oneOf = [], allOf = [], not } = schema;
  const quoted = goQuote(path);
  if (anyOf.length > 0) {
    let best: Outcome | undefined;
    let success: Outcome | undefined;
    for (const each of anyOf) {
      const result = against(each, value, path);
      if (result.valid) {
        success = result;
        break;
      }
      if (best === undefined || result.matches > best.matches) best = result;
    }
    if (success === undefined) into.add(general(`${quoted} must validate at least one schema (anyOf)`));
    const merged = success ?? best;
    if (merged !== undefined) into.merge(merged);
  }
  if (oneOf.length > 0) {
    const results = oneOf.map((each) => against(each, value, path));
    const valid = results.filter((result) => result.valid);
    if (valid.length === 1 && valid[0] !== undefined) into.merge(valid[0]);
    else {
      const found = valid.length === 0 ? 'Found none valid' : `Found ${valid.length} valid alternatives`;
      into.add(general(`${quoted} must validate one and only one schema (oneOf). ${found}`));
      let best: Outcome | undefined;
      for (const result of results) {
        if (result.valid) break;
        if (best === undefined || result.matches > best.matches) best = result;
      }
      if (best !== undefined) into.merge(best);
    }
  }
  if (allOf.length > 0) {
    let validated = 0;
    for (const each of allOf) {
      const result = against(each, value, path);
      if (result.valid) validated++;
      into.merge(result);
    }
    if (validated !== allOf.length)
      into.add(general(`${quoted} must validate all the schemas (allOf)${validated === 0 ? '. None validated' : ''}`));
  }
  if (not !== undefined && against(not, value, path).valid)
    into.add(general(`${quoted} must not validate the schema (not)`));
  into.matches++;
}

function checkString(schema: JsonSchemaProps, value: unknown, path: string, into: Outcome): void {
  const text = value as string;
  const { maxLength, minLength, pattern = '' } = schema;
  const length = maxLength === undefined && minLength === undefined ? 0 : [...text].length;
  if (maxLength !== undefined && length > maxLength)
    return into.add({
      name: path,
      message: `${path} in body should be at most ${maxLength} chars long`,
      tell: (errors) => errors.tooLong(maxLength),
    });
  if (minLength !== undefined && length < minLength)
    return into.add(wrong(path, text, `should be at least ${minLength} chars long`));
  if (pattern === '') return;
  const compiled = regex(pattern);
  if (!compiled.ok)
    into.add(
      wrong(path, text, `should match '${pattern}, but pattern is invalid: error parsing regexp: ${compiled.error}'`),
    );
  else if (compiled.value.find(text, 0) === undefined) into.add(wrong(path, text, `should match '${pattern}'`));
}

const compiled = new Map<string, Result<Regex, string>>();
const mostCompiled = 500;

function regex(pattern: string): Result<Regex, string> {
  let known = compiled.get(pattern);
  if (known !== undefined) return known;
  if (compiled.size >= mostCompiled) compiled.clear();
  known = compileRegex(pattern);
  compiled.set(pattern, known);
  return known;
}

function checkFormat(schema: JsonSchemaProps, value: unknown, path: string, into: Outcome): void {
  const format = formatOf(schema);
  if (formats.get(format.replaceAll('-', ''))?.(value as string) === false)
    into.add(mismatch(path, format, value as string));
}

function checkNumber(schema: JsonSchemaProps, value: unknown, path: string, into: Outcome): void {
  const number = value as number;
  const { multipleOf, maximum, minimum, exclusiveMaximum, exclusiveMinimum } = schema;
  // Whole numbers are compared as such.
  const bound = (limit: number): number => (Number.isInteger(number) ? Math.trunc(limit) : limit);
  if (multipleOf !== undefined) {
    const factor = bound(multipleOf);
    const times = factor < 1 ? (1 / factor) * number : number / factor;
    if (factor <= 0) into.add(general(`factor MultipleOf declared for ${path} must be positive: ${factor}`));
    else if (Math.abs(times - Math.round(times)) > 1e-9)
      into.add(wrong(path, number, `should be a multiple of ${factor}`));
  }
  if (minimum !== undefined) {
    const limit = bound(minimum);
    if (exclusiveMinimum === true ? number <= limit : number < limit)
      into.add(
        wrong(path, number, `should be greater than ${exclusiveMinimum === true ? '' : 'or equal to '}${limit}`),
      );
  }
  if (maximum !== undefined) {
    const limit = bound(maximum);
    if (exclusiveMaximum === true ? number >= limit : number > limit)
      into.add(wrong(path, number, `should be less than ${exclusiveMaximum === true ? '' : 'or equal to '}${limit}`));
  }
  into.matches++;
}

function checkList(schema: JsonSchemaProps, value: unknown, path: string, into: Outcome): void {
  const list = value as readonly unknown[];
  const items = itemSchema(schema);
  if (items !== undefined) list.forEach((item, index) => into.merge(against(items, item, `${path}[${index}]`)));
  const { minItems, maxItems } = schema;
  if (minItems !== undefined && list.length < minItems)
    into.add(wrong(path, list.length, `should have at least ${minItems} items`));
  if (maxItems !== undefined && list.length > maxItems)
    into.add({
      name: path,
      message: `${path} in body should have at most ${maxItems} items`,
      tell: (errors) => errors.tooMany(list.length, maxItems),
    });
  into.matches++;
}

function checkEnum(schema: JsonSchemaProps, value: unknown, path: string, into: Outcome): void {
  const { enum: allowed = [] } = schema;
  if (allowed.length === 0 || allowed.some((each) => each !== null && equal(each, value))) return;
  const shown = allowed.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
  into.add({
    name: path,
    message: `${path} in body should be one of [${shown.join(' ')}]`,
    tell: (errors) => errors.notSupported(value, shown),
  });
}

function checkObject(schema: JsonSchemaProps, value: unknown, path: string, into: Outcome): void {
  const object = value as Readonly<Record<string, unknown>>;
  const { minProperties, maxProperties, required = [] } = schema;
  const keys = sortedKeys(object);
  if (minProperties !== undefined && keys.length < minProperties)
    into.add(wrong(path, keys.length, `should have at least ${minProperties} properties`));
  if (maxProperties !== undefined && keys.length > maxProperties)
    into.add({
      name: path,
      message: `${path} in body should have at most ${maxProperties} properties`,
      tell: (errors) => errors.tooMany(keys.length, maxProperties),
    });
  const additional = additionalSchema(schema);
  for (const key of keys) {
    const sub = property(schema, key);
    if (sub !== undefined) into.merge(against(sub, object[key], path === '' ? key : `${path}.${key}`));
    else if (schema.additionalProperties === false) {
      const message = `${path}.${key} in body is a forbidden property`;
      into.add({ name: path, message, tell: (errors) => errors.invalid(key, message) });
    } else if (additional !== undefined) into.merge(against(additional, object[key], `${path}.${key}`));
  }
  for (const key of required)
    if (!Object.hasOwn(object, key)) {
      const name = `${path}.${key}`;
      into.add({ name, message: `${name} in body is required`, tell: (errors) => errors.required('') });
    }
}
