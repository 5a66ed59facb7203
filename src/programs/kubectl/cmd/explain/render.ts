import { Failure } from '../../errors';
import { at, isObject, list, object, text, type JsonObject } from '../../json';
import { indent, wordWrap } from './wrap';

/** Shows a part of an OpenAPI v3 document as plain text. Source: kubectl pkg/explain/v2/templates/plaintext.tmpl. */
export class Renderer {
  constructor(
    readonly document: JsonObject,
    readonly recursive: boolean,
  ) {}

  /** What comes before a failure is printed all the same: it is in `head`. */
  render(gvk: JsonObject, fields: readonly string[]): { readonly head: string; readonly body: () => string } {
    const group = text(gvk, 'group');
    const head = `${group === '' ? '' : `GROUP:      ${group}\n`}KIND:       ${text(gvk, 'kind')}\nVERSION:    ${text(gvk, 'version')}\n\n`;
    const body = (): string => {
      const schema = this.#schemaOf(gvk);
      if (schema === undefined)
        throw new Failure(
          `GVK map[group:${group} kind:${text(gvk, 'kind')} version:${text(gvk, 'version')}] not found in OpenAPI schema`,
        );
      const shown = this.#output(schema, fields, new Set());
      if (shown === '') throw new Failure(`field "${fields[fields.length - 1] ?? ''}" does not exist`);
      return `${shown}\n`;
    };
    return { head, body };
  }

  #schemaOf(gvk: JsonObject): JsonObject | undefined {
    const schemas = object(this.document, 'components', 'schemas');
    const same = (each: unknown): boolean =>
      ['group', 'kind', 'version'].every((field) => text(each, field) === text(gvk, field));
    for (const name of Object.keys(schemas).sort()) {
      const schema = schemas[name];
      if (isObject(schema) && list(schema, 'x-kubernetes-group-version-kind').some(same)) return schema;
    }
    return undefined;
  }

  #resolve(schema: JsonObject): JsonObject {
    const reference = text(schema, '$ref');
    if (!reference.startsWith('#/')) return schema;
    const found = at(this.document, ...reference.slice(2).split('/'));
    return isObject(found) ? found : schema;
  }

  /** Follows the fields; empty where there is no such field. */
  #output(schema: JsonObject, fields: readonly string[], history: ReadonlySet<string>): string {
    const reference = text(schema, '$ref');
    const resolved = this.#resolve(schema);
    const [first, ...rest] = fields;
    if (first === undefined) {
      const described = this.#description(resolved) || '<empty>';
      const members = this.#fieldList(resolved, 1, new Set());
      return `DESCRIPTION:\n${indent(wordWrap(described, 76), 4)}\n${members === '' ? '' : `FIELDS:\n${members}`}`;
    }
    if (reference !== '' && history.has(reference)) return '';
    const seen = new Set([...history, reference]);
    const member = at(resolved, 'properties', first);
    if (isObject(member)) {
      const head =
        rest.length === 0 ? `FIELD: ${first} <${this.#type(member)}>\n${enumeration(member, { long: true })}\n\n` : '';
      return head + this.#output(member, rest, new Set());
    }
    for (const inner of [at(resolved, 'items'), at(resolved, 'additionalProperties')])
      if (isObject(inner)) return this.#output(inner, fields, seen);
    for (const alternative of list(resolved, 'allOf').filter(isObject)) {
      const shown = this.#output(alternative, fields, seen);
      if (shown !== '') return shown;
    }
    return '';
  }

  #description(schema: JsonObject): string {
    const resolved = this.#resolve(schema);
    const own = text(resolved, 'description');
    const inner = [...list(resolved, 'allOf'), at(resolved, 'items'), at(resolved, 'additionalProperties')];
    return `${own === '' ? '' : `${own}\n`}${inner
      .filter(isObject)
      .map((each) => this.#description(each))
      .join('')}`;
  }

  #fieldList(schema: JsonObject, level: number, history: ReadonlySet<string>): string {
    const reference = text(schema, '$ref');
    if (reference !== '' && history.has(reference)) return '';
    const seen = new Set([...history, reference]);
    const resolved = this.#resolve(schema);
    const properties = object(resolved, 'properties');
    let out = '';
    for (const name of Object.keys(properties).sort()) {
      const member = object(properties, name);
      out += this.#field(resolved, name, member, level);
      if (this.recursive) out += this.#fieldList(member, level + 1, seen);
    }
    const inner = [...list(resolved, 'allOf'), at(resolved, 'items'), at(resolved, 'additionalProperties')];
    for (const each of inner.filter(isObject)) out += this.#fieldList(each, level, seen);
    return out;
  }

  #field(owner: JsonObject, name: string, member: JsonObject, level: number): string {
    const amount = level * 2;
    const required = list(owner, 'required').includes(name) ? ' -required-' : '';
    const head = `${indent(name, amount)}\t<${this.#type(member)}>${required}${enumeration(member, { long: false, amount })}\n`;
    if (this.recursive) return head;
    const described = text(member, 'description') || '<no description>';
    return `${head}${indent(wordWrap(described, 78 - amount), amount + 2)}\n\n`;
  }

  /** `string`, `[]Container`, `map[string]string`. */
  #type(schema: JsonObject): string {
    const items = at(schema, 'items');
    if (isObject(items)) return `[]${this.#type(items)}`;
    const values = at(schema, 'additionalProperties');
    if (isObject(values)) return `map[string]${this.#type(values)}`;
    const alternatives = list(schema, 'allOf').filter(isObject);
    const [only] = alternatives;
    if (only !== undefined && alternatives.length === 1 && at(schema, 'properties') === undefined)
      return this.#type(only);
    const reference = text(schema, '$ref');
    if (reference !== '') {
      const resolved = this.#resolve(schema);
      const type = resolved === schema ? '' : text(resolved, 'type');
      if (type !== '' && type !== 'object') return type;
      return (
        reference
          .slice(reference.lastIndexOf('/') + 1)
          .split('.')
          .at(-1) || 'Object'
      );
    }
    const type = text(schema, 'type');
    return type === 'object' || type === '' ? 'Object' : type;
  }
}

const shownValues = 4;

function enumeration(schema: JsonObject, { long, amount = 0 }: { readonly long: boolean; readonly amount?: number }) {
  const values = list(schema, 'enum').map((value) => (value === '' ? '""' : String(value)));
  if (values.length === 0) return '';
  if (long) return `ENUM:${values.map((value) => `\n    ${value}`).join('')}`;
  const shown = values.slice(0, shownValues).join(', ');
  return `\n${' '.repeat(amount)}enum: ${shown}${values.length > shownValues ? ', ....' : ''}`;
}
