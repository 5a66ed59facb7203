import { expect, test } from 'vitest';
import type { Random } from '../../../sim/random';
import { forAll, propertyWorld } from './testing';

type Data = Readonly<Record<string, string>>;
type Step =
  | { readonly do: 'apply'; readonly manager: string; readonly data: Data; readonly force: boolean }
  | { readonly do: 'update'; readonly manager: string; readonly data: Data };

const managers = ['m1', 'm2', 'm3'] as const;
/** `base` is in every configuration: an empty map is not stored, and who owned it conflicts with who fills it. */
const keys = ['base', 'p', 'q', 'r', 's'] as const;

function steps(random: Random): readonly Step[] {
  const data = (): Data =>
    Object.fromEntries(
      keys
        .filter((key) => key === 'base' || random.below(2) === 0)
        .map((key) => [key, key === 'base' ? '0' : `${random.below(3)}`]),
    );
  return Array.from({ length: random.between(1, 14) }, () =>
    random.below(4) === 0
      ? { do: 'update', manager: random.pick(managers), data: data() }
      : { do: 'apply', manager: random.pick(managers), data: data(), force: random.below(2) === 0 },
  );
}

/** What should hold: the values, and who owns which of them (`m1 Apply`). */
class Model {
  readonly values = new Map<string, string>();
  readonly owners = new Map<string, Set<string>>();
  exists = false;

  /** The managers that an apply conflicts with; empty: it is done. */
  apply(manager: string, data: Data, force: boolean): readonly string[] {
    const me = `${manager} Apply`;
    const contested = Object.keys(data).filter((key) => this.values.has(key) && this.values.get(key) !== data[key]);
    const conflicts = contested.flatMap((key) => [...(this.owners.get(key) ?? [])].filter((each) => each !== me));
    if (conflicts.length > 0 && !force) return conflicts;
    this.exists = true;
    for (const key of contested) this.owners.set(key, new Set());
    for (const [key, owned] of this.owners) {
      if (key in data || !owned.delete(me)) continue;
      if (owned.size === 0) this.#drop(key);
    }
    for (const key in data) {
      this.values.set(key, data[key] ?? '');
      this.#of(key).add(me);
    }
    return [];
  }

  update(manager: string, data: Data): void {
    for (const key of [...this.values.keys()]) if (!(key in data)) this.#drop(key);
    for (const key in data) {
      if (this.values.get(key) === data[key]) continue;
      this.values.set(key, data[key] ?? '');
      this.owners.set(key, new Set([`${manager} Update`]));
    }
  }

  text(): string {
    return keys
      .filter((key) => this.values.has(key))
      .map((key) => `${key}=${this.values.get(key)} (${[...this.#of(key)].sort().join(', ')})`)
      .join('; ');
  }

  #of(key: string): Set<string> {
    let owners = this.owners.get(key);
    if (owners === undefined) this.owners.set(key, (owners = new Set()));
    return owners;
  }

  #drop(key: string): void {
    this.values.delete(key);
    this.owners.delete(key);
  }
}

interface Answer {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly managedFields?: readonly {
      readonly manager: string;
      readonly operation: string;
      readonly fieldsV1: { readonly 'f:data'?: Readonly<Record<string, unknown>> };
    }[];
  };
  readonly data?: Data;
}

function shown({ data = {}, metadata: { managedFields = [] } }: Answer): string {
  const owners = (key: string): string =>
    managedFields
      .filter(({ fieldsV1 }) => fieldsV1['f:data']?.[`f:${key}`] !== undefined)
      .map(({ manager, operation }) => `${manager} ${operation}`)
      .sort()
      .join(', ');
  return Object.keys(data)
    .sort()
    .map((key) => `${key}=${data[key]} (${owners(key)})`)
    .join('; ');
}

test('server-side apply keeps exact owners, and does nothing the second time', async () => {
  const verdict = await forAll(80, steps, async (all, seed) => {
    const { clock, json } = propertyWorld(seed);
    const model = new Model();
    const url = '/api/v1/namespaces/a/configmaps/c';
    const sent = (data: Data) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data });
    for (const [index, step] of all.entries()) {
      await clock.advance(1000);
      if (step.do === 'update') {
        if (!model.exists) continue;
        model.update(step.manager, step.data);
        const put = await json('PUT', `${url}?fieldManager=${step.manager}`, sent(step.data));
        if (put.code !== 200 || shown(put.body as Answer) !== model.text())
          return `step ${index}: ${shown(put.body as Answer)} instead of ${model.text()}`;
        continue;
      }
      const conflicts = model.apply(step.manager, step.data, step.force);
      const path = `${url}?fieldManager=${step.manager}${step.force ? '&force=true' : ''}`;
      const apply = () => json('PATCH', path, sent(step.data), 'application/apply-patch+yaml');
      const first = await apply();
      if (conflicts.length > 0) {
        if (first.code !== 409) return `step ${index}: ${first.code} instead of a conflict with ${conflicts.join()}`;
        continue;
      }
      if (first.code !== 200 && first.code !== 201) return `step ${index}: ${JSON.stringify(first.body)}`;
      if (shown(first.body as Answer) !== model.text())
        return `step ${index}: ${shown(first.body as Answer)} instead of ${model.text()}`;
      await clock.advance(5000);
      const second = await apply();
      if (JSON.stringify(second.body) !== JSON.stringify(first.body))
        return `step ${index} again: ${JSON.stringify(second.body)} instead of ${JSON.stringify(first.body)}`;
    }
    return undefined;
  });
  expect(verdict).toBe('holds');
}, 60_000);
