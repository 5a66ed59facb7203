import { node } from '../api/core/node';
import { defineController, every } from './controller';

const TTL = 'node.alpha.kubernetes.io/ttl';

/** Gives each node a /24 of the pod network, the lowest free one first. Upstream: pkg/controller/nodeipam */
export const nodeIpamController = (clusterCIDR: string) =>
  defineController('node-ipam-controller', ({ client }) => {
    const [first = 10, second = 244] = clusterCIDR.split('.').map(Number);
    return {
      watches: [every(node, (now) => (now.spec.podCIDR === undefined ? now.metadata.name : undefined))],
      sync(name) {
        const found = client.get(node, undefined, name);
        if (found === undefined || found.spec.podCIDR !== undefined) return;
        const taken = new Set(client.list(node).map(({ spec }) => spec.podCIDR));
        for (let index = 0; index < 65_536; index++) {
          const podCIDR = `${first}.${second + (index >> 8)}.${index & 255}.0/24`;
          if (taken.has(podCIDR)) continue;
          client.mutate(node, undefined, name, (now) => ({
            ...now,
            spec: { ...now.spec, podCIDR, podCIDRs: [podCIDR] },
          }));
          return;
        }
      },
    };
  });

/** Tells kubelets how long they may keep secrets: not at all in small clusters. Upstream: pkg/controller/ttl */
export const ttlController = defineController('ttl-controller', ({ client }) => ({
  watches: [every(node, (now) => (now.metadata.annotations?.[TTL] === undefined ? now.metadata.name : undefined))],
  sync(name) {
    client.mutate(node, undefined, name, (now) =>
      now.metadata.annotations?.[TTL] !== undefined
        ? now
        : { ...now, metadata: { ...now.metadata, annotations: { ...now.metadata.annotations, [TTL]: '0' } } },
    );
  },
}));
