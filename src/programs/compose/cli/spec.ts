/** One flag as pflag knows it. */
export interface Flag {
  readonly name: string;
  readonly short: string | undefined;
  /** As the help shows it: `string`, `int`, `stringArray`; a switch has none. */
  readonly type: string | undefined;
  readonly text: string;
  readonly hidden: boolean;
}

/** How a command is called. */
export interface Spec {
  readonly name: string;
  /** What follows the name in the usage line. */
  readonly use: string;
  readonly short: string;
  readonly long: string | undefined;
  readonly flags: readonly Flag[];
}

/** Flags from lines as `-d, --detach | Run in the background`. */
export function flags(lines: string): readonly Flag[] {
  return lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [, hidden, short, name = '', type, text = ''] =
        /^(!?)(?:-(\w), )?--([\w-]+)(?: ([\w-]+))? \| (.*)$/.exec(line) ?? [];
      return { name, short, type, text: text.replaceAll('\\n', '\n'), hidden: hidden === '!' };
    });
}

const dryRun: Flag = {
  name: 'dry-run',
  short: undefined,
  type: undefined,
  text: 'Execute command in dry run mode',
  hidden: false,
};

/** A command's ways to be called. */
export const spec = (name: string, use: string, short: string, lines: string, long?: string): Spec => ({
  name,
  use,
  short,
  long,
  flags: [...flags(lines), dryRun],
});
