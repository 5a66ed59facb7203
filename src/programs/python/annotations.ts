/**
 * The interpreter throws annotations away. What a class says of its members before it (`x: int = 0`) is kept for it as
 * `__annotated__`, a tuple of names and types in their order: `dataclasses` and `typing.NamedTuple` are made of it.
 * Lines stay where they are.
 */
export function keepAnnotations(source: string): string {
  if (!/^\s*class\s/m.test(source) || !/dataclass|NamedTuple|TypedDict|__annotations__/.test(source)) return source;
  const lines = source.split('\n');
  for (const [index, line] of lines.entries()) {
    const indent = /^(\s*)class\s+\w/.exec(line)?.[1];
    if (indent === undefined) continue;
    const found: { readonly at: number; readonly name: string; readonly type: string }[] = [];
    let body: string | undefined;
    let quoted: string | undefined;
    for (let at = index + 1; at < lines.length; at++) {
      const text = lines[at] ?? '';
      const marks = text.match(/"""|'''/g) ?? [];
      const before = quoted;
      for (const mark of marks) quoted = quoted === undefined ? mark : quoted === mark ? undefined : quoted;
      if (before !== undefined || text.trim() === '' || text.trim().startsWith('#')) continue;
      const depth = /^\s*/.exec(text)?.[0] ?? '';
      body ??= depth;
      if (depth.length <= indent.length) break;
      const member = /^\s*([A-Za-z_]\w*)\s*:\s*([^=#]+?)\s*(?:=[^=].*|#.*)?$/.exec(text);
      if (depth === body && member !== null && !/^(else|try|finally|lambda)$/.test(member[1] ?? ''))
        found.push({ at, name: member[1] ?? '', type: member[2] ?? '' });
    }
    const [first] = found;
    if (first === undefined || body === undefined) continue;
    const kept = found.map(({ name, type }) => `('${name}', ${JSON.stringify(type)}),`).join(' ');
    lines[first.at] = `${body}__annotated__ = (${kept}); ${(lines[first.at] ?? '').trimStart()}`;
  }
  return lines.join('\n');
}
