/** Keys typed into a fresh bash, the rows of the screen then, and the cursor as column and row. */
export type RecordedCase = readonly [
  keys: string,
  screen: readonly string[],
  cursor: readonly [number, number],
  setup?: { readonly rows?: number; readonly columns?: number; readonly inputrc?: string },
];

export interface RecordedKeys {
  readonly history?: readonly string[];
  readonly files?: readonly string[];
  readonly cases: readonly RecordedCase[];
}
