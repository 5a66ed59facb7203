import { isOver, type Attachment, type PortConfig, type Service, type ServiceSpec, type Task } from './objects';
import type { SwarmNetworks } from './networks';
import { setState } from './orchestrator/task';
import { Refused, type Store } from './store';

/** Ports that are given to those who do not choose (portallocator.go, dynamicPortStart). */
const FIRST_PORT = 30_000;

export const isIngress = ({ PublishMode }: PortConfig): boolean => PublishMode !== 'host';
const portsOf = ({ EndpointSpec }: ServiceSpec): readonly PortConfig[] => EndpointSpec?.Ports ?? [];
const targetsOf = ({ TaskTemplate, ...spec }: ServiceSpec) =>
  TaskTemplate.Networks ?? (spec as { Networks?: ServiceSpec['TaskTemplate']['Networks'] }).Networks ?? [];

/** Gives services virtual addresses and ports, and tasks addresses (manager/allocator). */
export class Allocator {
  readonly #reserved = new Map<string, readonly Attachment[]>();

  constructor(
    readonly store: Store,
    readonly networks: SwarmNetworks,
  ) {}

  /** A port that another service has published is refused (controlapi, checkPortConflicts). */
  check(spec: ServiceSpec, id?: string): void {
    for (const { PublishedPort = 0, Protocol = 'tcp' } of portsOf(spec).filter(isIngress)) {
      const holder = [...this.store.services.values()].find(
        (other) =>
          other.ID !== id &&
          (other.Endpoint.Ports ?? []).some(
            (port) =>
              isIngress(port) &&
              PublishedPort !== 0 &&
              port.PublishedPort === PublishedPort &&
              (port.Protocol ?? 'tcp') === Protocol,
          ),
      );
      if (holder !== undefined)
        throw new Refused(
          400,
          `rpc error: code = InvalidArgument desc = port '${PublishedPort}' is already in use by service '${holder.Spec.Name}' (${holder.ID})`,
        );
    }
  }

  /** A service's endpoint: what it had it keeps. */
  allocateService(service: Service): void {
    const { Spec } = service;
    const taken = new Set(
      [...this.store.services.values()].flatMap((other) =>
        (other === service ? [] : (other.Endpoint.Ports ?? [])).map(({ PublishedPort }) => PublishedPort),
      ),
    );
    const before = service.Endpoint.Ports ?? [];
    const Ports = portsOf(Spec).map((port): PortConfig => {
      if ((port.PublishedPort ?? 0) !== 0 || !isIngress(port)) return port;
      const kept = before.find(
        ({ TargetPort, Protocol }) => TargetPort === port.TargetPort && Protocol === port.Protocol,
      );
      let number = kept?.PublishedPort ?? 0;
      if (number === 0) for (number = FIRST_PORT; taken.has(number); number++);
      taken.add(number);
      return { ...port, PublishedPort: number };
    });
    const vip = (Spec.EndpointSpec?.Mode ?? 'vip') === 'vip';
    const wanted = vip ? this.#networksOf(Spec).map(({ NetworkID }) => NetworkID) : [];
    const had = service.Endpoint.VirtualIPs ?? [];
    for (const { NetworkID, Addr } of had)
      if (!wanted.includes(NetworkID)) this.networks.overlay(NetworkID)?.pool.release(Addr.split('/')[0] ?? '');
    const VirtualIPs = wanted.flatMap((NetworkID) => {
      const kept = had.find((other) => other.NetworkID === NetworkID);
      if (kept !== undefined) return [kept];
      const pool = this.networks.overlay(NetworkID)?.pool;
      const address = pool?.allocate();
      return pool === undefined || address === undefined ? [] : [{ NetworkID, Addr: `${address}/${pool.prefix}` }];
    });
    const empty = Ports.length === 0 && VirtualIPs.length === 0 && Spec.EndpointSpec === undefined;
    service.Endpoint = empty
      ? { Spec: {} }
      : {
          Spec: Spec.EndpointSpec ?? { Mode: 'vip' },
          ...(Ports.length === 0 ? {} : { Ports }),
          ...(VirtualIPs.length === 0 ? {} : { VirtualIPs }),
        };
  }

  /** Networks of a service in which it has addresses: `ingress` for its published ports, then those it names. */
  #networksOf(spec: ServiceSpec): readonly Attachment[] {
    const { ingress } = this.networks;
    const mesh =
      portsOf(spec).some(isIngress) && ingress !== undefined ? [{ NetworkID: ingress.network.id, Addresses: [] }] : [];
    const own = targetsOf(spec).map(({ Target, Aliases }): Attachment => ({
      NetworkID: this.networks.engine.networks.find(Target)?.id ?? Target,
      Addresses: [],
      ...(Aliases === undefined ? {} : { Aliases }),
    }));
    return [...mesh, ...own];
  }

  releaseService({ Endpoint }: Service): void {
    for (const { NetworkID, Addr } of Endpoint.VirtualIPs ?? [])
      this.networks.overlay(NetworkID)?.pool.release(Addr.split('/')[0] ?? '');
  }

  /** New tasks get addresses; those of tasks that are over come back. */
  look(): void {
    const { store } = this;
    for (const task of store.tasks.values()) if (task.Status.State === 'new') this.#allocateTask(task);
    for (const [id, attachments] of this.#reserved) {
      const task = store.tasks.get(id);
      if (task !== undefined && !isOver(task.Status.State)) continue;
      this.#reserved.delete(id);
      for (const { NetworkID, Addresses } of attachments)
        for (const address of Addresses) this.networks.overlay(NetworkID)?.pool.release(address.split('/')[0] ?? '');
    }
  }

  #allocateTask(task: Task): void {
    const attachments = this.#networksOf(task.made).map((wanted): Attachment => {
      const pool = this.networks.overlay(wanted.NetworkID)?.pool;
      const address = pool?.allocate();
      return pool === undefined || address === undefined
        ? wanted
        : { ...wanted, Addresses: [`${address}/${pool.prefix}`] };
    });
    task.attachments = attachments;
    this.#reserved.set(task.ID, attachments);
    setState(this.store, task, 'pending', 'pending task scheduling');
  }
}
