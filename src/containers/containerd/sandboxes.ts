import { latencies } from '../../sim/latencies';
import { err, ok, type Result } from '../../sim/result';
import type { Process } from '../../linux/process/types';
import { Shim } from '../shim/shim';
import { containerdOf, criRecord } from './metadata';
import type { Container } from './container';
import type { CniSandbox, ContainerEvent, CriError, CriRuntime, Done, PodSandboxConfig } from './cri';
import type { CriOptions } from './cri-runtime';
import { notFound, prefixed, unknown } from './errors';
import type { ImageStore } from './image-store';
import {
  cgroupOf,
  removeSandboxFiles,
  sandboxSpec,
  sandboxStatus,
  usesHostNetwork,
  writeSandboxFiles,
  type Sandbox,
} from './sandbox';
import { mountSnapshot, taskRoot, type OverlayfsSnapshotter } from './snapshots';

const sandboxImage = 'registry.k8s.io/pause:3.10';

/** What sandboxes need of the CRI around them. */
export interface SandboxHooks {
  readonly images: ImageStore;
  readonly snapshotter: OverlayfsSnapshotter;
  pull(image: string, done: Done<string>): void;
  /** Removes a container that goes with its sandbox. */
  discard(container: Container): void;
  signal(type: ContainerEvent['type'], sandbox: Sandbox, containerId: string): void;
}

/** The pod sandboxes of one containerd. */
export class Sandboxes {
  readonly #options: CriOptions;
  readonly #hooks: SandboxHooks;
  readonly #all = new Map<string, Sandbox>();

  constructor(options: CriOptions, hooks: SandboxHooks) {
    this.#options = options;
    this.#hooks = hooks;
  }

