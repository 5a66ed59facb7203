import { createCri, type Containerd } from '../containers/containerd/cri-runtime';
import { registries } from '../containers/images/catalogue';
import { described } from '../containers/images/described';
import { opaqueImage } from '../containers/images/opaque';
import { Registries, type Repository } from '../containers/images/registry';
import type { Registry } from '../kubernetes/apiserver/registry';
import { Host } from '../linux/host';
import { createLan } from '../linux/net/lan';
import type { Process } from '../linux/process/types';
import type { ControlPlane } from '../programs/kubernetes/control-plane';
import { Clock } from '../sim/clock';
import { Random } from '../sim/random';
import { Trace } from '../sim/trace';
import { installBaseSystem, routerOf } from './base-system';
import { ContainerdServices } from './containerd';
import { startDesktop, type MachineEngine } from './desktop/desktop';
import { DockerState } from './docker-state';
import type * as Kubernetes from './kubernetes';
import { hostTools, programsFor } from './programs';
import { Router } from './router';
import { isKubernetes, type HostPlan, type Topology } from './topology';
import { stateHash } from './state-hash';
import { startUnits } from './units';

export interface LabOptions {
  readonly topology: Topology;
  readonly seed: number;
  /** When the world begins, in virtual milliseconds since the epoch. */
  readonly begin?: number;
  /** What there is to pull; the catalogue if nobody says otherwise. */
  readonly repositories?: readonly Repository[];
  /** One turn of the real event loop. */
  readonly settle: () => Promise<void>;
  /** A program of ours threw. */
  readonly fault?: (error: unknown, process: Process) => void;
}

/** When a world begins if nobody says otherwise. Virtual milliseconds since the epoch. */
const BEGIN = Date.UTC(2026, 0, 5, 9, 0, 0);

/** How long a cluster may take to come up before it is taken as it is. Virtual milliseconds. */
const PATIENCE = 300_000;

/** A lab of hosts on one network, as `createLab` put it together. */
export class Lab {
  readonly clock: Clock;
  readonly trace = new Trace();
  readonly random: Random;
  readonly topology: Topology;
  readonly hosts: Host[];
  readonly controlPlane: ControlPlane | undefined;
  readonly docker: DockerState;
  readonly #runtimes = new Map<string, Containerd>();
  readonly #containerd: ContainerdServices;
  /** The registries of the internet; what they allow can be set. */
  readonly registries: Registries;
  readonly #byName = new Map<string, Host>();
  readonly #kubernetes: typeof Kubernetes | undefined;
  readonly #router: Router;
  readonly #machines = new Map<string, MachineEngine>();
  readonly #makeHost: (plan: HostPlan, topology: Topology, trace?: Trace) => Host;

  constructor(options: LabOptions, kubernetes: typeof Kubernetes | undefined) {
    this.#kubernetes = kubernetes;
    const { topology, seed, settle, fault, begin = BEGIN, repositories = registries } = options;
    this.topology = topology;
    this.random = new Random(seed);
    this.clock = new Clock({ start: begin, settle, trace: this.trace });
    this.#containerd = new ContainerdServices(this.clock, (name) => this.#byName.get(name));
    this.controlPlane = kubernetes?.createControlPlane({
      clock: this.clock,
      random: this.random.fork('apiserver'),
      trace: this.trace,
      runtimeOf: (name) => this.#runtimes.get(name),
    });
    // Who brings registries of their own (a replay of recordings) has no others.
    const images =
      repositories === registries
        ? new Registries(registries, opaqueImage, [...described.keys()])
        : new Registries(repositories);
    this.registries = images;
    const lan = createLan('lab');
    this.docker = new DockerState(this.clock);
    const { controlPlane } = this;
    const programs = programsFor({
      containerd: this.#containerd.program,
      kubernetes: controlPlane === undefined ? {} : (kubernetes?.createKubernetesPrograms(controlPlane) ?? {}),
      docker: {
        registries: images,
        hostOf: (name) => this.#byName.get(name),
        running: (name, dockerd) => this.docker.running(name, dockerd),
        machine: (name) => this.#machines.get(name),
      },
    });
    const { clock, trace } = this;
    this.#router = new Router({ lan, topology, clock, random: this.random.fork('router'), trace });
    this.#makeHost = (plan, wired, told = trace) => {
      const host = new Host({
        name: plan.name,
        clock,
        random: this.random.fork(plan.name),
        trace: told,
        programs,
        release: plan.release,
        cgroup: plan.cgroup,
        without: plan.without,
        disk: plan.disk,
        ...(plan.cpus === undefined ? {} : { cpus: plan.cpus }),
        ...(plan.memory === undefined ? {} : { memory: plan.memory }),
        ...(fault === undefined ? {} : { fault }),
      });
      this.#byName.set(plan.name, host);
      installBaseSystem(host, plan, wired, hostTools(programs, plan.roles));
      return host;
    };
    this.hosts = topology.hosts.map((plan) => this.#host(plan, lan, images));
  }

