import { flowSchema, type FlowSchema } from '../../api/flowcontrol/flowschema';
import {
  priorityLevelConfiguration,
  type PriorityLevelConfiguration,
} from '../../api/flowcontrol/prioritylevelconfiguration';
import type { Kind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import type { User } from '../authentication/user';
import type { Exchange } from '../rest/exchange';
import { family } from '../metrics/family';
import type { RequestInfo } from '../rest/request-info';
import type { Storage } from '../storage';
import { FlowMetrics } from './flow-metrics';
import { matchesFlowSchema } from './matching';
import { estimatedSeats } from './work-estimate';

/** --max-requests-inflight and --max-mutating-requests-inflight together. */
const serverLimit = 400 + 200;

interface Flow {
  readonly schema: FlowSchema;
  readonly level: PriorityLevelConfiguration | undefined;
  /** To be called with how many seconds the request took. */
  readonly end: (seconds: number) => void;
}

/** Which FlowSchema takes which request, and how many each has taken. */
export class FlowControl {
  readonly #storage: Storage;
  readonly #metrics = new FlowMetrics();
  #schemas: readonly FlowSchema[] = [];
  #seen: readonly FlowSchema[] | undefined;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** The first by precedence that matches; undefined where none is there at all. */
  classify(user: User, info: RequestInfo): Flow | undefined {
    const schema = this.#sorted().find((each) => matchesFlowSchema(each, user, info));
    if (schema === undefined) return undefined;
    const { name } = schema.spec.priorityLevelConfiguration;
    const level = this.#storage.get(priorityLevelConfiguration, undefined, name);
    const seats = estimatedSeats(info, this.#storage);
    const queued = level?.spec.type === 'Limited';
    const end = this.#metrics.begin(schema.metadata.name, name, seats, queued, info.verb === 'watch');
    return { schema, level, end };
  }

  /** A server may be made without these kinds. */
  #listed<T extends ApiObject>(kind: Kind<T>): readonly T[] {
    const known = this.#storage.kindOf(kind.apiVersion, kind.names.plural) !== undefined;
    return known ? this.#storage.served(kind).cacher.list() : [];
  }

  #sorted(): readonly FlowSchema[] {
    const now = this.#listed(flowSchema);
    if (this.#seen?.length === now.length && this.#seen.every((each, at) => each === now[at])) return this.#schemas;
    this.#seen = now;
    const order = ({ spec }: FlowSchema): number => spec.matchingPrecedence;
    this.#schemas = [...now].sort((a, b) => order(a) - order(b) || (a.metadata.name < b.metadata.name ? -1 : 1));
    return this.#schemas;
  }

  /** What is done at each level, by their names. */
  levels(): readonly { readonly name: string; readonly executing: number; readonly dispatched: number }[] {
    return this.#sortedLevels().map(({ metadata: { name } }) => ({
      name,
      executing: this.#metrics.executing(name),
      dispatched: this.#metrics.dispatched(name),
    }));
  }

  #sortedLevels(): readonly PriorityLevelConfiguration[] {
    return this.#listed(priorityLevelConfiguration).toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  }

  /** Its part of /metrics. */
  render(): string {
    const levels = this.#sortedLevels();
    const shares = levels.reduce((sum, level) => sum + sharesOf(level), 0);
    const limits = levels.map((level) => ({ name: level.metadata.name, ...limitsOf(level, shares) }));
    const gauge = (name: string, help: string, value: (limit: (typeof limits)[number]) => number): string =>
      family(
        `apiserver_flowcontrol_${name}`,
        'gauge',
        help,
        limits.map((limit) => `{priority_level="${limit.name}"} ${value(limit)}`),
      );
    return [
      this.#metrics.render(),
      gauge('current_limit_seats', '[ALPHA] Seats that a priority level has now.', ({ nominal }) => nominal),
      gauge('lower_limit_seats', '[ALPHA] Seats that a priority level keeps for itself.', ({ lower }) => lower),
      gauge('nominal_limit_seats', '[BETA] Seats that a priority level is configured for.', ({ nominal }) => nominal),
      gauge('upper_limit_seats', '[ALPHA] Seats that a priority level may have at most.', ({ upper }) => upper),
    ].join('');
  }
}

const sharesOf = ({ spec: { limited, exempt } }: PriorityLevelConfiguration): number =>
  limited === undefined ? (exempt?.nominalConcurrencyShares ?? 0) : (limited.nominalConcurrencyShares ?? 30);

/** finishQueueSetReconfigsLocked: what of the server's limit is a level's. */
function limitsOf(level: PriorityLevelConfiguration, sum: number) {
  const { limited, exempt } = level.spec;
  const nominal = Math.ceil((serverLimit * sharesOf(level)) / Math.max(1, sum));
  const lendable = Math.round((nominal * (limited?.lendablePercent ?? exempt?.lendablePercent ?? 0)) / 100);
  const percent = limited?.borrowingLimitPercent;
  const borrowed = percent === undefined ? serverLimit : Math.round((nominal * percent) / 100);
  return { nominal, lower: nominal - lendable, upper: nominal + borrowed };
}

/** Long-running requests but watches are not counted (BasicLongRunningRequestCheck). */
const unbounded: ReadonlySet<string> = new Set(['attach', 'exec', 'proxy', 'log', 'portforward']);

/** filters.WithPriorityAndFairness: notes who takes the request, for the headers of its answer. */
export function flowStage(exchange: Exchange): undefined {
  const { info, user, server } = exchange;
  if (info.isResource && unbounded.has(info.subresource)) return;
  const flow = server.flowControl.classify(user, info);
  if (flow === undefined) return;
  const begun = server.clock.now;
  exchange.flow = {
    name: flow.schema.metadata.name,
    schema: flow.schema.metadata.uid,
    level: flow.level?.metadata.uid ?? '',
    end: () => flow.end((server.clock.now - begun) / 1000),
  };
}
