import { Failure, isStatus } from '../../errors';
import { at, list, text, texts, type JsonObject } from '../../json';
import { canonical } from '../../printers/quantity';
import { describeEvents, searchEvents, type Describing } from './context';
import { podLimits, podRequests, sum, valueOf, type Resources } from './resources';
import { annotationsMultiline, DescribeWriter, labelsMultiline, longTime, orNone } from './writer';

const rolePrefix = 'node-role.kubernetes.io/';

/** The roles that the labels of a node give it. */
function roles(node: JsonObject): string {
  const found = Object.entries(texts(node, 'metadata', 'labels')).flatMap(([key, value]) => {
    if (key.startsWith(rolePrefix)) return [key.slice(rolePrefix.length)];
    return key === 'kubernetes.io/role' ? [value] : [];
  });
  return [...new Set(found.filter((role) => role !== ''))].sort().join(',');
}

/** Source: describe.go, NodeDescriber. */
export async function describeNode(d: Describing, node: JsonObject): Promise<string> {
  const fieldSelector = `spec.nodeName=${d.name},status.phase!=Succeeded,status.phase!=Failed`;
  const podPath = d.namespace === '' ? '/api/v1/pods' : `/api/v1/namespaces/${d.namespace}/pods`;
  let pods: readonly JsonObject[] | undefined;
  try {
    pods = await d.list(podPath, { fieldSelector });
  } catch (reason) {
    if (!isStatus(reason, 'Forbidden')) throw reason;
  }
  let events: readonly JsonObject[] | undefined;
  if (d.showEvents) {
    const about = { name: d.name, namespace: '', kind: 'Node' };
    events = await searchEvents(d, { ...about, uid: text(node, 'metadata', 'uid') });
    // The kubelet uses the name of its node for the uid.
    const named = await searchEvents(d, { ...about, uid: d.name });
    events = [...(events ?? []), ...(named ?? [])];
  }
  const w = new DescribeWriter();
  w.field(0, 'Name', d.name);
  w.field(0, 'Roles', orNone(roles(node)));
  labelsMultiline(w, 'Labels', texts(node, 'metadata', 'labels'));
  annotationsMultiline(w, 'Annotations', texts(node, 'metadata', 'annotations'));
  w.field(0, 'CreationTimestamp', longTime(text(node, 'metadata', 'creationTimestamp')));
  taints(w, list(node, 'spec', 'taints'));
  w.field(0, 'Unschedulable', text(node, 'spec', 'unschedulable') || 'false');
  await lease(w, d);
  conditions(w, list(node, 'status', 'conditions'));
  w.write(0, 'Addresses:\n');
  for (const address of list(node, 'status', 'addresses')) w.field(1, text(address, 'type'), text(address, 'address'));
  for (const [title, field] of [
    ['Capacity', 'capacity'],
    ['Allocatable', 'allocatable'],
  ] as const) {
    const resources = texts(node, 'status', field);
    const names = Object.keys(resources).sort();
    if (names.length > 0) w.write(0, `${title}:\n`);
    for (const name of names) w.field(1, name, canonical(resources[name] ?? ''));
  }
  systemInfo(w, node);
  if (pods === undefined) w.write(0, 'Pods:\tnot authorized\n');
  else podTable(w, d, node, pods);
  if (events !== undefined) describeEvents(w, d, events);
  return w.text;
}

function taints(w: DescribeWriter, all: readonly unknown[]): void {
  const key = (taint: unknown): string => `${text(taint, 'effect')},${text(taint, 'key')}`;
  const shown = all
    .toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
    .map((taint) => {
      const value = text(taint, 'value');
      const effect = text(taint, 'effect');
      const name = value === '' ? text(taint, 'key') : `${text(taint, 'key')}=${value}`;
      return effect === '' ? `${name}${value === '' ? '' : ':'}` : `${name}:${effect}`;
    });
  w.write(0, `Taints:\t${shown.length === 0 ? '<none>' : shown.join('\n\t')}\n`);
}

async function lease(w: DescribeWriter, d: Describing): Promise<void> {
  let found: JsonObject;
  try {
    found = await d.get(`/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${d.name}`);
  } catch (reason) {
    if (!(reason instanceof Failure)) throw reason;
    w.field(0, 'Lease', `Failed to get lease: ${reason.message}`);
    return;
  }
  const time = (field: string): string => {
    const value = text(found, 'spec', field);
    return value === '' ? '<unset>' : longTime(value);
  };
  w.write(0, 'Lease:\n');
  w.field(1, 'HolderIdentity', text(found, 'spec', 'holderIdentity') || '<unset>');
  w.field(1, 'AcquireTime', time('acquireTime'));
  w.field(1, 'RenewTime', time('renewTime'));
}

