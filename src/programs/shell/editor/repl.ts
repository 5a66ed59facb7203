import type { Shell } from '../shell';
import { runInput } from '../run/input';

export async function interact(shell: Shell): Promise<number> {
  return runInput(shell);
}
