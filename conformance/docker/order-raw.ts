interface Event {
  readonly vertexes?: readonly { readonly digest: string; readonly started?: string; readonly completed?: string }[];
  readonly statuses?: readonly { readonly vertex: string }[];
  readonly logs?: readonly { readonly vertex: string; readonly data: string }[];
}

/**
 * `--progress=rawjson`: what happened between two reads of a pipe stands in one line, what happened twice to a vertex
 * meanwhile only once (util/progress: dirty), and what a step prints comes in as many pieces as reads. Each vertex by
 * itself, in the order in which they are first named: its own states, then its progress, then its output in one piece.
 */
export function rawProgress(lines: readonly string[]): readonly string[] {
  const is = (line: string): boolean => /^\{"(?:vertexes|statuses|logs)":\[/.test(line);
  const from = lines.findIndex(is);
  if (from < 0) return lines;
  const length = lines.slice(from).findIndex((line) => !is(line));
  const to = length < 0 ? lines.length : from + length;
  const told = new Map<string, { states: string[]; statuses: string[]; output: string }>();
  const of = (digest: string) => {
    let vertex = told.get(digest);
    if (vertex === undefined) told.set(digest, (vertex = { states: [], statuses: [], output: '' }));
    return vertex;
  };
  for (const line of lines.slice(from, to)) {
    const { vertexes = [], statuses = [], logs = [] } = JSON.parse(line) as Event;
    for (const state of vertexes) {
      // That it began is told before it ends, if there was time for it.
      if (state.started !== undefined && state.completed === undefined) continue;
      of(state.digest).states.push(JSON.stringify(state));
    }
    for (const status of statuses) of(status.vertex).statuses.push(JSON.stringify(status));
    for (const { vertex, data } of logs) of(vertex).output += Buffer.from(data, 'base64').toString();
  }
  const arranged = [...told].flatMap(([digest, { states, statuses, output }]) => [
    digest,
    ...states,
    ...statuses,
    ...output.split('\n'),
  ]);
  return [...lines.slice(0, from), ...arranged, ...lines.slice(to)];
}
