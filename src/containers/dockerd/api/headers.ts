import { Headers, type BodyStream, type Response } from '../../../linux/net/http/message';
import { httpDate } from '../../../linux/net/http/server';
import { noBytes } from '../../../linux/io/bytes';
import type { EngineBuild } from '../build-info';
import { apiVersion } from './versions';

interface Finish {
  readonly method: string;
  /** Of the clock, in milliseconds. */
  readonly now: number;
  readonly build: EngineBuild;
  /** Which middlewares the request went through: none, that of versions, all. */
  readonly who: 'nobody' | 'engine' | 'all';
}

/** What net/http holds back before it says how long a body is. */
const BUFFER = 2048;

/**
 * A response as Go's server writes it: fields by name, then the date, then the length. A body that does not fit the
 * buffer goes in chunks.
 */
export function finished({ status, headers: given, body }: Response, { method, now, build, who }: Finish): Response {
  const fields: (readonly [string, string])[] = [];
  for (const field of given) if (field[0] !== SNIFFED) fields.push(field);
  if (who !== 'nobody') {
    const os = build.system?.os ?? 'linux';
    fields.push(['Api-Version', apiVersion], ['Ostype', os], ['Server', `Docker/${build.version} (${os})`]);
  }
  if (who === 'all') fields.push(['Docker-Experimental', 'false']);
  const sniffed = given.get(SNIFFED);
  const headers = new Headers();
  // Of two fields with one name the later one counts.
  for (const [name, value] of fields.sort(byName)) headers.set(name, value);
  headers.set('Date', httpDate(now));
  if (!(body instanceof Uint8Array)) return { status, headers, body };
  if (method === 'HEAD') return { status, headers, body: new Whole(noBytes) };
  if (status !== 204 && status !== 304 && body.length <= BUFFER) headers.set('Content-Length', String(body.length));
  if (sniffed !== undefined) headers.set('Content-Type', sniffed);
  return { status, headers, body: body.length <= BUFFER ? body : new Whole(body) };
}

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : a > b ? 1 : 0);

/** What every answer says of the engine. */
export const whoAnswers = ({ version, system }: EngineBuild): readonly (readonly [string, string])[] => [
  ['Api-Version', apiVersion],
  ['Docker-Experimental', 'false'],
  ['Ostype', system?.os ?? 'linux'],
  ['Server', `Docker/${version} (${system?.os ?? 'linux'})`],
];

/** A header field under this name is the type that net/http found out by itself: it comes last. */
export const SNIFFED = 'X-Sniffed-Type';

/** Bytes that are sent without saying before how many they are. */
class Whole implements BodyStream {
  #left: Uint8Array | undefined;

  constructor(bytes: Uint8Array) {
    this.#left = bytes.length === 0 ? undefined : bytes;
  }

  read(): Promise<Uint8Array | undefined> {
    const bytes = this.#left;
    this.#left = undefined;
    return Promise.resolve(bytes);
  }

  cancel(): void {
    this.#left = undefined;
  }
}
