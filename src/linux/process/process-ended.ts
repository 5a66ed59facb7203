import { withoutStack } from '../../sim/without-stack';

/** Unwinds a program whose process has ended by its own `exit`. Only the kernel catches it. */
export class ProcessEnded extends Error {
  override readonly name = 'ProcessEnded';
}

/** Every process that exits throws one, and nobody looks where. */
export const processEnded = (): ProcessEnded => withoutStack(() => new ProcessEnded());
