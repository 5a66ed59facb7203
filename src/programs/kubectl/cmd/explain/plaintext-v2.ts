import { Failure } from '../../errors';
import { at, isObject, list, object, text, type JsonObject } from '../../json';
import { wrapString } from './wrap';

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** Deeper than any path of fields; who refers to itself is not followed further. */
const deepest = 100;

/** Shows a part of an OpenAPI v2 document as plain text. Source: kubectl pkg/explain, kube-openapi pkg/util/proto. */
export class RendererV2 {
  readonly #lines: string[] = [];
  readonly #visited = new Set<string>();

  constructor(
    readonly document: JsonObject,
    readonly recursive: boolean,
  ) {}

  render(gvk: GroupVersionKind, fields: readonly string[]): string {
    const kind = this.#lookup(gvk);
    const groupVersion = gvk.group === '' ? gvk.version : `${gvk.group}/${gvk.version}`;
    if (kind === undefined)
      throw new Failure(`couldn't find resource for "${gvk.group}/${gvk.version}, Kind=${gvk.kind}"`);
    this.#model(this.#walk(kind, fields), fields.at(-1) ?? '', `KIND:     ${gvk.kind}\nVERSION:  ${groupVersion}\n`);
    return `${this.#lines.join('\n')}\n`;
  }

  #lookup(gvk: GroupVersionKind): JsonObject | undefined {
    const same = (each: unknown): boolean =>
      text(each, 'group') === gvk.group && text(each, 'version') === gvk.version && text(each, 'kind') === gvk.kind;
    return Object.values(object(this.document, 'definitions')).find(
      (each): each is JsonObject => isObject(each) && list(each, 'x-kubernetes-group-version-kind').some(same),
    );
  }

  /** What a `$ref` means; what is none, as it is. */
  #resolve(schema: JsonObject): JsonObject {
    let found = schema;
    for (let depth = 0; depth < deepest && text(found, '$ref') !== ''; depth++)
      found = object(this.document, 'definitions', text(found, '$ref').replace('#/definitions/', ''));
    return found;
  }

  /** Elements of a list or map; undefined: it is neither. */
  #elements(schema: JsonObject): JsonObject | undefined {
    switch (shapeOf(schema)) {
      case 'array':
        return object(schema, 'items');
      case 'map':
        return object(schema, 'additionalProperties');
      default:
        return undefined;
    }
  }

  #walk(schema: JsonObject, fields: readonly string[]): JsonObject {
    const [first, ...rest] = fields;
    if (first === undefined) return schema;
    const resolved = this.#resolve(schema);
    const elements = this.#elements(resolved);
    if (elements !== undefined) return this.#walk(elements, fields);
    // Paths end at what has no fields, whatever they go on with.
    if (shapeOf(resolved) !== 'kind') return resolved;
    const member = at(resolved, 'properties', first);
    if (!isObject(member)) throw new Failure(`field "${first}" does not exist`);
    return this.#walk(member, rest);
  }

  #model(schema: JsonObject, name: string, head: string): void {
    const descriptions: string[] = [];
    const type = this.#type(schema);
    let shown = schema;
    for (let depth = 0; depth < deepest; depth++) {
      const inner = text(shown, '$ref') === '' ? this.#elements(shown) : this.#resolve(shown);
      if (inner === undefined) break;
      descriptions.push(text(shown, 'description'));
      shown = inner;
    }
    descriptions.push(text(shown, 'description'));
    const shape = shapeOf(shown);
    this.#lines.push(head);
    if (shape === 'kind' && name !== '') this.#lines.push(`RESOURCE: ${name} <${type}>\n`);
    if (shape === 'primitive') this.#lines.push(`FIELD:    ${name} <${type}>\n`);
    this.#lines.push('DESCRIPTION:');
    descriptions.forEach((description, index) => {
      if (description === '') return;
      if (index !== 0) this.#lines.push('');
      this.#wrapped(description, 5);
    });
    if (descriptions.every((description) => description === '')) this.#wrapped('<empty>', 5);
    if (shape !== 'kind') return;
    this.#lines.push('\nFIELDS:');
    if (this.recursive) this.#names(shown, 3);
    else this.#fields(shown);
  }

  #wrapped(description: string, indent: number): void {
    for (const line of wrapString(description, 80 - indent))
      this.#lines.push(line === '' ? '' : `${' '.repeat(indent)}${line}`);
  }

  #fields(kind: JsonObject): void {
    const properties = object(kind, 'properties');
    for (const name of Object.keys(properties).sort()) {
      const member = object(properties, name);
      const required = list(kind, 'required').includes(name) ? ' -required-' : '';
      this.#lines.push(`   ${name}\t<${this.#type(member)}>${required}`);
      this.#wrapped(text(member, 'description'), 5);
      this.#lines.push('');
    }
  }

  #names(schema: JsonObject, indent: number): void {
    const reference = text(schema, '$ref');
    if (reference !== '') {
      if (this.#visited.has(reference)) return;
      this.#visited.add(reference);
      this.#names(this.#resolve(schema), indent);
      this.#visited.delete(reference);
      return;
    }
    const elements = this.#elements(schema);
    if (elements !== undefined) return this.#names(elements, indent);
    const properties = object(schema, 'properties');
    for (const name of Object.keys(properties).sort()) {
      const member = object(properties, name);
      this.#lines.push(`${' '.repeat(indent)}${name}\t<${this.#type(member)}>`);
      this.#names(member, indent + 3);
    }
  }

  /** `string`, `[]Object`, `map[string]string`; nothing for what may be anything. */
  #type(schema: JsonObject): string {
    const resolved = this.#resolve(schema);
    const elements = this.#elements(resolved);
    switch (shapeOf(resolved)) {
      case 'array':
        return `[]${this.#type(elements ?? {})}`;
      case 'map':
        return `map[string]${this.#type(elements ?? {})}`;
      case 'kind':
        return 'Object';
      case 'primitive':
        return text(resolved, 'type');
      case 'arbitrary':
        return '';
    }
  }
}

/** What kube-openapi makes of a schema that is no reference. */
function shapeOf(schema: JsonObject): 'array' | 'map' | 'kind' | 'primitive' | 'arbitrary' {
  const type = text(schema, 'type');
  const kind = isObject(at(schema, 'properties'));
  if (type === '') return kind ? 'kind' : 'arbitrary';
  if (type === 'object') return kind ? 'kind' : 'map';
  return type === 'array' ? 'array' : 'primitive';
}
