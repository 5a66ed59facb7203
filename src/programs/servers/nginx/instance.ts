import type { Process } from '../../../linux/process/types';
import type { Config } from './config';
import { appendTo, errorLine, levels } from './log';
import type { Http } from './model';
import type { Scope } from './scope';
import { UpstreamGroup } from './upstream';

/** What one generation of workers holds: the configuration, its logs, the upstreams' and zones' states. */
export class Instance {
  readonly groups = new Map<string, UpstreamGroup>();
  /** Addresses of names that were looked up at the start. */
  readonly addresses = new Map<string, readonly string[]>();
  /** limit_req: excess and time by zone and key. */
  readonly rates = new Map<string, { excess: number; at: number }>();
  /** limit_conn: how many by zone and key. */
  readonly connections = new Map<string, number>();
  worker: number;

  constructor(
    readonly process: Process,
    readonly config: Config,
    readonly http: Http,
    readonly prefix: string,
    readonly version: string,
    readonly logs: Map<string, (line: string) => void>,
    readonly counters: Counters,
  ) {
    this.worker = process.pid;
  }

  group(name: string): UpstreamGroup | undefined {
    let group = this.groups.get(name);
    if (group === undefined) {
      const directive = this.http.upstreams.get(name);
      if (directive === undefined) return undefined;
      this.groups.set(name, (group = new UpstreamGroup(directive.block ?? [], this.addresses)));
    }
    return group;
  }

  /** A line for the logs that hold where the request is. */
  errorLog(scope: Scope, level: string, text: string): void {
    for (const { args } of errorLogs(scope)) {
      const [path = '', least = 'error'] = args;
      if (levels.indexOf(level) < levels.indexOf(least)) continue;
      this.write(path, errorLine(this.process, level, text, this.worker));
    }
  }

  write(path: string, line: string): void {
    appendTo(this.process, this.logs, path, this.prefix)(line);
  }
}

/** Directive-like default of an absent `error_log`. */
const compiledIn = [{ args: ['/var/log/nginx/error.log', 'error'] }];

/** The `error_log`s in force. */
export const errorLogs = (scope: Scope): readonly { readonly args: readonly string[] }[] => {
  const all = scope.all('error_log');
  return all.length > 0 ? all : compiledIn;
};

/** What `stub_status` counts. */
export interface Counters {
  connections: number;
  requests: number;
  active: number;
}
