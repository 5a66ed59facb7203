import type { Cli } from '../cli';
import { Failure } from '../errors';
import { at, isObject, kindOf, list, nameOfObject, namespaceOf, text, texts, type JsonObject } from '../json';
import { accepts } from '../rest/client';
import { within } from '../cmd/wait/until';

/** The selector of the pods that belong to an object, as text (polymorphichelpers.SelectorsForObject). */
export function podSelector(owner: JsonObject): string {
  const kind = kindOf(owner);
  if (kind === 'Service' || kind === 'ReplicationController') {
    const set = texts(owner, 'spec', 'selector');
    if (kind === 'Service' && Object.keys(set).length === 0)
      throw new Failure(`invalid service '${nameOfObject(owner)}': Service is defined without a selector`);
    return setText(set);
  }
  if (['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job'].includes(kind))
    return labelSelectorText(at(owner, 'spec', 'selector'));
  throw new Failure(`selector for ${goTypeOf(owner)} not implemented`);
}

/** The Go type that messages name: `*v1.ConfigMap`. */
export function goTypeOf(owner: JsonObject): string {
  const version = text(owner, 'apiVersion');
  return `*${version.slice(version.indexOf('/') + 1)}.${kindOf(owner)}`;
}

const setText = (set: Readonly<Record<string, string>>): string =>
  Object.keys(set)
    .sort()
    .map((key) => `${key}=${set[key] ?? ''}`)
    .join(',');

/** metav1.LabelSelector as text: labels.Selector's String, requirements by key. */
export function labelSelectorText(selector: unknown): string {
  const parts: { readonly key: string; readonly text: string }[] = Object.entries(texts(selector, 'matchLabels')).map(
    ([key, value]) => ({ key, text: `${key}=${value}` }),
  );
  for (const expression of list(selector, 'matchExpressions')) {
    const key = text(expression, 'key');
    const values = list(expression, 'values').map(String).sort().join(',');
    const written: Readonly<Record<string, string>> = {
      In: `${key} in (${values})`,
      NotIn: `${key} notin (${values})`,
      Exists: key,
      DoesNotExist: `!${key}`,
    };
    parts.push({ key, text: written[text(expression, 'operator')] ?? key });
  }
  return parts
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map((part) => part.text)
    .join(',');
}

const condition = (pod: JsonObject, type: string): JsonObject | undefined =>
  list(pod, 'status', 'conditions')
    .filter(isObject)
    .find((each) => each['type'] === type);
export const isReady = (pod: JsonObject): boolean => text(condition(pod, 'Ready'), 'status') === 'True';
const readySince = (pod: JsonObject): string =>
  isReady(pod) ? text(condition(pod, 'Ready'), 'lastTransitionTime') : '';
const restarts = (pod: JsonObject): number =>
  Math.max(0, ...list(pod, 'status', 'containerStatuses').map((status) => Number(text(status, 'restartCount') || 0)));
const phaseRank: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** podutils.ActivePods: the least usable pod first. */
export function byActivity(a: JsonObject, b: JsonObject): number {
  const assigned = (pod: JsonObject): number => (text(pod, 'spec', 'nodeName') === '' ? 0 : 1);
  const rank = (pod: JsonObject): number => phaseRank[text(pod, 'status', 'phase')] ?? 0;
  const created = (pod: JsonObject): string => text(pod, 'metadata', 'creationTimestamp');
  const deleted = (pod: JsonObject): number => (text(pod, 'metadata', 'deletionTimestamp') === '' ? 1 : 0);
  return (
    assigned(a) - assigned(b) ||
    rank(a) - rank(b) ||
    Number(isReady(a)) - Number(isReady(b)) ||
    deleted(a) - deleted(b) ||
    later(readySince(a), readySince(b)) ||
    restarts(b) - restarts(a) ||
    later(created(a), created(b))
  );
}

/** podutils.ByLogging: the pod whose log is most telling first. */
export function byLogging(a: JsonObject, b: JsonObject): number {
  const assigned = (pod: JsonObject): number => (text(pod, 'spec', 'nodeName') === '' ? 1 : 0);
  const rank: Readonly<Record<string, number>> = { Running: 0, Unknown: 1, Pending: 2 };
  const phase = (pod: JsonObject): number => rank[text(pod, 'status', 'phase')] ?? 0;
  const created = (pod: JsonObject): string => text(pod, 'metadata', 'creationTimestamp');
  return (
    assigned(a) - assigned(b) ||
    phase(a) - phase(b) ||
    Number(isReady(b)) - Number(isReady(a)) ||
    (readySince(a) < readySince(b) ? -1 : readySince(a) > readySince(b) ? 1 : 0) ||
    restarts(b) - restarts(a) ||
    (created(a) < created(b) ? -1 : created(a) > created(b) ? 1 : 0)
  );
}

