import { err, ok, type Result } from '../../sim/result';
import { rpcErrorText, type CriError, type ExecSession } from '../../containers/containerd/cri';
import type { NetworkNamespace, StreamSocket } from '../../linux/net/types';
import type { Sys } from '../../linux/errno';
import type { Pod } from '../api/core/pod';
import { badRequest, internalError, type Status } from '../apimachinery/status';
import type {
  AttachRequest,
  ExecRequest,
  NodeConnections,
  RemoteSession,
  RemoteStreams,
} from '../apiserver/rest/node-connections';
import { logDirectory } from './container-config';
import { readLogs } from './logs';
import type { RuntimePod } from './runtime-pod';
import type { KubeletContext } from './types';

/** Connects to a port of 127.0.0.1 in a pod's network, as the kubelet's own process. */
export type Dial = (network: NetworkNamespace, port: number) => Promise<Sys<StreamSocket>>;

interface Found {
  readonly pod: Pod;
  readonly runtime: RuntimePod;
}

/** What the server asks of a kubelet. Upstream: pkg/kubelet/server, kubelet_pods.go */
export function createConnections(
  context: KubeletContext,
  find: (pod: Pod) => Found | undefined,
  dial: Dial | undefined,
): NodeConnections {
  const { cri, fs, clock } = context;

  function running(pod: Pod, container: string): Result<string, Status> {
    const status = find(pod)?.runtime.status(container);
    if (status?.state !== 'CONTAINER_RUNNING') {
      return err(internalError(`unable to upgrade connection: container not found ("${container}")`));
    }
    return ok(status.id);
  }

  const session =
    (
      open: (streams: RemoteStreams, done: (result: Result<ExecSession, CriError>) => void) => void,
      stdin: boolean,
    ): RemoteSession =>
    async (streams) => {
      const opened = clock.deferred<Result<ExecSession, CriError>>();
      open(streams, (result) => opened.resolve(result));
      const result = await opened.promise;
      if (!result.ok) return { error: `error executing command in container: ${rpcErrorText(result.error)}` };
      const exec = result.value;
      const ended = clock.deferred<number | undefined>();
      exec.onExit((exitCode) => ended.resolve(exitCode));
      streams.onResize(({ width, height }) => exec.resize({ columns: width, rows: height }));
      streams.onClose(() => {
        exec.detach();
        ended.resolve(undefined);
      });
      if (stdin) void pump(streams, exec, () => ended.settled);
      const exitCode = await ended.promise;
      return exitCode === undefined ? { error: 'client went away' } : { exitCode };
    };

  return {
    async logs(pod, options) {
      const found = find(pod);
      const { container } = options;
      const status = found?.runtime.status(container, options.previous ? 1 : 0);
      const { name } = pod.metadata;
      if (found === undefined || status === undefined) {
        if (options.previous)
          return err(badRequest(`previous terminated container "${container}" in pod "${name}" not found`));
        return err(
          badRequest(`container "${container}" in pod "${name}" is waiting to start: ${waitingText(pod, container)}`),
        );
      }
      const listen = (listener: () => void): (() => void) =>
        cri.subscribe(({ type, containerId }) => {
          if (containerId === status.id && (type === 'stopped' || type === 'deleted')) listener();
        });
      const body = readLogs(
        {
          fs,
          clock,
          path: status.logPath.startsWith('/') ? status.logPath : `${logDirectory(found.pod)}/${status.logPath}`,
          live: () => {
            const now = cri.containerStatus(status.id);
            return now.ok && now.value.state === 'CONTAINER_RUNNING';
          },
          onEnd: listen,
        },
        options,
      );
      return ok(body);
    },

    async exec(pod, request: ExecRequest) {
      const id = running(pod, request.container);
      if (!id.ok) return id;
      const { command, tty, stdin, stdout, stderr } = request;
      return ok(
        session(
          (streams, done) =>
            cri.exec(
              {
                containerId: id.value,
                command,
                tty,
                stdin,
                stdout: stdout ? (bytes) => streams.stdout(bytes) : () => undefined,
                stderr: stderr ? (bytes) => streams.stderr(bytes) : () => undefined,
              },
              done,
            ),
          stdin,
        ),
      );
    },

    async attach(pod, request: AttachRequest) {
      const id = running(pod, request.container);
      if (!id.ok) return id;
      const { tty, stdin } = request;
      return ok(
        session(
          (streams, done) =>
            cri.attach(
              {
                containerId: id.value,
                tty,
                stdin,
                stdout: (bytes) => streams.stdout(bytes),
                stderr: (bytes) => streams.stderr(bytes),
              },
              done,
            ),
          stdin,
        ),
      );
    },

    async portForward(pod, port) {
      const sandbox = find(pod)?.runtime.sandbox;
      const network = sandbox === undefined ? undefined : cri.sandboxNetwork(sandbox.id);
      if (network === undefined || dial === undefined) {
        return err(internalError(`failed to find sandbox of pod ${pod.metadata.name}`));
      }
      const connected = await dial(network, port);
      if (!connected.ok) {
        const why = connected.error.message.toLowerCase();
        const text = `failed to connect to localhost:${port} inside namespace "${sandbox?.id ?? ''}", IPv4: dial tcp4 127.0.0.1:${port}: connect: ${why}`;
        return err(internalError(text));
      }
      const socket = connected.value;
      return ok(async (duplex) => {
        const upstream = async (): Promise<void> => {
          for (;;) {
            const bytes = await duplex.read();
            if (bytes === undefined) return socket.shutdown();
            if (!(await socket.write(bytes)).ok) return;
          }
        };
        const downstream = async (): Promise<void> => {
          for (;;) {
            const chunk = await socket.read();
            if (!chunk.ok || chunk.value === undefined) break;
            await duplex.write(chunk.value);
          }
          duplex.close();
        };
        await Promise.all([upstream(), downstream()]);
        socket.close();
      });
    },
  };
}

