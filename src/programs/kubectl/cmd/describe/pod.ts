import { at, flagged, isObject, list, text, texts, type JsonObject } from '../../json';
import { Failure } from '../../errors';
import { parseQuantity } from '../../printers/quantity';
import { controllerText, describeEvents, searchEvents, type Describing } from './context';
import { describeContainers, describeResources } from './containers';
import { describeSpread, describeTolerations, describeVolumes } from './volumes';
import { annotationsMultiline, DescribeWriter, labelsMultiline, longTime, sinceTime } from './writer';

const mirror = 'kubernetes.io/config.mirror';

/** A pod, or what is known of one that is gone. Source: describe.go, PodDescriber. */
export async function describePod(d: Describing): Promise<string> {
  const { name, namespace } = d;
  let pod: JsonObject;
  try {
    pod = await d.own();
  } catch (reason) {
    if (!(reason instanceof Failure) || !d.showEvents) throw reason;
    const events = (await searchEvents(d, { name, namespace, kind: '', uid: '' })) ?? [];
    if (events.length === 0) throw reason;
    const w = new DescribeWriter();
    w.write(0, `Pod '${name}': error '${reason.message}', but found events.\n`);
    describeEvents(w, d, events);
    return w.text;
  }
  const uid = text(pod, 'metadata', 'annotations', mirror) || text(pod, 'metadata', 'uid');
  const events = d.showEvents ? await searchEvents(d, { name, namespace, kind: '', uid }) : undefined;
  const w = new DescribeWriter();
  show(w, pod, d);
  if (events !== undefined) describeEvents(w, d, events);
  return w.text;
}

function show(w: DescribeWriter, pod: JsonObject, d: Describing): void {
  const optional = (title: string, value: string): void => {
    if (value !== '') w.field(0, title, value);
  };
  const [spec, status] = [at(pod, 'spec'), at(pod, 'status')];
  w.field(0, 'Name', text(pod, 'metadata', 'name'));
  w.field(0, 'Namespace', text(pod, 'metadata', 'namespace'));
  optional('Priority', text(spec, 'priority'));
  optional('Priority Class Name', text(spec, 'priorityClassName'));
  optional('Runtime Class Name', text(spec, 'runtimeClassName'));
  optional('Service Account', text(spec, 'serviceAccountName'));
  const node = text(spec, 'nodeName');
  w.field(0, 'Node', node === '' ? '<none>' : `${node}/${text(status, 'hostIP')}`);
  const started = text(status, 'startTime');
  if (started !== '') w.field(0, 'Start Time', longTime(started));
  labelsMultiline(w, 'Labels', texts(pod, 'metadata', 'labels'));
  annotationsMultiline(w, 'Annotations', texts(pod, 'metadata', 'annotations'));
  const phase = text(status, 'phase');
  const gone = text(pod, 'metadata', 'deletionTimestamp');
  if (gone !== '' && phase !== 'Failed' && phase !== 'Succeeded') {
    w.field(0, 'Status', `Terminating (lasts ${sinceTime(gone, d.now)})`);
    w.field(0, 'Termination Grace Period', `${text(pod, 'metadata', 'deletionGracePeriodSeconds')}s`);
  } else w.field(0, 'Status', phase);
  optional('Reason', text(status, 'reason'));
  optional('Message', text(status, 'message'));
  const seccomp = at(spec, 'securityContext', 'seccompProfile');
  if (seccomp !== undefined) {
    w.field(0, 'SeccompProfile', text(seccomp, 'type'));
    if (text(seccomp, 'type') === 'Localhost') w.field(0, 'LocalhostProfile', text(seccomp, 'localhostProfile'));
  }
  w.field(0, 'IP', text(status, 'podIP'));
  const ips = list(status, 'podIPs');
  w.write(0, ips.length === 0 ? 'IPs:\t<none>\n' : 'IPs:\n');
  for (const ip of ips) w.field(1, 'IP', text(ip, 'ip'));
  optional('Controlled By', controllerText(pod));
  optional('NominatedNodeName', text(status, 'nominatedNodeName'));
  const resources = at(spec, 'resources');
  if (resources !== undefined) {
    w.write(0, 'Resources:\n');
    describeResources(w, resources, 1);
  }
  for (const [title, field, states] of [
    ['Init Containers', 'initContainers', 'initContainerStatuses'],
    ['Containers', 'containers', 'containerStatuses'],
    ['Ephemeral Containers', 'ephemeralContainers', 'ephemeralContainerStatuses'],
  ] as const) {
    const containers = list(spec, field);
    if (containers.length > 0 || field === 'containers')
      describeContainers(w, title, containers, { statuses: list(status, states), pod });
  }
  const conditions = list(status, 'conditions');
  const gates = list(spec, 'readinessGates');
  if (gates.length > 0) w.write(0, 'Readiness Gates:\n  Type\tStatus\n');
  for (const gate of gates) {
    const type = text(gate, 'conditionType');
    const met = conditions.find((each) => text(each, 'type') === type);
    w.write(1, `${type} \t${met === undefined ? '<none>' : text(met, 'status')} \n`);
  }
  if (conditions.length > 0) w.write(0, 'Conditions:\n  Type\tStatus\n');
  for (const each of conditions) w.write(1, `${text(each, 'type')} \t${text(each, 'status')} \n`);
  describeVolumes(w, list(spec, 'volumes'), '');
  w.field(0, 'QoS Class', text(status, 'qosClass') || qosClass(pod));
  labelsMultiline(w, 'Node-Selectors', texts(spec, 'nodeSelector'));
  describeTolerations(w, 'Tolerations', list(spec, 'tolerations'));
  describeSpread(w, list(spec, 'topologySpreadConstraints'), '');
}

/** For pods whose status does not say (qos.ComputePodQOS). */
function qosClass(pod: JsonObject): string {
  const holders = flagged(pod, 'spec', 'resources')
    ? [at(pod, 'spec')]
    : [...list(pod, 'spec', 'containers'), ...list(pod, 'spec', 'initContainers')];
  const total = (field: string): Map<string, number> => {
    const sums = new Map<string, number>();
    for (const holder of holders.filter(isObject))
      for (const name of ['cpu', 'memory']) {
        const value = parseQuantity(text(holder, 'resources', field, name)) ?? 0;
        if (value > 0) sums.set(name, (sums.get(name) ?? 0) + value);
      }
    return sums;
  };
  const [requests, limits] = [total('requests'), total('limits')];
  if (requests.size === 0 && limits.size === 0) return 'BestEffort';
  const all = holders.every((holder) =>
    ['cpu', 'memory'].every((name) => (parseQuantity(text(holder, 'resources', 'limits', name)) ?? 0) > 0),
  );
  const same = [...requests].every(([name, value]) => limits.get(name) === value) && requests.size === limits.size;
  return all && same ? 'Guaranteed' : 'Burstable';
}
