/** What `npm run world` was asked to do. */
export interface WorldArguments {
  readonly seed: number;
  readonly topology: string;
  readonly mode:
    | { readonly kind: 'line'; readonly line: string; readonly args: readonly string[] }
    | { readonly kind: 'script'; readonly path: string; readonly args: readonly string[] }
    | { readonly kind: 'batch'; readonly path: string }
    | { readonly kind: 'interactive' };
}

export const usage = `Usage: npm run --silent world -- [--seed N] [--topology NAME] [-c LINE | SCRIPT [ARG…] | - | --batch FILE]
Runs shell lines in a simulated lab. Without arguments, on a terminal: an interactive shell.
`;

/** Reads the command line; the error is for standard error, with status 2. */
export function parseArguments(args: readonly string[]): WorldArguments | { readonly error: string } {
  let seed = 7;
  let topology = 'seed';
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    const [name, inline] = splitFlag(arg);
    const value = (): string | undefined => inline ?? args[++index];
    switch (name) {
      case '--seed': {
        const text = value();
        seed = Number(text);
        if (text === undefined || !Number.isSafeInteger(seed))
          return { error: `--seed: not an integer: ${text ?? ''}` };
        break;
      }
      case '--topology': {
        const text = value();
        if (text === undefined) return { error: '--topology: needs a name' };
        topology = text;
        break;
      }
      case '--batch': {
        const path = value();
        if (path === undefined) return { error: '--batch: needs a file' };
        return { seed, topology, mode: { kind: 'batch', path } };
      }
      case '-c': {
        const line = value();
        if (line === undefined) return { error: '-c: option requires an argument' };
        return { seed, topology, mode: { kind: 'line', line, args: args.slice(index + 1) } };
      }
      default:
        if (arg.startsWith('-') && arg !== '-') return { error: `${arg}: invalid option` };
        return { seed, topology, mode: { kind: 'script', path: arg, args: args.slice(index + 1) } };
    }
  }
  return { seed, topology, mode: { kind: 'interactive' } };
}

function splitFlag(arg: string): readonly [string, string | undefined] {
  const equals = arg.startsWith('--') ? arg.indexOf('=') : -1;
  return equals < 0 ? [arg, undefined] : [arg.slice(0, equals), arg.slice(equals + 1)];
}
