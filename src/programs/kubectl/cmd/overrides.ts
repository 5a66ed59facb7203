import { applyPatch, type Operation } from 'fast-json-patch';
import type { Cli } from '../cli';
import { Failure } from '../errors';
import { flag, type Flag } from '../flags/flag-set';
import { isObject, kindOf, type JsonObject } from '../json';
import { decodeYaml } from '../manifest/yaml';
import { withTypedFields } from '../manifest/typed';
import { applyMerge, applyStrategic } from '../patch';

export const overrideFlags: readonly Flag[] = [
  flag.string('override-type', 'merge', 'How --overrides is applied: json, merge or strategic.'),
  flag.string('overrides', '', 'JSON that changes the generated object.'),
];

/** The generated object with `--overrides`. */
export function overridden({ flags }: Cli, object: JsonObject): JsonObject {
  const given = flags.string('overrides');
  if (given === '') return object;
  const type = flags.string('override-type');
  if (type !== '' && type !== 'json' && type !== 'merge' && type !== 'strategic')
    throw new Failure(`invalid override type: ${type}`);
  let patch: unknown;
  try {
    patch = JSON.parse(given);
  } catch {
    try {
      patch = decodeYaml(given)[0];
    } catch {
      patch = undefined;
    }
  }
  if (type === 'json') {
    if (!Array.isArray(patch)) throw new Failure(`unable to parse "${given}": yaml: invalid patch`);
    return withTypedFields(applyPatch(structuredClone(object), patch as Operation[]).newDocument);
  }
  if (!isObject(patch)) throw new Failure('Invalid JSON Patch');
  const changed = type === 'strategic' ? applyStrategic(object, patch, kindOf(object)) : applyMerge(object, patch);
  return withTypedFields(changed);
}
