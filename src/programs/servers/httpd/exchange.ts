import type { Body, Headers, Request } from '../../../linux/net/http/message';
import type { Process } from '../../../linux/process/types';
import type { Directive } from './config';
import type { VirtualServer } from './server';

/** What a handler answers; headers in their order. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly type: string | undefined;
  readonly body: Body;
  readonly length?: number | undefined;
  readonly reason?: string | undefined;
  readonly chunked?: boolean;
}

/** A reply, or the status whose page is to be shown. */
export type Outcome = Reply | number;

/** One request on its way through the hooks. */
export class Exchange {
  uri = '/';
  args: string | undefined;
  filename: string | undefined;
  pathInfo = '';
  /** The handler that a directive chose. */
  handler: string | undefined;
  user: string | undefined;
  status = 0;
  /** `%s`: that of the request as it came, before an internal redirect. */
  firstStatus = 0;
  sent = 0;
  headBytes = 0;
  received = 0;
  replied: Headers | undefined;
  /** The log has no length: the page was made for a request that had failed already. */
  unsized = false;
  /** Headers that errors have, too. */
  extra: (readonly [string, string])[] = [];
  /** Headers that were looked at by rules. */
  readonly vary = new Set<string>();
  readonly env = new Map<string, string>();
  /** Directives that hold for this path: the sections' in the order in which they are merged. */
  layers: readonly (readonly Directive[])[] = [];
  /** Where each layer came from: the folder of a .htaccess or <Directory>. */
  folders: readonly (string | undefined)[] = [];
  redirects = 0;
  /** What the error page adds: `FOO not supported for current URL`. */
  allow = 'GET,POST,OPTIONS,HEAD,TRACE';
  /** The path is not the client's any more. */
  location: string | undefined;
  readonly started: number;
  readonly target: string;

  constructor(
    readonly process: Process,
    readonly request: Request,
    readonly server: VirtualServer,
    readonly remote: string,
    readonly remotePort: number,
    readonly local: string,
    readonly port: number,
  ) {
    this.started = process.clock.now;
    this.target = request.url;
  }

  all(name: string): readonly Directive[] {
    const key = name.toLowerCase();
    return this.layers.flatMap((layer) => layer.filter((one) => one.name.toLowerCase() === key));
  }

  last(name: string): Directive | undefined {
    const key = name.toLowerCase();
    for (let index = this.layers.length - 1; index >= 0; index--) {
      const found = this.layers[index]?.findLast((one) => one.name.toLowerCase() === key);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  value(name: string): string | undefined {
    return this.last(name)?.args[0];
  }

  flag(name: string, fallback = false): boolean {
    const value = this.value(name);
    return value === undefined ? fallback : value.toLowerCase() === 'on';
  }

  get host(): string {
    return (this.request.headers.get('Host') ?? '').replace(/:\d+$/, '').toLowerCase();
  }

  get serverName(): string {
    return this.server.name;
  }

  /** `%p`: the port of ServerName, else 80. */
  get canonicalPort(): number {
    return Number(/:(\d+)$/.exec(this.server.value('ServerName') ?? '')?.[1] ?? 80);
  }

  /** A relative path as a whole URL of this server (ap_construct_url): by the Host that was asked for. */
  whole(path: string): string {
    const host = this.request.headers.get('Host') ?? `${this.server.name}:${this.port}`;
    return `http://${host.replace(/:80$/, '')}${path}`;
  }

  log(module: string, level: string, text: string): void {
    this.server.log(module, level, text, `${this.remote}:${this.remotePort}`);
  }
}
