import type { ParamRef } from '../../../api/admissionregistration/policies';
import type { ApiObject } from '../../../apimachinery/object';
import { selectorMatcher } from '../../../apimachinery/selector-matcher';
import { err, ok, type Result } from '../../../../sim/result';
import type { Storage } from '../../storage';

/** generic.CollectParams: one run of the policy for each; `null` where there are none to give. */
export function collectParams(
  paramKind: { readonly apiVersion?: string; readonly kind?: string } | undefined,
  ref: ParamRef | undefined,
  namespace: string | undefined,
  storage: Storage,
): Result<readonly (ApiObject | null)[], string> {
  if (paramKind === undefined || ref === undefined) return ok([null]);
  const { apiVersion = '', kind: kindName = '' } = paramKind;
  const kind = storage.kinds.find((each) => each.apiVersion === apiVersion && each.names.kind === kindName);
  if (kind === undefined)
    return err(`failed to find resource referenced by paramKind: '${apiVersion}, Kind=${kindName}'`);
  const { name = '', namespace: given = '', selector, parameterNotFoundAction } = ref;
  if (!kind.namespaced && given !== '')
    return err('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
  const where = given === '' ? namespace : given;
  if (kind.namespaced && where === undefined)
    return err('cannot use namespaced paramRef in policy binding that matches cluster-scoped resources');

  let found: readonly ApiObject[];
  if (name !== '') {
    const object = storage.get(kind, where, name);
    found = object === undefined ? [] : [object];
  } else {
    const matches = selectorMatcher(selector ?? {});
    found = storage
      .served(kind)
      .cacher.list(kind.namespaced ? where : undefined)
      .filter(({ metadata }) => matches(metadata.labels));
  }
  if (found.length === 0 && parameterNotFoundAction === 'Deny')
    return err('no params found for policy binding with `Deny` parameterNotFoundAction');
  return ok(found);
}
