import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { event, type Event } from '../../src/kubernetes/api/core/event';
import type { Pod } from '../../src/kubernetes/api/core/pod';
import { kinds } from '../../src/kubernetes/api/index';
import type { ApiObject } from '../../src/kubernetes/apimachinery/object';
import { createApiserver } from '../../src/kubernetes/apiserver/apiserver';
import { bootstrap } from '../../src/kubernetes/apiserver/bootstrap';
import { createRegistry, type ServerRegistry } from '../../src/kubernetes/apiserver/create-registry';
import { createControllerManager } from '../../src/kubernetes/controllers/manager';
import { createHollowNodes, hollowNode } from '../../src/kubernetes/kubelet/hollow';
import type { Stage } from '../../src/kubernetes/kubelet/hollow-stages';
import { timedStages } from '../../src/kubernetes/kubelet/hollow-timed';
import { createScheduler } from '../../src/kubernetes/scheduler/scheduler';
import { encode, noBytes } from '../../src/linux/io/bytes';
import { createCa } from '../../src/linux/net/tls/certificate';
import { Headers, type Handler } from '../../src/linux/net/http/message';
import { Clock } from '../../src/sim/clock';
import { Random } from '../../src/sim/random';
import { Trace } from '../../src/sim/trace';
import { readLines } from '../lines';
import { eventText, plainObject } from './normalise';

interface Line {
  readonly ms: number;
  readonly header?: true;
  readonly namespaces?: readonly string[];
  readonly op?: string;
  readonly path?: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly type?: string;
  readonly resource?: string;
  readonly object?: ApiObject;
}

interface Final {
  readonly objects: readonly { readonly resource: string; readonly object: ApiObject }[];
  readonly events: readonly {
    readonly message: string;
    readonly reason: string;
    readonly regarding: { readonly kind: string; readonly name: string };
  }[];
}

/** What holds at the end of a scenario, sorted, as JSON texts. */
export interface Ending {
  readonly objects: readonly string[];
  readonly events: readonly string[];
}

const ROOT_CA = 'kube-root-ca.crt';

/** Replays the operations of a scenario on hollow nodes; what came out beside what was recorded. */
export async function replay(folder: string, name: string): Promise<{ readonly wanted: Ending; readonly got: Ending }> {
  const lines = readLines<Line>(join(folder, `${name}.jsonl`));
  const final = JSON.parse(readFileSync(join(folder, 'final', `${name}.json`), 'utf8')) as Final;
  const nodes = new RecordedNodes(lines);
  const began = wallClock(lines);
  const wait = 1000 + ((((began - TICK) % RESYNC) + RESYNC) % RESYNC);
  const { clock, registry, handler } = world(nodes, began - wait);
  await clock.advance(wait);
  const names = new Names(lines, registry);
  const start = clock.now;
  nodes.begin(clock, names);
  const told = new Map<string, Event>();
  registry
    .as({ user: 'test', agent: 'test' })
    .watch(event, {}, ({ object }) => told.set(`${object.metadata.namespace}/${object.metadata.name}`, object));
  for (const { ms, op, path, body, contentType = 'application/json' } of lines) {
    if (op === undefined) continue;
    await clock.advanceTo(Math.max(clock.now, start + ms));
    if (path === undefined) continue;
    const sent = body === undefined ? noBytes : encode(names.inBody(JSON.stringify(body)));
    const headers = new Headers({ 'Content-Type': contentType, Accept: 'application/json' });
    const peer = { commonName: 'admin', organizations: ['system:masters'] };
    await handler({ method: op, url: names.path(path), headers, body: sent }, { remote: '127.0.0.1', peer });
  }
  await clock.advanceTo(start + Math.max(...lines.map(({ ms }) => ms ?? 0)) + 1000);

  const namespaces = lines[0]?.namespaces ?? [name];
  // Pods and events have too much of their own; of the rest, what is left over shows as well.
  const resources = new Set([...lines, ...final.objects].map(({ resource }) => resource));
  resources.delete('pods');
  resources.delete('events');
  // Classes go with nobody: whoever recorded tidied up.
  const removed = new Set(
    lines
      .filter(({ type, resource }) => type === 'DELETED' && resource === 'storageclasses')
      .map(({ object }) => `storageclasses/${object?.metadata.name}`),
  );
  // Of what belongs to no namespace, only what this scenario made: others ran beside it.
  const made = JSON.stringify(lines.filter(({ op }) => op !== undefined).map(({ path, body }) => [path, body]));
  const ours = (resource: string, { metadata: { namespace, name: own } }: ApiObject): boolean => {
    if (own === ROOT_CA) return false;
    if (namespace !== undefined) return namespaces.includes(namespace);
    if (removed.has(`${resource}/${own}`)) return false;
    return made.includes(`/${resource}/${own}"`) || made.includes(`"name":"${own}"`);
  };
  const objects = kinds
    .filter(({ names: { plural } }) => resources.has(plural))
    .flatMap((kind) =>
      registry
        .list(kind)
        .filter((object) => ours(kind.names.plural, object))
        .map((object) => ({ resource: kind.names.plural, object })),
    );
  const events = [...told.values()]
    .filter(({ metadata: { namespace }, involvedObject: { kind, namespace: of, name: about = '' } }) =>
      of === undefined ? kind !== 'Node' && made.includes(`"${about}"`) : namespaces.includes(namespace),
    )
    .map(({ reason = '', message = '' }) => eventText(reason, message));
  return {
    got: { objects: objects.map(plainObject).sort(), events: distinct(events) },
    wanted: {
      objects: final.objects
        .filter(({ resource, object }) => ours(resource, object))
        .map(plainObject)
        .sort(),
      events: distinct(final.events.map(({ reason, message }) => eventText(reason, message))),
    },
  };
}

