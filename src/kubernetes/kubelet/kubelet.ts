import type { Timer } from '../../sim/clock';
import { namespace } from '../api/core/namespace';
import { node } from '../api/core/node';
import { pod as podKind, type Pod } from '../api/core/pod';
import { service } from '../api/core/service';
import type { WatchEvent } from '../apiserver/registry';
import { createEventRecorder } from '../client/events';
import type { NodeConnections } from '../apiserver/rest/node-connections';
import { Backoff } from './backoff';
import { createConnections } from './connections';
import { ServiceVariables } from './environment';
import { ImageManager } from './images';
import { ensureChains } from './iptables';
import { NodeReporter } from './node';
import { discover, RuntimePod } from './runtime-pod';
import { deleteMirror, ensureMirror, MIRROR, StaticPods } from './static-pods';
import type { KubeletContext, KubeletOptions } from './types';
import { PodWorker, type Shared } from './worker';

export type { KubeletConfig, KubeletOptions, ProbeNetwork, ProbeRequest, ProbeResult } from './types';

export interface Kubelet {
  stop(): void;
  /** What the kubelet runs of a pod, for exec, logs and the like. */
  runtimePod(uid: string): RuntimePod | undefined;
  /** By the pod as the server knows it (mirrors have another uid than what runs). */
  find(pod: Pod): { readonly pod: Pod; readonly runtime: RuntimePod } | undefined;
  /** exec, logs, attach, port-forward: what the server asks of it (port 10250). */
  readonly connections: NodeConnections;
}

/** The generic PLEG looks at the runtime each second. */
const RELIST = 1000;
/** How often writes that were lost are tried again (status manager's syncBatch, mirror pods). */
const CATCH_UP = 10_000;

/** The node agent. Upstream: pkg/kubelet/kubelet.go */
export function createKubelet(options: KubeletOptions): Kubelet {
  const { client, cri, clock, config, random } = options;
  const events = createEventRecorder({ client, clock, component: 'kubelet', host: config.nodeName });
  const context: KubeletContext = { ...options, events };
  const workers = new Map<string, PodWorker>();
  const found = new Map(discover(cri));
  const services = new ServiceVariables(client);
  const lost = new Set<PodWorker>();
  let statics: ReadonlyMap<string, Pod> = new Map();
  let relist: Timer | undefined;
  let dirty: (() => void)[] = [];
  const dirtyPods = new Set<string>();
  let catchingUp = false;
  let stopped = false;
  const phase = random.below(RELIST);

  const shared: Shared = {
    context,
    images: new ImageManager(context),
    crashes: new Backoff(clock),
    services,
    atRelist(run) {
      dirty.push(run);
      scheduleRelist();
    },
    relistAfter: (time) => time + RELIST - ((time - phase) % RELIST),
    statusLost(worker) {
      lost.add(worker);
      scheduleCatchUp();
    },
    gone(worker) {
      if (workers.get(worker.uid) === worker) workers.delete(worker.uid);
      lost.delete(worker);
    },
  };

  function scheduleRelist(): void {
    if (relist !== undefined || stopped) return;
    const delay = RELIST - ((clock.now - phase) % RELIST);
    relist = clock.setTimer(delay, () => {
      relist = undefined;
      const runs = dirty;
      dirty = [];
      const pods = [...dirtyPods];
      dirtyPods.clear();
      for (const run of runs) run();
      for (const uid of pods) workers.get(uid)?.sync();
    });
  }

  /** What could not be told to the server, again; static pods without mirrors too. */
  function scheduleCatchUp(): void {
    if (catchingUp || stopped) return;
    catchingUp = true;
    clock.setTimer(
      CATCH_UP,
      () => {
        catchingUp = false;
        if (stopped) return;
        const again = [...lost];
        lost.clear();
        for (const worker of again) worker.rewrite();
        showMirrors();
      },
      { background: true },
    );
  }

  function showMirrors(): void {
    for (const pod of statics.values()) if (!ensureMirror(context, pod)) scheduleCatchUp();
  }

  function take(pod: Pod): void {
    const { uid } = pod.metadata;
    const known = workers.get(uid);
    if (known !== undefined) {
      known.update(pod);
      return;
    }
    const runtime = found.get(uid) ?? new RuntimePod(cri);
    found.delete(uid);
    const worker = new PodWorker(shared, pod, runtime);
    workers.set(uid, worker);
    worker.sync();
  }

  function onPod({ type, object }: WatchEvent<Pod>): void {
    if (object.metadata.annotations?.[MIRROR] !== undefined) {
      onMirror(type, object);
      return;
    }
    if (type !== 'DELETED') take(object);
    else workers.get(object.metadata.uid)?.remove();
  }

  function onMirror(type: WatchEvent['type'], mirror: Pod): void {
    const { name, namespace: space } = mirror.metadata;
    const own = [...statics.values()].find(({ metadata }) => metadata.name === name && metadata.namespace === space);
    if (own === undefined) {
      if (type !== 'DELETED') deleteMirror(context, mirror);
    } else if (type === 'DELETED' || mirror.metadata.deletionTimestamp !== undefined) {
      ensureMirror(context, own);
      workers.get(own.metadata.uid)?.rewrite();
    } else if (type === 'ADDED') workers.get(own.metadata.uid)?.rewrite();
  }

  function onStatics(pods: ReadonlyMap<string, Pod>): void {
    const before = statics;
    statics = pods;
    for (const [uid, pod] of before) {
      if (pods.has(uid)) continue;
      workers.get(uid)?.remove();
      const mirror = client.get(podKind, pod.metadata.namespace, pod.metadata.name);
      if (mirror?.metadata.annotations?.[MIRROR] !== undefined) deleteMirror(context, mirror);
    }
    for (const pod of pods.values()) take(pod);
    showMirrors();
  }

  function find(pod: Pod): { readonly pod: Pod; readonly runtime: RuntimePod } | undefined {
    const mirrored = pod.metadata.annotations?.[MIRROR] !== undefined;
    const own = mirrored
      ? [...workers.values()].find(
          (worker) =>
            worker.pod.metadata.name === pod.metadata.name && worker.pod.metadata.namespace === pod.metadata.namespace,
        )
      : workers.get(pod.metadata.uid);
    return own === undefined ? undefined : { pod: own.pod, runtime: own.runtime };
  }

  const unsubscribe = cri.subscribe(({ podUid }) => {
    dirtyPods.add(podUid);
    scheduleRelist();
  });
  if (options.netfilter !== undefined) ensureChains(options.netfilter);
  const reporter = new NodeReporter(context);
  const staticPods =
    config.staticPodPath === undefined ? undefined : new StaticPods(context, config.staticPodPath, onStatics);
  staticPods?.start();
  reporter.start();
  const watches = [
    client.watch(podKind, { by: { index: 'spec.nodeName', value: config.nodeName } }, onPod),
    client.watch(service, {}, () => services.changed()),
    // Static pods can be shown once the node and their namespace are there.
    client.watch(node, {}, ({ type, object }) => {
      if (type === 'ADDED' && object.metadata.name === config.nodeName) showMirrors();
    }),
    client.watch(namespace, {}, ({ type }) => {
      if (type === 'ADDED') showMirrors();
    }),
  ];

  return {
    runtimePod: (uid) => workers.get(uid)?.runtime,
    find,
    connections: createConnections(context, find, options.dial),
    stop() {
      stopped = true;
      unsubscribe();
      staticPods?.stop();
      reporter.stop();
      for (const watch of watches) watch.stop();
      for (const worker of workers.values()) worker.stop();
      if (relist !== undefined) clock.cancel(relist);
    },
  };
}
