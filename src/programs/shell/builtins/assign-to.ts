import type { Shell } from '../shell';
import { isName } from './options';

/** Assigns to `name` or `name[subscript]`; false if that is no name. */
export function assignTo(shell: Shell, target: string, value: string): boolean {
  const [, name, subscript] = /^([A-Za-z_]\w*)\[(.+)\]$/s.exec(target) ?? [];
  if (name !== undefined && subscript !== undefined) {
    shell.variables.assignElement(name, shell.key(name, subscript), value);
    return true;
  }
  if (!isName(target)) return false;
  shell.set(target, value);
  return true;
}
