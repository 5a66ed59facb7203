import { nameOf } from './packages';

/** What `+default` says of fields in k8s.io/api/core/v1, by the field. */
const declared: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  cachingMode: { AzureDiskVolumeSource: 'ReadWrite' },
  fsType: { AzureDiskVolumeSource: 'ext4', ScaleIOPersistentVolumeSource: 'xfs', ScaleIOVolumeSource: 'xfs' },
  iscsiInterface: { ISCSIPersistentVolumeSource: 'default', ISCSIVolumeSource: 'default' },
  keyring: { RBDPersistentVolumeSource: '/etc/ceph/keyring', RBDVolumeSource: '/etc/ceph/keyring' },
  kind: { AzureDiskVolumeSource: 'Shared' },
  minReadySeconds: { ReplicationControllerSpec: 0 },
  name: {
    ConfigMapEnvSource: '',
    ConfigMapKeySelector: '',
    ConfigMapProjection: '',
    ConfigMapVolumeSource: '',
    LocalObjectReference: '',
    NodeRuntimeHandler: '',
    SecretEnvSource: '',
    SecretKeySelector: '',
    SecretProjection: '',
  },
  pool: { RBDPersistentVolumeSource: 'rbd', RBDVolumeSource: 'rbd' },
  protocol: { ContainerPort: 'TCP', ServicePort: 'TCP' },
  readOnly: { AzureDiskVolumeSource: false },
  replicas: { ReplicationControllerSpec: 1 },
  reportingComponent: { Event: '' },
  reportingInstance: { Event: '' },
  service: { GRPCAction: '' },
  storageMode: { ScaleIOPersistentVolumeSource: 'ThinProvisioned', ScaleIOVolumeSource: 'ThinProvisioned' },
  user: { RBDPersistentVolumeSource: 'admin', RBDVolumeSource: 'admin' },
};

/** The `default` of a field of a type, where its comment has one. */
export function declaredDefault(type: string, field: string): { readonly default?: unknown } {
  if (!type.startsWith('io.k8s.api.core.')) return {};
  const types = Object.hasOwn(declared, field) ? declared[field] : undefined;
  const name = nameOf(type);
  return types !== undefined && Object.hasOwn(types, name) ? { default: types[name] } : {};
}
