import type { Cell, Column } from '../apimachinery/columns';
import type { ApiObject } from '../apimachinery/object';
import { humanDuration, parseTime } from '../apimachinery/time';
import type { PodTemplateSpec } from './core/pod-spec';

/** Columns that several kinds have, and the words they share: pkg/printers/internalversion/printers.go. */
type Print<T> = (object: T, now: number) => Cell;

export const column = <T>(name: string, cell: Print<T>, description = ''): Column<T> => ({
  name,
  type: 'string',
  format: '',
  description,
  priority: 0,
  cell,
  // Who does not ask for the time does not depend on it.
  ...(cell.length > 1 ? { ages: () => true } : {}),
});
export const integer = <T>(name: string, cell: Print<T>, description = ''): Column<T> => ({
  ...column(name, cell, description),
  type: 'integer',
});
/** Only with `-o wide`. */
export const wide = <T>(name: string, cell: Print<T>, description = ''): Column<T> => ({
  ...column(name, cell, description),
  priority: 1,
});

export const nameColumn: Column<ApiObject> = {
  ...column<ApiObject>(
    'Name',
    ({ metadata }) => metadata.name,
    'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names',
  ),
  format: 'name',
};

export const ageColumn: Column<ApiObject> = column<ApiObject>(
  'Age',
  ({ metadata }, now) => since(metadata.creationTimestamp, now),
  'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
);

/** translateTimestampSince. */
export function since(time: string | null | undefined, now: number): string {
  if (time === undefined || time === null) return '<unknown>';
  if (time === lastAge.time && now === lastAge.now) return lastAge.text;
  const at = parseTime(time);
  const text = Number.isNaN(at) ? '<unknown>' : humanDuration(now - at);
  lastAge = { time, now, text };
  return text;
}

/** What one deployment makes is of one age. */
let lastAge = { time: '', now: NaN, text: '' };

export const orNone = (text: string): string => (text === '' ? '<none>' : text);

type Templated = { readonly spec: { readonly template: PodTemplateSpec } };
export const containersColumn = wide<Templated>(
  'Containers',
  ({ spec }) => spec.template.spec.containers.map(({ name }) => name).join(','),
  'Names of each container in the template.',
);
export const imagesColumn = wide<Templated>(
  'Images',
  ({ spec }) => spec.template.spec.containers.map(({ image }) => image).join(','),
  'Images referenced by each container in the template.',
);

/** labels.FormatLabels. */
export const labelsText = (labels: Readonly<Record<string, string>> | undefined): string =>
  orNone(
    Object.keys(labels ?? {})
      .sort()
      .map((key) => `${key}=${labels?.[key] ?? ''}`)
      .join(','),
  );
