import type { Process } from '../../linux/process/types';

/** What differs between builds of BusyBox. */
export interface Build {
  /** `1.37.0`, and what stands in brackets after it in the banner. */
  readonly release: string;
  readonly version: string;
  /** `ps` has a column TIME (CONFIG_DESKTOP). */
  readonly psTime: boolean;
  /** dd tells of bytes and seconds (FEATURE_DD_THIRD_STATUS_LINE). */
  readonly ddStatistics: boolean;
  /** `uname -o`. */
  readonly osName: string;
}

/** How another implementation of the same command takes options and words messages (BusyBox beside GNU). */
export interface Dialect {
  readonly build: Build;
  /** Letters it knows, as for getopt(3); absent: those of the command here. */
  readonly short?: string;
  /** Long names it knows → the name under which the command here asks for them. */
  readonly long?: Readonly<Record<string, string>>;
  /** What it prints on wrong usage, and for --help. */
  readonly usage: string;
  /** Exit status where the command here has another for the same trouble. */
  readonly trouble?: number;
  /** Its words for a message of the command here (without the command's name); `usage`: one on wrong usage. */
  say(message: string, usage: boolean): Said;
}

/** What is written on stderr: a text after the command's name, the usage, both or nothing. */
export interface Said {
  readonly text?: string;
  readonly usage?: boolean;
}

/** Says a message in a dialect. */
export async function saying(process: Process, dialect: Dialect, message: string, usage = false): Promise<void> {
  const said = dialect.say(message, usage);
  const text = said.text === undefined ? '' : `${process.argv[0] ?? ''}: ${said.text}\n`;
  await process.stderr.write(text + (said.usage === true ? dialect.usage : ''));
}

const spoken = new WeakMap<Process, Dialect>();

/** The commands that run as `process` speak like this. */
export function speak(process: Process, dialect: Dialect): void {
  spoken.set(process, dialect);
}

/** The dialect in which this process's command speaks; undefined: its own. */
export const dialectOf = (process: Process): Dialect | undefined => spoken.get(process);
