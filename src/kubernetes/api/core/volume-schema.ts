import {
  bool,
  int32,
  int64,
  list,
  named,
  need,
  nullable,
  ptr,
  quantities,
  quantity,
  str,
  strings,
  struct,
} from '../../apimachinery/schema';
import { labelSelector, objectMeta } from '../meta/schema';

/** k8s.io/api/core/v1 types.go: where a volume's files come from. */
const local = struct('LocalObjectReference', { name: str }, { atomic: true });
const keyToPath = list(struct('KeyToPath', { key: need(str), path: need(str), mode: ptr(int32) }));
const downwardApiFiles = list(
  struct('DownwardAPIVolumeFile', {
    path: need(str),
    fieldRef: ptr(struct('ObjectFieldSelector', { apiVersion: str, fieldPath: need(str) }, { atomic: true })),
    resourceFieldRef: ptr(
      struct(
        'ResourceFieldSelector',
        { containerName: str, resource: need(str), divisor: need(quantity) },
        { atomic: true },
      ),
    ),
    mode: ptr(int32),
  }),
);

const volumeProjection = struct('VolumeProjection', {
  secret: ptr(struct('SecretProjection', { name: str, items: keyToPath, optional: ptr(bool) })),
  downwardAPI: ptr(struct('DownwardAPIProjection', { items: downwardApiFiles })),
  configMap: ptr(struct('ConfigMapProjection', { name: str, items: keyToPath, optional: ptr(bool) })),
  serviceAccountToken: ptr(
    struct('ServiceAccountTokenProjection', { audience: str, expirationSeconds: ptr(int64), path: need(str) }),
  ),
  clusterTrustBundle: ptr(
    struct('ClusterTrustBundleProjection', {
      name: ptr(str),
      signerName: ptr(str),
      labelSelector: ptr(labelSelector),
      optional: ptr(bool),
      path: need(str),
    }),
  ),
});

export const claimSpec = struct('PersistentVolumeClaimSpec', {
  accessModes: list(named('PersistentVolumeAccessMode')),
  selector: ptr(labelSelector),
  resources: struct('VolumeResourceRequirements', { limits: quantities, requests: quantities }),
  volumeName: str,
  storageClassName: ptr(str),
  volumeMode: ptr(named('PersistentVolumeMode')),
  dataSource: ptr(
    struct(
      'TypedLocalObjectReference',
      { apiGroup: nullable(str), kind: need(str), name: need(str) },
      { atomic: true },
    ),
  ),
  dataSourceRef: ptr(
    struct('TypedObjectReference', { apiGroup: nullable(str), kind: need(str), name: need(str), namespace: ptr(str) }),
  ),
  volumeAttributesClassName: ptr(str),
});

