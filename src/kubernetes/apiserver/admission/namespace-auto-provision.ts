import { ok, type Result } from '../../../sim/result';
import { namespace as namespaceKind, type Namespace } from '../../api/core/namespace';
import type { ApiObject } from '../../apimachinery/object';
import type { Status } from '../../apimachinery/status';
import { timeOf } from '../../apimachinery/time';
import type { Actor } from '../registry';
import type { Storage } from '../storage';
import type { AdmissionPlugin, Attributes } from './admission';

const server: Actor = { user: 'system:apiserver', groups: ['system:masters'], agent: 'kube-apiserver' };

/** NamespaceAutoProvision: a namespace that is not there is made for the first object in it. */
export const namespaceAutoProvision: AdmissionPlugin = {
  name: 'NamespaceAutoProvision',
  mutate<T extends ApiObject>(attributes: Attributes<T>, storage: Storage): Result<T, Status> {
    const { object, operation, kind, dryRun } = attributes;
    const { namespace = '' } = object.metadata;
    if (operation !== 'CREATE' || !kind.namespaced || namespace === '' || dryRun) return ok(object);
    if (storage.get(namespaceKind, undefined, namespace) !== undefined) return ok(object);
    const { clock, random } = storage;
    const metadata = { name: namespace, uid: random.uuid(), resourceVersion: '', creationTimestamp: timeOf(clock.now) };
    const { apiVersion, names } = namespaceKind;
    const made = { apiVersion, kind: names.kind, metadata, spec: {}, status: {} } as Namespace;
    storage.write(namespaceKind, namespaceKind.prepareForCreate(namespaceKind.defaults(made)), 'create', server);
    return ok(object);
  },
};
