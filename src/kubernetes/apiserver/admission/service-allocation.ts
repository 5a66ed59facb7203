import { err, ok, type Result } from '../../../sim/result';
import type { Random } from '../../../sim/random';
import { service as serviceKind, type Service, type ServicePort, type ServiceSpec } from '../../api/core/service';
import { FieldErrors } from '../../apimachinery/field-errors';
import { goStrings } from '../../api/validation/pod-spec';
import type { ApiObject } from '../../apimachinery/object';
import { failure, invalid, type Status } from '../../apimachinery/status';
import type { AdmissionPlugin, Attributes } from './admission';
import { initFamilies } from './service-families';
import { PortAllocator, type PortOperation } from './port-allocator';

/** The service CIDR of kubeadm. */
const cidr = { text: '10.96.0.0/12', base: 0x0a600000, size: 2 ** 20 };
/** The lower band is left for services that ask for an address (KEP-3070). */
const reserved = 256;

/**
 * Gives Services their cluster IPs and node ports. Upstream this is a step of the service's storage, not an admission
 * plugin (pkg/registry/core/service/storage/alloc.go), but it needs the same three moments: reserve, give back, done.
 */
export function serviceAllocation(random: Random): AdmissionPlugin {
  const draw = random.fork('services');
  const addresses = new Set<string>();
  const ports = new PortAllocator(draw);
  /** What a write in progress has reserved and not yet stored. */
  let pending: (() => void)[] = [];
  const giveBack = (): void => {
    for (const undo of pending) undo();
    pending = [];
  };

  const pickAddress = (): string => {
    for (;;) {
      const address = addressText(cidr.base + draw.between(reserved, cidr.size - 2));
      if (!addresses.has(address)) return address;
    }
  };

  const allocateAddress = (
    spec: ServiceSpec,
    old: ServiceSpec | undefined,
    dryRun: boolean,
    errors: FieldErrors,
  ): ServiceSpec => {
    const full = initFamilies(spec, old, errors.at('spec'));
    if (errors.any || full.type === 'ExternalName') return full;
    const asked = full.clusterIP ?? full.clusterIPs?.[0] ?? '';
    const given = (clusterIP: string): ServiceSpec => ({ ...full, clusterIP, clusterIPs: [clusterIP] });
    if (asked === 'None') return given('None');
    if (asked !== '' && asked === old?.clusterIP) return given(asked);
    // A dry run makes no address up: it shows that of the network.
    const address = asked !== '' ? asked : dryRun ? addressText(cidr.base) : pickAddress();
    if (asked !== '' && !inRange(asked))
      errors
        .at('spec')
        .at('clusterIPs')
        .invalid(
          goStrings([asked]),
          `failed to allocate IP ${asked}: the provided IP (${asked}) is not in the valid range. The range of valid IPs is ${cidr.text}`,
        );
    else if (!dryRun && addresses.has(address))
      errors
        .at('spec')
        .at('clusterIPs')
        .invalid(goStrings([asked]), `failed to allocate IP ${asked}: provided IP is already allocated`);
    else if (!dryRun) {
      addresses.add(address);
      pending.push(() => addresses.delete(address));
    }
    return given(address);
  };

  return {
    name: 'service allocation',
    resources: [serviceKind.resource],
    allocate<T extends ApiObject>({ object, old, subresource, dryRun }: Attributes<T>): Result<T, Status> {
      pending = [];
      if (subresource !== undefined) return ok(object);
      const service = object as unknown as Service;
      const { name } = service.metadata;
      const before = (old as unknown as Service | undefined)?.spec;
      const errors = new FieldErrors();
      const addressed = allocateAddress(service.spec, before, dryRun, errors);
      if (errors.any) {
        giveBack();
        return err(invalid('', 'Service', name, errors.causes));
      }
      const operation = ports.operation(dryRun);
      pending.push(() => operation.revert());
      const spec = allocatePorts(addressed, before, operation, name);
      if (!spec.ok) {
        giveBack();
        return spec;
      }
      return ok({ ...service, spec: spec.value } as unknown as T);
    },
    release: giveBack,
    stored(_kind, object, old): void {
      pending = [];
      const now = reservations(object as Service | undefined);
      const before = reservations(old as Service | undefined);
      for (const address of before.addresses) if (!now.addresses.includes(address)) addresses.delete(address);
      for (const port of before.ports) if (!now.ports.includes(port)) ports.taken.delete(port);
      for (const address of now.addresses) addresses.add(address);
      for (const port of now.ports) ports.taken.add(port);
    },
  };
}

