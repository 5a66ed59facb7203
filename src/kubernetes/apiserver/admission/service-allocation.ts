import { err, ok, type Result } from '../../../sim/result';
import type { Random } from '../../../sim/random';
import { service as serviceKind, type Service, type ServicePort, type ServiceSpec } from '../../api/core/service';
import { FieldErrors } from '../../apimachinery/field-errors';
import { goStrings } from '../../api/validation/pod-spec';
import type { ApiObject } from '../../apimachinery/object';
import { invalid, type Status } from '../../apimachinery/status';
import type { AdmissionPlugin, Attributes } from './admission';

/** The service CIDR of kubeadm and kube-apiserver's default node port range. */
const cidr = { text: '10.96.0.0/12', base: 0x0a600000, size: 2 ** 20 };
const ports = { low: 30000, high: 32767 };
/** The lower band is left for services that ask for an address (KEP-3070). */
const reserved = 256;

/**
 * Gives Services their cluster IPs and node ports. Upstream this is a step of the service's storage, not an admission
 * plugin (pkg/registry/core/service/storage/alloc.go), but it needs the same three moments: reserve, give back, done.
 */
export function serviceAllocation(random: Random): AdmissionPlugin {
  const draw = random.fork('services');
  const addresses = new Set<string>();
  const nodePorts = new Set<string>();
  /** What a write in progress has reserved and not yet stored. */
  let pending: (() => void)[] = [];
  const take = (set: Set<string>, key: string): void => {
    set.add(key);
    pending.push(() => set.delete(key));
  };

  const pickAddress = (): string => {
    for (;;) {
      const address = addressText(cidr.base + draw.between(reserved, cidr.size - 2));
      if (!addresses.has(address)) return address;
    }
  };
  const pickPort = (protocol: string): number | undefined => {
    const free = (port: number): boolean => !nodePorts.has(`${port}/${protocol}`);
    for (let attempt = 0; attempt < 64; attempt++) {
      const port = draw.between(ports.low, ports.high);
      if (free(port)) return port;
    }
    for (let port = ports.low; port <= ports.high; port++) if (free(port)) return port;
    return undefined;
  };

  const allocateAddress = (spec: ServiceSpec, old: ServiceSpec | undefined, errors: FieldErrors): ServiceSpec => {
    if (spec.type === 'ExternalName') return spec;
    const asked = spec.clusterIP ?? spec.clusterIPs?.[0] ?? '';
    const families = {
      ipFamilies: spec.ipFamilies ?? ['IPv4'],
      ipFamilyPolicy: spec.ipFamilyPolicy ?? 'SingleStack',
    };
    const given = (clusterIP: string): ServiceSpec => ({ ...spec, ...families, clusterIP, clusterIPs: [clusterIP] });
    if (asked === 'None') {
      const open = spec.selector === undefined && spec.ipFamilyPolicy === undefined;
      return { ...given('None'), ...(open ? { ipFamilies: ['IPv4'], ipFamilyPolicy: 'RequireDualStack' } : {}) };
    }
    if (asked !== '' && asked === old?.clusterIP) return given(asked);
    if (asked === '') {
      const address = pickAddress();
      take(addresses, address);
      return given(address);
    }
    const number = addressNumber(asked);
    const at = errors.at('spec').at('clusterIPs');
    if (number === undefined) return spec;
    // Neither the network's own address nor the broadcast address.
    if (number <= cidr.base || number >= cidr.base + cidr.size - 1)
      at.invalid(
        goStrings([asked]),
        `failed to allocate IP ${asked}: the provided IP (${asked}) is not in the valid range. The range of valid IPs is ${cidr.text}`,
      );
    else if (addresses.has(asked))
      at.invalid(goStrings([asked]), `failed to allocate IP ${asked}: provided IP is already allocated`);
    else take(addresses, asked);
    return given(asked);
  };

  const allocatePorts = (spec: ServiceSpec, old: ServiceSpec | undefined, errors: FieldErrors): ServiceSpec => {
    const wants =
      spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
    if (spec.ports === undefined) return spec;
    const had = new Set((old?.ports ?? []).flatMap((port) => (port.nodePort === undefined ? [] : [portKey(port)])));
    let changed = false;
    const allocated = spec.ports.map((port, index): ServicePort => {
      const { nodePort, protocol } = port;
      if (nodePort === undefined || nodePort === 0) {
        if (!wants) return port;
        const before = old?.ports?.find((each) => each.port === port.port && each.protocol === protocol)?.nodePort;
        const picked = before ?? pickPort(protocol);
        if (picked === undefined) {
          errors.at('spec').at('ports').index(index).at('nodePort').internal('no free node ports');
          return port;
        }
        if (before === undefined) take(nodePorts, `${picked}/${protocol}`);
        changed = true;
        return { ...port, nodePort: picked };
      }
      if (had.has(portKey(port))) return port;
      const at = errors.at('spec').at('ports').index(index).at('nodePort');
      if (nodePort < ports.low || nodePort > ports.high)
        at.invalid(
          nodePort,
          `provided port is not in the valid range. The range of valid ports is ${ports.low}-${ports.high}`,
        );
      else if (nodePorts.has(portKey(port))) at.invalid(nodePort, 'provided port is already allocated');
      else take(nodePorts, portKey(port));
      return port;
    });
    return changed ? { ...spec, ports: allocated } : spec;
  };

  return {
    name: 'service allocation',
    resources: [serviceKind.resource],
    allocate<T extends ApiObject>({ object, old, subresource }: Attributes<T>): Result<T, Status> {
      pending = [];
      if (subresource !== undefined) return ok(object);
      const service = object as unknown as Service;
      const before = (old as unknown as Service | undefined)?.spec;
      const errors = new FieldErrors();
      const spec = allocatePorts(allocateAddress(service.spec, before, errors), before, errors);
      if (errors.any) {
        for (const undo of pending) undo();
        pending = [];
        return err(invalid('', 'Service', service.metadata.name, errors.causes));
      }
      return ok({ ...service, spec } as unknown as T);
    },
    release(): void {
      for (const undo of pending) undo();
      pending = [];
    },
    stored(_kind, object, old): void {
      pending = [];
      const now = reservations(object as Service | undefined);
      const before = reservations(old as Service | undefined);
      for (const address of before.addresses) if (!now.addresses.includes(address)) addresses.delete(address);
      for (const port of before.ports) if (!now.ports.includes(port)) nodePorts.delete(port);
      for (const address of now.addresses) addresses.add(address);
      for (const port of now.ports) nodePorts.add(port);
    },
  };
}

const portKey = ({ nodePort, protocol }: ServicePort): string => `${nodePort}/${protocol}`;

function reservations(service: Service | undefined): { addresses: readonly string[]; ports: readonly string[] } {
  if (service === undefined) return { addresses: [], ports: [] };
  return {
    addresses: (service.spec.clusterIPs ?? []).filter((each) => each !== 'None' && each !== ''),
    ports: (service.spec.ports ?? []).filter(({ nodePort }) => nodePort !== undefined && nodePort > 0).map(portKey),
  };
}

const addressText = (number: number): string =>
  `${(number >>> 24) & 255}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;

function addressNumber(text: string): number | undefined {
  const parts = text.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
