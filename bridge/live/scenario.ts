/** A story told to the real client and to the emulated one, line by line. */
export interface Scenario {
  readonly name: string;
  readonly topology: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Shell lines; `settle` waits until the worlds are quiet. */
  readonly lines: readonly string[];
}
