import { at, flagged, isObject, list, text, texts, type JsonObject } from '../../json';
import type { DescribeWriter } from './writer';

/** Shows one source of a volume; persistent volumes have more to say of some. */
export type Source = (w: DescribeWriter, source: JsonObject, persistent?: boolean) => void;
/** A label and what stands there. */
type Line = readonly [label: string, shown: (source: JsonObject) => string];

const field =
  (name: string, missing = '') =>
  (source: JsonObject): string =>
    at(source, name) === undefined ? missing : text(source, name);
const whole: Line = ['ReadOnly', (source) => String(flagged(source, 'readOnly'))];
const fsType: Line = ['FSType', field('fsType')];
/** A list as Go prints it. */
const listed =
  (name: string) =>
  (source: JsonObject): string =>
    `[${list(source, name).map(String).join(' ')}]`;
const options = (source: JsonObject): string =>
  `map[${Object.entries(texts(source, 'options'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}:${value}`)
    .join(' ')}]`;

/** A reference as Go's generated String() writes it. */
const secretRef =
  (persistent: boolean) =>
  (source: JsonObject): string => {
    const found = at(source, 'secretRef');
    if (!isObject(found)) return 'nil';
    const name = text(found, 'name');
    return persistent
      ? `&SecretReference{Name:${name},Namespace:${text(found, 'namespace')},}`
      : `&LocalObjectReference{Name:${name},}`;
  };

const shown =
  (words: string, lines: (persistent: boolean) => readonly Line[]): Source =>
  (w, source, persistent = false) => {
    w.field(2, 'Type', words);
    for (const [label, value] of lines(persistent)) w.write(2, `${label}:\t${value(source)}\n`);
  };

/** The sources of volumes that lie somewhere else, most of them of the past. Source: kubectl pkg/describe/describe.go */
export const remoteVolumes: Readonly<Record<string, Source>> = {
  glusterfs: shown("Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)", (persistent) => [
    ['EndpointsName', field('endpoints')],
    ...(persistent ? [['EndpointsNamespace', field('endpointsNamespace', '<unset>')] as const] : []),
    ['Path', field('path')],
    whole,
  ]),
  iscsi: (w, source, persistent = false) => {
    const words =
      "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)";
    w.field(2, 'Type', words);
    const line = (label: string, value: string): void => w.write(2, `${label}\t${value}\n`);
    line('TargetPortal:', text(source, 'targetPortal'));
    line('IQN:', text(source, 'iqn'));
    line('Lun:', text(source, 'lun') || '0');
    // Without a colon, as upstream.
    line('ISCSIInterface', text(source, 'iscsiInterface'));
    line('FSType:', text(source, 'fsType'));
    line('ReadOnly:', String(flagged(source, 'readOnly')));
    line('Portals:', listed('portals')(source));
    line('DiscoveryCHAPAuth:', String(flagged(source, 'chapAuthDiscovery')));
    line('SessionCHAPAuth:', String(flagged(source, 'chapAuthSession')));
    line('SecretRef:', secretRef(persistent)(source));
    line('InitiatorName:', field('initiatorName', '<none>')(source));
  },
  rbd: shown("RBD (a Rados Block Device mount on the host that shares a pod's lifetime)", (persistent) => [
    ['CephMonitors', listed('monitors')],
    ['RBDImage', field('image')],
    fsType,
    ['RBDPool', field('pool')],
    ['RadosUser', field('user')],
    ['Keyring', field('keyring')],
    ['SecretRef', secretRef(persistent)],
    whole,
  ]),
  quobyte: shown("Quobyte (a Quobyte mount on the host that shares a pod's lifetime)", () => [
    ['Registry', field('registry')],
    ['Volume', field('volume')],
    whole,
  ]),
  azureDisk: shown('AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)', () => [
    ['DiskName', field('diskName')],
    ['DiskURI', field('diskURI')],
    ['Kind', (source) => ` ${text(source, 'kind')}`],
    fsType,
    ['CachingMode', field('cachingMode')],
    whole,
  ]),
  vsphereVolume: shown('vSphereVolume (a Persistent Disk resource in vSphere)', () => [
    ['VolumePath', field('volumePath')],
    fsType,
    ['StoragePolicyName', field('storagePolicyName')],
  ]),
  cinder: shown('Cinder (a Persistent Disk resource in OpenStack)', (persistent) => [
    ['VolumeID', field('volumeID')],
    fsType,
    whole,
    ['SecretRef', secretRef(persistent)],
  ]),
  photonPersistentDisk: shown('PhotonPersistentDisk (a Persistent Disk resource in photon platform)', () => [
    ['PdID', field('pdID')],
    fsType,
  ]),
  portworxVolume: shown('PortworxVolume (a Portworx Volume resource)', () => [['VolumeID', field('volumeID')]]),
  scaleIO: shown('ScaleIO (a persistent volume backed by a block device in ScaleIO)', (persistent) => [
    ['Gateway', field('gateway')],
    ['System', field('system')],
    ['Protection Domain', field('protectionDomain')],
    ['Storage Pool', field('storagePool')],
    ['Storage Mode', field('storageMode')],
    ['VolumeName', field('volumeName')],
    ...(persistent
      ? ([
          ['SecretName', (source) => text(source, 'secretRef', 'name')],
          ['SecretNamespace', (source) => text(source, 'secretRef', 'namespace')],
        ] satisfies readonly Line[])
      : []),
    fsType,
    whole,
  ]),
  cephfs: shown("CephFS (a CephFS mount on the host that shares a pod's lifetime)", (persistent) => [
    ['Monitors', listed('monitors')],
    ['Path', field('path')],
    ['User', field('user')],
    ['SecretFile', field('secretFile')],
    ['SecretRef', secretRef(persistent)],
    whole,
  ]),
  storageos: shown('StorageOS (a StorageOS Persistent Disk resource)', () => [
    ['VolumeName', field('volumeName')],
    ['VolumeNamespace', field('volumeNamespace')],
    fsType,
    whole,
  ]),
  fc: shown('FC (a Fibre Channel disk)', () => [
    ['TargetWWNs', (source) => list(source, 'targetWWNs').map(String).join(', ')],
    ['LUN', field('lun', '<none>')],
    fsType,
    whole,
  ]),
  azureFile: shown('AzureFile (an Azure File Service mount on the host and bind mount to the pod)', (persistent) => [
    ['SecretName', field('secretName')],
    ...(persistent ? [['SecretNamespace', field('secretNamespace')] as const] : []),
    ['ShareName', field('shareName')],
    whole,
  ]),
  flexVolume: shown(
    'FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)',
    (persistent) => [
      ['Driver', field('driver')],
      fsType,
      ['SecretRef', secretRef(persistent)],
      whole,
      ['Options', options],
    ],
  ),
  flocker: shown('Flocker (a Flocker volume mounted by the Flocker agent)', () => [
    ['DatasetName', field('datasetName')],
    ['DatasetUUID', field('datasetUUID')],
  ]),
};
