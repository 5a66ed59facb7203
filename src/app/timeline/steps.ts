import type { SpanView } from '../../world/protocol';

/** What one actor did of one kind in one go: three binds of the scheduler are one step, `bind pods ×3`. */
export interface Step {
  readonly key: string;
  /** Its place in the causal order of the whole command, from 1. */
  readonly order: number;
  readonly verb: string;
  readonly subject: string;
  /** The host where it happened, where the actor lives on many. */
  readonly host: string | undefined;
  readonly count: number;
  readonly at: number;
  /** The first span, whose causes are shown. */
  readonly span: number;
}

/** One lane of the strip: who acted, and what it did, in order. */
export interface Lane {
  readonly actor: string;
  readonly steps: readonly Step[];
}

// From the learner's line down to the wire; actors that nobody knows come before the network.
const order = [
  'shell',
  'kubectl',
  'docker',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'dockerd',
  'containerd',
  'kube-proxy',
  'coredns',
];
const place = (actor: string): number => {
  const index = order.indexOf(actor);
  return index >= 0 ? index : actor === 'network' ? order.length + 1 : order.length;
};

/** What containerd has done for it; the Container lens tells them apart. */
const belowContainerd = new Set(['cni', 'runc', 'containerd-shim', 'kernel']);

/** Which lane a span belongs to, and on which host. */
export function laneOf({ actor, verb, subject }: SpanView): { readonly lane: string; readonly host?: string } {
  const [name = actor, host] = actor.split('@');
  if (/^-?\w*sh$/.test(name)) {
    return { lane: verb === 'exec' && (subject === 'kubectl' || subject === 'docker') ? subject : 'shell' };
  }
  // The registry knows a client by its field manager: kubectl-create, kubectl-expose.
  if (name.startsWith('kubectl')) return { lane: 'kubectl' };
  if (name.endsWith('-scheduler')) return { lane: 'kube-scheduler' };
  if (name === 'ip') return { lane: 'network' };
  const lane = belowContainerd.has(name) ? 'containerd' : name;
  return host === undefined ? { lane } : { lane, host };
}

/** `replicasets.apps/default/web-1` as `replicasets/web-1`; other namespaces than default stay. */
export function brief(subject: string): string {
  const [resource, namespace, ...rest] = subject.split('/');
  if (resource === undefined || !/^[a-z]/.test(resource) || namespace === undefined || rest.length === 0) {
    return subject;
  }
  const kind = resource.split('.')[0] ?? resource;
  // An event's name is its object's and a number: nobody reads that.
  if (kind === 'events') return kind;
  return [kind, ...(namespace === 'default' ? [] : [namespace]), ...rest].join('/');
}

const kindOf = (subject: string): string => /^(\w+)[./ ]/.exec(subject)?.[1] ?? subject;

/** Like steps this far apart, in virtual milliseconds, are two. */
const APART = 500;

interface Group {
  readonly lane: string;
  readonly host: string | undefined;
  readonly first: SpanView;
  last: number;
  readonly subjects: Set<string>;
  /** As many as there were; a subject seen twice at one instant was told by two layers of one actor. */
  count: number;
}

/** Lanes from the learner's line down to the wire, each with its steps in causal order. */
export function lanes(spans: Iterable<SpanView>): readonly Lane[] {
  const groups: Group[] = [];
  const open = new Map<string, Group>();
  for (const span of [...spans].sort((a, b) => a.id - b.id)) {
    const { lane, host } = laneOf(span);
    const key = `${lane} ${host ?? ''} ${span.verb} ${kindOf(span.subject)}`;
    const group = open.get(key);
    if (group !== undefined && span.at - group.last <= APART) {
      if (!group.subjects.has(span.subject) || span.at > group.last) group.count++;
      else if (lane === 'network') group.count++;
      group.subjects.add(span.subject);
      group.last = span.at;
      continue;
    }
    const made: Group = { lane, host, first: span, last: span.at, subjects: new Set([span.subject]), count: 1 };
    open.set(key, made);
    groups.push(made);
  }
  const rows = new Map<string, Step[]>();
  for (const [index, { lane, host, first, subjects, count }] of groups.entries()) {
    const step: Step = {
      key: String(first.id),
      order: index + 1,
      verb: first.verb,
      subject: subjects.size === 1 ? brief(first.subject) : kindOf(first.subject),
      host,
      count,
      at: first.at,
      span: first.id,
    };
    const row = rows.get(lane);
    if (row === undefined) rows.set(lane, [step]);
    else row.push(step);
  }
  return [...rows]
    .map(([actor, steps]) => ({ actor, steps }))
    .sort((a, b) => place(a.actor) - place(b.actor) || (a.steps[0]?.order ?? 0) - (b.steps[0]?.order ?? 0));
}

/** `+1.25 s` after the first step. */
export function since(first: number, at: number): string {
  const ms = at - first;
  return ms < 1000 ? `+${Math.round(ms)} ms` : `+${(ms / 1000).toFixed(2)} s`;
}
