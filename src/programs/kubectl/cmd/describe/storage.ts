import { at, isObject, list, text, texts, type JsonObject } from '../../json';
import { canonical } from '../../printers/quantity';
import { accessModes, claimLines, storageClassOf } from './claim';
import { describeEvents, eventsOf, formatLabels, plain, truthOf, type Describing } from './context';
import { volumeSources } from './volumes';
import { DescribeWriter, head, longTime, sinceTime } from './writer';

/** A PersistentVolume. Source: describe.go, describePersistentVolume. */
export const describeVolume = plain((w, volume, d) => {
  const spec = at(volume, 'spec');
  head(w, volume, { namespaced: false });
  w.field(0, 'Finalizers', `[${list(volume, 'metadata', 'finalizers').map(String).join(' ')}]`);
  w.field(0, 'StorageClass', storageClassOf(volume));
  const gone = text(volume, 'metadata', 'deletionTimestamp');
  w.field(0, 'Status', gone === '' ? text(volume, 'status', 'phase') : `Terminating (lasts ${sinceTime(gone, d.now)})`);
  const claim = at(spec, 'claimRef');
  w.field(0, 'Claim', claim === undefined ? '' : `${text(claim, 'namespace')}/${text(claim, 'name')}`);
  w.field(0, 'Reclaim Policy', text(spec, 'persistentVolumeReclaimPolicy'));
  w.field(0, 'Access Modes', accessModes(list(spec, 'accessModes')));
  if (at(spec, 'volumeMode') !== undefined) w.field(0, 'VolumeMode', text(spec, 'volumeMode'));
  w.field(0, 'Capacity', canonical(text(spec, 'capacity', 'storage') || '0'));
  nodeAffinity(w, at(spec, 'nodeAffinity', 'required'));
  w.field(0, 'Message', text(volume, 'status', 'message'));
  w.write(0, 'Source:\n');
  const kind = Object.keys(volumeSources).find((key) => isObject(at(spec, key)));
  const source = kind === undefined ? undefined : at(spec, kind);
  if (kind !== undefined && isObject(source)) volumeSources[kind]?.(w, source, true);
  else w.write(1, '<unknown>\n');
});

function nodeAffinity(w: DescribeWriter, required: unknown): void {
  w.write(0, 'Node Affinity:\t');
  w.write(0, required === undefined ? '<none>\n' : '\n');
  if (required === undefined) return;
  const terms = list(required, 'nodeSelectorTerms');
  w.write(1, `Required Terms:\t${terms.length === 0 ? '<none>' : ''}\n`);
  terms.forEach((term, index) => {
    expressions(w, 2, `Term ${index}`, list(term, 'matchExpressions'), (each) => text(each, 'operator').toLowerCase());
  });
}

function expressions(
  w: DescribeWriter,
  level: number,
  title: string,
  all: readonly unknown[],
  operator: (each: unknown) => string,
): void {
  w.write(level, `${title}:\t`);
  if (all.length === 0) w.write(0, '<none>\n');
  all.forEach((each, index) => {
    if (index > 0) w.write(level, '\t');
    const values = list(each, 'values').map(String);
    w.write(0, `${text(each, 'key')} ${operator(each)}${values.length === 0 ? '' : ` [${values.join(', ')}]`}\n`);
  });
}

