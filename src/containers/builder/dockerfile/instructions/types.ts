import type { Range } from '../source';
import type { Healthcheck } from '../../../images/image';

interface Common {
  /** As written: `RUN`, `run`. */
  readonly name: string;
  /** The whole instruction as text. */
  readonly code: string;
  readonly ranges: readonly Range[];
  readonly comments: readonly string[];
}

export interface Pair {
  readonly key: string;
  readonly value: string;
  /** Written the old way, `ENV key value`. */
  readonly legacy: boolean;
}

export interface ArgPair {
  readonly key: string;
  readonly value: string | undefined;
}

/** Shell form or exec form, with here-documents. */
export interface CommandLine {
  readonly words: readonly string[];
  readonly shell: boolean;
  readonly files: readonly { readonly name: string; readonly data: string; readonly chomp: boolean }[];
}

/** What ADD and COPY take from where. */
export interface Sources {
  readonly paths: readonly string[];
  readonly contents: readonly { readonly path: string; readonly data: string; readonly expand: boolean }[];
  readonly target: string;
  readonly chown: string;
  readonly chmod: string;
  readonly link: boolean;
  readonly exclude: readonly string[];
}

export interface Env extends Common {
  readonly kind: 'env';
  readonly pairs: readonly Pair[];
}
export interface Label extends Common {
  readonly kind: 'label';
  readonly pairs: readonly Pair[];
}
export interface Arg extends Common {
  readonly kind: 'arg';
  readonly pairs: readonly ArgPair[];
}
export interface Maintainer extends Common {
  readonly kind: 'maintainer';
  readonly text: string;
}
export interface Add extends Common, Sources {
  readonly kind: 'add';
  readonly checksum: string;
  readonly unpack: boolean | undefined;
}
export interface Copy extends Common, Sources {
  readonly kind: 'copy';
  readonly from: string;
  readonly parents: boolean;
}
export interface Run extends Common {
  readonly kind: 'run';
  readonly command: CommandLine;
  readonly flags: readonly string[];
  /** Texts of `--mount`, understood when the instruction's turn comes: variables may be in them. */
  readonly mounts: readonly string[];
  readonly network: string;
  readonly security: string;
}
export interface Cmd extends Common {
  readonly kind: 'cmd' | 'entrypoint';
  readonly command: CommandLine;
}
export interface Health extends Common {
  readonly kind: 'healthcheck';
  readonly health: Healthcheck;
}
export interface Expose extends Common {
  readonly kind: 'expose';
  readonly ports: readonly string[];
}
export interface OneWord extends Common {
  readonly kind: 'user' | 'workdir' | 'stopsignal';
  readonly text: string;
}
export interface Volume extends Common {
  readonly kind: 'volume';
  readonly paths: readonly string[];
}
export interface Onbuild extends Common {
  readonly kind: 'onbuild';
  readonly expression: string;
}
export interface ShellWords extends Common {
  readonly kind: 'shell';
  readonly words: readonly string[];
}

/** An instruction inside a stage. */
export type Instruction =
  Env | Label | Arg | Maintainer | Add | Copy | Run | Cmd | Health | Expose | OneWord | Volume | Onbuild | ShellWords;

/** FROM and all up to the next one. */
export interface Stage {
  readonly from: Common;
  /** As written, with variables. */
  readonly base: string;
  /** In lower case; empty without AS. */
  readonly name: string;
  readonly platform: string;
  readonly instructions: readonly Instruction[];
}
