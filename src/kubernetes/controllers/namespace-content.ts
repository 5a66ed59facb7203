import { configMap } from '../api/core/configmap';
import { namespace } from '../api/core/namespace';
import { serviceAccount } from '../api/core/serviceaccount';
import { defineController, every } from './controller';

const ROOT_CA = 'kube-root-ca.crt';

/** Gives each namespace its `default` service account. Upstream: pkg/controller/serviceaccount/serviceaccounts_controller.go */
export const serviceAccountController = defineController('service-account-controller', ({ client }) => ({
  watches: [
    every(namespace),
    every(serviceAccount, ({ metadata }) => (metadata.name === 'default' ? metadata.namespace : undefined)),
  ],
  sync(key) {
    const found = client.get(namespace, undefined, key);
    if (found === undefined || found.metadata.deletionTimestamp !== undefined) return undefined;
    if (client.get(serviceAccount, key, 'default') !== undefined) return undefined;
    return client.create(serviceAccount, { metadata: { name: 'default', namespace: key } }).ok ? undefined : 'retry';
  },
}));

/** Gives each namespace the cluster's root certificate. Upstream: pkg/controller/certificates/rootcacertpublisher */
export const rootCaPublisher = (certificate: string) =>
  defineController('root-ca-certificate-publisher', ({ client }) => ({
    watches: [
      every(namespace),
      every(configMap, ({ metadata }) => (metadata.name === ROOT_CA ? metadata.namespace : undefined)),
    ],
    sync(key) {
      const found = client.get(namespace, undefined, key);
      if (found === undefined || found.metadata.deletionTimestamp !== undefined) return undefined;
      const annotations = {
        'kubernetes.io/description':
          'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
      };
      const data = { 'ca.crt': certificate };
      const before = client.get(configMap, key, ROOT_CA);
      if (before === undefined) {
        const made = client.create(configMap, { metadata: { name: ROOT_CA, namespace: key, annotations }, data });
        return made.ok ? undefined : 'retry';
      }
      const { data: old = {} } = before;
      if (Object.keys(old).length === 1 && old['ca.crt'] === certificate) return undefined;
      client.mutate(configMap, key, ROOT_CA, (now) => ({ ...now, data }));
      return undefined;
    },
  }));
