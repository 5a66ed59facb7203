import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { deployment } from '../../src/kubernetes/api/apps/deployment';
import { parseSchedule } from '../../src/kubernetes/api/batch/schedule';
import { timeZone } from '../../src/kubernetes/api/batch/time-zone';
import { fieldRequirementsText, parseFieldSelector } from '../../src/kubernetes/apimachinery/field-selector';
import {
  labelRequirementsText,
  matchesLabels,
  parseLabelSelector,
} from '../../src/kubernetes/apimachinery/label-selector';
import {
  isDns1035Label,
  isDns1123Label,
  isDns1123Subdomain,
  isPathSegment,
  isQualifiedName,
  isValidLabelValue,
} from '../../src/kubernetes/apimachinery/names';
import { configKeyProblems, portNameProblems } from '../../src/kubernetes/api/validation/common';
import type { Labels } from '../../src/kubernetes/apimachinery/object';
import {
  addQuantities,
  compareQuantities,
  parseQuantity,
  quantityInteger,
  quantityMilli,
  quantityText,
  subtractQuantities,
} from '../../src/kubernetes/apimachinery/quantity';
import { humanDuration, shortHumanDuration } from '../../src/kubernetes/apimachinery/time';
import { strategicMerge } from '../../src/kubernetes/apiserver/rest/strategic-merge';
import { fenceposts } from '../../src/kubernetes/controllers/deployment/rolling';
import { podTemplateHash } from '../../src/kubernetes/controllers/deployment/template-hash';
import { JsonPath } from '../../src/programs/kubectl/jsonpath/evaluate';
import { threeWayStrategic, twoWayStrategic } from '../../src/programs/kubectl/patch/index';
import { readLines } from '../lines';
import type { Comparison } from '../runner';
import { apart } from './requests';

type Vector = Readonly<Record<string, unknown>>;
/** What our function says of the same input, which is compared; undefined where the vector is only input for others. */
type Evaluate = (vector: Vector, all: readonly Vector[]) => Vector | undefined;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const object = (value: unknown): Record<string, never> => (value ?? {}) as Record<string, never>;

