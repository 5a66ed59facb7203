import type { StatusCause } from './status';

/** Where a value stands in its object; text is only made when there is something to say about it. */
interface Path {
  readonly parent: Path | undefined;
  readonly name: string;
}

/**
 * Collects what is wrong with an object: k8s.io/apimachinery/pkg/util/validation/field. One instance is one place;
 * `at`, `index` and `key` go deeper and share the list.
 */
export class FieldErrors {
  readonly #path: Path | undefined;
  readonly #causes: StatusCause[];

  constructor(causes: StatusCause[] = [], path?: Path) {
    this.#causes = causes;
    this.#path = path;
  }

  get causes(): readonly StatusCause[] {
    return this.#causes;
  }
  get any(): boolean {
    return this.#causes.length > 0;
  }

  /** A member, or members with dots between. */
  at(name: string): FieldErrors {
    return new FieldErrors(this.#causes, {
      parent: this.#path,
      name: this.#path === undefined ? name : `.${name}`,
    });
  }
  index(index: number): FieldErrors {
    return new FieldErrors(this.#causes, { parent: this.#path, name: `[${index}]` });
  }
  key(key: string): FieldErrors {
    return new FieldErrors(this.#causes, { parent: this.#path, name: `[${key}]` });
  }

  /** The same place with a list of its own, for what may be thrown away or sorted. */
  apart(): FieldErrors {
    return new FieldErrors([], this.#path);
  }
  take(causes: readonly StatusCause[]): void {
    this.#causes.push(...causes);
  }

  get text(): string {
    let text = '';
    for (let path = this.#path; path !== undefined; path = path.parent) text = path.name + text;
    return text;
  }

  required(detail: string): void {
    this.#add('FieldValueRequired', detail === '' ? 'Required value' : `Required value: ${detail}`);
  }
  /** `value` is printed as Go prints it; `literal` for values whose Go text is not derived here. */
  invalid(value: unknown, detail: string): void {
    this.#add('FieldValueInvalid', `Invalid value: ${goValue(value)}${detail === '' ? '' : `: ${detail}`}`);
  }
  /** field.OmitValueType: the value is not told. */
  invalidWhole(detail: string): void {
    this.#add('FieldValueInvalid', `Invalid value: ${detail}`);
  }
  duplicate(value: unknown, detail = ''): void {
    this.#add('FieldValueDuplicate', `Duplicate value: ${goValue(value)}${detail === '' ? '' : `: ${detail}`}`);
  }
  notFound(value: unknown): void {
    this.#add('FieldValueNotFound', `Not found: ${goValue(value)}`);
  }
  forbidden(detail: string): void {
    this.#add('FieldValueForbidden', `Forbidden: ${detail}`);
  }
  notSupported(value: unknown, supported: readonly string[]): void {
    const list = [...supported].map((each) => JSON.stringify(each)).join(', ');
    this.#add(
      'FieldValueNotSupported',
      `Unsupported value: ${goValue(value)}${supported.length > 0 ? `: supported values: ${list}` : ''}`,
    );
  }
  tooLong(limit: number): void {
    this.#add('FieldValueTooLong', `Too long: may not be more than ${limit} bytes`);
  }
  tooMany(count: number, limit: number): void {
    this.#add('FieldValueTooMany', `Too many: ${count}: must have at most ${limit} items`);
  }
  typeInvalid(value: unknown, detail: string): void {
    this.#add('FieldValueTypeInvalid', `Invalid value: ${goValue(value)}: ${detail}`);
  }
  internal(detail: string): void {
    this.#add('InternalError', `Internal error: ${detail}`);
  }

  #add(reason: string, message: string): void {
    this.#causes.push({ reason, message, field: this.text });
  }
}

/** A value whose Go text (`%#v` of an internal type) the caller knows. */
export class GoText {
  constructor(readonly text: string) {}
}

function goValue(value: unknown): string {
  if (value instanceof GoText) return value.text;
  if (value === undefined || value === null) return '"null"';
  if (typeof value === 'string') return goQuote(value);
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}

/** strconv.Quote. */
export function goQuote(text: string): string {
  let quoted = '"';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (char === '"' || char === '\\') quoted += `\\${char}`;
    else if (char === '\n') quoted += '\\n';
    else if (char === '\t') quoted += '\\t';
    else if (char === '\r') quoted += '\\r';
    else if (char === '\u0007') quoted += '\\a';
    else if (char === '\b') quoted += '\\b';
    else if (char === '\f') quoted += '\\f';
    else if (char === '\v') quoted += '\\v';
    else if (code < 0x20 || code === 0x7f) quoted += `\\x${code.toString(16).padStart(2, '0')}`;
    else quoted += char;
  }
  return `${quoted}"`;
}
