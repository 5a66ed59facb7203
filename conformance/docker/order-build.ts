/** The lines of an output, brought into one order. */
type Lines = readonly string[];

/**
 * Steps from the cache: BuildKit finds them all at once, each in a goroutine of its own, and the display numbers them
 * as they arrive (util/progress/progressui). A run of them by name, numbered anew.
 */
export function cachedSteps(lines: Lines): Lines {
  const cached = (at: number): boolean => /^#\d+ \[/.test(lines[at] ?? '') && /^#\d+ CACHED$/.test(lines[at + 1] ?? '');
  const out: string[] = [];
  for (let at = 0; at < lines.length;) {
    if (!cached(at)) {
      out.push(lines[at++] ?? '');
      continue;
    }
    const names: string[] = [];
    const numbers: string[] = [];
    for (; cached(at); at += lines[at + 2] === '' ? 3 : 2) {
      const [number = '', name = ''] = (lines[at] ?? '').split(/ (.*)/s);
      numbers.push(number);
      names.push(name);
    }
    for (const [index, name] of names.sort().entries()) out.push(`${numbers[index]} ${name}`, 'CACHED', '');
  }
  return out;
}

/** Warnings of a build come out of a map (buildx, util/progress/printer.go: dedupWarnings). */
export function buildWarnings(lines: Lines): Lines {
  const title = lines.findIndex((line) => /\d+ warnings? found/.test(line));
  if (title < 0) return lines;
  const isWarning = (line: string): boolean => /^(?:\S\[0m)? - /.test(line);
  const rest = lines.slice(title + 1);
  const end = rest.findIndex((line) => !isWarning(line));
  const warnings = rest.slice(0, end < 0 ? rest.length : end).map((line) => line.replace(/^\S\[0m/, ''));
  return [...lines.slice(0, title + 1), ...warnings.sort(), ...rest.slice(warnings.length)];
}

/**
 * The build cache: records of one size by their ids, which are random (buildx du), or just as they are thrown away
 * (builder prune). Rows by what is said of them.
 */
export function cacheRecords(lines: Lines): Lines {
  const title = lines.findIndex((line) => /^ID\s+RECLAIMABLE\s+SIZE/.test(line));
  if (title < 0) return lines;
  const rest = lines.slice(title + 1);
  const end = rest.findIndex((line) => !/^[0-9a-z]{25}/.test(line));
  const rows = rest.slice(0, end < 0 ? rest.length : end);
  const said = (row: string): string => row.slice(25).replace(/\s+/g, ' ').split(' ').slice(0, 3).join(' ');
  const narrow = rows.map((row) => row.replace(/\t+/g, '\t'));
  const sorted = narrow.sort((a, b) => (said(a) < said(b) ? -1 : 1));
  return [...lines.slice(0, title + 1), ...sorted, ...rest.slice(rows.length)];
}
