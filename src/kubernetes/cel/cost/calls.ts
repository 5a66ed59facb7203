import type { Expr } from '../ast';
import type { Overload } from '../functions';
import { typeText, type CelType } from '../types';
import { add, fixed, most, multiply, scale, union, unknownSize, type Range } from './range';

/** An argument, as estimators see it. */
export interface Node {
  readonly expr: Expr;
  readonly type: CelType;
  /** Unknown: undefined. */
  readonly size: Range | undefined;
  /** Of the items of a list. */
  readonly elementSize: () => Range;
}
interface Estimate {
  readonly cost: Range;
  readonly size?: Range;
}

const one = fixed(1);
const nothing = fixed(0);
const sizeOf = (node: Node | undefined): Range => node?.size ?? unknownSize;
const traversal = (size: Range, times = 1): Range => scale(size, 0.1 * times);
const nameOf = (type: CelType | undefined): string => (type === undefined ? '' : typeText(type));

/** coster.functionCost: of one overload, with what its arguments cost. */
export function callCost(
  overload: Overload,
  target: Node | undefined,
  args: readonly Node[],
  costs: readonly Range[],
): Estimate {
  const own = kubernetesCost(overload, target, args) ?? setsCost(overload, args);
  if (own !== undefined) return { ...own, cost: add(own.cost, ...costs) };
  return standardCost(overload, target, args, costs);
}

function setsCost({ name }: Overload, [a, b]: readonly Node[]): Estimate | undefined {
  if (!name.startsWith('sets.')) return undefined;
  const product = multiply(sizeOf(a), sizeOf(b));
  return { cost: add(scale(product, name === 'sets.equivalent' ? 2 : 1), one) };
}

function standardCost(
  { name, member, params }: Overload,
  target: Node | undefined,
  args: readonly Node[],
  costs: readonly Range[],
): Estimate {
  const [first, second] = args;
  const given = add(...costs);
  const on = nameOf(params[0]);
  switch (name) {
    case 'format':
      return { cost: add(traversal(sizeOf(target)), given) };
    case 'bytes':
    case 'string':
      if (on === (name === 'bytes' ? 'string' : 'bytes')) {
        const { min, max } = sizeOf(first);
        const size = name === 'bytes' ? { min, max: Math.min(most, max * 4) } : { min: Math.floor(min / 4), max };
        return { cost: add(traversal({ min, max }), given), size };
      }
      break;
    case 'strings.quote': {
      const { min, max } = sizeOf(first);
      return {
        cost: add(traversal({ min, max }), given),
        size: { min: min + 2, max: Math.min(most, max * 2 + 2) },
      };
    }
    case 'startsWith':
    case 'endsWith':
      return { cost: add(traversal(sizeOf(first)), given) };
    case '@in':
      if (params[1]?.kind === 'list') return { cost: add(sizeOf(second), given) };
      break;
    case 'matches':
      if (member) return { cost: add(regexCost(target, first), given) };
      break;
    case 'contains':
      return { cost: add(multiply(traversal(sizeOf(target)), traversal(sizeOf(first))), given) };
    case '_&&_':
    case '_||_':
      return { cost: { min: costs[0]?.min ?? 0, max: given.max } };
    case '_?_:_': {
      const [condition = nothing, yes = nothing, no = nothing] = costs;
      return { cost: add(condition, union(yes, no)), size: union(sizeOf(second), sizeOf(args[2])) };
    }
    case '_+_': {
      if (params[0]?.kind !== 'list' && on !== 'string' && on !== 'bytes') break;
      const size = add(sizeOf(first), sizeOf(second));
      return { cost: add(params[0]?.kind === 'list' ? one : traversal(size), given), size };
    }
    case '_<_':
    case '_<=_':
    case '_>_':
    case '_>=_':
      if (on === 'string' || on === 'bytes') return { cost: add(comparison(first, second), given) };
      break;
    case '_==_':
    case '_!=_':
      return { cost: add(comparison(first, second), given) };
  }
  return { cost: add(one, given) };
}

function comparison(a: Node | undefined, b: Node | undefined): Range {
  const max = Math.min(sizeOf(a).max, sizeOf(b).max);
  return traversal({ min: max > 0 ? 1 : 0, max });
}

const regexCost = (text: Node | undefined, pattern: Node | undefined): Range =>
  multiply(traversal(add(sizeOf(text), one)), scale(sizeOf(pattern), 0.25));

const small: ReadonlySet<string> = new Set(
  (
    'serviceAccount path group resource subresource namespace name allowed reason error errored masked prefixLength ' +
    'family isUnspecified isLoopback isLinkLocalMulticast isLinkLocalUnicast isGlobalUnicast format.named sign ' +
    'asInteger isInteger asApproximateFloat isGreaterThan isLessThan compareTo add sub major minor patch getScheme ' +
    'getHostname getHost getPort getEscapedPath getQuery'
  ).split(' '),
);
const selectorCost = (size: Range): Range => add(fixed(10), traversal(size), scale(scale(size, 0.5), 50));
const addresses: Range = { min: 4, max: 16 };