async function pump(streams: RemoteStreams, exec: ExecSession, ended: () => boolean): Promise<void> {
  for (;;) {
    const bytes = await streams.readStdin();
    if (bytes === undefined || ended()) break;
    await exec.write(bytes);
  }
  exec.closeStdin();
}

/** validateContainerLogStatus */
function waitingText({ status }: Pod, name: string): string {
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const reason = all.find((candidate) => candidate.name === name)?.state?.waiting?.reason ?? 'ContainerCreating';
  if (reason === 'ErrImagePull') return "image can't be pulled";
  return reason === 'ImagePullBackOff' ? 'trying and failing to pull image' : reason;
}

/** Finds the kubelet of a pod's node. One that is not running refuses the connection. */
export function connectionsTo(
  kubelets: { get(node: string): { readonly connections: NodeConnections } | undefined },
  addressOf: (node: string) => string,
): NodeConnections {
  const reach = (pod: Pod, what: string): Result<NodeConnections, Status> => {
    const node = pod.spec.nodeName ?? '';
    const kubelet = kubelets.get(node);
    if (kubelet !== undefined) return ok(kubelet.connections);
    const address = `${addressOf(node)}:10250`;
    const { namespace, name } = pod.metadata;
    const url = `https://${address}/${what}/${namespace}/${name}`;
    return err(internalError(`Get "${url}": dial tcp ${address}: connect: connection refused`));
  };
  return {
    async logs(pod, options) {
      const node = reach(pod, 'containerLogs');
      return node.ok ? node.value.logs(pod, options) : node;
    },
    async exec(pod, request) {
      const node = reach(pod, 'exec');
      return node.ok ? node.value.exec(pod, request) : node;
    },
    async attach(pod, request) {
      const node = reach(pod, 'attach');
      return node.ok ? node.value.attach(pod, request) : node;
    },
    async portForward(pod, port) {
      const node = reach(pod, 'portForward');
      return node.ok ? node.value.portForward(pod, port) : node;
    },
  };
}
