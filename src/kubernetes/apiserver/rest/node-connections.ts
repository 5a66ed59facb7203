import type { Result } from '../../../sim/result';
import type { Body, ByteDuplex } from '../../../linux/net/http/message';
import type { Pod } from '../../api/core/pod';
import type { Status } from '../../apimachinery/status';

/**
 * What the server asks the kubelet of a pod's node (its port 10250). The kubelet implements it; the cluster hands it to
 * `createApiserver`. Failures are what the server passes on: `container "x" in pod "y" is waiting to start: …` (400).
 */
export interface NodeConnections {
  logs(pod: Pod, options: LogOptions): Promise<Result<Body, Status>>;
  /** Decides whether the command can start; the session then runs over the client's streams. */
  exec(pod: Pod, request: ExecRequest): Promise<Result<RemoteSession, Status>>;
  attach(pod: Pod, request: AttachRequest): Promise<Result<RemoteSession, Status>>;
  /** One connection to a port of the pod. */
  portForward(pod: Pod, port: number): Promise<Result<(duplex: ByteDuplex) => Promise<void>, Status>>;
}

export interface LogOptions {
  readonly container: string;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly sinceSeconds?: number;
  readonly sinceTime?: string;
  readonly tailLines?: number;
  readonly limitBytes?: number;
}

export interface AttachRequest {
  readonly container: string;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}
export interface ExecRequest extends AttachRequest {
  readonly command: readonly string[];
}

/** The client's ends of the standard streams. */
export interface RemoteStreams {
  /** The next bytes for the program's stdin; undefined at its end. */
  readStdin(): Promise<Uint8Array | undefined>;
  stdout(bytes: Uint8Array): Promise<void>;
  stderr(bytes: Uint8Array): Promise<void>;
  /** Called when the client's terminal changes its size. */
  onResize(handler: (size: { readonly width: number; readonly height: number }) => void): void;
  /** Called once when the client goes away. */
  onClose(handler: () => void): void;
}

/** Runs until the program ends. */
export type RemoteSession = (streams: RemoteStreams) => Promise<SessionEnd>;
export type SessionEnd = { readonly exitCode: number } | { readonly error: string };
