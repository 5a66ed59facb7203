import { equal } from '../../apimachinery/equal';
import type { FieldSet } from './field-set';

/** So many different sets of a kind are remembered: writers are few, and each writes the same fields again and again. */
const KEPT = 8;

/** Makes equal sets of fields the same object, so that thousands of pods share one and its text. */
export class RecentSets {
  readonly #byKind = new Map<string, FieldSet[]>();

  share(resource: string, set: FieldSet): FieldSet {
    let recent = this.#byKind.get(resource);
    if (recent === undefined) this.#byKind.set(resource, (recent = []));
    const known = recent.find((each) => equal(each, set));
    if (known !== undefined) return known;
    if (recent.length === KEPT) recent.shift();
    recent.push(set);
    return set;
  }
}