/** The younger is worth less: it comes first. */
const later = (a: string, b: string): number => (a === b ? 0 : a > b ? -1 : 1);

/** Pods of a selector, in order; waits for one if there is none yet. */
export async function podsOf(
  cli: Cli,
  namespace: string,
  selector: string,
  timeout: number,
  order: (a: JsonObject, b: JsonObject) => number,
): Promise<readonly JsonObject[]> {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const query = selector === '' ? {} : { labelSelector: selector };
  const listed = await cli.factory.client.get(path, { accept: accepts.typed, query });
  const pods = list(listed, 'items').filter(isObject).toSorted(order);
  if (pods.length > 0) return pods;
  const events = await cli.factory.client.watch(path, {
    accept: accepts.typed,
    timeout: 0,
    query: { ...query, resourceVersion: text(listed, 'metadata', 'resourceVersion'), watch: true },
  });
  const found = await within(cli, timeout, events, ({ type, object: pod }) =>
    type === 'ADDED' || type === 'MODIFIED' ? pod : undefined,
  );
  if (found === 'timeout' || found === undefined) throw new Failure('timed out waiting for the condition');
  return [found];
}

/** The pod to run commands in: itself, or the best of those that belong to an object. */
export async function attachablePod(cli: Cli, target: JsonObject, timeout: number): Promise<JsonObject> {
  if (kindOf(target) === 'Pod') return target;
  let selector: string;
  try {
    selector = podSelector(target);
  } catch (reason) {
    if (reason instanceof Failure) throw new Failure(`cannot attach to ${goTypeOf(target)}: ${reason.message}`);
    throw reason;
  }
  const [pod] = await podsOf(cli, namespaceOf(target), selector, timeout, (a, b) => byActivity(b, a));
  return pod ?? {};
}

export interface ContainerRef {
  readonly container: JsonObject;
  readonly kind: 'containers' | 'initContainers' | 'ephemeralContainers';
}

const kinds = ['containers', 'initContainers', 'ephemeralContainers'] as const;

export function findContainer(pod: JsonObject, name: string): ContainerRef | undefined {
  for (const kind of kinds) {
    const container = list(pod, 'spec', kind)
      .filter(isObject)
      .find((each) => each['name'] === name);
    if (container) return { container, kind };
  }
  return undefined;
}

/** `web, debugger-x (ephem), setup (init)`. */
export function allContainerNames(pod: JsonObject): string {
  const names = (kind: string): string[] => list(pod, 'spec', kind).map((each) => text(each, 'name'));
  return [
    ...names('containers'),
    ...names('ephemeralContainers').map((name) => `${name} (ephem)`),
    ...names('initContainers').map((name) => `${name} (init)`),
  ].join(', ');
}

export const defaultContainerAnnotation = 'kubectl.kubernetes.io/default-container';

/** The container asked for, or the default one; says on stderr which of several was taken. */
export async function containerOf(cli: Cli, pod: JsonObject, name: string, quiet: boolean): Promise<JsonObject> {
  if (name !== '') {
    const found = findContainer(pod, name);
    if (!found) throw new Failure(`container ${name} not found in pod ${nameOfObject(pod)}`);
    return found.container;
  }
  const wanted = text(pod, 'metadata', 'annotations', defaultContainerAnnotation);
  const annotated = wanted === '' ? undefined : findContainer(pod, wanted);
  if (annotated) return annotated.container;
  const [first] = list(pod, 'spec', 'containers').filter(isObject);
  if (first === undefined)
    throw new Failure(`pod ${namespaceOf(pod)}/${nameOfObject(pod)} does not have any containers`);
  if (!quiet && several(pod))
    await cli.err(`Defaulted container "${text(first, 'name')}" out of: ${allContainerNames(pod)}\n`);
  return first;
}

export const several = (pod: JsonObject): boolean =>
  list(pod, 'spec', 'containers').length > 1 ||
  list(pod, 'spec', 'initContainers').length > 0 ||
  list(pod, 'spec', 'ephemeralContainers').length > 0;
