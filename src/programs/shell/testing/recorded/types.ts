/** A script, its output, its messages, its status. */
export type Recorded = readonly [script: string, stdout: string, stderr?: string, status?: number];
