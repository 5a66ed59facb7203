import { compileFor, declarations } from '../../../api/admissionregistration/expressions';
import type { MutatingAdmissionPolicySpec } from '../../../api/admissionregistration/mutatingadmissionpolicy';
import { patchResults } from '../../../api/validation/mutating-policies';
import { decodeStruct } from '../../../apimachinery/decode';
import type { Kind } from '../../../apimachinery/kind';
import type { ApiObject } from '../../../apimachinery/object';
import type { Schema } from '../../../apimachinery/schema';
import { celTypes, toJson, type Budget, type Value } from '../../../cel/index';
import { err, ok, type Result } from '../../../../sim/result';
import { isMembers, memberSchema, mergeTyped } from '../../managed/typed';
import { applyJsonPatch } from '../../rest/json-patch';
import { evaluate, type Compiled, type CompiledPolicy } from './compiled';

/** Changes an object as one of a policy's mutations says. */
type Mutator = (
  kind: Kind,
  object: ApiObject,
  values: (name: string) => Value | undefined,
  budget: Budget,
) => Result<ApiObject, string>;

const known = new WeakMap<MutatingAdmissionPolicySpec, readonly Mutator[]>();

/** A policy's mutations, compiled when they are first needed. */
export function mutatorsOf(spec: MutatingAdmissionPolicySpec, compiled: CompiledPolicy): readonly Mutator[] {
  let mutators = known.get(spec);
  if (mutators === undefined) known.set(spec, (mutators = compileMutators(spec, compiled)));
  return mutators;
}

function compileMutators(spec: MutatingAdmissionPolicySpec, { variables }: CompiledPolicy): readonly Mutator[] {
  const types = new Map(
    [...variables].map(([name, { program }]) => [name, program.ok ? program.value.type : celTypes.dyn] as const),
  );
  const declared = declarations({
    params: spec.paramKind !== undefined,
    authorizer: true,
    ...(types.size === 0 ? {} : { variables: types }),
  });
  return (spec.mutations ?? []).map(({ patchType, jsonPatch, applyConfiguration }) => {
    const isPatch = patchType === 'JSONPatch';
    const source = (isPatch ? jsonPatch : applyConfiguration)?.expression ?? '';
    const results = isPatch ? patchResults.JSONPatch : patchResults.ApplyConfiguration;
    const compiled: Compiled = { source, program: compileFor(source.trim(), declared, results, true) };
    return (kind, object, values, budget) => {
      const result = evaluate(compiled, values, budget);
      if (!result.ok) return result;
      const json = toJson(result.value);
      return isPatch ? patched(kind, object, json) : applied(kind, object, json);
    };
  });
}

/** jsonPatcher.Patch: where a test fails nothing changes. */
function patched(kind: Kind, object: ApiObject, operations: unknown): Result<ApiObject, string> {
  if (!Array.isArray(operations)) return err('type mismatch: JSONPatchType.expression should evaluate to array');
  const list = (operations as readonly unknown[]).map((each) => (isMembers(each) ? each : {}));
  const result = applyJsonPatch(object, list);
  if (result === undefined)
    return list.some(({ op }) => op === 'test') ? ok(object) : err('JSON Patch: an operation cannot be done');
  return typed(kind, object, result);
}

/** applyConfigPatcher.Patch: server-side apply without owners; nothing that is one value may be written in part. */
function applied(kind: Kind, object: ApiObject, config: unknown): Result<ApiObject, string> {
  if (!isMembers(config)) return err('invalid return type');
  const atomic = atomics(kind.schema, config, '');
  if (atomic.length > 0)
    return err(
      `error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${atomic.join(', ')}`,
    );
  return typed(kind, object, mergeTyped(kind.schema, object, config));
}

/** findAtomics. */
function atomics(schema: Schema | undefined, value: unknown, path: string): readonly string[] {
  if (isMembers(value)) {
    const own = (schema?.type === 'struct' || schema?.type === 'map') && schema.atomic === true ? [path] : [];
    return [
      ...own,
      ...Object.entries(value).flatMap(([key, each]) => atomics(memberSchema(schema, key), each, `${path}.${key}`)),
    ];
  }
  if (!Array.isArray(value) || schema?.type !== 'list') return [];
  const own = schema.keys === undefined && schema.set !== true ? [path] : [];
  return [...own, ...(value as readonly unknown[]).flatMap((each) => atomics(schema.of, each, `${path}[]`))];
}

/** The object of its type again, with its defaults. */
function typed(kind: Kind, { apiVersion, kind: name }: ApiObject, json: unknown): Result<ApiObject, string> {
  if (!isMembers(json)) return err('unexpected type');
  if (kind.schema === undefined) return ok(json as unknown as ApiObject);
  const { value, error, strict } = kind.decodeJson?.(json as never) ?? decodeStruct(kind.schema, json as never);
  if (error !== undefined) return err(error);
  if (strict.length > 0) return err(`strict decoding error: ${strict.join(', ')}`);
  return ok(kind.defaults(kind.decode({ ...value, apiVersion, kind: name } as unknown as ApiObject)));
}
