import { at, flagged, isObject, list, text, texts, type JsonObject } from '../../json';
import { labelSelectorText } from '../../resource/pods';
import { parseQuantity } from '../../printers/quantity';
import { claimLines } from './claim';
import { remoteVolumes, type Source } from './remote-volumes';
import type { DescribeWriter } from './writer';

/** A type's words, then its members in their order: `[label, field]`. */
const simple =
  (words: string, members: readonly (readonly [string, string])[]): Source =>
  (w, source) => {
    w.field(2, 'Type', words);
    for (const [label, field] of members) w.write(2, `${label}:\t${valueText(source, field)}\n`);
  };

/** Booleans that are not there are false; so are missing numbers 0, missing texts empty. */
function valueText(source: JsonObject, field: string): string {
  const [name = '', kind] = field.split('|');
  return at(source, name) === undefined && kind !== undefined ? kind : text(source, name);
}

const readOnly = ['ReadOnly', 'readOnly|false'] as const;

function attributes(w: DescribeWriter, title: string, map: Readonly<Record<string, string>>): void {
  const keys = Object.keys(map).sort();
  if (keys.length === 0) {
    w.write(2, `${title}:\t<none>\n`);
    return;
  }
  w.write(2, `${title}:\t`);
  keys.forEach((key, index) => {
    if (index > 0) w.write(2, '\t');
    const line = `${key}=${map[key] ?? ''}`;
    w.write(0, line.length > 140 ? `${line.slice(0, 140)}...\n` : `${line}\n`);
  });
}

/** How each kind of volume is shown, in the order in which upstream looks for them. Pods and persistent volumes share them. */
export const volumeSources: Readonly<Record<string, Source>> = {
  hostPath: simple('HostPath (bare host directory volume)', [
    ['Path', 'path'],
    ['HostPathType', 'type|<none>'],
  ]),
  emptyDir: (w, source) => {
    const limit = text(source, 'sizeLimit');
    w.field(2, 'Type', "EmptyDir (a temporary directory that shares a pod's lifetime)");
    w.write(2, `Medium:\t${text(source, 'medium')}\n`);
    w.write(2, `SizeLimit:\t${(parseQuantity(limit) ?? 0) > 0 ? limit : '<unset>'}\n`);
  },
  gcePersistentDisk: simple('GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)', [
    ['PDName', 'pdName'],
    ['FSType', 'fsType'],
    ['Partition', 'partition|0'],
    readOnly,
  ]),
  awsElasticBlockStore: simple('AWSElasticBlockStore (a Persistent Disk resource in AWS)', [
    ['VolumeID', 'volumeID'],
    ['FSType', 'fsType'],
    ['Partition', 'partition|0'],
    readOnly,
  ]),
  gitRepo: simple('GitRepo (a volume that is pulled from git when the pod is created)', [
    ['Repository', 'repository'],
    ['Revision', 'revision'],
  ]),
  secret: simple('Secret (a volume populated by a Secret)', [
    ['SecretName', 'secretName'],
    ['Optional', 'optional|false'],
  ]),
  configMap: simple('ConfigMap (a volume populated by a ConfigMap)', [
    ['Name', 'name'],
    ['Optional', 'optional|false'],
  ]),
  nfs: simple('NFS (an NFS mount that lasts the lifetime of a pod)', [
    ['Server', 'server'],
    ['Path', 'path'],
    readOnly,
  ]),
  persistentVolumeClaim: simple(
    'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
    [['ClaimName', 'claimName'], readOnly],
  ),
  ephemeral: (w, source) => {
    w.field(
      2,
      'Type',
      'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)',
    );
    const template = at(source, 'volumeClaimTemplate');
    if (isObject(template)) claimLines(w, template, 2, false);
  },
  downwardAPI: (w, source) => {
    w.field(2, 'Type', 'DownwardAPI (a volume populated by information about the pod)');
    w.write(2, 'Items:\n');
    for (const item of list(source, 'items')) {
      const from = text(item, 'fieldRef', 'fieldPath') || text(item, 'resourceFieldRef', 'resource');
      w.write(3, `${from} -> ${text(item, 'path')}\n`);
    }
  },
  projected: (w, source) => {
    w.field(2, 'Type', 'Projected (a volume that contains injected data from multiple sources)');
    for (const each of list(source, 'sources')) {
      const optional = (field: string): string => String(flagged(each, field, 'optional'));
      if (at(each, 'secret') !== undefined)
        w.write(2, `SecretName:\t${text(each, 'secret', 'name')}\n    Optional:\t${optional('secret')}\n`);
      else if (at(each, 'downwardAPI') !== undefined) w.write(2, 'DownwardAPI:\ttrue\n');
      else if (at(each, 'configMap') !== undefined)
        w.write(2, `ConfigMapName:\t${text(each, 'configMap', 'name')}\n    Optional:\t${optional('configMap')}\n`);
      else if (at(each, 'serviceAccountToken') !== undefined)
        w.write(2, `TokenExpirationSeconds:\t${text(each, 'serviceAccountToken', 'expirationSeconds')}\n`);
    }
  },
  csi: (w, source) => {
    w.field(2, 'Type', 'CSI (a Container Storage Interface (CSI) volume source)');
    w.write(2, `Driver:\t${text(source, 'driver')}\n`);
    if (text(source, 'volumeHandle') === '') {
      w.write(2, `FSType:\t${text(source, 'fsType')}\n`);
      w.write(2, `ReadOnly:\t${flagged(source, 'readOnly')}\n`);
    } else {
      w.write(2, `FSType:\t${text(source, 'fsType')}\n`);
      w.write(2, `VolumeHandle:\t${text(source, 'volumeHandle')}\n`);
      w.write(2, `ReadOnly:\t${flagged(source, 'readOnly')}\n`);
    }
    attributes(w, 'VolumeAttributes', texts(source, 'volumeAttributes'));
  },
  image: simple('Image (a container image or OCI artifact)', [
    ['Reference', 'reference'],
    ['PullPolicy', 'pullPolicy'],
  ]),
  local: simple('LocalVolume (a persistent volume backed by local storage on a node)', [['Path', 'path']]),
  ...remoteVolumes,
};

