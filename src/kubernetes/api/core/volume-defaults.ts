import { withDefaults } from '../../apimachinery/defaults';

type Source = Readonly<Record<string, unknown>>;

/** SetDefaults_* of volume sources (pkg/apis/core/v1/defaults.go) that pods and persistent volumes have in common. */
const sourceDefaults: Readonly<Record<string, Source>> = {
  hostPath: { type: '' },
  iscsi: { iscsiInterface: 'default' },
  rbd: { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' },
  azureDisk: { cachingMode: 'ReadWrite', kind: 'Shared', fsType: 'ext4', readOnly: false },
  scaleIO: { storageMode: 'ThinProvisioned', fsType: 'xfs' },
};

/** The sources of a volume with what their authors left out; the same object where nothing was. */
export function defaultSources<V extends object>(volume: V): V {
  const given = volume as unknown as Readonly<Record<string, Source | undefined>>;
  let full: V = volume;
  for (const name in given) {
    const defaults = sourceDefaults[name];
    const source = given[name];
    if (defaults === undefined || source === undefined) continue;
    full = { ...full, [name]: withDefaults(source, defaults) };
  }
  return full;
}

/** SetDefaults_PersistentVolumeClaimSpec. */
export const defaultClaimSpec = <S extends { readonly resources?: object }>(spec: S | undefined): S =>
  ({ volumeMode: 'Filesystem', ...spec, resources: spec?.resources ?? {} }) as unknown as S;