/** library.CostEstimator.EstimateCallCost. */
function kubernetesCost(overload: Overload, target: Node | undefined, args: readonly Node[]): Estimate | undefined {
  const { name, params } = overload;
  const [first] = args;
  if (small.has(name)) return { cost: one };
  switch (name) {
    case 'check':
      return { cost: fixed(350_000) };
    case 'fieldSelector':
    case 'labelSelector':
      return { cost: selectorCost(sizeOf(first)) };
    case 'isSorted':
    case 'sum':
    case 'max':
    case 'min':
    case 'indexOf':
    case 'lastIndexOf':
      return target === undefined ? undefined : { cost: searchCost(target) };
    case 'url':
    case 'jsonpatch.escapeKey':
      return { cost: traversal(sizeOf(first)), size: sizeOf(first) };
    case 'lowerAscii':
    case 'upperAscii':
    case 'substring':
    case 'trim':
      return { cost: traversal(sizeOf(target)), size: sizeOf(target) };
    case 'replace':
      return { cost: traversal(sizeOf(target), 2), size: replacedSize(sizeOf(target), sizeOf(first), sizeOf(args[1])) };
    case 'split': {
      const limit = args[1]?.expr;
      const max =
        limit?.op === 'const' && typeof limit.value === 'bigint'
          ? Number(BigInt.asUintN(64, limit.value))
          : sizeOf(target).max;
      return { cost: traversal(sizeOf(target), 2), size: { min: 0, max } };
    }
    case 'join':
      return joinCost(target, first);
    case 'find':
    case 'findAll':
      return { cost: regexCost(target, first), size: { min: 0, max: sizeOf(target).max } };
    case 'cidr':
    case 'isIP':
    case 'isCIDR':
    case 'quantity':
    case 'isQuantity':
    case 'semver':
    case 'isSemver':
      return { cost: traversal(sizeOf(first)) };
    case 'ip':
      return { cost: first === undefined ? one : traversal(sizeOf(first)) };
    case 'ip.isCanonical':
      return { cost: traversal(sizeOf(first), 2) };
    case 'containsIP':
    case 'containsCIDR': {
      const both = traversal(add(addresses, addresses));
      const masked = name === 'containsIP' ? both : add(both, traversal(addresses), one);
      return { cost: nameOf(params[1]) === 'string' ? add(masked, traversal(sizeOf(first))) : masked };
    }
    case 'validate':
      return { cost: scale(traversal(sizeOf(first)), 128 * 0.25) };
    case '_==_':
      return equalityCost(args);
    default:
      return undefined;
  }
}

/** Lists are compared item by item; texts are read once. */
function searchCost(target: Node): Range {
  const { type } = target;
  const item = type.kind === 'list' || type.kind === 'optional' ? type.of : type.kind === 'map' ? type.key : undefined;
  if (item === undefined) return traversal(sizeOf(target));
  const isText = ['string', 'bytes'].includes(nameOf(item));
  return multiply(sizeOf(target), isText ? add(one, traversal(target.elementSize())) : one);
}

/** The shortest and the longest that can become of a text. */
function replacedSize(text: Range, old: Range, by: Range): Range {
  const count = { min: 0, max: 0 };
  const kept = { min: 0, max: 0 };
  if (old.min === 0) {
    count.max = Math.min(most, text.max + 1);
    kept.max = text.max;
  } else if (by.max <= old.min) kept.max = text.max;
  else count.max = Math.ceil(text.max / old.min);
  if (old.max === 0) {
    count.min = Math.min(most, text.min + 1);
    kept.min = text.min;
  } else if (old.max <= by.min) kept.min = text.min;
  else count.min = Math.ceil(text.min / old.max);
  return add(multiply(count, by), kept);
}

function joinCost(target: Node | undefined, separator: Node | undefined): Estimate {
  const list = sizeOf(target);
  let size = target?.type.kind === 'list' ? multiply(list, target.elementSize()) : nothing;
  if (separator !== undefined) {
    const times = { min: Math.max(0, list.min - 1), max: Math.max(0, list.max - 1) };
    size = add(size, multiply(sizeOf(separator), times));
  }
  return { cost: traversal(size), size };
}

const constant: ReadonlySet<string> = new Set([
  'net.IP',
  'net.CIDR',
  'kubernetes.Quantity',
  'kubernetes.Semver',
  ...['Authorizer', 'PathCheck', 'GroupCheck', 'ResourceCheck', 'Decision'].map(
    (each) => `kubernetes.authorization.${each}`,
  ),
]);

/** Of Kubernetes' own types. */
function equalityCost([a, b]: readonly Node[]): Estimate | undefined {
  const type = nameOf(a?.type);
  if (type !== nameOf(b?.type)) return undefined;
  if (constant.has(type)) return { cost: one };
  if (type === 'kubernetes.NamedFormat') return { cost: traversal({ min: 1, max: 64 }) };
  return type === 'kubernetes.URL' ? { cost: traversal({ min: 1, max: b?.size?.max ?? 1 }) } : undefined;
}
