/** A flag as urfave/cli knows it. */
export interface Flag {
  readonly names: readonly string[];
  readonly usage: string;
  /** What stands for its value in the help; absent: a boolean. */
  readonly value?: string;
}

export interface Parsed {
  readonly flags: ReadonlyMap<string, string>;
  readonly operands: readonly string[];
}

/**
 * Takes `-x value`, `--name=value` and `--name value` before, between or after the operands (crictl reorders its
 * arguments); flags are known by their first name after. What comes after `stopAt` operands belongs to somebody else.
 */
export function parseFlags(
  args: readonly string[],
  flags: readonly Flag[],
  stopAt = Infinity,
): Parsed | { readonly error: string } {
  const found = new Map<string, string>();
  const operands: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (operands.length >= stopAt) {
      operands.push(arg);
      continue;
    }
    if (arg === '--') {
      operands.push(...args.slice(at + 1));
      break;
    }
    const match = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(arg);
    if (match === null) {
      operands.push(arg);
      continue;
    }
    const name = match[1] ?? '';
    const flag = flags.find(({ names }) => names.includes(name));
    if (flag === undefined) {
      const letters = /^-([A-Za-z]{2,})$/.exec(arg)?.[1] ?? '';
      const each = [...letters].map((letter) => flags.find(({ names }) => names.includes(letter)));
      if (letters === '' || each.some((one) => one === undefined || one.value !== undefined))
        return { error: `flag provided but not defined: -${name}` };
      for (const one of each) found.set(one?.names[0] ?? '', 'true');
      continue;
    }
    const [key = ''] = flag.names;
    if (flag.value === undefined) found.set(key, match[2] ?? 'true');
    else {
      const value = match[2] ?? args[++at];
      if (value === undefined) return { error: `flag needs an argument: ${arg}` };
      const before = found.get(key);
      found.set(key, before === undefined || flag.value !== 'list' ? value : `${before},${value}`);
    }
  }
  return { flags: found, operands };
}
