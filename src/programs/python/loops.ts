/**
 * `while condition:` becomes `while _turn(condition):`: nothing else of the interpreter ever looks up from a loop that
 * neither reads nor writes, and signals and the rest of the world would wait for ever. Lines stay where they are.
 */
export function watchLoops(source: string): string {
  if (!/^[ \t]*while\b/m.test(source)) return source;
  let quoted: string | undefined;
  return source
    .split('\n')
    .map((line) => {
      const within = quoted;
      for (const mark of line.match(/"""|'''/g) ?? [])
        quoted = quoted === undefined ? mark : quoted === mark ? undefined : quoted;
      const head = within === undefined ? /^[ \t]*while\b/.exec(line)?.[0] : undefined;
      const colon = head === undefined ? undefined : endOfCondition(line, head.length);
      if (head === undefined || colon === undefined) return line;
      return `${head} _turn(${line.slice(head.length, colon).trim()})${line.slice(colon)}`;
    })
    .join('\n');
}

/** The colon that ends the condition, if that is on this line and plain enough. */
function endOfCondition(line: string, from: number): number | undefined {
  let depth = 0;
  let quote = '';
  for (let at = from; at < line.length; at++) {
    const char = line[at] ?? '';
    if (quote !== '') {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (/[([{]/.test(char)) depth++;
    else if (/[)\]}]/.test(char)) depth--;
    else if (char === '#') return undefined;
    else if (char === ':' && depth === 0)
      return line[at + 1] === '=' || /\blambda\b/.test(line.slice(from, at)) || line.slice(from, at).trim() === ''
        ? undefined
        : at;
  }
  return undefined;
}
