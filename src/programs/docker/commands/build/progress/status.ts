/** BuildKit's control API StatusResponse as the engine streams it; texts are plain, times RFC 3339 (client/graph.go). */
export interface SolveStatus {
  readonly vertexes?: readonly Vertex[];
  readonly statuses?: readonly VertexStatus[];
  readonly logs?: readonly VertexLog[];
  readonly warnings?: readonly VertexWarning[];
}

export interface Vertex {
  readonly digest: string;
  readonly inputs?: readonly string[];
  readonly name?: string;
  readonly started?: string;
  readonly completed?: string;
  readonly cached?: boolean;
  readonly error?: string;
}

export interface VertexStatus {
  readonly id: string;
  readonly vertex: string;
  readonly name?: string;
  readonly total?: number;
  readonly current?: number;
  readonly timestamp?: string;
  readonly started?: string;
  readonly completed?: string;
}

export interface VertexLog {
  readonly vertex: string;
  readonly stream?: number;
  readonly msg?: string;
  readonly timestamp?: string;
}

export interface VertexWarning {
  readonly vertex?: string;
  readonly level?: number;
  readonly short?: string;
  readonly detail?: readonly string[];
  readonly url?: string;
  readonly sourceInfo?: SourceInfo;
  readonly range?: readonly SourceRange[];
}

export interface SourceInfo {
  readonly filename?: string;
  readonly data?: string;
  readonly language?: string;
}

export interface SourceRange {
  readonly start: { readonly line: number; readonly character?: number };
  readonly end: { readonly line: number; readonly character?: number };
}

/** An instant in RFC 3339 with nanoseconds, in milliseconds with fractions. */
export function instant(text: string): number {
  const [, whole = text, fraction = ''] = /^(.*?)(?:\.(\d+))?(?:Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  const zone = /(Z|[+-]\d\d:\d\d)$/.exec(text)?.[1] ?? 'Z';
  return Date.parse(`${whole}${zone}`) + (fraction === '' ? 0 : Number(`0.${fraction}`) * 1000);
}

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** tonistiigi/units' `%.2f`: `536B`, `1.02kB`. */
export function unitBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes}B`;
  let value = bytes;
  let power = 0;
  for (; value >= 1000 && power < units.length - 1; power++) value /= 1000;
  return `${value.toFixed(2)}${units[power] ?? ''}`;
}
