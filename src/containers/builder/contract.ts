/**
 * What `POST /build?version=2` streams, one JSON object a line: `{"id":"moby.buildkit.trace","aux":StatusResponse}`, with
 * `check=1` one `{"id":"moby.buildkit.lint","aux":LintResults}`, at the end `{"id":"moby.image.id","aux":{"ID":…}}` or
 * `{"error":…,"errorDetail":BuildError}`. The shapes are BuildKit's client.SolveStatus as JSON; times are RFC 3339.
 */
export interface StatusResponse {
  readonly vertexes?: readonly VertexStatus[];
  readonly statuses?: readonly TaskStatus[];
  readonly logs?: readonly VertexLog[];
  readonly warnings?: readonly VertexWarning[];
}

export interface VertexStatus {
  readonly digest: string;
  readonly inputs?: readonly string[];
  readonly name: string;
  readonly started?: string;
  readonly completed?: string;
  readonly cached?: boolean;
  readonly error?: string;
}

/** `transferring context: 3.54kB`, `exporting layers`, … */
export interface TaskStatus {
  readonly id: string;
  readonly vertex: string;
  readonly name?: string;
  readonly current: number;
  readonly total?: number;
  readonly timestamp: string;
  readonly started: string;
  readonly completed?: string;
}

export interface VertexLog {
  readonly vertex: string;
  /** 1: stdout, 2: stderr. */
  readonly stream: 1 | 2;
  readonly msg: string;
  readonly timestamp: string;
}

export interface LineRange {
  readonly start: { readonly line: number };
  readonly end: { readonly line: number };
}

export interface SourceInfo {
  readonly filename: string;
  readonly data: string;
  readonly language: string;
}

export interface VertexWarning {
  readonly vertex: string;
  readonly level: number;
  /** `Rule: sentence (line N)`. */
  readonly short: string;
  readonly detail: readonly string[];
  readonly url?: string;
  readonly sourceInfo?: SourceInfo;
  readonly range?: readonly LineRange[];
}

/** `--check`: as BuildKit's lint.LintResults. */
export interface LintResults {
  readonly warnings: readonly {
    readonly ruleName: string;
    readonly description: string;
    readonly url?: string;
    readonly detail: string;
    readonly location: { readonly sourceIndex: number; readonly ranges: readonly LineRange[] };
  }[];
  readonly sources: readonly SourceInfo[];
  readonly buildError?: {
    readonly message: string;
    readonly location?: { readonly sourceIndex: number; readonly ranges: readonly LineRange[] };
  };
}

/** What follows `failed to solve: `, and the lines to show. */
export interface BuildError {
  readonly message: string;
  readonly source?: SourceInfo & { readonly ranges: readonly LineRange[] };
}
