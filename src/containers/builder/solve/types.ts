import type { Range } from '../dockerfile/source';
import type { Image } from '../../images/image';

/** A node of the build's graph (solver.Vertex with its pb.Op). */
export interface Vertex {
  readonly digest: string;
  readonly name: string;
  readonly op: Op;
  readonly inputs: readonly Vertex[];
  readonly ranges: readonly Range[];
  readonly ignoreCache: boolean;
}

export type Op = ImageOp | ContextOp | HttpOp | InlineOp | FileOp | ExecOp;

/** `FROM image`. */
export interface ImageOp {
  readonly kind: 'image';
  readonly reference: string;
  readonly image: Image;
}

/** The files that came from the client. */
export interface ContextOp {
  readonly kind: 'context';
}

export interface HttpOp {
  readonly kind: 'http';
  readonly url: string;
  readonly filename: string;
  readonly checksum: string;
}

/** A file that stands in the Dockerfile itself. */
export interface InlineOp {
  readonly kind: 'inline';
  readonly name: string;
  readonly data: string;
  readonly mode: number;
}

export interface FileOp {
  readonly kind: 'file';
  /** Absent: from scratch. */
  readonly base: Vertex | undefined;
  readonly actions: readonly FileAction[];
  /** COPY --link: its layer does not depend on what is below. */
  readonly link?: boolean;
}

export type FileAction = MkdirAction | CopyAction;

export interface MkdirAction {
  readonly kind: 'mkdir';
  readonly path: string;
  readonly user: string;
}

export interface CopyAction {
  readonly kind: 'copy';
  readonly from: Vertex | undefined;
  readonly source: string;
  readonly target: string;
  readonly chown: string;
  readonly chmod: string;
  readonly unpack: boolean;
  readonly wildcard: boolean;
  /** Of a directory, what is in it. */
  readonly contentsOnly: boolean;
  readonly exclude: readonly string[];
  /** `--parents`: only what matches, with its folders. */
  readonly include: readonly string[];
  readonly required: readonly string[];
}

export interface ExecOp {
  readonly kind: 'exec';
  readonly base: Vertex | undefined;
  readonly args: readonly string[];
  readonly env: readonly (readonly [string, string])[];
  readonly cwd: string;
  readonly user: string;
  readonly network: string;
  readonly insecure: boolean;
  readonly extraHosts: readonly string[];
  readonly mounts: readonly ExecMount[];
  /** HTTP_PROXY and its like, given with the build: RUN sees them, the cache does not. */
  readonly proxy: readonly (readonly [string, string])[];
}

export interface ExecMount {
  readonly type: 'bind' | 'cache' | 'tmpfs' | 'secret' | 'ssh';
  readonly target: string;
  readonly readOnly: boolean;
  readonly from: Vertex | undefined;
  /** A path below the root of `from`. */
  readonly source: string;
  readonly id: string;
  readonly sharing: string;
  readonly size: number;
  readonly required: boolean;
  readonly env: string | undefined;
  readonly mode: number | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}
