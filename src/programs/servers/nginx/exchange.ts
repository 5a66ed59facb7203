import type { Headers, Request, RequestContext } from '../../../linux/net/http/message';
import type { Process } from '../../../linux/process/types';
import type { Instance } from './instance';
import type { Location, Listen, VirtualServer } from './model';
import type { Scope } from './scope';

/** What is answered, before the header filters. */
export interface Reply {
  readonly status: number;
  /** Headers of its own, in their order, besides those below. */
  readonly headers: (readonly [string, string])[];
  readonly type?: string | undefined;
  readonly body: Uint8Array | { read(): Promise<Uint8Array | undefined>; cancel(): void };
  readonly length?: number | undefined;
  readonly lastModified?: string | undefined;
  readonly location?: string | undefined;
  /** Bytes of a file: ranges and conditions apply. */
  readonly file?: { readonly etag: string; readonly mtime: number };
  readonly reason?: string;
  /** Made while it is sent: no Content-Length. */
  readonly unsized?: boolean;
  /** The connection was taken over, or is to be dropped. */
  readonly taken?: boolean;
}

/** A reply, or a status that `error_page` may still answer. */
export type Outcome = Reply | number;

/** One request on its way through the phases. */
export class Exchange {
  uri = '';
  args: string;
  method: string;
  location: Location;
  /** The location, or the `if` inside it that held. */
  scope: Scope;
  captures: readonly (string | undefined)[] = [];
  readonly named: Record<string, string | undefined> = {};
  readonly set = new Map<string, string>();
  internal = false;
  redirects = 0;
  /** The status that an error page is shown for. */
  errorStatus: number | undefined;
  status = 0;
  bytesSent = 0;
  contentType = '';
  upstreamAddr: string[] = [];
  upstreamStatus: string[] = [];
  upstreamTime: number | undefined;
  upstreamHeaders: Headers | undefined;
  remoteUser: string | undefined;
  /** Headers of a failed check (WWW-Authenticate) that the error page takes along. */
  extra: (readonly [string, string])[] = [];
  mapped = 0;
  /** Milliseconds that limit_req makes it wait. */
  delay = 0;
  /** What the peer tried last failed with. */
  errorStatusOfUpstream = 502;
  /** The status that the page of an error is sent with. */
  override: number | undefined;
  /** The URI is not the client's any more: rewritten, or an internal redirect. */
  changed = false;
  readonly started: number;

  constructor(
    readonly process: Process,
    readonly instance: Instance,
    readonly request: Request,
    readonly context: RequestContext,
    readonly server: VirtualServer,
    readonly listen: Listen,
    readonly local: string,
    readonly connection: number,
  ) {
    const mark = request.url.indexOf('?');
    this.args = mark < 0 ? '' : request.url.slice(mark + 1);
    this.method = request.method;
    this.location = server;
    this.scope = server;
    this.started = process.clock.now;
  }

  get host(): string {
    return (this.request.headers.get('Host') ?? '').replace(/:\d+$/, '').toLowerCase() || (this.server.names[0] ?? '');
  }

  /** A line of the error log at a level. */
  log(level: string, text: string, upstream?: string, early = false): void {
    const { request, server, context } = this;
    const host = request.headers.get('Host');
    const line =
      `*${this.connection} ${text}, client: ${context.remote === 'unix' ? 'unix:' : context.remote}, server: ${early ? '' : (server.names[0] ?? '')}, ` +
      `request: "${request.method} ${request.url} ${request.protocol ?? 'HTTP/1.1'}"` +
      (upstream === undefined ? '' : `, upstream: "${upstream}"`) +
      (host === undefined || early ? '' : `, host: "${host}"`);
    this.instance.errorLog(this.scope, level, line);
  }
}
