import { err, ok, type Result } from '../../../sim/result';
import type { Kind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { failure, type Status } from '../../apimachinery/status';
import { difference, intersection, pathsOf, union, withParents, type FieldSet } from './field-set';
import { ownable, type Manager } from './managed-fields';
import { changed, mentioned, mergeTyped, without } from './typed';

export interface Applied {
  readonly object: ApiObject;
  readonly managers: readonly Manager[];
  /** Whether who owns what is another than before. */
  readonly ownersChanged: boolean;
}

export interface ApplyOptions {
  readonly manager: string;
  readonly subresource: string;
  readonly force: boolean;
  readonly time: number;
  /** Fields that may be taken from others without force. */
  readonly takes?: (() => FieldSet | undefined) | undefined;
}

/** Server-side apply: sigs.k8s.io/structured-merge-diff/merge Updater.Apply. `live` undefined: the object is new. */
export function applyConfiguration(
  kind: Kind,
  live: ApiObject | undefined,
  managers: readonly Manager[],
  config: ApiObject,
  options: ApplyOptions,
): Result<Applied, Status> {
  const { manager, subresource, time, takes } = options;
  const { schema } = kind;
  const isMine = (each: Manager): boolean =>
    each.manager === manager && each.operation === 'Apply' && each.subresource === subresource;
  const mine = managers.find(isMine);
  const others = managers.filter((each) => !isMine(each));
  const wanted = ownable(mentioned(schema, config));

  const merged = live === undefined ? config : (mergeTyped(schema, live, config) as ApiObject);
  const changes = live === undefined ? undefined : ownable(changed(schema, live, merged));
  const conflicts = others.flatMap((other) => {
    const contested = intersection(other.fields, changes);
    return contested === undefined ? [] : [{ other, contested }];
  });
  if (conflicts.length > 0 && !options.force) {
    const allowed = takes?.();
    const refused = conflicts.flatMap(({ other, contested }) => {
      const left = difference(contested, allowed);
      return left === undefined ? [] : [{ other, contested: left }];
    });
    if (refused.length > 0) return err(conflictStatus(refused));
  }

  // What this manager applied before and no longer mentions goes, unless somebody else owns it too.
  let gone = difference(mine?.fields, withParents(wanted));
  for (const { fields } of others) gone = difference(gone, withParents(fields));
  const pruned = gone === undefined ? merged : (without(schema, merged, gone) as ApiObject);

  const left = others.flatMap((other) => {
    const fields = difference(other.fields, union(intersection(other.fields, changes), gone));
    return fields === undefined ? [] : [fields === other.fields ? other : { ...other, fields }];
  });
  const same = mine !== undefined && JSON.stringify(mine.fields) === JSON.stringify(wanted);
  const entry: Manager = {
    manager,
    operation: 'Apply',
    apiVersion: kind.apiVersion,
    subresource,
    time: live === undefined || changes !== undefined || gone !== undefined ? time : mine?.time,
    fields: wanted ?? {},
  };
  return ok({
    object: pruned,
    managers: wanted === undefined ? left : [...left, entry],
    ownersChanged: !same || left.some((each) => !others.includes(each)),
  });
}

interface Conflict {
  readonly other: Manager;
  readonly contested: FieldSet;
}

/** `"m1"`, or `"kubectl" using apps/v1` for those who do not apply. */
function managerText({ manager, operation, apiVersion, subresource }: Manager): string {
  const using = operation === 'Update' ? ` using ${apiVersion}` : '';
  return `"${manager}"${subresource === '' ? '' : ` with subresource "${subresource}"`}${using}`;
}

function conflictStatus(conflicts: readonly Conflict[]): Status {
  const causes = conflicts.flatMap(({ other, contested }) =>
    pathsOf(contested).map((field) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${managerText(other)}`,
      field,
    })),
  );
  const [first] = causes;
  const text =
    causes.length === 1 && first !== undefined
      ? `${first.message}: ${first.field}`
      : [...conflicts]
          .sort((a, b) => (managerText(a.other) < managerText(b.other) ? -1 : 1))
          .map(({ other, contested }) =>
            [`conflicts with ${managerText(other)}:`, ...pathsOf(contested).map((path) => `- ${path}`)].join('\n'),
          )
          .join('\n');
  const plural = causes.length === 1 ? '' : 's';
  return failure(409, 'Conflict', `Apply failed with ${causes.length} conflict${plural}: ${text}`, { causes });
}
