import type { Node } from '../nodes';
import { BuildFailure } from '../source';

/** What every instruction has of its node. */
export const common = (node: Node) => ({
  name: node.command,
  code: node.original.trim(),
  ranges: node.ranges,
  comments: node.comments,
});

export const atLeastOne = (command: string): BuildFailure =>
  new BuildFailure(`${command} requires at least one argument`);

/** The only argument. */
export function exactlyOne({ args, command }: Node): string {
  const [only, another] = args;
  if (only === undefined || another !== undefined)
    throw new BuildFailure(`${command.toUpperCase()} requires exactly one argument`);
  return only;
}