/** The recorded controller manager's looks at all volumes and claims: this much after each quarter of a minute. */
const RESYNC = 15_000;
const TICK = 11_500;

/** The recorder's clock when the scenario began. */
function wallClock(lines: readonly Line[]): number {
  const seen = lines.flatMap(({ ms, type, object }) =>
    type === 'ADDED' && object !== undefined ? [Date.parse(object.metadata.creationTimestamp) - ms] : [],
  );
  return Math.max(Date.UTC(2026, 10, 21, 1), ...seen);
}

/** Who binds while another deletes is told so, or not: a race. */
const isRace = (text: string): boolean => text.includes('running Bind plugin "DefaultBinder"');

const distinct = (texts: readonly string[]): readonly string[] =>
  [...new Set(texts)].filter((text) => !isRace(text)).sort();

interface Replayed {
  readonly clock: Clock;
  readonly registry: ServerRegistry;
  readonly handler: Handler;
}

function world(nodes: RecordedNodes, start: number): Replayed {
  const trace = new Trace();
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const clock = new Clock({ start, trace, settle });
  const random = new Random(1);
  const registry = createRegistry({ clock, random, trace });
  bootstrap(registry, { advertiseAddress: '172.30.1.2' });
  const handler = createApiserver({ registry, clock, random, trace });
  createControllerManager({
    registry,
    clock,
    random,
    trace,
    rootCa: 'CA',
    tokens: registry.tokens,
    authority: createCa({ subject: { commonName: 'kubernetes' }, random: random.fork('ca'), now: start }),
    authorizer: registry.admission.authorizer,
  });
  const client = registry.as({ user: 'system:kube-scheduler', agent: 'kube-scheduler' });
  createScheduler({ client, clock, random: random.fork('scheduler'), trace });
  createHollowNodes({
    client: registry.as({ user: 'kwok', groups: ['system:masters'], agent: 'kwok' }),
    clock,
    nodes: [1, 2, 3].map((index) =>
      hollowNode({ name: `node-${index}`, address: `172.31.0.${index}`, podCIDR: `10.100.${index}.0/22` }, clock.now),
    ),
    stages: nodes.stages(timedStages('loops')),
  });
  return { clock, registry, handler };
}

type Moment = 'pod-ready' | 'pod-end' | 'pod-terminate' | 'pod-delete';

/** When the nodes of the recording got round to each pod: they were busy with other scenarios as well. */
class RecordedNodes {
  readonly #moments = new Map<string, Partial<Record<Moment, number>>>();
  #clock: Clock | undefined;
  #start = 0;
  #names: Names | undefined;

