import type { Envelope } from '../containers/containerd/events';
import { containerdOf } from '../containers/containerd/metadata';
import type { ContainerHost } from '../containers/host';
import type { CriError, CriRuntime, RuntimeStatus } from '../containers/containerd/cri';
import type { Program } from '../linux/process/types';
import type { Clock } from '../sim/clock';
import { err } from '../sim/result';

const socket = '/run/containerd/containerd.sock';

const refused: CriError = {
  code: 'Unavailable',
  message:
    'connection error: desc = "transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: connection refused"',
};

/** What needs a running containerd; its last argument is called with the outcome. */
const calls = new Set<PropertyKey>([
  'runPodSandbox',
  'stopPodSandbox',
  'removePodSandbox',
  'createContainer',
  'startContainer',
  'stopContainer',
  'removeContainer',
  'execSync',
  'exec',
  'attach',
  'pullImage',
] satisfies (keyof CriRuntime)[]);

/** On which hosts containerd was stopped. Containers live on without it (their shims do not need it); its clients do not. */
export class ContainerdServices {
  constructor(
    readonly clock: Clock,
    readonly hostOf: (name: string) => ContainerHost | undefined,
  ) {}

  /** The runtime as clients of its socket find it. */
  guard<T extends CriRuntime>(host: string, runtime: T): T {
    const bound = new Map<PropertyKey, unknown>();
    return new Proxy(runtime, {
      get: (target, key) => {
        if (!this.#serving(host)) {
          if (calls.has(key)) return (...args: readonly unknown[]) => this.#refuse(args.at(-1));
          if (key === 'status') return () => notReady;
        }
        let method = bound.get(key);
        if (method === undefined) {
          const value: unknown = Reflect.get(target, key, target);
          method = typeof value === 'function' ? (value.bind(target) as unknown) : value;
          bound.set(key, method);
        }
        return method;
      },
    });
  }

  #refuse(done: unknown): void {
    if (typeof done === 'function') this.clock.setTimer(0, () => void Reflect.apply(done, undefined, [err(refused)]));
  }

  #serving(name: string): boolean {
    const host = this.hostOf(name);
    return host === undefined || containerdOf(host).serving;
  }

  /** containerd(8): serves its socket while it runs. */
  readonly program: Program = async (process) => {
    const host = this.hostOf(process.host.name);
    if (host === undefined) return 1;
    const containerd = containerdOf(host);
    containerd.serving = true;
    process.atExit(() => (containerd.serving = false));
    process.fs.mkdirAll('/run/containerd', 0o711);
    process.fs.mkdirAll('/var/lib/containerd', 0o711);
    process.fs.unlink(socket);
    process.net.listenUnix(process, socket);
    const stamp = new Date(process.clock.now).toISOString();
    await process.stderr.write(
      `time="${stamp}" level=info msg="starting containerd" revision=fcd43222d6b07379a4be9786bda52438f0dd16a1 version=v2.1.5\n` +
        `time="${stamp}" level=info msg=serving... address=/run/containerd/containerd.sock\n` +
        `time="${stamp}" level=info msg="containerd successfully booted in 0.031s"\n`,
    );
    process.host.systemd?.notify(process.pid, { READY: '1' });
    process.atExit(containerd.events.subscribe((told) => void process.stderr.write(logged(told))));
    await process.block<void>((wake) => {
      const restore = [process.signals.handle('SIGTERM', () => wake()), process.signals.handle('SIGINT', () => wake())];
      return () => restore.forEach((undo) => undo());
    });
    return 0;
  };
}

/** What the daemon's log says of an event. */
function logged({ timestamp, namespace, topic, event }: Envelope): string {
  const id = String(event['container_id']);
  const line = (message: string, rest: string): string =>
    `time="${new Date(timestamp).toISOString()}" level=info msg=${JSON.stringify(message)} ${rest}namespace=${namespace}\n`;
  if (topic === '/tasks/create') return line(`connecting to shim ${id}`, `address="unix:///run/containerd/s/${id}" `);
  if (topic === '/tasks/delete') return line('shim disconnected', `id=${id} `);
  return '';
}

const notReady: RuntimeStatus = {
  runtimeReady: false,
  networkReady: { ok: false, reason: 'NetworkPluginNotReady', message: refused.message },
};
