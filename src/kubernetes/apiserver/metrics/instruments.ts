import { family } from './family';

/** Beyond so many label sets of one metric, further ones are not kept: who asks must not fill the server. */
const most = 20_000;

const escaped: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

/** `a="b",c="d"`; the keys come sorted, as Prometheus' own client writes them. */
export const labelsOf = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}="${value.replace(/[\\"\n]/g, (found) => escaped[found] ?? found)}"`)
    .join(',');

const braced = (labels: string): string => (labels === '' ? ' ' : `{${labels}} `);

abstract class Instrument<T> {
  protected readonly values = new Map<string, T>();

  constructor(
    readonly name: string,
    readonly type: string,
    readonly help: string,
  ) {}

  protected keep(labels: string, value: T): void {
    if (this.values.size < most || this.values.has(labels)) this.values.set(labels, value);
  }

  protected sorted(): readonly (readonly [string, T])[] {
    return [...this.values].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

abstract class Numbers extends Instrument<number> {
  add(labels = '', by = 1): void {
    this.keep(labels, (this.values.get(labels) ?? 0) + by);
  }
  /** Over all whose labels have `label` among them. */
  sum(label: string): number {
    let sum = 0;
    for (const [labels, value] of this.values) if (labels.includes(label)) sum += value;
    return sum;
  }
  render(): string {
    const samples = this.sorted().map(([labels, value]) => `${braced(labels)}${value}`);
    return family(this.name, this.type, this.help, samples);
  }
}

/** Something that only grows. */
export class Counter extends Numbers {
  constructor(name: string, help: string) {
    super(name, 'counter', help);
  }
}

/** Something that is so many now. */
export class Gauge extends Numbers {
  constructor(name: string, help: string) {
    super(name, 'gauge', help);
  }
  set(labels: string, value: number): void {
    this.keep(labels, value);
  }
}

interface Observations {
  /** By the first bound that holds them; the last place is for those above all. */
  readonly counts: number[];
  sum: number;
}

/** How often which values were seen. */
export class Histogram extends Instrument<Observations> {
  constructor(
    name: string,
    help: string,
    readonly bounds: readonly number[],
  ) {
    super(name, 'histogram', help);
  }

  /** There is nothing yet to count with these labels. */
  mention(labels: string): Observations {
    const known = this.values.get(labels);
    if (known !== undefined) return known;
    const none = { counts: [...this.bounds, 0].map(() => 0), sum: 0 };
    this.keep(labels, none);
    return none;
  }

  observe(labels: string, value: number): void {
    const seen = this.mention(labels);
    const place = this.bounds.findIndex((bound) => value <= bound);
    const at = place < 0 ? this.bounds.length : place;
    seen.counts[at] = (seen.counts[at] ?? 0) + 1;
    seen.sum += value;
  }

  render(): string {
    const samples = this.sorted().flatMap(([labels, { counts, sum }]) => {
      const comma = labels === '' ? '' : `${labels},`;
      let below = 0;
      const buckets = [...this.bounds, '+Inf'].map((bound, at) => {
        below += counts[at] ?? 0;
        return `bucket{${comma}le="${bound}"} ${below}`;
      });
      return [...buckets, `sum${braced(labels)}${sum}`, `count${braced(labels)}${below}`];
    });
    return family(this.name, this.type, this.help, samples, '_');
  }
}

/** prometheus.ExponentialBuckets */
export const exponential = (start: number, factor: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => Number((start * factor ** at).toPrecision(12)));
