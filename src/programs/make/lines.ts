/** A line of a makefile, with those that backslashes join to it. */
export interface Logical {
  /** As it stands: what recipes and `define` take. */
  readonly raw: string;
  /** Of its first physical line. */
  readonly line: number;
}

/** Splits a makefile; the numbers count from `first`. */
export function logicalLines(text: string, first = 1): Logical[] {
  const physical = text.split('\n');
  if (physical.at(-1) === '') physical.pop();
  const found: Logical[] = [];
  for (let at = 0; at < physical.length; at++) {
    const line = first + at;
    let raw = physical[at] ?? '';
    while (continues(raw) && at + 1 < physical.length) raw += `\n${physical[++at] ?? ''}`;
    found.push({ raw: raw.replace(/\r$/, ''), line });
  }
  return found;
}

const continues = (line: string): boolean => (/\\+$/.exec(line)?.[0].length ?? 0) % 2 === 1;

/** One line of what backslashes join, as everything but recipes sees it. */
export const collapse = (raw: string): string => raw.replace(/[ \t]*\\\n[ \t]*/g, ' ').replace(/\\$/, '');

/** Without its comment; `\#` is a `#`. */
export function withoutComment(line: string): string {
  if (!line.includes('#')) return line;
  let out = '';
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '#') {
      const slashes = /\\*$/.exec(out)?.[0].length ?? 0;
      out = out.slice(0, out.length - slashes) + '\\'.repeat(slashes >> 1);
      if (slashes % 2 === 0) return out;
    }
    out += line.charAt(at);
  }
  return out;
}

export interface Assignment {
  readonly name: string;
  readonly op: string;
  readonly value: string;
}

/** `name op value`; undefined where the line is something else (parse_variable_definition of variable.c). */
export function parseAssignment(line: string): Assignment | undefined {
  const text = line.replace(/^[ \t]+/, '');
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '$' && /[({]/.test(text.charAt(at + 1))) {
      depth++;
      at++;
    } else if (char === '$') at++;
    else if (depth > 0) depth += /[({]/.test(char) ? 1 : /[)}]/.test(char) ? -1 : 0;
    else {
      const [op] = /^(?:::=|:=|\+=|\?=|!=|=)/.exec(text.slice(at)) ?? [];
      if (op !== undefined)
        return { name: text.slice(0, at).trimEnd(), op, value: text.slice(at + op.length).replace(/^[ \t]+/, '') };
      if (char === ':') return undefined;
      if (/\s/.test(char) && !/^\s*(?:::=|:=|\+=|\?=|!=|=)/.test(text.slice(at))) return undefined;
    }
  }
  return undefined;
}