/** A claim and the pods that use it. */
export async function describeClaim(d: Describing, claim: JsonObject): Promise<string> {
  const pods = await d.list(`/api/v1/namespaces/${d.namespace}/pods`);
  const events = await eventsOf(d, claim);
  const users = pods.filter((pod) =>
    list(pod, 'spec', 'volumes').some((volume) => text(volume, 'persistentVolumeClaim', 'claimName') === d.name),
  );
  for (const owner of list(claim, 'metadata', 'ownerReferences')) {
    const pod = pods.find((each) => text(each, 'metadata', 'uid') === text(owner, 'uid'));
    if (text(owner, 'kind') === 'Pod' && pod !== undefined && !users.includes(pod)) users.push(pod);
  }
  const w = new DescribeWriter();
  claimLines(w, claim, 0, true, d.now);
  const names = users.map((pod) => text(pod, 'metadata', 'name')).sort();
  w.write(0, `Used By:\t${names.length === 0 ? '<none>' : names.join('\n\t')}\n`);
  const conditions = list(claim, 'status', 'conditions');
  if (conditions.length > 0) {
    w.write(0, 'Conditions:\n');
    w.write(1, 'Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage\n');
    w.write(1, '----\t------\t-----------------\t------------------\t------\t-------\n');
  }
  for (const each of conditions) {
    const [probe, change] = [longTime(text(each, 'lastProbeTime')), longTime(text(each, 'lastTransitionTime'))];
    const [type, status] = [text(each, 'type'), text(each, 'status')];
    w.write(1, `${type} \t${status} \t${probe} \t${change} \t${text(each, 'reason')} \t${text(each, 'message')}\n`);
  }
  if (events !== undefined) describeEvents(w, d, events);
  return w.text;
}

const defaultClass = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

export const describeStorageClass = plain((w, storage) => {
  const annotations = texts(storage, 'metadata', 'annotations');
  w.field(0, 'Name', text(storage, 'metadata', 'name'));
  w.field(0, 'IsDefaultClass', defaultClass.some((key) => annotations[key] === 'true') ? 'Yes' : 'No');
  w.field(0, 'Annotations', formatLabels(storage, 'metadata', 'annotations'));
  w.field(0, 'Provisioner', text(storage, 'provisioner'));
  w.field(0, 'Parameters', formatLabels(storage, 'parameters'));
  w.field(0, 'AllowVolumeExpansion', truthOf(at(storage, 'allowVolumeExpansion')));
  const options = list(storage, 'mountOptions');
  w.write(0, `MountOptions:${options.length === 0 ? '\t<none>' : ''}\n`);
  for (const option of options) w.write(1, `${String(option)}\n`);
  if (at(storage, 'reclaimPolicy') !== undefined) w.field(0, 'ReclaimPolicy', text(storage, 'reclaimPolicy'));
  if (at(storage, 'volumeBindingMode') !== undefined)
    w.field(0, 'VolumeBindingMode', text(storage, 'volumeBindingMode'));
  if (at(storage, 'allowedTopologies') === undefined) return;
  const terms = list(storage, 'allowedTopologies');
  w.write(0, `AllowedTopologies:\t${terms.length === 0 ? '<none>' : ''}\n`);
  terms.forEach((term, index) => {
    expressions(w, 1, `Term ${index}`, list(term, 'matchLabelExpressions'), () => 'in');
  });
});

export const describeAttributesClass = plain((w, attributes) => {
  w.field(0, 'Name', text(attributes, 'metadata', 'name'));
  w.field(0, 'Annotations', formatLabels(attributes, 'metadata', 'annotations'));
  w.field(0, 'DriverName', text(attributes, 'driverName'));
  w.field(0, 'Parameters', formatLabels(attributes, 'parameters'));
});

export const describeCsiNode = plain((w, node) => {
  head(w, node, { namespaced: false });
  w.field(0, 'CreationTimestamp', longTime(text(node, 'metadata', 'creationTimestamp')));
  w.write(0, 'Spec:\n');
  // `drivers: []` comes back from protobuf as nothing at all.
  const drivers = list(node, 'spec', 'drivers');
  if (drivers.length > 0) w.write(1, 'Drivers:\n');
  for (const driver of drivers) {
    w.write(2, `${text(driver, 'name')}:\n`);
    w.field(3, 'Node ID', text(driver, 'nodeID'));
    if (at(driver, 'allocatable', 'count') !== undefined) {
      w.write(3, 'Allocatables:\n');
      w.field(4, 'Count', text(driver, 'allocatable', 'count'));
    }
    const keys = list(driver, 'topologyKeys');
    if (keys.length > 0) w.field(3, 'Topology Keys', `[${keys.map(String).join(' ')}]`);
  }
});
