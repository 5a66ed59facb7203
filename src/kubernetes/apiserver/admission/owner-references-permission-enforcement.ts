import { equal } from '../../apimachinery/equal';
import type { OwnerReference } from '../../apimachinery/object';
import type { Status } from '../../apimachinery/status';
import { resourceQuestion, userOf } from '../authorization/ask';
import type { Storage } from '../storage';
import type { AdmissionPlugin, Attributes, Initializer } from './admission';
import { deny } from './deny';

/** OwnerReferencesPermissionEnforcement: an owner makes deletable what one may delete, and holds up what one may finalize. */
export const ownerReferencesPermissionEnforcement: AdmissionPlugin = {
  name: 'OwnerReferencesPermissionEnforcement',
  validate(attributes, storage, { authorizer }) {
    const { kind, object, old, operation, subresource = '', actor } = attributes;
    if (operation === 'DELETE' || (kind.resource === 'pods' && subresource === 'status')) return undefined;
    const owners = object.metadata.ownerReferences ?? [];
    const before = old?.metadata.ownerReferences ?? [];
    if (equal(owners, before)) return undefined;
    const user = userOf(actor);
    if (operation !== 'CREATE') {
      const { group, plural: resource } = kind.names;
      const { namespace = '', name } = object.metadata;
      const question = resourceQuestion(user, { verb: 'delete', group, resource, subresource, namespace, name });
      const { decision, reason, error } = authorizer.authorize(question);
      if (decision !== 'Allow')
        return deny(
          attributes,
          `cannot set an ownerRef on a resource you can't delete: ${reason}, ${error ?? '<nil>'}`,
        );
    }
    const blocking = owners.filter((owner) => owner.blockOwnerDeletion === true && !blocked(owner, before));
    if (blocking.length === 0) return undefined;
    const anything = { verb: 'update', group: '*', resource: '*', subresource: 'finalizers', name: '*' };
    if (authorizer.authorize(resourceQuestion(user, anything)).decision === 'Allow') return undefined;
    for (const owner of blocking) {
      const refusal = mayFinalize(owner, attributes, storage, authorizer);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  },
};

const blocked = ({ uid }: OwnerReference, before: readonly OwnerReference[]): boolean =>
  before.some((each) => each.uid === uid && each.blockOwnerDeletion === true);

function mayFinalize(
  { apiVersion, kind, name }: OwnerReference,
  attributes: Attributes,
  storage: Storage,
  authorizer: Initializer['authorizer'],
): Status | undefined {
  const found = storage.views.filter((each) => each.apiVersion === apiVersion && each.names.kind === kind);
  if (found.length === 0) {
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
    return deny(
      attributes,
      `cannot set blockOwnerDeletion in this case because cannot find RESTMapping for APIVersion ${apiVersion} Kind ${kind}: no matches for kind "${kind}" in version "${group === '' ? '' : `${group ?? ''}/`}${version ?? ''}"`,
    );
  }
  for (const { names, namespaced } of found) {
    const { decision, reason, error } = authorizer.authorize(
      resourceQuestion(userOf(attributes.actor), {
        ...{ verb: 'update', group: names.group, resource: names.plural, subresource: 'finalizers', name },
        namespace: namespaced ? (attributes.object.metadata.namespace ?? '') : '',
      }),
    );
    if (decision !== 'Allow')
      return deny(
        attributes,
        `cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: ${reason}, ${error ?? '<nil>'}`,
      );
  }
  return undefined;
}
