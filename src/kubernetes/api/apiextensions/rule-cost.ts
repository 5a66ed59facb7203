import { FieldErrors } from '../../apimachinery/field-errors';
import type { JsonSchemaProps } from './json-schema-props';

/** StaticEstimatedCostLimit: what one expression may cost. */
export const expressionLimit = 10_000_000;
/** StaticEstimatedCRDCostLimit: what all of a schema may. */
const schemaLimit = 100_000_000;
const mostTold = 4;

/** All that the rules of a schema cost, and those which make most of it. */
export class TotalCost {
  #total = 0;
  readonly #expensive: { readonly path: string; readonly cost: number }[] = [];

  observe(path: string, cost: number): void {
    this.#total += cost;
    if (cost < schemaLimit / 100) return;
    this.#expensive.push({ path, cost });
    this.#expensive.sort((a, b) => b.cost - a.cost);
    this.#expensive.length = Math.min(this.#expensive.length, mostTold);
  }

  /** `errors` stands at the schema. */
  validate(errors: FieldErrors): void {
    if (this.#total <= schemaLimit) return;
    for (const { path } of this.#expensive) {
      const at = new FieldErrors().at(path);
      at.forbidden('contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema');
      errors.take(at.causes);
    }
    const what = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema';
    errors.forbidden(costText(what, this.#total, schemaLimit));
  }
}

/** getCostErrorMessage. */
export function costText(what: string, cost: number, limit: number): string {
  const times = cost / limit;
  const factor = times > 100 ? 'more than 100x' : `${times.toFixed(times < 1.5 ? 6 : 1)}x`;
  return `${what} exceeds budget by factor of ${factor} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}

/** extractMaxElements: how many values of a schema below this one there may be for each of its own; undefined: any number. */
export function maxElements(schema: JsonSchemaProps): number | undefined {
  const { type, additionalProperties, maxProperties, maxItems } = schema;
  const most =
    type === 'array' ? maxItems : type === 'object' && additionalProperties !== undefined ? maxProperties : 1;
  return most === undefined ? undefined : Math.max(0, most);
}