  run(config: PodSandboxConfig, done: Done<string>): void {
    const run = (): void => {
      const pause = this.#hooks.images.find(sandboxImage);
      if (pause !== undefined) {
        this.#options.clock.setTimer(latencies.cni + latencies.runcCreate, () => done(this.#run(config)));
        return;
      }
      this.#hooks.pull(sandboxImage, (pulled) => {
        if (pulled.ok) run();
        else done(err(prefixed(`failed to get sandbox image ${JSON.stringify(sandboxImage)}: `, pulled.error)));
      });
    };
    run();
  }

  #run(config: PodSandboxConfig): Result<string, CriError> {
    const { host, random, clock, trace, cni } = this.#options;
    const stored = this.#hooks.images.find(sandboxImage);
    if (stored === undefined) return unknown(`failed to get sandbox image ${JSON.stringify(sandboxImage)}`);
    const id = random.hex(64);
    const shim = Shim.start(host, 'k8s.io', id);
    if (!shim.ok) return unknown(`failed to start shim: ${shim.error}`);
    const { namespace, name } = config.metadata;
    trace.record(`containerd@${host.name}`, 'run', `sandbox ${namespace}/${name}`, { id });
    const snapshot = this.#hooks.snapshotter.prepare(id, stored.image);
    const sandbox: Sandbox = {
      id,
      config,
      createdAt: clock.now,
      netnsPath: `/var/run/netns/cni-${random.uuid()}`,
      shim: shim.value,
      snapshot,
      containers: new Set(),
      pause: undefined,
      network: undefined,
      state: 'SANDBOX_READY',
      ip: '',
      stopping: false,
    };
    const mounted = mountSnapshot(host, snapshot);
    if (!mounted.ok) return unknown(mounted.error);
    writeSandboxFiles(host, id, config);
    let network: string | undefined;
    const plug = (child: Process): Result<void, string> => {
      if (usesHostNetwork(config)) return ok(undefined);
      sandbox.network = child.net;
      child.net.setUp('lo', true);
      // enable_unprivileged_ports, on since containerd 2.0.
      child.net.setSysctl('net.ipv4.ip_unprivileged_port_start', '0');
      const added = cni.add(this.#cniSandbox(sandbox));
      if (added.ok) sandbox.ip = added.value.ip;
      else network = added.error;
      return added.ok ? ok(undefined) : err(added.error);
    };
    const spec = sandboxSpec(id, config, stored.image, snapshot);
    const started = shim.value.run(spec, { terminal: false, stdin: false }, plug);
    if (!started.ok) {
      if (sandbox.network !== undefined) cni.del(this.#cniSandbox(sandbox));
      this.#discard(sandbox);
      return unknown(
        network === undefined
          ? `failed to create containerd task: failed to create shim task: OCI runtime create failed: ${started.error}`
          : `failed to setup network for sandbox ${JSON.stringify(id)}: ${network}`,
      );
    }
    sandbox.pause = started.value;
    sandbox.network = started.value.namespaces.net;
    this.#all.set(id, sandbox);
    const labels = { ...config.labels };
    containerdOf(host)
      .namespace('k8s.io')
      .create(criRecord(id, 'sandbox', sandboxImage, labels, clock.now));
    started.value.onExit(() => {
      sandbox.state = 'SANDBOX_NOTREADY';
      this.#hooks.signal('stopped', sandbox, id);
    });
    this.#hooks.signal('started', sandbox, id);
    return ok(id);
  }

  #cniSandbox({ id, network, netnsPath, config }: Sandbox): CniSandbox {
    const { namespace, name } = config.metadata;
    const netns = network ?? this.#options.host.net;
    return { id, netns, netnsPath, namespace, name, portMappings: config.portMappings ?? [] };
  }

  stop(sandboxId: string, done: Done): void {
    const sandbox = this.find(sandboxId);
    if (sandbox === undefined) {
      done(ok(undefined));
      return;
    }
    const living = [...sandbox.containers].filter(({ state }) => state === 'CONTAINER_RUNNING');
    let left = living.length;
    const killPause = (): void => {
      if (!sandbox.stopping) {
        sandbox.stopping = true;
        if (!usesHostNetwork(sandbox.config)) this.#options.cni.del(this.#cniSandbox(sandbox));
      }
      sandbox.state = 'SANDBOX_NOTREADY';
      const gone = (): void => {
        // The namespace was held by its name in /var/run/netns; with that gone, so is all that is in it.
        if (!usesHostNetwork(sandbox.config)) sandbox.pause?.namespaces.net.destroy();
        done(ok(undefined));
      };
      if (sandbox.pause === undefined) gone();
      else {
        sandbox.pause.kill('SIGKILL');
        sandbox.pause.onExit(gone);
      }
    };
    if (left === 0) killPause();
    for (const container of living) {
      container.process?.kill('SIGKILL');
      container.process?.onExit(() => {
        if (--left === 0) killPause();
      });
    }
  }

  remove(sandboxId: string, done: Done): void {
    const sandbox = this.find(sandboxId);
    if (sandbox === undefined) {
      done(ok(undefined));
      return;
    }
    this.stop(sandbox.id, () => {
      for (const container of [...sandbox.containers]) this.#hooks.discard(container);
      this.#all.delete(sandbox.id);
      this.#discard(sandbox);
      this.#hooks.signal('deleted', sandbox, sandbox.id);
      done(ok(undefined));
    });
  }

  #discard(sandbox: Sandbox): void {
    const { host } = this.#options;
    host.fs.umount(sandbox.snapshot.target);
    host.fs.rmdir(`/sys/fs/cgroup${cgroupOf(sandbox.config.cgroupParent, sandbox.id)}`);
    this.#hooks.snapshotter.remove(sandbox.id);
    host.fs.removeAll(`${taskRoot}/${sandbox.id}`);
    removeSandboxFiles(host, sandbox.id);
    sandbox.shim.stop();
    containerdOf(host).namespace('k8s.io').delete(sandbox.id);
  }

  status(sandboxId: string): ReturnType<CriRuntime['podSandboxStatus']> {
    const sandbox = this.find(sandboxId);
    return sandbox === undefined ? notFound('sandbox', sandboxId) : ok(sandboxStatus(sandbox));
  }

  list(filter: Parameters<CriRuntime['listPodSandbox']>[0] = {}): ReturnType<CriRuntime['listPodSandbox']> {
    return [...this.#all.values()]
      .filter(
        ({ id, config, state }) =>
          (filter.id === undefined || id.startsWith(filter.id)) &&
          (filter.podUid === undefined || config.metadata.uid === filter.podUid) &&
          (filter.state === undefined || state === filter.state),
      )
      .map(sandboxStatus);
  }

  /** By id or its beginning. */
  find(id: string): Sandbox | undefined {
    const exact = this.#all.get(id);
    if (exact !== undefined || id.length < 2) return exact;
    const matches = [...this.#all.values()].filter((sandbox) => sandbox.id.startsWith(id));
    return matches.length === 1 ? matches[0] : undefined;
  }
}
