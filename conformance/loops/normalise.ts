import type { ApiObject } from '../../src/kubernetes/apimachinery/object';

/** Made-up ends of names; without a dash where the rest fills all room. */
const random5 = (text: string): string =>
  text
    .replace(/-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '-<rand>')
    .replace(/\b([a-z0-9-]{58})[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '$1<rand>');

const UID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** What differs between any two runs. */
const left = new Set([
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'managedFields',
  'generateName',
  'nodeName',
  'containerID',
  'imageID',
  'batch.kubernetes.io/controller-uid',
  'controller-uid',
]);
const leftAnnotations = new Set(['endpoints.kubernetes.io/last-change-trigger-time']);

function clean(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => clean(item, key === 'clusterIPs' ? key : ''));
    return key === 'endpoints' || key === 'subsets' || key.endsWith('ddresses')
      ? items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      : items;
  }
  if (typeof value === 'string') {
    if (/^\d{4}-\d\d-\d\dT/.test(value)) return '<time>';
    if (key === 'certificate') return '<certificate>';
    if (key.startsWith('clusterIP')) return value === 'None' || value === '' ? value : '<clusterip>';
    if (/^10\.(244|100|0)\./.test(value)) return '<podip>';
    return random5(value).replace(UID, '<uid>');
  }
  if (typeof value !== 'object' || value === null) return value;
  const kept: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (left.has(name) || leftAnnotations.has(name)) continue;
    const inner = clean(each, name);
    const empty = typeof inner === 'object' && inner !== null && Object.keys(inner).length === 0;
    if (!(empty && name === 'annotations')) kept[name] = inner;
  }
  return kept;
}

/** An object without what differs between any two runs, keys sorted. */
export const plainObject = ({ resource, object }: { readonly resource: string; readonly object: ApiObject }): string =>
  JSON.stringify(clean({ resource, object }));

export const eventText = (reason: string, message: string): string =>
  `${reason} ${random5(message)
    .replace(/\bnode-\d\b/, '<node>')
    .replace(UID, '<uid>')}`;
