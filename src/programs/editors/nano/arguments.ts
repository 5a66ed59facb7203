export const usage = `Usage: nano [OPTIONS] [[+LINE[,COLUMN]] FILE]...

To place the cursor on a specific line of a file, put the line number with
a '+' before the filename.  The column number can be added after a comma.
When a filename is '-', nano reads data from standard input.

 Option         Long option             Meaning
 -E             --tabstospaces          Convert typed tabs to spaces
 -T <number>    --tabsize=<number>      Make a tab this number of columns wide
 -V             --version               Print version information and exit
 -h             --help                  Show this help text and exit
 -i             --autoindent            Automatically indent new lines
 -l             --linenumbers           Show line numbers in front of the text
 -v             --view                  View mode (read-only)
 -w             --nowrap                Don't hard-wrap long lines [default]
`;

/** What the command line chose. */
export interface Choices {
  readonly file: string | undefined;
  readonly at: { readonly line: number; readonly col: number } | undefined;
  readonly numbers: boolean;
  readonly viewing: boolean;
  readonly spaces: boolean;
  readonly indent: boolean;
}

/** Takes the command line apart; or says what is wrong with it. */
export function parseArguments(args: readonly string[]): Choices | { readonly wrong: string } {
  let at: Choices['at'];
  let flags = '';
  let file: string | undefined;
  const long: Readonly<Record<string, string>> = {
    tabstospaces: 'E',
    autoindent: 'i',
    linenumbers: 'l',
    view: 'v',
    nowrap: 'w',
    softwrap: 'S',
    mouse: 'm',
  };
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    const place = /^\+(\d*)(?:,(\d+))?$/.exec(arg);
    if (place) at = { line: Number(place[1] || 1) - 1, col: Number(place[2] ?? 1) - 1 };
    else if (/^-[TorYQsC]$/.test(arg)) index++;
    else if (arg.startsWith('--')) {
      const letter = long[arg.slice(2).split('=')[0] ?? ''];
      if (letter === undefined) {
        return { wrong: `nano: unrecognized option '${arg}'\nType 'nano -h' for a list of available options.\n` };
      }
      flags += letter;
    } else if (arg.startsWith('-') && arg !== '-') flags += arg.slice(1);
    else file ??= arg;
  }
  return {
    file,
    at,
    numbers: flags.includes('l'),
    viewing: flags.includes('v'),
    spaces: flags.includes('E'),
    indent: flags.includes('i'),
  };
}
