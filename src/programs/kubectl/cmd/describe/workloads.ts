import { Failure } from '../../errors';
import { at, equal, isObject, list, number, text, texts, withAt, type JsonObject } from '../../json';
import { labelSelectorText } from '../../resource/pods';
import { storageClassOf } from './claim';
import { controllerOf, controllerText, describeEvents, eventsOf, formatLabels, type Describing } from './context';
import { describePodTemplate } from './pod-template';
import { annotationsMultiline, DescribeWriter, labelsMultiline, longTime } from './writer';

const labels = (w: DescribeWriter, object: JsonObject): void => {
  labelsMultiline(w, 'Labels', texts(object, 'metadata', 'labels'));
  annotationsMultiline(w, 'Annotations', texts(object, 'metadata', 'annotations'));
};

const names = (w: DescribeWriter, object: JsonObject): void => {
  w.field(0, 'Name', text(object, 'metadata', 'name'));
  w.field(0, 'Namespace', text(object, 'metadata', 'namespace'));
};

/** How many pods of a controller are in which phase. */
async function podStatus(d: Describing, object: JsonObject, selector: string): Promise<string> {
  const pods = await d.list(
    `/api/v1/namespaces/${d.namespace}/pods`,
    selector === '' ? {} : { labelSelector: selector },
  );
  const uid = text(object, 'metadata', 'uid');
  const own = pods.filter((pod) => text(controllerOf(pod), 'uid') === uid && controllerOf(pod) !== undefined);
  const count = (phase: string): number => own.filter((pod) => text(pod, 'status', 'phase') === phase).length;
  return `${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`;
}

function conditions(w: DescribeWriter, object: JsonObject): void {
  const all = list(object, 'status', 'conditions');
  if (all.length === 0) return;
  w.write(0, 'Conditions:\n  Type\tStatus\tReason\n');
  w.write(1, '----\t------\t------\n');
  for (const each of all) w.write(1, `${text(each, 'type')} \t${text(each, 'status')}\t${text(each, 'reason')}\n`);
}

/** ReplicaSets and ReplicationControllers. */
export async function describeReplicas(d: Describing, object: JsonObject): Promise<string> {
  const isSet = d.mapping.kind === 'ReplicaSet';
  const selector = at(object, 'spec', 'selector');
  const query = isSet ? labelSelectorText(selector) : formatLabels(selector);
  let pods: string;
  try {
    pods = await podStatus(d, object, query);
  } catch (reason) {
    if (!(reason instanceof Failure) || !isSet) throw reason;
    pods = `error in fetching pods: ${reason.message}`;
  }
  const events = await eventsOf(d, object);
  const w = new DescribeWriter();
  names(w, object);
  w.field(0, 'Selector', query === '' ? '<none>' : query);
  labels(w, object);
  if (isSet && controllerText(object) !== '') w.field(0, 'Controlled By', controllerText(object));
  w.field(
    0,
    'Replicas',
    `${number(object, 'status', 'replicas')} current / ${number(object, 'spec', 'replicas')} desired`,
  );
  w.field(0, 'Pods Status', pods);
  describePodTemplate(w, at(object, 'spec', 'template'));
  conditions(w, object);
  if (events !== undefined) describeEvents(w, d, events);
  return w.text;
}

export async function describeDaemonSet(d: Describing, object: JsonObject): Promise<string> {
  const selector = labelSelectorText(at(object, 'spec', 'selector'));
  const pods = await podStatus(d, object, selector);
  const events = await eventsOf(d, object);
  const w = new DescribeWriter();
  names(w, object);
  w.field(0, 'Selector', selector);
  w.field(0, 'Node-Selector', formatLabels(object, 'spec', 'template', 'spec', 'nodeSelector'));
  labels(w, object);
  for (const [title, field] of [
    ['Desired Number of Nodes Scheduled', 'desiredNumberScheduled'],
    ['Current Number of Nodes Scheduled', 'currentNumberScheduled'],
    ['Number of Nodes Scheduled with Up-to-date Pods', 'updatedNumberScheduled'],
    ['Number of Nodes Scheduled with Available Pods', 'numberAvailable'],
    ['Number of Nodes Misscheduled', 'numberMisscheduled'],
  ] as const)
    w.write(0, `${title}: ${number(object, 'status', field)}\n`);
  w.field(0, 'Pods Status', pods);
  describePodTemplate(w, at(object, 'spec', 'template'));
  if (events !== undefined) describeEvents(w, d, events);
  return w.text;
}

