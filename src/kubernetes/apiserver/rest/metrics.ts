import type { Response } from '../../../linux/net/http/message';
import type { Kind } from '../../apimachinery/kind';
import type { FlowControl } from '../flowcontrol/flow-control';
import type { Storage } from '../storage';
import type { Exchange } from './exchange';
import { family } from './metric-family';
import { plain } from './respond';

/** Upper bounds of apiserver_request_duration_seconds (k8s.io/apiserver/pkg/endpoints/metrics). */
const buckets = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];

interface Requests {
  readonly labels: string;
  readonly codes: Map<number, number>;
  readonly durations: number[];
  sum: number;
  count: number;
}

/** What the server counts of its own work, in the Prometheus text format at /metrics. Names and labels are upstream's. */
export class Metrics {
  readonly #requests = new Map<string, Requests>();
  readonly #inflight = { mutating: 0, readOnly: 0 };
  readonly #longRunning = new Map<string, number>();

  /** A request has been authorized and is served from now on; call the result when it has been answered. */
  begin({ info, server }: Exchange): (code: number) => void {
    const labels = labelsOf(info);
    const watch = info.verb === 'watch';
    const kind = ['get', 'list', 'watch', ''].includes(info.verb) ? 'readOnly' : 'mutating';
    const begun = server.clock.now;
    if (watch) this.#longRunning.set(labels, (this.#longRunning.get(labels) ?? 0) + 1);
    else this.#inflight[kind]++;
    return (code) => {
      if (watch) this.#longRunning.set(labels, (this.#longRunning.get(labels) ?? 1) - 1);
      else this.#inflight[kind]--;
      this.#observe(labels, code, watch ? undefined : (server.clock.now - begun) / 1000);
    };
  }

  #observe(labels: string, code: number, seconds: number | undefined): void {
    let requests = this.#requests.get(labels);
    if (requests === undefined) {
      requests = { labels, codes: new Map(), durations: buckets.map(() => 0), sum: 0, count: 0 };
      this.#requests.set(labels, requests);
    }
    requests.codes.set(code, (requests.codes.get(code) ?? 0) + 1);
    if (seconds === undefined) return;
    requests.sum += seconds;
    requests.count++;
    for (const [index, bound] of buckets.entries())
      if (seconds <= bound) requests.durations[index] = (requests.durations[index] ?? 0) + 1;
  }

  /** The answer of /metrics. */
  render(storage: Storage, flowControl: FlowControl): Response {
    const all = [...this.#requests.values()].sort((a, b) => (a.labels < b.labels ? -1 : 1));
    const families = [
      family(
        'apiserver_current_inflight_requests',
        'gauge',
        '[STABLE] Requests that are being answered now, by whether they change anything.',
        [
          `{request_kind="mutating"} ${this.#inflight.mutating}`,
          `{request_kind="readOnly"} ${this.#inflight.readOnly}`,
        ],
      ),
      family(
        'apiserver_longrunning_requests',
        'gauge',
        '[STABLE] Watches that are open.',
        [...this.#longRunning].sort().map(([labels, count]) => `{${labels}} ${count}`),
      ),
      family(
        'apiserver_request_duration_seconds',
        'histogram',
        '[STABLE] Seconds until requests were answered.',
        all.flatMap(histogram),
        '_',
      ),
      family(
        'apiserver_request_total',
        'counter',
        '[STABLE] Requests that were answered, with the status of the answer.',
        all.flatMap(({ labels, codes }) =>
          [...codes].sort(([a], [b]) => a - b).map(([code, count]) => `{code="${code}",${labels}} ${count}`),
        ),
      ),
      family(
        'apiserver_storage_objects',
        'gauge',
        '[STABLE] Objects in storage, by resource.',
        storage.kinds.map((kind) => `{resource="${qualified(kind)}"} ${storage.count(kind)}`).sort(),
      ),
    ];
    return plain(200, families.join('') + flowControl.render());
  }
}

function histogram({ labels, durations, sum, count }: Requests): readonly string[] {
  if (count === 0) return [];
  return [
    ...buckets.map((bound, index) => `bucket{${labels},le="${bound}"} ${durations[index] ?? 0}`),
    `bucket{${labels},le="+Inf"} ${count}`,
    `sum{${labels}} ${sum}`,
    `count{${labels}} ${count}`,
  ];
}

function labelsOf(info: Exchange['info']): string {
  const { verb, group, version, resource = '', subresource = '', namespace, name, isResource } = info;
  const scope = !isResource ? '' : name !== '' ? 'resource' : namespace === undefined ? 'cluster' : 'namespace';
  const values = {
    component: 'apiserver',
    dry_run: '',
    group: isResource ? group : '',
    resource: isResource ? resource : '',
    scope,
    subresource: isResource ? subresource : info.path,
    verb: verbs[verb] ?? verb.toUpperCase(),
    version: isResource ? version : '',
  };
  return Object.entries(values)
    .map(([key, value]) => `${key}="${value}"`)
    .join(',');
}

const qualified = ({ names: { group, plural } }: Kind): string => (group === '' ? plural : `${plural}.${group}`);

const verbs: Readonly<Record<string, string>> = { create: 'POST', update: 'PUT' };
