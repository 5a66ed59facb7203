import type { Toleration } from '../../api/core/pod-spec';

/** tolerations.MergeTolerations: both, without those that another covers. */
export function mergeTolerations(first: readonly Toleration[], second: readonly Toleration[]): readonly Toleration[] {
  const all = [...first, ...second];
  const merged: Toleration[] = [];
  next: for (const [index, toleration] of all.entries()) {
    for (const other of merged) if (isSuperset(other, toleration)) continue next;
    for (const other of all.slice(index + 1))
      if (!same(toleration, other) && isSuperset(other, toleration)) continue next;
    merged.push(toleration);
  }
  return merged;
}

const same = (a: Toleration, b: Toleration): boolean =>
  (a.key ?? '') === (b.key ?? '') &&
  (a.operator ?? '') === (b.operator ?? '') &&
  (a.value ?? '') === (b.value ?? '') &&
  (a.effect ?? '') === (b.effect ?? '') &&
  a.tolerationSeconds === b.tolerationSeconds;

/** isSuperset: whether one toleration tolerates all that another does. */
export function isSuperset(one: Toleration, other: Toleration): boolean {
  if (same(one, other)) return true;
  const { key = '', operator = '', effect = '', value = '', tolerationSeconds } = one;
  const otherKey = other.key ?? '';
  if (key !== otherKey && !(key === '' && operator === 'Exists')) return false;
  if (effect !== (other.effect ?? '') && effect !== '') return false;
  if (effect === 'NoExecute' && tolerationSeconds !== undefined) {
    if (other.tolerationSeconds === undefined || other.tolerationSeconds > tolerationSeconds) return false;
  }
  switch (operator) {
    case 'Equal':
    case '':
      return value === (other.value ?? '');
    case 'Exists':
      return true;
    default:
      return false;
  }
}
