import type { Lab } from '../../src/cluster/lab';
import { concat, decode } from '../../src/linux/io/bytes';
import { readBody } from '../../src/linux/net/http/codec';
import type { BodyStream, Handler } from '../../src/linux/net/http/message';
import { current } from '../docker/harness';

/** One request to the engine and its answer, as they went over the socket. */
export interface Exchange {
  readonly line: string;
  readonly agent: string;
  readonly requestBody: string;
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  /** Grows while it is sent. */
  readonly responseBody: () => string;
}

/** Writes down what the engine of a lab is asked, under the number of the recorded command that asks. */
export class Tap {
  readonly exchanges = new Map<string, Exchange[]>();
  readonly #wrapped = new WeakSet<object>();

  constructor(readonly lab: Lab) {
    this.#wrap();
    lab.docker.onChange(() => this.#wrap());
  }

  /** A daemon that is started again has another handler. */
  #wrap(): void {
    const daemon = this.lab.docker.engine(this.lab.first.name);
    if (daemon === undefined || this.#wrapped.has(daemon)) return;
    this.#wrapped.add(daemon);
    const { handler } = daemon;
    daemon.handler = this.#recording(handler);
  }

  #recording(handler: Handler): Handler {
    return async (request, context) => {
      const id = this.#current();
      if (id === '') return handler(request, context);
      const body = await readBody(request.body);
      let status = 0;
      let headers: ReadonlyMap<string, string> = new Map();
      let read = (): string => '';
      const place = this.#placeOf(id);
      place.push({
        line: `${request.method} ${request.url}`,
        agent: request.headers.get('User-Agent') ?? '',
        requestBody: decode(body),
        get status() {
          return status;
        },
        get headers() {
          return headers;
        },
        responseBody: () => read(),
      });
      const { upgrade } = context;
      const response = await handler(
        { ...request, body },
        upgrade === undefined
          ? context
          : {
              ...context,
              upgrade: (fields, code = 101) => {
                status = code;
                headers = new Map(fields);
                return upgrade(fields, code);
              },
            },
      );
      if (status !== 0) return response;
      status = response.status;
      headers = new Map(response.headers);
      if (response.body instanceof Uint8Array) {
        const bytes = response.body;
        read = () => decode(bytes);
        return response;
      }
      const copied = new Copied(response.body);
      read = () => copied.text();
      return { ...response, body: copied };
    };
  }

  #placeOf(id: string): Exchange[] {
    const place = this.exchanges.get(id) ?? [];
    this.exchanges.set(id, place);
    return place;
  }

  #current(): string {
    const text = this.lab.first.fs.readText(current);
    return text.ok ? text.value.trim() : '';
  }
}

/** A stream that keeps what went through it. */
class Copied implements BodyStream {
  readonly #chunks: Uint8Array[] = [];

  constructor(readonly from: BodyStream) {}

  async read(): Promise<Uint8Array | undefined> {
    const bytes = await this.from.read();
    if (bytes !== undefined) this.#chunks.push(bytes);
    return bytes;
  }

  cancel(): void {
    this.from.cancel();
  }

  text(): string {
    return decode(concat(this.#chunks));
  }
}