  constructor(lines: readonly Line[]) {
    for (const { ms, resource, type, object } of lines) {
      if (resource !== 'pods' || object === undefined) continue;
      const { namespace, name, deletionTimestamp } = object.metadata;
      const key = `${namespace}/${name}`;
      const known = this.#moments.get(key) ?? {};
      this.#moments.set(key, known);
      const { phase } = (object as Pod).status;
      const over = phase === 'Failed' || phase === 'Succeeded';
      if (phase === 'Running') known['pod-ready'] ??= ms;
      else if (over) known[deletionTimestamp === undefined ? 'pod-end' : 'pod-terminate'] ??= ms;
      if (type === 'DELETED') known['pod-delete'] ??= ms;
    }
  }

  begin(clock: Clock, names: Names): void {
    this.#clock = clock;
    this.#start = clock.now;
    this.#names = names;
  }

  stages(stages: readonly Stage[]): readonly Stage[] {
    return stages.map((stage) => ({
      ...stage,
      after: (pod) => {
        const usual = stage.after(pod);
        const moments = this.#moments.get(this.#names?.recorded(pod.metadata) ?? '');
        if (usual === undefined || moments === undefined || this.#clock === undefined) return usual;
        const at = moments[stage.name as Moment];
        return at === undefined ? undefined : Math.max(this.#start + at - this.#clock.now, 0);
      },
    }));
  }
}

/** Recorded uids and made-up names in terms of ours. */
class Names {
  readonly #registry: ServerRegistry;
  readonly #byUid = new Map<string, { readonly resource: string; readonly object: ApiObject }>();
  /** The recorded made-up name: the how-manieth of which prefix it is. */
  readonly #order = new Map<string, { readonly prefix: string; readonly index: number }>();
  readonly #seen = new Map<string, string[]>();

  constructor(lines: readonly Line[], registry: ServerRegistry) {
    this.#registry = registry;
    const counts = new Map<string, number>();
    for (const { resource = '', object, type } of lines) {
      if (type !== 'ADDED' || object === undefined) continue;
      this.#byUid.set(object.metadata.uid, { resource, object });
      const { generateName, name } = object.metadata;
      if (generateName === undefined) continue;
      const prefix = `${resource} ${generateName}`;
      const index = counts.get(prefix) ?? 0;
      counts.set(prefix, index + 1);
      this.#order.set(`${resource}/${name}`, { prefix, index });
    }
    const client = registry.as({ user: 'test', agent: 'test' });
    for (const kind of kinds) {
      client.watch(kind, {}, ({ type, object: { metadata } }) => {
        if (type !== 'ADDED' || metadata.generateName === undefined) return;
        const prefix = `${kind.names.plural} ${metadata.generateName}`;
        this.#seen.set(prefix, [...(this.#seen.get(prefix) ?? []), metadata.name]);
      });
    }
  }

  path(path: string): string {
    return path.replace(/([a-z]+)\/([^/?]+)/g, (whole, resource: string, old: string) => {
      const known = this.#order.get(`${resource}/${old}`);
      return known === undefined ? whole : `${resource}/${this.#seen.get(known.prefix)?.[known.index] ?? old}`;
    });
  }

  /** The recorded name of one of our pods. */
  recorded({ namespace, name, generateName }: ApiObject['metadata']): string {
    if (generateName === undefined) return `${namespace}/${name}`;
    const prefix = `pods ${generateName}`;
    const index = (this.#seen.get(prefix) ?? []).indexOf(name);
    for (const [known, { prefix: its, index: which }] of this.#order)
      if (its === prefix && which === index) return `${namespace}/${known.slice('pods/'.length)}`;
    return '';
  }

  inBody(text: string): string {
    const named = text.replace(/"name":"([^"]+)"/g, (whole, old: string) => {
      const known = this.#order.get(`pods/${old}`);
      const ours = known && this.#seen.get(known.prefix)?.[known.index];
      return ours === undefined ? whole : `"name":${JSON.stringify(ours)}`;
    });
    return named.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (uid) => {
      const found = this.#byUid.get(uid);
      const kind = kinds.find(({ names }) => names.plural === found?.resource);
      if (found === undefined || kind === undefined) return uid;
      const { namespace, name } = found.object.metadata;
      const known = this.#order.get(`${found.resource}/${name}`);
      const ours = known === undefined ? name : (this.#seen.get(known.prefix)?.[known.index] ?? name);
      return this.#registry.get(kind, namespace, ours)?.metadata.uid ?? uid;
    });
  }
}
