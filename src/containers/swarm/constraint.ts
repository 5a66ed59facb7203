import type { SwarmNode } from './objects';
import { Refused } from './store';

interface Constraint {
  readonly key: string;
  readonly equal: boolean;
  readonly value: string;
}

/** `node.labels.disk==ssd` (swarmkit's manager/constraint). */
export function parseConstraint(text: string): Constraint {
  const operator = text.includes('==') ? '==' : text.includes('!=') ? '!=' : undefined;
  if (operator === undefined)
    throw new Refused(400, `rpc error: code = InvalidArgument desc = constraint expected one operator from ==, !=`);
  const at = text.indexOf(operator);
  const [key, value] = [text.slice(0, at).trim(), text.slice(at + 2).trim()];
  if (!/^[a-z_][a-z0-9\-_.]+$/i.test(key))
    throw new Refused(400, `rpc error: code = InvalidArgument desc = key '${key}' is invalid`);
  if (!/^[a-z0-9:\-_\s.*()?+[\]\\^$|/]+$/i.test(value))
    throw new Refused(400, `rpc error: code = InvalidArgument desc = value '${value}' is invalid`);
  return { key, equal: operator === '==', value };
}

/** Whether a node is one of those that constraints allow. */
export const meets = (node: SwarmNode, constraints: readonly string[]): boolean =>
  constraints.map(parseConstraint).every(({ key, equal, value }) => {
    const actual = valueOf(node, key);
    return actual !== undefined && (actual.toLowerCase() === value.toLowerCase()) === equal;
  });

function valueOf({ ID, Spec, Description, Status }: SwarmNode, key: string): string | undefined {
  const lower = key.toLowerCase();
  if (lower.startsWith('node.labels.')) return Spec.Labels[key.slice('node.labels.'.length)] ?? '';
  if (lower.startsWith('engine.labels.')) return Description.Engine.Labels?.[key.slice('engine.labels.'.length)] ?? '';
  switch (lower) {
    case 'node.id':
      return ID;
    case 'node.hostname':
      return Description.Hostname;
    case 'node.ip':
      return Status.Addr;
    case 'node.role':
      return Spec.Role;
    case 'node.platform.os':
      return Description.Platform.OS;
    case 'node.platform.arch':
      return Description.Platform.Architecture;
    default:
      return undefined;
  }
}