function conditions(w: DescribeWriter, all: readonly unknown[]): void {
  if (all.length === 0) return;
  w.write(0, 'Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage\n');
  w.write(1, '----\t------\t-----------------\t------------------\t------\t-------\n');
  for (const each of all) {
    const [beat, change] = [longTime(text(each, 'lastHeartbeatTime')), longTime(text(each, 'lastTransitionTime'))];
    const [type, status] = [text(each, 'type'), text(each, 'status')];
    w.write(1, `${type} \t${status} \t${beat} \t${change} \t${text(each, 'reason')} \t${text(each, 'message')}\n`);
  }
}

function systemInfo(w: DescribeWriter, node: JsonObject): void {
  const info = at(node, 'status', 'nodeInfo');
  w.write(0, 'System Info:\n');
  for (const [title, field] of [
    ['Machine ID', 'machineID'],
    ['System UUID', 'systemUUID'],
    ['Boot ID', 'bootID'],
    ['Kernel Version', 'kernelVersion'],
    ['OS Image', 'osImage'],
    ['Operating System', 'operatingSystem'],
    ['Architecture', 'architecture'],
    ['Container Runtime Version', 'containerRuntimeVersion'],
    ['Kubelet Version', 'kubeletVersion'],
    ['Kube-Proxy Version', 'kubeProxyVersion'],
  ] as const)
    w.field(1, title, text(info, field));
  const cidrs = list(node, 'spec', 'podCIDRs').map(String).join(',');
  if (text(node, 'spec', 'podCIDR') !== '') w.field(0, 'PodCIDR', text(node, 'spec', 'podCIDR'));
  if (cidrs !== '') w.field(0, 'PodCIDRs', cidrs);
  if (text(node, 'spec', 'providerID') !== '') w.field(0, 'ProviderID', text(node, 'spec', 'providerID'));
}

/** What part of a whole, in percent without decimals. */
const percent = (part: number, whole: number): string => `(${whole === 0 ? 0 : Math.trunc((part / whole) * 100)}%)`;

function podTable(w: DescribeWriter, d: Describing, node: JsonObject, pods: readonly JsonObject[]): void {
  const allocatable = texts(node, 'status', 'allocatable');
  const whole = Object.keys(allocatable).length > 0 ? allocatable : texts(node, 'status', 'capacity');
  const share = (resources: Resources, name: string): string => {
    const shown = resources.get(name) ?? '0';
    return `${canonical(shown)} ${percent(valueOf(shown), valueOf(whole[name] ?? '0'))}`;
  };
  w.field(0, 'Non-terminated Pods', `(${pods.length} in total)`);
  w.write(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge\n');
  w.write(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---\n');
  for (const pod of pods) {
    const [requests, limits] = [podRequests(pod), podLimits(pod)];
    const cells = ['cpu', 'memory'].flatMap((name) => [share(requests, name), share(limits, name)]);
    const age = d.since(text(pod, 'metadata', 'creationTimestamp'));
    w.write(
      1,
      `${text(pod, 'metadata', 'namespace')}\t${text(pod, 'metadata', 'name')}\t\t${cells.join('\t')}\t${age}\n`,
    );
  }
  w.write(0, 'Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n');
  w.write(1, 'Resource\tRequests\tLimits\n');
  w.write(1, '--------\t--------\t------\n');
  const [requests, limits] = [sum(pods.map(podRequests)), sum(pods.map(podLimits))];
  const names = Object.keys(whole).sort();
  const huge = names.filter((name) => name.startsWith('hugepages-'));
  for (const name of ['cpu', 'memory', 'ephemeral-storage', ...huge])
    w.write(1, `${name}\t${share(requests, name)}\t${share(limits, name)}\n`);
  for (const name of names) {
    if (['cpu', 'memory', 'ephemeral-storage', 'pods', ...huge].includes(name)) continue;
    w.write(1, `${name}\t${canonical(requests.get(name) ?? '0')}\t${canonical(limits.get(name) ?? '0')}\n`);
  }
}
