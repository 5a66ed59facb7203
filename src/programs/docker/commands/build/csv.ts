import { CommandError } from '../../cli/command';

/** One line of comma-separated values with Go's rules of quoting (encoding/csv). */
export function csvFields(line: string): readonly string[] {
  const fields: string[] = [];
  let rest = line;
  for (;;) {
    const quoted = /^"((?:[^"]|"")*)"(,|$)/.exec(rest);
    const match = quoted ?? /^([^,]*)(,|$)/.exec(rest);
    if (match === null) return fields;
    const [whole, text = '', comma] = match;
    if (quoted === null && text.includes('"'))
      throw new CommandError(
        `parse error on line 1, column ${line.length - rest.length + text.indexOf('"') + 1}: bare " in non-quoted field`,
      );
    fields.push(quoted === null ? text : text.replaceAll('""', '"'));
    if (comma !== ',') return fields;
    rest = rest.slice(whole.length);
  }
}

/** `KEY=VALUE` or `KEY`, more than once (commands/build.go: listToMap); without a value the environment has it. */
export function keyValues(
  values: readonly string[],
  env: ReadonlyMap<string, string> | undefined,
): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const value of values) {
    const equals = value.indexOf('=');
    const key = equals < 0 ? value : value.slice(0, equals);
    if (key === '') throw new CommandError(`invalid key-value pair ${JSON.stringify(value)}: empty key`);
    if (equals >= 0) result[key] = value.slice(equals + 1);
    else if (env === undefined) result[key] = '';
    else {
      const found = env.get(key);
      if (found !== undefined) result[key] = found;
    }
  }
  return result;
}
