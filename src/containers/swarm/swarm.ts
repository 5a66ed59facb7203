import { err, type Result } from '../../sim/result';
import type { Container } from '../dockerd/container';
import type { Engine } from '../dockerd/engine';
import type { SwarmHook } from '../dockerd/swarm-hook';
import type { EngineBuild } from '../dockerd/build-info';
import type { Refusal } from '../dockerd/network/drivers';
import type { Network, NetworkCreate } from '../dockerd/network/network';
import { Agent } from './agent';
import { Allocator, isIngress } from './allocator';
import { rootCertificate } from './certificate';
import { newSecret, rootDigest, tokenOf, unlockKey } from './identity';
import { SwarmNetworks } from './networks';
import type { ClusterSpec, Meta, Service, SwarmNode, Task, TlsInfo } from './objects';
import { RestartSupervisor, reap } from './orchestrator/restart';
import { reconcileGlobal, reconcileJob, reconcileReplicated } from './orchestrator/slots';
import { setDesired } from './orchestrator/task';
import { Updater } from './orchestrator/update';
import type { MeshPort, Virtual } from './routing-mesh';
import { ableForGlobal, schedule } from './scheduler';
import { Store } from './store';

export interface SwarmInit {
  readonly advertise: string;
  readonly port: number;
  readonly availability: string;
  readonly pools: readonly string[];
  readonly subnetSize: number;
  readonly dataPathPort: number;
  readonly spec: ClusterSpec;
}

/** A swarm of one node, which is its manager: the store, those who watch it, and the node's agent. */
export class Swarm implements SwarmHook {
  readonly store: Store;
  readonly networks: SwarmNetworks;
  readonly allocator: Allocator;
  readonly agent: Agent;
  readonly restarts: RestartSupervisor;
  readonly #updater: Updater;
  readonly cluster: Meta & { Spec: ClusterSpec };
  readonly node: SwarmNode;
  readonly tls: TlsInfo;
  readonly #digest: string;
  #tokens: { worker: string; manager: string };
  unlockKey = '';

  constructor(
    readonly engine: Engine,
    build: EngineBuild,
    readonly options: SwarmInit,
  ) {
    const { clock, random, host, dockerd } = engine.options;
    const store = (this.store = new Store(clock, random));
    this.tls = rootCertificate(random, clock.now);
    this.#digest = rootDigest(random);
    this.#tokens = { worker: newSecret(random), manager: newSecret(random) };
    this.networks = new SwarmNetworks(engine, store, options.pools, options.subnetSize);
    this.node = {
      ...store.meta(),
      Spec: { Labels: {}, Role: 'manager', Availability: options.availability },
      Description: {
        Hostname: host.name,
        Platform: { Architecture: 'x86_64', OS: 'linux' },
        Resources: { NanoCPUs: dockerd.host.cpus * 1e9, MemoryBytes: dockerd.host.memory },
        Engine: { EngineVersion: build.version, Plugins: plugins(build) },
        TLSInfo: this.tls,
      },
      Status: { State: 'ready', Addr: options.advertise },
      ManagerStatus: { Leader: true, Reachability: 'reachable', Addr: `${options.advertise}:${options.port}` },
    };
    store.nodes.set(this.node.ID, this.node);
    this.cluster = { ...store.meta(), Spec: options.spec };
    if (options.spec.EncryptionConfig.AutoLockManagers) this.unlockKey = unlockKey(random);
    this.allocator = new Allocator(store, this.networks);
    this.restarts = new RestartSupervisor(store);
    this.#updater = new Updater(store);
    this.agent = new Agent({
      engine,
      store,
      nodeId: this.node.ID,
      serviceOf: ({ ServiceID }) => store.services.get(ServiceID),
      networkName: (id) => engine.networks.find(id)?.name,
    });
    store.watch(() => this.#look());
  }

  setUp(): Result<void, Refusal> {
    return this.networks.setUp();
  }

  /** Everybody looks at the state, each at its part of it; what one changes the others see next time. */
  #look(): void {
    const { store } = this;
    for (const service of store.services.values()) this.#orchestrate(service);
    for (const task of store.tasks.values()) {
      if (!store.services.has(task.ServiceID)) setDesired(store, task, 'remove');
      // What runs on a drained node goes elsewhere; here there is none.
      else if (
        task.NodeID === this.node.ID &&
        this.node.Spec.Availability === 'drain' &&
        task.Status.State !== 'pending'
      )
        setDesired(store, task, 'shutdown');
    }
    reap(store, this.cluster.Spec.Orchestration.TaskHistoryRetentionLimit ?? 5);
    this.allocator.look();
    schedule(store);
    this.agent.look();
    this.#balance();
  }