  #host(plan: HostPlan, lan: ReturnType<typeof createLan>, images: Registries): Host {
    const { topology } = this;
    const host = this.#makeHost(plan, topology);
    host.net.setUp('lo', true);
    host.net.addCard('eth0', lan);
    host.net.setUp('eth0', true);
    host.net.addAddress('eth0', `${plan.address}/${topology.prefix}`);
    host.net.addRoute({ destination: 'default', via: routerOf(topology), device: 'eth0' });
    if (plan.roles.some((role) => role !== 'workstation')) this.#addRuntime(host, images);
    return host;
  }

  /** containerd with the network plug-in of the cluster, for hosts that are nodes. */
  #addRuntime(host: Host, images: Registries): void {
    const { clock, trace, random } = this;
    const cni = this.#kubernetes?.createFlannelCni({
      fs: host.fs,
      net: host.net,
      random: random.fork(`cni ${host.name}`),
      trace,
      nodeName: host.name,
    });
    if (cni === undefined) return;
    const fork = random.fork(`cri ${host.name}`);
    const runtime = createCri({ host, registries: images, cni, clock, random: fork, trace });
    this.#runtimes.set(host.name, this.#containerd.guard(host.name, runtime));
  }

  /** The host on which the learner sits. */
  get first(): Host {
    const [first] = this.hosts;
    if (first === undefined) throw new Error(`topology ${this.topology.name} has no hosts`);
    return first;
  }

  host(name: string): Host | undefined {
    return this.#byName.get(name);
  }

  get registry(): Registry | undefined {
    return this.controlPlane?.registry;
  }

  /** Starts everything and lets virtual time run, at full speed, until the cluster is what kubeadm leaves. */
  async boot(): Promise<void> {
    const kubernetes = this.#kubernetes;
    await kubernetes?.loadYaml();
    const { controlPlane, topology, clock } = this;
    const { hollow } = topology;
    const [first] = topology.hosts;
    const random = this.random.fork('kubeadm');
    if (kubernetes !== undefined && controlPlane !== undefined && first !== undefined) {
      if (hollow !== undefined)
        kubernetes.startHollow({ host: this.first, plan: first, hollow, controlPlane, clock, random });
      else kubernetes.installCluster({ lab: this, controlPlane, runtimes: this.#runtimes, random });
    }
    this.#router.start();
    for (const plan of topology.hosts) {
      const host = this.host(plan.name);
      if (host !== undefined) startUnits(host, plan);
    }
    if (topology.desktop === true) this.#startDesktop();
    clock.wake();
    if (kubernetes === undefined || controlPlane === undefined) {
      await clock.advance(1000);
    } else if (hollow !== undefined) {
      await clock.runUntil(() => kubernetes.hollowReady(controlPlane, hollow), { limit: PATIENCE });
      await clock.advance(1000);
    } else {
      await clock.runUntil(() => this.#ready(kubernetes, controlPlane.registry), { limit: PATIENCE });
      await clock.advanceTo(clock.now);
    }
  }

  /** Machines that Docker Desktop keeps become hosts when they are first needed. */
  #startDesktop(): void {
    startDesktop({
      workstation: this.first,
      clock: this.clock,
      random: this.random.fork('desktop'),
      makeHost: (plan, topology, trace) => {
        const host = this.#makeHost(plan, topology, trace);
        this.hosts.push(host);
        return host;
      },
      describe: (name, engine) => this.#machines.set(name, engine),
    });
  }

  #ready({ node, pod }: typeof Kubernetes, registry: Registry): boolean {
    const wanted = this.#runtimes.size;
    const nodes = registry.list(node);
    const up = nodes.filter(({ status }) => isTrue(status.conditions, 'Ready')).length;
    if (up < wanted) return false;
    const pods = registry.list(pod);
    return pods.length >= 4 + 2 * wanted + 2 && pods.every(({ status }) => isTrue(status.conditions, 'Ready'));
  }

  /** A digest of all that happened and of what there is. */
  get hash(): string {
    const { trace, hosts, registry } = this;
    return stateHash({ trace, hosts, registry, kinds: this.#kubernetes?.kinds ?? [] });
  }
}

const isTrue = (
  conditions: readonly { readonly type: string; readonly status: string }[] | undefined,
  wanted: string,
): boolean => conditions?.some(({ type, status }) => type === wanted && status === 'True') ?? false;

/** Builds a lab; nothing runs before `boot`. */
export async function createLab(options: LabOptions): Promise<Lab> {
  return new Lab(options, isKubernetes(options.topology) ? await import('./kubernetes') : undefined);
}
