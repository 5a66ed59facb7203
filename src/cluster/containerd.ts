import type { CriError, CriRuntime, RuntimeStatus } from '../containers/containerd/cri';
import type { Program } from '../linux/process/types';
import type { Clock } from '../sim/clock';
import { err } from '../sim/result';

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
  readonly #down = new Set<string>();

  constructor(readonly clock: Clock) {}

  /** The runtime as clients of its socket find it. */
  guard<T extends CriRuntime>(host: string, runtime: T): T {
    const bound = new Map<PropertyKey, unknown>();
    return new Proxy(runtime, {
      get: (target, key) => {
        if (this.#down.has(host)) {
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

  /** containerd(8): serves its socket while it runs. */
  readonly program: Program = async (process) => {
    const { name } = process.host;
    this.#down.delete(name);
    process.atExit(() => this.#down.add(name));
    const stamp = new Date(process.clock.now).toISOString();
    await process.stderr.write(
      `time="${stamp}" level=info msg="starting containerd" revision=fcd43222d6b07379a4be9786bda52438f0dd16a1 version=v2.1.5\n` +
        `time="${stamp}" level=info msg=serving... address=/run/containerd/containerd.sock\n` +
        `time="${stamp}" level=info msg="containerd successfully booted in 0.031s"\n`,
    );
    process.host.systemd?.notify(process.pid, { READY: '1' });
    await process.block<void>((wake) => {
      const restore = [process.signals.handle('SIGTERM', () => wake()), process.signals.handle('SIGINT', () => wake())];
      return () => restore.forEach((undo) => undo());
    });
    return 0;
  };
}

const notReady: RuntimeStatus = {
  runtimeReady: false,
  networkReady: { ok: false, reason: 'NetworkPluginNotReady', message: refused.message },
};
