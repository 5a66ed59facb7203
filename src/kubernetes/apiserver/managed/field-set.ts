/**
 * A set of field paths in the shape of FieldsV1: `{"f:spec":{"f:replicas":{}}}`. A node without members is a path of the
 * set; a node with members is one if it has the member `.`. sigs.k8s.io/structured-merge-diff/fieldpath
 */
export interface FieldSet {
  readonly [step: string]: FieldSet;
}

export const leaf: FieldSet = Object.freeze({});

const self = '.';
const hasSteps = (set: FieldSet): boolean => {
  for (const step in set) if (step !== self) return true;
  return false;
};
/** Whether the node itself is a path of the set. */
const isMember = (set: FieldSet): boolean => self in set || !hasSteps(set);

/** A node; undefined where nothing is in it. */
export function node(member: boolean, steps: Readonly<Record<string, FieldSet>>): FieldSet | undefined {
  for (const _step in steps) return member ? { [self]: leaf, ...steps } : steps;
  return member ? leaf : undefined;
}

/** EnsureNamedFieldsAreMembers: who owns a field keeps what holds it. */
export function withParents(set: FieldSet | undefined): FieldSet | undefined {
  if (set === undefined || !hasSteps(set)) return set;
  const steps: Record<string, FieldSet> = { [self]: leaf };
  for (const step in set) if (step !== self) steps[step] = withParents(set[step]) ?? leaf;
  return steps;
}

export function union(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
  if (a === undefined) return b;
  if (b === undefined || a === b) return a;
  const steps: Record<string, FieldSet> = {};
  for (const step in a) if (step !== self) steps[step] = a[step] ?? leaf;
  for (const step in b) if (step !== self) steps[step] = union(steps[step], b[step]) ?? leaf;
  return node(isMember(a) || isMember(b), steps);
}

export function difference(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
  if (a === undefined || b === undefined) return a;
  const steps: Record<string, FieldSet> = {};
  for (const step in a) {
    if (step === self) continue;
    const rest = difference(a[step], b[step]);
    if (rest !== undefined) steps[step] = rest;
  }
  return node(isMember(a) && !isMember(b), steps);
}

export function intersection(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
  if (a === undefined || b === undefined) return undefined;
  const steps: Record<string, FieldSet> = {};
  for (const step in a) {
    if (step === self) continue;
    const both = intersection(a[step], b[step]);
    if (both !== undefined) steps[step] = both;
  }
  return node(isMember(a) && isMember(b), steps);
}

/** Every path of the set, as messages print them: `.spec.template.spec.containers[name="nginx"].image`. */
export function pathsOf(set: FieldSet | undefined): readonly string[] {
  const found: string[] = [];
  const walk = (at: FieldSet, path: string): void => {
    if (path !== '' && isMember(at)) found.push(path);
    for (const step in at) if (step !== self) walk(at[step] ?? leaf, path + stepText(step));
  };
  if (set !== undefined) walk(set, '');
  return found;
}

function stepText(step: string): string {
  const rest = step.slice(2);
  if (step.startsWith('f:')) return `.${rest}`;
  if (step.startsWith('v:')) return `[=${rest}]`;
  if (!step.startsWith('k:')) return `[${rest}]`;
  const keys = JSON.parse(rest) as Readonly<Record<string, unknown>>;
  return `[${Object.keys(keys)
    .sort()
    .map((key) => `${key}=${JSON.stringify(keys[key])}`)
    .join(',')}]`;
}

/** Many objects share a set, and a set is never changed. */
const sortedSets = new WeakMap<FieldSet, FieldSet>();
const setTexts = new WeakMap<FieldSet, string>();

/** As FieldsV1 is written: members in byte order. */
export function sortedSet(set: FieldSet): FieldSet {
  const known = sortedSets.get(set);
  if (known !== undefined) return known;
  const sorted = inByteOrder(set);
  sortedSets.set(set, sorted);
  return sorted;
}

function inByteOrder(set: FieldSet): FieldSet {
  const sorted: Record<string, FieldSet> = {};
  for (const step of Object.keys(set).sort()) sorted[step] = inByteOrder(set[step] ?? leaf);
  return Object.freeze(sorted);
}

/** As JSON text. */
export function setText(set: FieldSet): string {
  let text = setTexts.get(set);
  if (text === undefined) setTexts.set(set, (text = JSON.stringify(inByteOrder(set))));
  return text;
}
