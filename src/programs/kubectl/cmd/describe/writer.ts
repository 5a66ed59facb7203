import { describeOptions, TabWriter } from '../../../toolkit/tabwriter';
import { texts } from '../../json';
import { humanDuration, parseTime } from '../../../../kubernetes/apimachinery/time';

/** Collects what describe prints: lines at levels, cells ended by tabs (describe.PrefixWriter). */
export class DescribeWriter {
  #text = '';
  readonly #flushed: string[] = [];

  write(level: number, text: string): void {
    this.#text += '  '.repeat(level) + text;
  }

  /** `Key:\tvalue` at a level. */
  field(level: number, key: string, value: string | number): void {
    this.write(level, `${key}:\t${value}\n`);
  }

  /** What came so far is laid out by itself. */
  flush(): void {
    this.#flushed.push(this.#text);
    this.#text = '';
  }

  /** As it was written, tabs and all. */
  get raw(): string {
    return this.#flushed.join('') + this.#text;
  }

  /** Laid out in columns. */
  get text(): string {
    return [...this.#flushed, this.#text]
      .map((block) => {
        const writer = new TabWriter(describeOptions);
        writer.write(block);
        return writer.flush();
      })
      .join('');
  }
}

export const orNone = (text: string): string => (text === '' ? '<none>' : text);

type Labels = Readonly<Record<string, string>>;

/** `title:\tkey=value`, one a line. */
export function labelsMultiline(
  w: DescribeWriter,
  title: string,
  labels: Labels,
  { indent = '', inner = '\t', skip = [] as readonly string[] } = {},
): void {
  const keys = Object.keys(labels)
    .filter((key) => !skip.includes(key))
    .sort();
  const lines = keys.length === 0 ? ['<none>'] : keys.map((key) => `${key}=${labels[key] ?? ''}`);
  w.write(0, `${indent}${title}:${inner}${lines.join(`\n${indent}${inner}`)}\n`);
}

const maxAnnotation = 140;
const hidden = 'kubectl.kubernetes.io/last-applied-configuration';
const shorten = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)}...` : text);

export function annotationsMultiline(w: DescribeWriter, title: string, annotations: Labels): void {
  const keys = Object.keys(annotations)
    .filter((key) => key !== hidden)
    .sort();
  if (keys.length === 0) {
    w.write(0, `${title}:\t<none>\n`);
    return;
  }
  w.write(0, `${title}:\t`);
  keys.forEach((key, index) => {
    if (index > 0) w.write(0, '\t');
    const value = (annotations[key] ?? '').replace(/\n$/, '');
    if (value.length + key.length + 2 <= maxAnnotation && !value.includes('\n')) {
      w.write(0, `${key}: ${value}\n`);
      return;
    }
    w.write(0, `${key}:\n`);
    for (const line of value.split('\n')) w.write(0, `\t  ${shorten(line, maxAnnotation - 2)}\n`);
  });
}

/** Name, namespace, labels and annotations, as most kinds begin. */
export function head(w: DescribeWriter, object: unknown, { namespaced = true, named = true } = {}): void {
  const metadata = (object as { metadata?: { name?: string; namespace?: string } }).metadata ?? {};
  if (named) w.field(0, 'Name', metadata.name ?? '');
  if (named && namespaced) w.field(0, 'Namespace', metadata.namespace ?? '');
  labelsMultiline(w, 'Labels', texts(object, 'metadata', 'labels'));
  annotationsMultiline(w, 'Annotations', texts(object, 'metadata', 'annotations'));
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');

/** time.RFC1123Z in UTC: `Sat, 21 Nov 2026 03:43:13 +0000`. */
export function longTime(time: string): string {
  if (time === '') return 'Mon, 01 Jan 0001 00:00:00 +0000';
  const date = new Date(parseTime(time));
  return `${days[date.getUTCDay()] ?? ''}, ${two(date.getUTCDate())} ${months[date.getUTCMonth()] ?? ''} ${String(date.getUTCFullYear()).padStart(4, '0')} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`;
}

/** How long ago, or `<unknown>`. */
export const sinceTime = (time: string, now: number): string =>
  time === '' ? '<unknown>' : humanDuration(now - parseTime(time));