export const volume = struct('Volume', {
  name: need(str),
  hostPath: ptr(struct('HostPathVolumeSource', { path: need(str), type: ptr(named('HostPathType')) })),
  emptyDir: ptr(struct('EmptyDirVolumeSource', { medium: named('StorageMedium'), sizeLimit: ptr(quantity) })),
  gcePersistentDisk: ptr(
    struct('GCEPersistentDiskVolumeSource', { pdName: need(str), fsType: str, partition: int32, readOnly: bool }),
  ),
  awsElasticBlockStore: ptr(
    struct('AWSElasticBlockStoreVolumeSource', { volumeID: need(str), fsType: str, partition: int32, readOnly: bool }),
  ),
  gitRepo: ptr(struct('GitRepoVolumeSource', { repository: need(str), revision: str, directory: str })),
  secret: ptr(
    struct('SecretVolumeSource', { secretName: str, items: keyToPath, defaultMode: ptr(int32), optional: ptr(bool) }),
  ),
  nfs: ptr(struct('NFSVolumeSource', { server: need(str), path: need(str), readOnly: bool })),
  iscsi: ptr(
    struct('ISCSIVolumeSource', {
      targetPortal: need(str),
      iqn: need(str),
      lun: need(int32),
      iscsiInterface: str,
      fsType: str,
      readOnly: bool,
      portals: list(str),
      chapAuthDiscovery: bool,
      chapAuthSession: bool,
      secretRef: ptr(local),
      initiatorName: ptr(str),
    }),
  ),
  glusterfs: ptr(struct('GlusterfsVolumeSource', { endpoints: need(str), path: need(str), readOnly: bool })),
  persistentVolumeClaim: ptr(struct('PersistentVolumeClaimVolumeSource', { claimName: need(str), readOnly: bool })),
  rbd: ptr(
    struct('RBDVolumeSource', {
      monitors: need(list(str)),
      image: need(str),
      fsType: str,
      pool: str,
      user: str,
      keyring: str,
      secretRef: ptr(local),
      readOnly: bool,
    }),
  ),
  flexVolume: ptr(
    struct('FlexVolumeSource', {
      driver: need(str),
      fsType: str,
      secretRef: ptr(local),
      readOnly: bool,
      options: strings,
    }),
  ),
  cinder: ptr(
    struct('CinderVolumeSource', { volumeID: need(str), fsType: str, readOnly: bool, secretRef: ptr(local) }),
  ),
  cephfs: ptr(
    struct('CephFSVolumeSource', {
      monitors: need(list(str)),
      path: str,
      user: str,
      secretFile: str,
      secretRef: ptr(local),
      readOnly: bool,
    }),
  ),
  flocker: ptr(struct('FlockerVolumeSource', { datasetName: str, datasetUUID: str })),
  downwardAPI: ptr(struct('DownwardAPIVolumeSource', { items: downwardApiFiles, defaultMode: ptr(int32) })),
  fc: ptr(
    struct('FCVolumeSource', { targetWWNs: list(str), lun: ptr(int32), fsType: str, readOnly: bool, wwids: list(str) }),
  ),
  azureFile: ptr(struct('AzureFileVolumeSource', { secretName: need(str), shareName: need(str), readOnly: bool })),
  configMap: ptr(
    struct('ConfigMapVolumeSource', { name: str, items: keyToPath, defaultMode: ptr(int32), optional: ptr(bool) }),
  ),
  vsphereVolume: ptr(
    struct('VsphereVirtualDiskVolumeSource', {
      volumePath: need(str),
      fsType: str,
      storagePolicyName: str,
      storagePolicyID: str,
    }),
  ),
  quobyte: ptr(
    struct('QuobyteVolumeSource', {
      registry: need(str),
      volume: need(str),
      readOnly: bool,
      user: str,
      group: str,
      tenant: str,
    }),
  ),
  azureDisk: ptr(
    struct('AzureDiskVolumeSource', {
      diskName: need(str),
      diskURI: need(str),
      cachingMode: ptr(named('AzureDataDiskCachingMode')),
      fsType: ptr(str),
      readOnly: ptr(bool),
      kind: ptr(named('AzureDataDiskKind')),
    }),
  ),
  photonPersistentDisk: ptr(struct('PhotonPersistentDiskVolumeSource', { pdID: need(str), fsType: str })),
  projected: ptr(
    struct('ProjectedVolumeSource', {
      sources: { schema: list(volumeProjection), pointer: false, always: true },
      defaultMode: ptr(int32),
    }),
  ),
  portworxVolume: ptr(struct('PortworxVolumeSource', { volumeID: need(str), fsType: str, readOnly: bool })),
  scaleIO: ptr(
    struct('ScaleIOVolumeSource', {
      gateway: need(str),
      system: need(str),
      secretRef: nullable(local),
      sslEnabled: bool,
      protectionDomain: str,
      storagePool: str,
      storageMode: str,
      volumeName: str,
      fsType: str,
      readOnly: bool,
    }),
  ),
  storageos: ptr(
    struct('StorageOSVolumeSource', {
      volumeName: str,
      volumeNamespace: str,
      fsType: str,
      readOnly: bool,
      secretRef: ptr(local),
    }),
  ),
  csi: ptr(
    struct('CSIVolumeSource', {
      driver: need(str),
      readOnly: ptr(bool),
      fsType: ptr(str),
      volumeAttributes: strings,
      nodePublishSecretRef: ptr(local),
    }),
  ),
  ephemeral: ptr(
    struct('EphemeralVolumeSource', {
      volumeClaimTemplate: ptr(
        struct('PersistentVolumeClaimTemplate', { metadata: objectMeta, spec: need(claimSpec) }),
      ),
    }),
  ),
  image: ptr(struct('ImageVolumeSource', { reference: str, pullPolicy: named('PullPolicy') })),
});
