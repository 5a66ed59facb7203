import { at, list, text, texts, type JsonObject } from '../../json';
import { annotationsMultiline, labelsMultiline, sinceTime, type DescribeWriter } from './writer';

const modes: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

/** `RWO,ROX` (GetAccessModesAsString). */
export const accessModes = (given: readonly unknown[]): string =>
  Object.entries(modes)
    .filter(([mode]) => given.includes(mode))
    .map(([, short]) => short)
    .join(',');

export const storageClassOf = (object: unknown): string =>
  text(object, 'metadata', 'annotations', 'volume.beta.kubernetes.io/storage-class') ||
  text(object, 'spec', 'storageClassName');

/** The lines of a claim, or of the template of one within a volume. Source: describe.go, printPersistentVolumeClaim. */
export function claimLines(w: DescribeWriter, claim: JsonObject, level: number, full: boolean, now = 0): void {
  if (full) {
    w.field(level, 'Name', text(claim, 'metadata', 'name'));
    w.field(level, 'Namespace', text(claim, 'metadata', 'namespace'));
  }
  w.field(level, 'StorageClass', storageClassOf(claim));
  if (full) {
    const gone = text(claim, 'metadata', 'deletionTimestamp');
    w.field(
      level,
      'Status',
      gone === '' ? text(claim, 'status', 'phase') : `Terminating (lasts ${sinceTime(gone, now)})`,
    );
  }
  w.field(level, 'Volume', text(claim, 'spec', 'volumeName'));
  const indent = '  '.repeat(level);
  labelsMultiline(w, 'Labels', texts(claim, 'metadata', 'labels'), { indent });
  if (level > 0) labelsMultiline(w, 'Annotations', texts(claim, 'metadata', 'annotations'), { indent });
  else annotationsMultiline(w, 'Annotations', texts(claim, 'metadata', 'annotations'));
  if (full) w.write(level, `Finalizers:\t[${list(claim, 'metadata', 'finalizers').map(String).join(' ')}]\n`);
  const bound = text(claim, 'spec', 'volumeName') !== '';
  w.field(level, 'Capacity', bound ? text(claim, 'status', 'capacity', 'storage') || '0' : '');
  w.field(level, 'Access Modes', bound ? accessModes(list(claim, 'status', 'accessModes')) : '');
  const mode = text(claim, 'spec', 'volumeMode');
  if (mode !== '') w.field(level, 'VolumeMode', mode);
  const from = at(claim, 'spec', 'dataSource');
  if (from !== undefined) {
    w.write(level, 'DataSource:\n');
    if (at(from, 'apiGroup') !== undefined) w.field(level + 1, 'APIGroup', text(from, 'apiGroup'));
    w.field(level + 1, 'Kind', text(from, 'kind'));
    w.field(level + 1, 'Name', text(from, 'name'));
  }
}
