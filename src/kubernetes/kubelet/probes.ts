import type { Timer } from '../../sim/clock';
import { decode } from '../../linux/io/bytes';
import type { Pod } from '../api/core/pod';
import type { Container, Probe } from '../api/core/pod-spec';
import { durationText } from './backoff';
import type { ProbeView } from './status';
import { containerReference, type KubeletContext, type ProbeResult } from './types';

type ProbeType = 'startup' | 'readiness' | 'liveness';
const title = { startup: 'Startup', readiness: 'Readiness', liveness: 'Liveness' } as const;

interface Worker {
  readonly type: ProbeType;
  readonly container: Container;
  readonly probe: Probe;
  /** When the ticker began. */
  readonly since: number;
  /** The incarnation that the counters are about. */
  id: string;
  result: boolean | undefined;
  /** How often in a row the last outcome came. */
  run: number;
  last: boolean | undefined;
  /** After a failed liveness or startup probe: until there is a new container. */
  onHold: boolean;
  probing: boolean;
  timer: Timer | undefined;
}

export interface ProbeTarget {
  /** The running incarnation of a container, if it runs. */
  running(name: string): { readonly id: string; readonly startedAt: number } | undefined;
  readonly podIP: string;
  readonly pod: Pod;
  /** Readiness or startup changed. */
  changed(): void;
  /** A container must die. */
  failed(container: Container, id: string, type: 'liveness' | 'startup'): void;
}

/** Probes the containers of one pod. Upstream: pkg/kubelet/prober */
export class PodProber implements ProbeView {
  readonly #workers: Worker[] = [];
  #stopped = false;

  constructor(
    readonly context: KubeletContext,
    readonly target: ProbeTarget,
  ) {
    const { spec } = target.pod;
    const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
    for (const container of [...sidecars, ...spec.containers]) {
      const { startupProbe, readinessProbe, livenessProbe } = container;
      if (startupProbe !== undefined) this.#add('startup', container, startupProbe);
      if (readinessProbe !== undefined) this.#add('readiness', container, readinessProbe);
      if (livenessProbe !== undefined) this.#add('liveness', container, livenessProbe);
    }
  }

  started(container: Container, id: string): boolean {
    const worker = this.#find('startup', container.name);
    return worker === undefined || (worker.id === id && worker.result === true);
  }

  ready(container: Container, id: string): boolean {
    const worker = this.#find('readiness', container.name);
    return worker === undefined || (worker.id === id && worker.result === true);
  }

  stop(): void {
    this.#stopped = true;
    for (const { timer } of this.#workers) if (timer !== undefined) this.context.clock.cancel(timer);
  }

  #find = (type: ProbeType, name: string): Worker | undefined =>
    this.#workers.find((worker) => worker.type === type && worker.container.name === name);

  #add(type: ProbeType, container: Container, probe: Probe): void {
    const worker: Worker = {
      type,
      container,
      probe,
      since: this.context.clock.now,
      id: '',
      result: undefined,
      run: 0,
      last: undefined,
      onHold: false,
      probing: false,
      timer: undefined,
    };
    this.#workers.push(worker);
    this.#tick(worker);
  }

  /** Once each period since the pod was taken on. Until there is a first result somebody waits for it. */
  #tick(worker: Worker): void {
    const { clock } = this.context;
    const period = worker.probe.periodSeconds * 1000;
    const elapsed = clock.now - worker.since;
    const delay = period - (elapsed % period);
    const background = worker.result !== undefined || worker.run > worker.probe.failureThreshold;
    worker.timer = clock.setTimer(
      delay,
      () => {
        if (this.#stopped) return;
        this.#probe(worker);
        this.#tick(worker);
      },
      { background },
    );
  }

  #probe(worker: Worker): void {
    const { type, container, probe } = worker;
    const running = this.target.running(container.name);
    if (running === undefined) return;
    if (running.id !== worker.id) {
      worker.id = running.id;
      worker.result = type === 'liveness' ? true : undefined;
      worker.run = 0;
      worker.last = undefined;
      worker.onHold = false;
    }
    if (worker.onHold || worker.probing) return;
    if (this.context.clock.now - running.startedAt < (probe.initialDelaySeconds ?? 0) * 1000) return;
    const isStarted = this.started(container, running.id);
    if (type === 'startup' ? worker.result === true : !isStarted) return;
    worker.probing = true;
    this.#run(worker, running.id, (result) => {
      worker.probing = false;
      if (!this.#stopped && worker.id === running.id) this.#take(worker, result);
    });
  }

  #take(worker: Worker, { ok: success, output }: ProbeResult): void {
    const { type, container, probe } = worker;
    if (!success) {
      const about = containerReference(this.target.pod, 'containers', container.name);
      this.context.events.event(about, 'Warning', 'Unhealthy', `${title[type]} probe failed: ${output}`);
    }
    if (worker.last === success) worker.run++;
    else {
      worker.last = success;
      worker.run = 1;
    }
    if (worker.run < (success ? probe.successThreshold : probe.failureThreshold)) return;
    const before = worker.result;
    worker.result = success;
    if (success || type === 'readiness') {
      if (before !== success) this.target.changed();
      return;
    }
    worker.onHold = true;
    worker.run = 0;
    this.target.failed(container, worker.id, type);
  }

  #run({ probe, container }: Worker, id: string, done: (result: ProbeResult) => void): void {
    const { cri, probes } = this.context;
    const timeout = probe.timeoutSeconds * 1000;
    if (probe.exec !== undefined) {
      const command = probe.exec.command ?? [];
      cri.execSync(id, command, probe.timeoutSeconds, (result) => {
        if (result.ok) {
          const { stdout, stderr, exitCode } = result.value;
          done({ ok: exitCode === 0, output: decode(stdout) + decode(stderr) });
        } else if (result.error.code === 'DeadlineExceeded') {
          const text = `command timed out: "${command.join(' ')}" timed out after ${durationText(timeout)}`;
          done({ ok: false, output: text });
        } else done({ ok: false, output: result.error.message });
      });
      return;
    }
    const { podIP } = this.target;
    if (probes === undefined) return;
    if (probe.tcpSocket !== undefined) {
      const port = portOf(probe.tcpSocket.port, container);
      probes.tcp(probe.tcpSocket.host ?? podIP, port, timeout, done);
      return;
    }
    if (probe.httpGet !== undefined) {
      const { host = podIP, path = '/', scheme, httpHeaders = [] } = probe.httpGet;
      const port = portOf(probe.httpGet.port, container);
      const url = `${scheme.toLowerCase()}://${host}:${port}${path.startsWith('/') ? path : `/${path}`}`;
      probes.http({ url, host, port, path, headers: httpHeaders, timeout }, done);
      return;
    }
    if (probe.grpc !== undefined) probes.tcp(podIP, probe.grpc.port, timeout, done);
  }
}

/** A port by its number or by its name among a container's. */
export const portOf = (port: number | string, { ports = [] }: Container): number =>
  typeof port === 'number' ? port : (ports.find(({ name }) => name === port)?.containerPort ?? Number(port));
