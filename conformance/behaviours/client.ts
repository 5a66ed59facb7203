import { decode, encode, noBytes } from '../../src/linux/io/bytes';
import { Headers, type BodyStream, type Handler, type RequestContext } from '../../src/linux/net/http/message';
import type { Clock } from '../../src/sim/clock';
import { Watcher } from './watcher';

/** An answer's JSON. What is in it is read with `at`. */
export interface Thing {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly unknown[];
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly Thing[];
  readonly [field: string]: unknown;
}

/** The value at a path of fields and indexes; undefined where there is none. */
export function at(thing: unknown, ...path: readonly (string | number)[]): unknown {
  let value = thing;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return value;
}

/** What the server refused to do. */
export class Refused extends Error {
  constructor(
    readonly code: number,
    readonly status: Thing,
    what: string,
  ) {
    super(`${what}: ${code} ${String(status['message'])}`);
  }
  get reason(): unknown {
    return this.status['reason'];
  }
}

export interface Asked {
  readonly type?: string;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const patches = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

export interface Answer {
  readonly code: number;
  readonly headers: Headers;
  readonly text: string;
}

/** How long an answer may take. Virtual milliseconds. */
const PATIENCE = 120_000;

/** The administrator's client of an apiserver whose world runs only while somebody waits. */
export class Client {
  readonly #watchers: Watcher[] = [];
  constructor(
    readonly handler: Handler,
    readonly clock: Clock,
    readonly peer: NonNullable<RequestContext['peer']> | undefined = {
      commonName: 'kubernetes-admin',
      organizations: ['system:masters'],
    },
  ) {}

  /** An answer, whatever it is. */
  async ask(method: string, path: string, body?: unknown, asked: Asked = {}): Promise<Answer> {
    const response = await this.#send(method, path, body, asked);
    if (response.body instanceof Uint8Array)
      return { code: response.status, headers: response.headers, text: decode(response.body) };
    let text = '';
    const stream = response.body;
    const all = async (): Promise<true> => {
      for (let chunk = await stream.read(); chunk !== undefined; chunk = await stream.read()) text += decode(chunk);
      return true;
    };
    await this.wait(all());
    return { code: response.status, headers: response.headers, text };
  }

  async #send(method: string, path: string, body: unknown, { type = 'application/json', accept, headers }: Asked) {
    const bytes = body === undefined ? noBytes : encode(typeof body === 'string' ? body : JSON.stringify(body));
    const sent = new Headers({
      Accept: accept ?? 'application/json',
      ...(body === undefined ? {} : { 'Content-Type': type }),
      ...headers,
    });
    const { peer } = this;
    return this.wait(
      Promise.resolve(
        this.handler(
          { method, url: path, headers: sent, body: bytes },
          { remote: '127.0.0.1', ...(peer === undefined ? {} : { peer }) },
        ),
      ),
    );
  }

  /** Lets the world run until something is there. */
  async wait<T>(promised: Promise<T>): Promise<T> {
    let end: { readonly value: T } | { readonly error: unknown } | undefined;
    promised.then(
      (value) => (end = { value }),
      (error: unknown) => (end = { error }),
    );
    await this.clock.advanceTo(this.clock.now);
    if (end === undefined) {
      this.clock.wake();
      await this.clock.runUntil(() => end !== undefined, { limit: PATIENCE });
    }
    if (end === undefined) throw new Error('no answer');
    if ('error' in end) throw end.error;
    return end.value;
  }

  /** An answer's object; one that is no success is thrown. */
  async call(method: string, path: string, body?: unknown, asked: Asked = {}): Promise<Thing> {
    const { code, text } = await this.ask(method, path, body, asked);
    let thing: Thing;
    try {
      thing = JSON.parse(text) as Thing;
    } catch {
      thing = { metadata: { name: '', uid: '', resourceVersion: '' }, items: [], message: text };
    }
    if (code >= 300) throw new Refused(code, thing, `${method} ${path}`);
    return thing;
  }

  readonly get = (path: string, asked?: Asked): Promise<Thing> => this.call('GET', path, undefined, asked);
  readonly create = (path: string, body: unknown, asked?: Asked): Promise<Thing> =>
    this.call('POST', path, body, asked);
  readonly update = (path: string, body: unknown): Promise<Thing> => this.call('PUT', path, body);
  readonly patch = (path: string, body: unknown, type: string = patches.merge): Promise<Thing> =>
    this.call('PATCH', path, body, { type });
  readonly delete = (path: string, options?: unknown): Promise<Thing> => this.call('DELETE', path, options);

  async watch(path: string): Promise<Watcher> {
    const url = `${path}${path.includes('?') ? '&' : '?'}watch=true`;
    const response = await this.#send('GET', url, undefined, {});
    if (response.status !== 200 || response.body instanceof Uint8Array)
      throw new Error(`watch ${path}: ${response.status}`);
    const watcher = new Watcher(response.body satisfies BodyStream, this.clock);
    this.#watchers.push(watcher);
    return watcher;
  }

  /** Ends all watches. */
  close(): void {
    for (const each of this.#watchers.splice(0)) each.stop();
  }
}