const iso = (at: number, place: string): string => {
  const zone = timeZone(place);
  if (zone === undefined) throw new Error(`${place} is no time zone`);
  const { year, month, day, hour, minute, second } = zone.wallTime(at);
  const ahead = (Date.UTC(year, month - 1, day, hour, minute, second) - at) / 60_000;
  const two = (value: number): string => String(value).padStart(2, '0');
  const offset =
    ahead === 0 ? 'Z' : `${ahead < 0 ? '-' : '+'}${two(Math.floor(Math.abs(ahead) / 60))}:${two(Math.abs(ahead) % 60)}`;
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${offset}`;
};

/** Half an hour before the clocks of each place change. */
const beforeClockChange: Readonly<Record<string, string>> = {
  UTC: '2026-03-29T00:30:00Z',
  'Europe/Berlin': '2026-03-29T00:30:00Z',
  'America/New_York': '2026-03-08T06:30:00Z',
};

function cron({ in: spec, zone, from, next, acrossClockChange }: Vector): Vector {
  const place = text(zone) || 'UTC';
  const parsed = parseSchedule(text(spec), place);
  if (!parsed.ok) return { error: parsed.error };
  const after = (start: number, count: number): readonly string[] => {
    const found: string[] = [];
    for (let at = parsed.value.next(start); found.length < count; at = at === undefined ? at : parsed.value.next(at))
      // Never is Go's zero time.
      found.push(at === undefined ? '0001-01-01T00:00:00Z' : iso(at, place));
    return found;
  };
  const length = (list: unknown): number => (Array.isArray(list) ? list.length : 0);
  return {
    next: after(Date.parse(text(from)), length(next)),
    acrossClockChange: after(Date.parse(beforeClockChange[place] ?? ''), length(acrossClockChange)),
  };
}

function jsonpath(vector: Vector, all: readonly Vector[]): Vector | undefined {
  if (vector['document'] !== undefined) return undefined;
  const want = vector['parseError'] ?? vector['error'] ?? vector['out'];
  const got = ((): string => {
    try {
      const allowMissingKeys = vector['allowMissingKeys'] === true;
      return new JsonPath(text(vector['in']), { allowMissingKeys }).execute(all[0]?.['document']);
    } catch (fault) {
      return fault instanceof Error ? fault.message : String(fault);
    }
  })();
  // Go walks maps in a random order, so neither a recursive descent nor a wildcard over one has an order to compare.
  const sorted = (each: string): string => each.split(' ').sort().join(' ');
  const same = /\.\.|\.\*/.test(text(vector['in'])) && sorted(got) === sorted(text(want));
  const key = ['parseError', 'error'].find((name) => vector[name] !== undefined) ?? 'out';
  return { [key]: same ? want : got };
}

/** What comes out, or the words of the error. */
function attempted(name: string, make: () => unknown): Vector {
  try {
    return { [name]: make() };
  } catch (fault) {
    return { error: fault instanceof Error ? fault.message : String(fault) };
  }
}

const nameRules: Readonly<Record<string, (name: string) => readonly string[]>> = {
  dns1123Label: isDns1123Label,
  dns1123Subdomain: isDns1123Subdomain,
  dns1035Label: isDns1035Label,
  labelValue: isValidLabelValue,
  pathSegment: isPathSegment,
  qualifiedName: isQualifiedName,
  portName: portNameProblems,
  configMapKey: configKeyProblems,
};

const evaluators: Readonly<Record<string, Evaluate>> = {
  cron,
  jsonpath,
  duration: ({ seconds }) => ({
    human: humanDuration(Number(seconds) * 1000),
    short: shortHumanDuration(Number(seconds) * 1000),
  }),
  quantity: ({ in: spec }) => {
    const parsed = parseQuantity(text(spec));
    if (!parsed.ok) return { error: parsed.error };
    const { unscaled, format } = parsed.value;
    const canonical = quantityText(parsed.value);
    return {
      ...{ canonical, format, json: JSON.stringify(canonical) },
      value: Number(quantityInteger(parsed.value)),
      milliValue: Number(quantityMilli(parsed.value)),
      sign: unscaled > 0n ? 1 : unscaled < 0n ? -1 : 0,
    };
  },
  'quantity-arithmetic': ({ a, b }) => {
    const [left, right] = [parseQuantity(text(a)), parseQuantity(text(b))];
    if (!left.ok || !right.ok) return { error: 'no quantities' };
    return {
      add: quantityText(addQuantities(left.value, right.value)),
      cmp: compareQuantities(left.value, right.value),
      sub: quantityText(subtractQuantities(left.value, right.value)),
    };
  },
  'label-selector': ({ in: spec, sets }, all) => {
    if (sets !== undefined) return undefined;
    const parsed = parseLabelSelector(text(spec));
    if (!parsed.ok) return { error: parsed.error };
    const labels = (all.find((each) => each['sets'] !== undefined)?.['sets'] ?? []) as readonly Labels[];
    const matches = labels.map((each) => matchesLabels(parsed.value, each));
    return { canonical: labelRequirementsText(parsed.value), matches };
  },
  'field-selector': ({ in: spec }) => {
    const parsed = parseFieldSelector(text(spec));
    if (!parsed.ok) return { error: parsed.error };
    // Against which fields it was matched is not recorded.
    return { canonical: fieldRequirementsText(parsed.value) };
  },
  names: (vector) => {
    const name = text(vector['in']);
    const said = Object.entries(nameRules).map(([key, problems]) => {
      const found = problems(name);
      return [key, found.length === 0 ? null : found] as const;
    });
    // Rules for identifiers of C are none of this server's.
    return Object.fromEntries(said);
  },
  'rollout-fenceposts': ({ maxSurge, maxUnavailable, replicas }) =>
    fenceposts(text(maxSurge), text(maxUnavailable), Number(replicas)) as unknown as Vector,
  'pod-template-hash': ({ template }) => ({
    hash: podTemplateHash(object(template)),
    collision0: podTemplateHash(object(template), 0),
    collision1: podTemplateHash(object(template), 1),
    collision5: podTemplateHash(object(template), 5),
  }),
  // The server's.
  'strategic-merge': ({ original, patch }) =>
    attempted('result', () => strategicMerge(object(original), object(patch), deployment.schema)),
  // The client's.
  'two-way-patch': ({ original, modified }) =>
    attempted('patch', () => twoWayStrategic(object(original), object(modified), 'Deployment')),
  'three-way-patch': ({ original, modified, current }) =>
    attempted('patch', () => threeWayStrategic(object(original), object(modified), object(current), 'Deployment')),
};

/** `vectors/quantity` …: what there is to replay below a folder. */
export const vectorFiles = (recordings: string): readonly string[] =>
  existsSync(join(recordings, 'vectors'))
    ? readdirSync(join(recordings, 'vectors'))
        .map((name) => name.replace(/\.jsonl$/, ''))
        .filter((name) => name in evaluators)
        .map((name) => `vectors/${name}`)
    : [];

const sortKeys = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sortKeys)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, each]) => [key, sortKeys(each)]),
        )
      : value;

/** Pure functions, vector by vector. Those whose answer is kept apart have nothing but their input. */
export async function* replayVectors(recordings: string, file: string): AsyncIterable<Comparison> {
  const evaluate = evaluators[file.replace('vectors/', '')];
  const all = readLines<Vector>(join(recordings, `${file}.jsonl`));
  for (const [index, vector] of all.entries()) {
    const answered = evaluate?.(vector, all);
    if (answered === undefined) continue;
    const recorded = Object.fromEntries(Object.keys(answered).map((key) => [key, vector[key]]));
    const [wanted = '', got = ''] = [recorded, answered].map((each) => JSON.stringify(sortKeys(each)));
    const difference = `  ${JSON.stringify(vector).slice(0, 300)}\n${apart(wanted, got)}`;
    yield { id: `${file}/${index + 1}`, same: wanted === got, difference };
    await Promise.resolve();
  }
}
