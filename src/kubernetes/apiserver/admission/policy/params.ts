import type { ParamRef } from '../../../api/admissionregistration/policies';
import type { Kind } from '../../../apimachinery/kind';
import type { ApiObject } from '../../../apimachinery/object';
import { selectorMatcher } from '../../../apimachinery/selector-matcher';
import { err, ok, type Result } from '../../../../sim/result';
import type { Storage } from '../../storage';

type ParamKind = { readonly apiVersion?: string; readonly kind?: string } | undefined;

const kindOfParams = (paramKind: NonNullable<ParamKind>, storage: Storage): Kind | undefined =>
  storage.views.find((each) => each.apiVersion === paramKind.apiVersion && each.names.kind === paramKind.kind);

/** ensureParamsForPolicyLocked: why a policy cannot be had at all. */
export function configurationError(paramKind: ParamKind, storage: Storage): string | undefined {
  if (paramKind === undefined || kindOfParams(paramKind, storage) !== undefined) return undefined;
  const { apiVersion = '', kind = '' } = paramKind;
  const version = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
  return `failed to configure policy: failed to find resource referenced by paramKind: '${version}, Kind=${kind}'`;
}

/** generic.CollectParams: one run of the policy for each; `null` where there are none to give. */
export function collectParams(
  paramKind: ParamKind,
  ref: ParamRef | undefined,
  namespace: string | undefined,
  storage: Storage,
): Result<readonly (ApiObject | null)[], string> {
  if (paramKind === undefined || ref === undefined) return ok([null]);
  const kind = kindOfParams(paramKind, storage);
  if (kind === undefined)
    return err(`paramKind kind \`${paramKind.apiVersion ?? ''}, ${paramKind.kind ?? ''}\` not known`);
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
  return ok(found.map((object) => kind.encode(object)));
}