export function describeVolumes(w: DescribeWriter, volumes: readonly unknown[], space: string): void {
  if (volumes.length === 0) {
    w.write(0, `${space}Volumes:\t<none>\n`);
    return;
  }
  w.write(0, `${space}Volumes:\n`);
  for (const volume of volumes) {
    w.write(1, `${space === '' ? '' : ' '}${text(volume, 'name')}:\n`);
    const kind = Object.keys(volumeSources).find((key) => isObject(at(volume, key)));
    const source = kind === undefined ? undefined : at(volume, kind);
    if (kind !== undefined && isObject(source)) volumeSources[kind]?.(w, source);
    else w.write(1, '<unknown>\n');
  }
}

export function describeSpread(w: DescribeWriter, constraints: readonly unknown[], space: string): void {
  if (constraints.length === 0) return;
  w.write(0, `${space}Topology Spread Constraints:\t`);
  const sorted = constraints.toSorted((a, b) => (text(a, 'topologyKey') < text(b, 'topologyKey') ? -1 : 1));
  sorted.forEach((each, index) => {
    if (index > 0) w.write(0, `${space}\t`);
    const selector = at(each, 'labelSelector');
    const where = selector === undefined ? '' : ` for selector ${labelSelectorText(selector) || '<none>'}`;
    w.write(
      0,
      `${text(each, 'topologyKey')}:${text(each, 'whenUnsatisfiable')} when max skew ${text(each, 'maxSkew')} is exceeded${where}\n`,
    );
  });
}

export function describeTolerations(w: DescribeWriter, title: string, tolerations: readonly unknown[]): void {
  w.write(0, `${title}:\t`);
  if (tolerations.length === 0) {
    w.write(0, '<none>\n');
    return;
  }
  const sorted = tolerations.toSorted((a, b) =>
    text(a, 'key') < text(b, 'key') ? -1 : text(a, 'key') > text(b, 'key') ? 1 : 0,
  );
  sorted.forEach((each, index) => {
    if (index > 0) w.write(0, '\t');
    const [key, value, effect] = [text(each, 'key'), text(each, 'value'), text(each, 'effect')];
    let line = `${key}${value === '' ? '' : `=${value}`}${effect === '' ? '' : `:${effect}`}`;
    if (text(each, 'operator') === 'Exists' && value === '')
      line += key !== '' || effect !== '' ? ' op=Exists' : 'op=Exists';
    const seconds = text(each, 'tolerationSeconds');
    w.write(0, `${line}${seconds === '' ? '' : ` for ${seconds}s`}\n`);
  });
}
