/** Unwinds a program whose process has ended by its own `exit`. Only the kernel catches it. */
export class ProcessEnded extends Error {
  override readonly name = 'ProcessEnded';
}
