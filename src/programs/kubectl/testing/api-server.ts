import { kinds } from '../../../kubernetes/api';
import type { ApiObject } from '../../../kubernetes/apimachinery/object';
import { createApiserver } from '../../../kubernetes/apiserver/apiserver';
import { createRegistry } from '../../../kubernetes/apiserver/create-registry';
import { etcdKey } from '../../../kubernetes/apiserver/storage';
import { EtcdStore } from '../../../kubernetes/etcd/store';
import { noBytes } from '../../../linux/io/bytes';
import { Headers } from '../../../linux/net/http/message';
import { err, ok } from '../../../sim/result';
import { namespaceOf, nameOfObject, text, type JsonObject } from '../json';
import type { Connect, TransportRequest, TransportResponse } from '../rest/transport';
import type { Parts } from './process';

const address = '172.30.1.2:6443';

/** Our API server over recorded objects, without a network in between. */
export function apiServer(objects: readonly JsonObject[]): {
  readonly connect: (parts: Parts) => Connect;
  readonly requests: TransportRequest[];
} {
  const requests: TransportRequest[] = [];
  const connect = (parts: Parts): Connect => {
    const registry = createRegistry({ ...parts, store: storeOf(objects) });
    const handler = createApiserver({ ...parts, registry });
    const peer = { commonName: 'kubernetes-admin', organizations: ['kubeadm:cluster-admins', 'system:masters'] };
    return (_, { server, token, basic }) => ({
      async send(request) {
        requests.push(request);
        const host = server.replace(/^[a-z]+:\/\//, '');
        if (host !== address) return err({ message: `dial tcp ${host}: connect: connection refused` });
        const certified = token === undefined && basic === undefined;
        const { method, path, headers, body = noBytes } = request;
        const answer = await handler(
          { method, url: path, headers: new Headers(headers), body },
          { remote: '172.30.1.2', ...(certified ? { peer } : {}) },
        );
        const response: TransportResponse = answer;
        return ok(response);
      },
      upgrade: () => Promise.resolve({ ok: false, error: { message: 'no upgrades here' } }),
    });
  };
  return { connect, requests };
}

/** Objects keep what they have, also their uid and times. */
function storeOf(objects: readonly JsonObject[]): EtcdStore {
  const store = new EtcdStore();
  for (const object of objects) {
    const kind = kinds.find(
      ({ apiVersion, names }) => apiVersion === text(object, 'apiVersion') && names.kind === text(object, 'kind'),
    );
    if (kind === undefined) continue;
    const namespace = kind.namespaced ? namespaceOf(object) : undefined;
    const metadata = { ...(object['metadata'] as object), resourceVersion: String(store.revision + 1) };
    const stored = kind.defaults({ ...object, metadata } as unknown as ApiObject);
    store.put(etcdKey(kind, namespace, nameOfObject(object)), Object.freeze(stored), 0);
  }
  return store;
}
