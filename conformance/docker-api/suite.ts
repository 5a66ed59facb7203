import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { textDifference } from '../difference';
import { session } from '../docker/session';
import type { Comparison, Suite } from '../runner';
import { plainBody, plainLine, shapeOf, shapeOfText } from './shape';
import { Tap, type Exchange } from './tap';

/** An exchange as a recording has it. */
interface Recorded {
  readonly request: {
    readonly line?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly body_text?: string;
    readonly body_binary_bytes?: number;
  } | null;
  readonly response: {
    readonly line?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly body_stream?: readonly unknown[];
    readonly body_text?: string;
    readonly body_binary_bytes?: number;
  } | null;
}

/** Requests of the CLI, of compose, of curl; what buildx says to BuildKit over gRPC is another language. */
const compared = /^(Docker-Client\/28|compose\/|curl\/)/;
/** Header fields whose value is compared; others need only be there. */
const valued = new Set(['Api-Version', 'Content-Type', 'Docker-Experimental', 'Ostype', 'Server', 'Swarm', 'Upgrade']);

async function* replay(recordings: string): AsyncIterable<Comparison> {
  const folder = join(recordings, 'api');
  const files = readdirSync(folder).toSorted();
  let tap: Tap | undefined;
  for await (const { from, to } of session(recordings, (lab) => (tap = new Tap(lab)))) {
    for (const file of files) {
      const number = Number.parseInt(file, 10);
      if (number <= from || number > to) continue;
      const id = file.replace('.json', '');
      const wanted = JSON.parse(readFileSync(join(folder, file), 'utf8')) as readonly Recorded[];
      yield* compare(id, wanted, tap?.exchanges.get(id) ?? []);
    }
  }
}

function* compare(id: string, wanted: readonly Recorded[], got: readonly Exchange[]): Iterable<Comparison> {
  const left = [...got];
  let index = 0;
  for (const { request, response } of wanted) {
    const line = request?.line ?? '';
    if (!/^[A-Z]+ \S+ HTTP\/1\.1$/.test(line) || !compared.test(request?.headers?.['User-Agent'] ?? '')) continue;
    const asked = plainLine(line.replace(/ HTTP\/1\.1$/, ''));
    const name = `${id}#${String(++index)}`;
    const candidates = left.filter((one) => plainLine(one.line) === asked);
    // Of several that are asked alike at once, which comes first is chance: the one that was told the same.
    const answered = shaped(answerOf(response));
    const alike = candidates.find((one) => shaped(shapeOfText(one.responseBody())) === answered) ?? candidates[0];
    const at = alike === undefined ? -1 : left.indexOf(alike);
    if (at < 0) {
      const near = left.findIndex((one) => plainLine(one.line).split('?')[0] === asked.split('?')[0]);
      const [instead] = near < 0 ? [] : left.splice(near, 1);
      const difference = textDifference('request', asked, instead === undefined ? '' : plainLine(instead.line));
      yield { id: name, same: false, difference };
      continue;
    }
    const [ours] = left.splice(at, 1);
    if (ours === undefined) continue;
    const texts = [
      ['body', bodyOf(request), isArchive(request) ? '' : plainBody(ours.requestBody)],
      ['status', (response?.line ?? '').split(' ')[1] ?? '', String(ours.status)],
      ['headers', headersOf(Object.entries(response?.headers ?? {})), headersOf([...ours.headers])],
      [
        'answer',
        answered,
        hungUp(response) || isArchive(response) ? answered : shaped(shapeOfText(ours.responseBody())),
      ],
    ] as const;
    yield {
      id: name,
      same: texts.every(([, theirs, mine]) => theirs === mine),
      difference: `${asked}\n${texts.map(([title, theirs, mine]) => textDifference(title, theirs, mine)).join('')}`,
    };
  }
  for (const { line } of left.filter(({ agent }) => compared.test(agent)))
    yield { id: `${id}#more`, same: false, difference: `not asked by the real one: ${plainLine(line)}\n` };
}

function bodyOf(request: Recorded['request']): string {
  if (request?.body !== undefined) return plainBody(JSON.stringify(request.body));
  return plainBody(request?.body_text ?? '');
}

function answerOf(response: Recorded['response']): unknown {
  if (response?.body !== undefined) return shapeOf(response.body);
  if (response?.body_stream !== undefined)
    return shapeOfText(response.body_stream.map((item) => JSON.stringify(item)).join('\n'));
  return shapeOfText(response?.body_text ?? '');
}

/** Archives, and other bytes, are not recorded. */
const isArchive = (part: Recorded['request'] | Recorded['response']): boolean => part?.body_binary_bytes !== undefined;

/** The client had gone when this was written: whether it is, is a matter of who is faster. */
const hungUp = (response: Recorded['response']): boolean =>
  JSON.stringify(response?.body ?? null).includes('"context canceled"');

const shaped = (shape: unknown): string => (shape === undefined ? '' : JSON.stringify(shape, null, 1));

/** Fields in their order; the length of a body that is not the same need not be the same. */
const headersOf = (fields: readonly (readonly [string, string])[]): string =>
  fields
    .filter(([name]) => !/^(Date|Content-Length|Transfer-Encoding|X-Docker-Container-Path-Stat)$/i.test(name))
    .map(([name, value]) => (valued.has(name) ? `${name}: ${value}` : name))
    .join('\n');

/** What the CLI asks the engine and what it is told, beside what the real ones said to each other. */
export const suite: Suite = {
  name: 'docker-api',
  folder: 'docker',
  files: (recordings) => (existsSync(join(recordings, 'api')) ? ['api'] : []),
  replay,
};