const needsHealthCheck = ({ type, externalTrafficPolicy }: ServiceSpec): boolean =>
  type === 'LoadBalancer' && externalTrafficPolicy === 'Local';

/** initNodePorts and allocHealthCheckNodePort: the first failure ends it. */
function allocatePorts(
  spec: ServiceSpec,
  old: ServiceSpec | undefined,
  operation: PortOperation,
  name: string,
): Result<ServiceSpec, Status> {
  const has = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  const wants = spec.type === 'NodePort' || (has && spec.allocateLoadBalancerNodePorts !== false);
  const kept = new Set((old?.ports ?? []).map(({ nodePort = 0 }) => nodePort));
  const allocated = new Map<number, number>();
  let problem: Status | undefined;
  const take = (nodePort: number, index: number): number => {
    const why = kept.has(nodePort) ? undefined : operation.allocate(nodePort);
    if (why === undefined) return nodePort;
    const errors = new FieldErrors();
    errors.at('spec').at('ports').index(index).at('nodePort').invalid(nodePort, why);
    problem ??= invalid('', 'Service', name, errors.causes);
    return nodePort;
  };
  const next = (): number => {
    const port = operation.allocateNext();
    if (port === undefined)
      problem ??= failure(
        500,
        'InternalError',
        'Internal error occurred: failed to allocate a nodePort: range is full',
      );
    return port ?? 0;
  };
  const ports = spec.ports?.map((port, index): ServicePort => {
    const { nodePort = 0 } = port;
    if (!has || problem !== undefined || (nodePort === 0 && !wants)) return port;
    const before = allocated.get(port.port);
    // The same port of another protocol is the same node port.
    if (before !== undefined) {
      if (nodePort !== 0 && nodePort !== before) take(nodePort, index);
      return { ...port, nodePort: nodePort === 0 ? before : nodePort };
    }
    const asked = spec.ports?.find((each) => each.port === port.port && (each.nodePort ?? 0) !== 0)?.nodePort ?? 0;
    const given = asked === 0 ? next() : take(asked, index);
    allocated.set(port.port, given);
    return { ...port, nodePort: nodePort === 0 ? given : nodePort };
  });
  let full: ServiceSpec = ports === undefined ? spec : { ...spec, ports };
  if (problem === undefined && needsHealthCheck(spec)) {
    const asked = spec.healthCheckNodePort ?? 0;
    if (asked === 0) full = { ...full, healthCheckNodePort: next() };
    else if (asked !== old?.healthCheckNodePort) {
      const why = operation.allocate(asked);
      if (why !== undefined)
        problem = failure(
          500,
          'InternalError',
          `Internal error occurred: failed to allocate requested HealthCheck NodePort ${asked}: ${why}`,
        );
    }
  }
  return problem === undefined ? ok(full) : err(problem);
}

function reservations(service: Service | undefined): { addresses: readonly string[]; ports: readonly number[] } {
  if (service === undefined) return { addresses: [], ports: [] };
  const { clusterIPs = [], ports = [], healthCheckNodePort = 0 } = service.spec;
  return {
    addresses: clusterIPs.filter((each) => each !== 'None' && each !== ''),
    ports: [...ports.map(({ nodePort = 0 }) => nodePort), healthCheckNodePort].filter((port) => port > 0),
  };
}

/** Neither the network's own address nor the broadcast address. */
function inRange(address: string): boolean {
  const number = addressNumber(address);
  return number !== undefined && number > cidr.base && number < cidr.base + cidr.size - 1;
}

const addressText = (number: number): string =>
  `${(number >>> 24) & 255}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;

function addressNumber(text: string): number | undefined {
  const parts = text.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
