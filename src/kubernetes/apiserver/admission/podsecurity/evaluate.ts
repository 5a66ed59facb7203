import type { PodSpec } from '../../../api/core/pod-spec';
import type { ObjectMeta } from '../../../apimachinery/object';
import type { Check, CheckPod, Violation } from './check';
import { baselineChecks } from './checks-baseline';
import { restrictedChecks } from './checks-restricted';
import type { LevelVersion } from './policy';

const known = new Map<string, readonly CheckPod[]>();

/** checkRegistry.EvaluatePod: all that a level of a version has against a pod. */
export function evaluatePod(level: LevelVersion, metadata: Partial<ObjectMeta>, spec: PodSpec): readonly Violation[] {
  if (level.level === 'privileged') return none;
  return checksOf(level).flatMap((check) => check(metadata, spec) ?? []);
}

const none: readonly Violation[] = [];

/** Newer than the newest check is as good as latest. */
function checksOf({ level, minor }: LevelVersion): readonly CheckPod[] {
  const key = `${level} ${Math.min(minor, newest)}`;
  let checks = known.get(key);
  if (checks === undefined) {
    checks = level === 'baseline' ? valid(baselineChecks, minor) : restricted(minor);
    known.set(key, checks);
  }
  return checks;
}

const newest = Math.max(
  ...[...baselineChecks, ...restrictedChecks].flatMap(({ versions }) => versions.map(({ since }) => since)),
);

function restricted(minor: number): readonly CheckPod[] {
  const overridden = new Set(restrictedChecks.map((check) => versionAt(check, minor)?.overrides));
  return [
    ...valid(
      baselineChecks.filter(({ id }) => !overridden.has(id)),
      minor,
    ),
    ...valid(restrictedChecks, minor),
  ];
}

const versionAt = ({ versions }: Check, minor: number): Check['versions'][number] | undefined =>
  versions.findLast(({ since }) => since <= minor);

const valid = (checks: readonly Check[], minor: number): readonly CheckPod[] =>
  checks.flatMap((check) => versionAt(check, minor)?.check ?? []);

/** `host namespaces (hostNetwork=true), privileged (container "a" …)`. */
export const detailText = (violations: readonly Violation[]): string =>
  violations.map(({ reason, detail }) => (detail === '' ? reason : `${reason} (${detail})`)).join(', ');

export const reasonText = (violations: readonly Violation[]): string =>
  violations.map(({ reason }) => reason).join(', ');
