/** Something wrong at a place of an expression. */
export class CelProblem extends Error {
  constructor(
    readonly at: number,
    readonly text: string,
  ) {
    super(text);
  }
}

const mostShown = 100;

/** common.Errors.ToDisplayString: in order of places, with the line and a caret under it. */
export function renderProblems(input: string, problems: readonly CelProblem[]): string {
  const sorted = [...problems].sort((a, b) => a.at - b.at);
  const texts = sorted.slice(0, mostShown).map(({ at, text }) => {
    const before = input.slice(0, at);
    const line = before.split('\n').length;
    const lineStart = before.lastIndexOf('\n') + 1;
    const whole = (input.slice(lineStart).split('\n')[0] ?? '').replace(/\t/g, ' ');
    const column = [...before.slice(lineStart)].length;
    return `ERROR: <input>:${line}:${column + 1}: ${text}\n | ${whole}\n | ${'.'.repeat(column)}^`;
  });
  if (sorted.length > mostShown) texts.push(`${sorted.length - mostShown} more errors were truncated`);
  return texts.join('\n');
}
