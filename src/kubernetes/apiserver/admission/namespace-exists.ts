import { namespace as namespaceKind } from '../../api/core/namespace';
import { notFound } from '../../apimachinery/status';
import type { AdmissionPlugin } from './admission';

/** NamespaceExists: nothing happens in namespaces that are not there. */
export const namespaceExists: AdmissionPlugin = {
  name: 'NamespaceExists',
  validate({ kind, object }, storage) {
    const { namespace } = object.metadata;
    if (!kind.namespaced || namespace === undefined) return undefined;
    return storage.get(namespaceKind, undefined, namespace) === undefined
      ? notFound(namespaceKind.names, namespace)
      : undefined;
  },
};
