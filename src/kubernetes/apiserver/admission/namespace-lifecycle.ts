import { namespace as namespaceKind } from '../../api/core/namespace';
import { failure, forbidden, notFound, qualified, type Status } from '../../apimachinery/status';
import { err, ok, type Result } from '../../../sim/result';
import type { ApiObject } from '../../apimachinery/object';
import type { Storage } from '../storage';
import type { AdmissionPlugin, Attributes } from './admission';

const immortal: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public']);

/** NamespaceLifecycle: nothing new in namespaces that are not there or on their way out, and some never go. */
export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  mutate<T extends ApiObject>(attributes: Attributes<T>, storage: Storage): Result<T, Status> {
    const refusal = refused(attributes as unknown as Attributes, storage);
    return refusal === undefined ? ok(attributes.object) : err(refusal);
  },
};

function refused({ kind, operation, object, subresource }: Attributes, storage: Storage): Status | undefined {
  const { name, namespace } = object.metadata;
  if (operation === 'DELETE' && kind.resource === 'namespaces' && immortal.has(name))
    return forbidden(kind.names, name, 'this namespace may not be deleted');
  if (operation !== 'CREATE' || !kind.namespaced || namespace === undefined || subresource !== undefined)
    return undefined;
  const space = storage.get(namespaceKind, undefined, namespace);
  if (space === undefined) return notFound({ group: '', plural: 'namespaces' }, namespace);
  if (space.status.phase !== 'Terminating' && space.metadata.deletionTimestamp === undefined) return undefined;
  const { group, plural } = kind.names;
  return failure(
    403,
    'Forbidden',
    `${qualified(kind.names)} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
    {
      name,
      ...(group === '' ? {} : { group }),
      kind: plural,
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    },
  );
}
