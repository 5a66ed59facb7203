import { service, type Service } from '../api/core/service';
import { ipAddress } from '../api/networking/ipaddress';
import { serviceCidr } from '../api/networking/servicecidr';
import { timeOf } from '../apimachinery/time';
import type { RegistryClient } from './registry';

const labels = (address: string): Readonly<Record<string, string>> => ({
  'ipaddress.kubernetes.io/ip-family': address.includes(':') ? 'IPv6' : 'IPv4',
  'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
});

/** The range that the server was started with, as the object that it makes of it (default-service-ip-range controller). */
export function defaultServiceCidr(server: RegistryClient, cidr: string, now: number): void {
  if (server.get(serviceCidr, undefined, 'kubernetes') !== undefined) return;
  server.create(serviceCidr, {
    metadata: { name: 'kubernetes', finalizers: ['networking.k8s.io/service-cidr-finalizer'] },
    spec: { cidrs: [cidr] },
  });
  server.mutateStatus(serviceCidr, undefined, 'kubernetes', (current) => ({
    ...current,
    status: {
      conditions: [
        {
          type: 'Ready',
          status: 'True' as const,
          lastTransitionTime: timeOf(now),
          reason: '',
          message: 'Kubernetes Service CIDR is ready',
        },
      ],
    },
  }));
}

const addressesOf = (object: Service | undefined): readonly string[] =>
  (object?.spec.clusterIPs ?? []).filter((address) => address !== 'None' && address !== '');

/** Every cluster IP of a service has an IPAddress that says so (ipallocator); upstream writes it with the service. */
export function followServiceAddresses(server: RegistryClient): void {
  const follow = (now: Service | undefined, old: Service | undefined): void => {
    const wanted = addressesOf(now);
    for (const address of addressesOf(old)) if (!wanted.includes(address)) server.delete(ipAddress, undefined, address);
    for (const address of wanted)
      if (now !== undefined && server.get(ipAddress, undefined, address) === undefined)
        server.create(ipAddress, {
          metadata: { name: address, labels: labels(address) },
          spec: {
            parentRef: { resource: 'services', namespace: now.metadata.namespace ?? '', name: now.metadata.name },
          },
        });
  };
  for (const object of server.list(service)) follow(object, undefined);
  server.watch(service, { from: server.revision }, ({ type, object, old }) =>
    type === 'DELETED' ? follow(undefined, object) : follow(object, old),
  );
}
