/**
 * JSONPath as definitions of custom resources use it, for printer columns, selectable fields and scale: members, indexes,
 * slices, wildcards and filters that compare one member. k8s.io/client-go/util/jsonpath with missing keys allowed.
 */
type Step =
  | { readonly type: 'member'; readonly name: string }
  | { readonly type: 'slice'; readonly from: number; readonly to: number | undefined; readonly one: boolean }
  | { readonly type: 'all' }
  | { readonly type: 'filter'; readonly path: readonly Step[]; readonly operator: string; readonly value: unknown };

export type JsonPath = readonly Step[];

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Undefined where it is no path that we know. */
export function parsePath(text: string): JsonPath | undefined {
  const steps: Step[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const member = /^\.((?:\\.|[^.[\]\\])+)/.exec(rest);
    const bracket = /^\.?\[((?:'(?:\\.|[^'])*'|"(?:\\.|[^"])*"|[^\]'"])*)\]/.exec(rest);
    const found = member ?? bracket;
    if (found === null) return rest === '.' ? steps : undefined;
    rest = rest.slice(found[0].length);
    const inside = found[1] ?? '';
    if (member !== null)
      steps.push(inside === '*' ? { type: 'all' } : { type: 'member', name: inside.replace(/\\(.)/g, '$1') });
    else {
      const step = bracketStep(inside.trim());
      if (step === undefined) return undefined;
      steps.push(step);
    }
  }
  return steps;
}

function bracketStep(inside: string): Step | undefined {
  if (inside === '*') return { type: 'all' };
  const quoted = /^(['"])(.*)\1$/s.exec(inside);
  if (quoted !== null) return { type: 'member', name: (quoted[2] ?? '').replace(/\\(.)/g, '$1') };
  const range = /^(-?\d*)(:(-?\d*))?$/.exec(inside);
  if (range !== null && inside !== '')
    return range[2] === undefined
      ? { type: 'slice', from: Number(range[1]), to: undefined, one: true }
      : { type: 'slice', from: Number(range[1]), to: range[3] === '' ? undefined : Number(range[3]), one: false };
  const filter = /^\?\(\s*@((?:\.[^=!<>\s]+)?)\s*(?:(==|!=|<=|>=|<|>)\s*(.+?)\s*)?\)$/s.exec(inside);
  if (filter === null) return undefined;
  const path = parsePath(filter[1] ?? '');
  if (path === undefined) return undefined;
  return { type: 'filter', path, operator: filter[2] ?? 'exists', value: literal(filter[3] ?? '') };
}

function literal(text: string): unknown {
  const quoted = /^(['"])(.*)\1$/s.exec(text);
  if (quoted !== null) return quoted[2];
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return text === '' || Number.isNaN(number) ? text : number;
}

/** Every value that the path leads to. */
export function find(path: JsonPath, value: unknown): readonly unknown[] {
  let current: readonly unknown[] = [value];
  for (const step of path) current = current.flatMap((each) => follow(step, each));
  return current;
}

function follow(step: Step, value: unknown): readonly unknown[] {
  if (step.type === 'member') {
    const there = isMap(value) && Object.hasOwn(value, step.name) ? value[step.name] : undefined;
    return there === undefined ? [] : [there];
  }
  const list: readonly unknown[] = Array.isArray(value)
    ? value
    : isMap(value) && step.type === 'all'
      ? Object.values(value)
      : [];
  if (step.type === 'all') return list;
  if (step.type === 'slice') {
    const from = step.from < 0 ? list.length + step.from : step.from;
    if (step.one) return from in list ? [list[from]] : [];
    return list.slice(from, step.to);
  }
  return list.filter((item) => {
    const [left] = find(step.path, item);
    if (step.operator === 'exists') return left !== undefined;
    if (left === undefined) return false;
    const right = step.value;
    switch (step.operator) {
      case '==':
        return left === right;
      case '!=':
        return left !== right;
      default:
        return typeof left === typeof right && compare(left as number, right as number, step.operator);
    }
  });
}

const compare = (left: number, right: number, operator: string): boolean =>
  operator === '<' ? left < right : operator === '>' ? left > right : operator === '<=' ? left <= right : left >= right;

/** The member at a path of names, replaced. */
export function setAt(value: unknown, names: readonly string[], member: unknown): unknown {
  const [name, ...rest] = names;
  if (name === undefined) return member;
  const map = isMap(value) ? value : {};
  return { ...map, [name]: setAt(Object.hasOwn(map, name) ? map[name] : undefined, rest, member) };
}