  #orchestrate(service: Service): void {
    const { store } = this;
    const { Mode, TaskTemplate } = service.Spec;
    if (Mode?.ReplicatedJob !== undefined || Mode?.GlobalJob !== undefined) {
      for (const task of store.tasksOf(service)) {
        const { DesiredState, Status } = task;
        if (DesiredState === 'complete' && (Status.State === 'failed' || Status.State === 'rejected'))
          this.restarts.restart(service, task);
      }
      reconcileJob(store, service);
      return;
    }
    this.restarts.look(service);
    if (Mode?.Global !== undefined)
      reconcileGlobal(store, service, ableForGlobal(TaskTemplate.Placement?.Constraints ?? []));
    else reconcileReplicated(store, service, Mode?.Replicated?.Replicas ?? 1);
    this.#updater.look(service);
  }

  /** Addresses of a service's running tasks in a network. */
  backends(service: Service, networkId: string): readonly string[] {
    return this.store
      .tasksOf(service)
      .filter(({ Status, DesiredState }) => Status.State === 'running' && DesiredState === 'running')
      .flatMap((task) => addressesIn(task, networkId));
  }

  #balance(): void {
    const { engine, networks, store } = this;
    const services = [...store.services.values()];
    const ingress = networks.ingress?.network.id ?? '';
    const ports = services.flatMap((service): MeshPort[] =>
      (service.Endpoint.Ports ?? []).filter(isIngress).map(({ Protocol = 'tcp', PublishedPort = 0, TargetPort }) => ({
        protocol: Protocol,
        published: PublishedPort,
        target: TargetPort,
        backends: this.backends(service, ingress),
      })),
    );
    networks.mesh.publish(ports);
    for (const container of engine.list()) {
      const inside = container.process?.namespaces.net;
      if (inside === undefined || container.process?.exit !== undefined) continue;
      const own = networks.overlays().filter(({ network }) => container.endpoints.has(network.id));
      if (own.length === 0) continue;
      const virtual = services.flatMap((service): Virtual[] =>
        (service.Endpoint.VirtualIPs ?? [])
          .filter(({ NetworkID }) => own.some(({ network }) => network.id === NetworkID))
          .map(({ NetworkID, Addr }) => ({
            address: Addr.split('/')[0] ?? '',
            backends: this.backends(service, NetworkID),
          })),
      );
      networks.mesh.balance(inside, virtual);
    }
  }

  /** A container started: its virtual addresses are to work before it runs. */
  plugged(): void {
    this.store.wake();
  }

  /** `web` is the service's virtual address, `tasks.web` those of its tasks. */
  addressesOf(container: Container, name: string): readonly string[] | undefined {
    const wanted = name.toLowerCase().replace(/\.$/, '');
    const own = this.networks
      .overlays()
      .filter(({ network }) => network.ingress !== true && container.endpoints.has(network.id));
    for (const { network } of own) {
      for (const service of this.store.services.values()) {
        const target = this.store.tasksOf(service).find((task) => addressesIn(task, network.id).length > 0);
        const vip = service.Endpoint.VirtualIPs?.find(({ NetworkID }) => NetworkID === network.id);
        if (vip === undefined && target === undefined) continue;
        const aliases = (service.Spec.TaskTemplate.Networks ?? [])
          .filter(({ Target }) => Target === network.id || Target === network.name)
          .flatMap(({ Aliases }) => Aliases ?? []);
        const names = [service.Spec.Name, ...aliases].flatMap((one) => [
          one.toLowerCase(),
          `${one}.${network.name}`.toLowerCase(),
        ]);
        if (names.some((one) => wanted === `tasks.${one}`)) return this.backends(service, network.id);
        if (!names.includes(wanted)) continue;
        return vip === undefined ? this.backends(service, network.id) : [vip.Addr.split('/')[0] ?? ''];
      }
    }
    return undefined;
  }

  createNetwork(request: NetworkCreate): Result<Network, Refusal> {
    return this.networks.create(request);
  }

  removeNetwork(network: Network): Result<void, Refusal> {
    const user = [...this.store.services.values()].find(({ Spec }) =>
      (Spec.TaskTemplate.Networks ?? []).some(({ Target }) => Target === network.id || Target === network.name),
    );
    if (user !== undefined)
      return err({
        status: 400,
        message: `rpc error: code = FailedPrecondition desc = network ${network.id} is in use by service ${user.ID}`,
      });
    this.networks.remove(network);
    return { ok: true, value: undefined };
  }

  token(role: 'worker' | 'manager'): string {
    return tokenOf(this.#digest, this.#tokens[role]);
  }

  rotateToken(role: 'worker' | 'manager'): void {
    this.#tokens = { ...this.#tokens, [role]: newSecret(this.engine.options.random) };
    this.store.touch(this.cluster);
  }

  rotateUnlockKey(): void {
    this.unlockKey = unlockKey(this.engine.options.random);
  }

  /** `Swarm` of `docker info`. */
  info(): object {
    const { node, options, cluster } = this;
    return {
      NodeID: node.ID,
      NodeAddr: options.advertise,
      LocalNodeState: 'active',
      ControlAvailable: true,
      Error: '',
      RemoteManagers: [{ NodeID: node.ID, Addr: `${options.advertise}:${options.port}` }],
      Nodes: this.store.nodes.size,
      Managers: 1,
      Cluster: this.clusterJson(cluster),
    };
  }

  clusterJson({ ID, Version, CreatedAt, UpdatedAt, Spec }: Meta & { Spec: ClusterSpec }): object {
    const { pools, subnetSize, dataPathPort } = this.options;
    return {
      ID,
      Version,
      CreatedAt,
      UpdatedAt,
      Spec,
      TLSInfo: this.tls,
      RootRotationInProgress: false,
      DefaultAddrPool: pools.length === 1 && pools[0] === '10.0.0.0/8' ? null : pools,
      SubnetSize: subnetSize,
      DataPathPort: dataPathPort,
    };
  }

  get pingState(): string {
    return 'active/manager';
  }

  /** The node leaves: tasks and their containers go, and all state with the last manager. */
  leave(): void {
    this.store.close();
    this.agent.leave();
    this.networks.tearDown();
  }
}

export const addressesIn = ({ attachments }: Task, networkId: string): readonly string[] =>
  attachments
    .filter(({ NetworkID }) => NetworkID === networkId)
    .flatMap(({ Addresses }) => Addresses.map((address) => address.split('/')[0] ?? ''));

const plugins = ({ logDrivers }: EngineBuild): readonly { readonly Type: string; readonly Name: string }[] => [
  ...[...logDrivers].sort().map((Name) => ({ Type: 'Log', Name })),
  ...['bridge', 'host', 'ipvlan', 'macvlan', 'null', 'overlay'].map((Name) => ({ Type: 'Network', Name })),
  { Type: 'Volume', Name: 'local' },
];
