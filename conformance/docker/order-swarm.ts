/** The lines of an output, brought into one order. */
type Lines = readonly string[];

/** Labels and networks of a container come out of maps (compose, cmd/formatter/container.go). */
export const labelsInOneLine = (lines: Lines): Lines =>
  lines.map((line) =>
    line.replace(
      /("(?:Labels|Networks)":")([^"]*)"/g,
      (_, key: string, labels: string) => `${key}${labels.split(',').sort().join(',')}"`,
    ),
  );

/** compose makes containers that do not wait for each other at once: rows of `docker ps` of one age by what is in them. */
export function containersOfOneAge(lines: Lines): Lines {
  const title = lines.findIndex((line) => /^CONTAINER ID +IMAGE +COMMAND +CREATED /.test(line));
  if (title < 0) return lines;
  const from = title + 1;
  const length = lines.slice(from).findIndex((line) => !/^[0-9a-f]{12} /.test(line));
  const to = length < 0 ? lines.length : from + length;
  const column = (lines[title] ?? '').indexOf('CREATED');
  const age = (line: string): string => line.slice(column).split('  ')[0] ?? '';
  const what = (line: string): string => line.slice(12);
  // Those of compose are numbered; others are made one after the other.
  if (!lines.slice(from, to).some((line) => /-\d+ *$/.test(line))) return lines;
  const ages = [...new Set(lines.slice(from, to).map(age))];
  const sorted = ages.flatMap((one) =>
    lines
      .slice(from, to)
      .filter((line) => age(line) === one)
      .sort((a, b) => (what(a) < what(b) ? -1 : 1)),
  );
  return [...lines.slice(0, from), ...sorted, ...lines.slice(to)];
}

/** compose says what happens to several things at once: what happened to each together, in the order of their names. */
export function whatComposeDoes(lines: Lines): Lines {
  const of = (line: string): string | undefined => /^ (Container|Network|Volume) (\S+) {2}/.exec(line)?.[0];
  const out: string[] = [];
  for (let at = 0; at < lines.length;) {
    const length = lines.slice(at).findIndex((line) => of(line) === undefined);
    const end = length < 0 ? lines.length : at + length;
    const run = lines.slice(at, end);
    const kinds = ['Container', 'Network', 'Volume'].flatMap((kind) =>
      [...new Set(run.map(of).filter((name) => name?.startsWith(` ${kind} `) === true))].sort(),
    );
    out.push(...kinds.flatMap((name) => run.filter((line) => of(line) === name)));
    if (end < lines.length) out.push(lines[end] ?? '');
    at = end + 1;
  }
  return out;
}

/**
 * What compose draws at a terminal ten times a second: which states it happens to see is chance; the last picture stays
 * on the screen.
 */
export function lastPicture(lines: Lines): Lines {
  const pictures = lines.flatMap((line, at) => (/\[\+\] Running \d+\/\d+/.test(line) ? [at] : []));
  const [first] = pictures;
  const last = pictures.at(-1);
  if (first === undefined || last === undefined) return lines;
  // Those that come first are drawn first.
  const picture = lines.slice(last);
  const of = (line: string): string => / (?:Container|Network|Volume) \S+/.exec(line)?.[0] ?? '';
  const from = picture.findIndex((line) => of(line) !== '');
  const length = picture.slice(from).findIndex((line) => of(line) === '');
  const to = length < 0 ? picture.length : from + length;
  const sorted = picture.slice(from, to).sort((a, b) => (of(a) < of(b) ? -1 : 1));
  return [...lines.slice(0, first), ...picture.slice(0, from), ...sorted, ...picture.slice(to)];
}

/** How often it was looked until something changed (cli, service/progress: every 200 ms). */
export const progressOnce = (lines: Lines): Lines =>
  lines.filter((line, at) => !/^overall progress: /.test(line) || line !== lines[at - 1]);

/** `date +%s` knows seconds only: what ended earlier in that second is in `docker events --since $S`, too. */
export function eventsOfBefore(lines: Lines, command: string): Lines {
  if (!/^S=\$\(date \+%s\);/.test(command)) return lines;
  const isEvent = (line: string): boolean => /^\{"(?:status|Type)":|^\d{4}-\d\d-\d\dT\S+ \w+ \w+/.test(line);
  const ends = (line: string): boolean => /\b(?:destroy|disconnect|die|stop|kill|unmount|prune)\b/.test(line);
  return lines.filter((line, at) => {
    let from = at;
    while (from > 0 && isEvent(lines[from - 1] ?? '')) from--;
    return !isEvent(line) || !lines.slice(from, at + 1).every(ends);
  });
}

/** Files whose names are random come between the others where they come: those first. */
export const randomFilesFirst = (lines: Lines, command: string): Lines => {
  if (!command.startsWith('ls /run/docker/netns')) return lines;
  const random = (line: string): boolean => /^[0-9a-f]{12}$/.test(line);
  return [...lines.filter(random), ...lines.filter((line) => !random(line))];
};

/** What a HEAD of a file says of it is JSON in base64: told in clear, so that its time is seen as one. */
export const pathStatInClear = (lines: Lines): Lines =>
  lines.map((line) =>
    line.replace(/^(X-Docker-Container-Path-Stat: )(\S+)/, (_, name: string, text: string) => name + atob(text)),
  );

/** Images made within one second come in any order (an unstable sort over a map): by what is said of them. */
export const imagesOfApi = (lines: Lines): Lines =>
  lines.map((line) => {
    if (!/^(\{"LayersSize":\d+,"Images":)?\[\{"Containers":/.test(line)) return line;
    const said = (image: Readonly<Record<string, unknown>>): string =>
      JSON.stringify([
        image['RepoTags'],
        image['Size'],
        image['SharedSize'],
        image['Labels'],
        image['ParentId'] === '',
      ]);
    const sorted = (list: readonly Readonly<Record<string, unknown>>[]): typeof list =>
      list.toSorted((a, b) => (said(a) < said(b) ? -1 : 1));
    const value = JSON.parse(line) as { Images: Parameters<typeof sorted>[0] } | Parameters<typeof sorted>[0];
    return JSON.stringify('Images' in value ? { ...value, Images: sorted(value.Images) } : sorted(value));
  });