export async function describeStatefulSet(d: Describing, object: JsonObject): Promise<string> {
  const selector = labelSelectorText(at(object, 'spec', 'selector'));
  const pods = await podStatus(d, object, selector);
  const events = await eventsOf(d, object);
  const w = new DescribeWriter();
  names(w, object);
  w.field(0, 'CreationTimestamp', longTime(text(object, 'metadata', 'creationTimestamp')));
  w.field(0, 'Selector', selector);
  labels(w, object);
  w.field(
    0,
    'Replicas',
    `${number(object, 'spec', 'replicas')} desired | ${number(object, 'status', 'replicas')} total`,
  );
  w.field(0, 'Update Strategy', text(object, 'spec', 'updateStrategy', 'type'));
  const rolling = at(object, 'spec', 'updateStrategy', 'rollingUpdate');
  if (at(rolling, 'partition') !== undefined) {
    w.field(1, 'Partition', text(rolling, 'partition'));
    if (at(rolling, 'maxUnavailable') !== undefined) w.field(1, 'MaxUnavailable', text(rolling, 'maxUnavailable'));
  }
  w.field(0, 'Pods Status', pods);
  describePodTemplate(w, at(object, 'spec', 'template'));
  claimTemplates(w, list(object, 'spec', 'volumeClaimTemplates').filter(isObject));
  if (events !== undefined) describeEvents(w, d, events);
  return w.text;
}

function claimTemplates(w: DescribeWriter, templates: readonly JsonObject[]): void {
  w.write(0, `Volume Claims:${templates.length === 0 ? '\t<none>' : ''}\n`);
  for (const template of templates) {
    w.field(1, 'Name', text(template, 'metadata', 'name'));
    w.field(1, 'StorageClass', storageClassOf(template));
    labelsMultiline(w, 'Labels', texts(template, 'metadata', 'labels'), { indent: '  ' });
    labelsMultiline(w, 'Annotations', texts(template, 'metadata', 'annotations'), { indent: '  ' });
    w.field(1, 'Capacity', text(template, 'spec', 'resources', 'requests', 'storage') || '<default>');
    w.field(1, 'Access Modes', `[${list(template, 'spec', 'accessModes').map(String).join(' ')}]`);
  }
}

/** Deployments with their replica sets. */
export async function describeDeployment(d: Describing, object: JsonObject): Promise<string> {
  const events = await eventsOf(d, object);
  const selector = labelSelectorText(at(object, 'spec', 'selector'));
  const { old, current } = await replicaSets(d, object, selector);
  const count = (...keys: readonly string[]): number => number(object, ...keys);
  const w = new DescribeWriter();
  names(w, object);
  w.field(0, 'CreationTimestamp', longTime(text(object, 'metadata', 'creationTimestamp')));
  labels(w, object);
  w.field(0, 'Selector', selector);
  w.field(
    0,
    'Replicas',
    `${count('spec', 'replicas')} desired | ${count('status', 'updatedReplicas')} updated | ${count('status', 'replicas')} total | ${count('status', 'availableReplicas')} available | ${count('status', 'unavailableReplicas')} unavailable`,
  );
  w.field(0, 'StrategyType', text(object, 'spec', 'strategy', 'type'));
  w.field(0, 'MinReadySeconds', count('spec', 'minReadySeconds'));
  const rolling = at(object, 'spec', 'strategy', 'rollingUpdate');
  if (rolling !== undefined) {
    const shown = `${text(rolling, 'maxUnavailable')} max unavailable, ${text(rolling, 'maxSurge')} max surge`;
    w.field(0, 'RollingUpdateStrategy', shown);
  }
  describePodTemplate(w, at(object, 'spec', 'template'));
  conditions(w, object);
  if (old.length > 0 || current !== undefined) {
    w.field(0, 'OldReplicaSets', replicaSetTexts(old));
    w.field(0, 'NewReplicaSet', replicaSetTexts(current === undefined ? [] : [current]));
  }
  if (events !== undefined) describeEvents(w, d, events);
  return w.text;
}

const replicaSetTexts = (sets: readonly JsonObject[]): string =>
  sets
    .map(
      (set) =>
        `${text(set, 'metadata', 'name')} (${number(set, 'status', 'replicas')}/${number(set, 'spec', 'replicas')} replicas created)`,
    )
    .join(', ') || '<none>';

interface Sets {
  readonly old: readonly JsonObject[];
  readonly current: JsonObject | undefined;
}

// Without the label that the controller adds.
const templateOf = (owner: JsonObject): unknown =>
  withAt(at(owner, 'spec', 'template'), ['metadata', 'labels', 'pod-template-hash'], undefined);

/** deploymentutil.GetAllReplicaSetsInChunks: the oldest with the template is the new one. */
async function replicaSets(d: Describing, deployment: JsonObject, selector: string): Promise<Sets> {
  let all: readonly JsonObject[];
  try {
    all = await d.list(`/apis/apps/v1/namespaces/${d.namespace}/replicasets`, { labelSelector: selector });
  } catch (reason) {
    if (!(reason instanceof Failure)) throw reason;
    return { old: [], current: undefined };
  }
  const uid = text(deployment, 'metadata', 'uid');
  const own = all.filter((set) => text(controllerOf(set), 'uid') === uid && controllerOf(set) !== undefined);
  const created = (set: JsonObject): string => text(set, 'metadata', 'creationTimestamp');
  const sorted = own.toSorted((a, b) =>
    created(a) === created(b)
      ? text(a, 'metadata', 'name') < text(b, 'metadata', 'name')
        ? -1
        : 1
      : created(a) < created(b)
        ? -1
        : 1,
  );
  const current = sorted.find((set) => equal(templateOf(set), templateOf(deployment)));
  return { old: own.filter((set) => set !== current), current };
}
