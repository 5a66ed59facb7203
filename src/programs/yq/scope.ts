import type { YNode } from './node';
import type { Expression } from './parse';

export class YqError extends Error {}

export type Nodes = readonly YNode[];
export type Evaluate = (expression: Expression, nodes: Nodes, scope: Scope) => Nodes;

/** What an evaluation knows besides its nodes. */
export interface Scope {
  readonly variables: ReadonlyMap<string, Nodes>;
  readonly env: ReadonlyMap<string, string>;
  readonly load: (path: string) => YNode;
  readonly text: (path: string) => string;
  readonly yaml: (text: string) => YNode;
  readonly now: () => number;
}
