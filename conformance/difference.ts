/** The first lines in which two texts differ, with a little around them. */
export function textDifference(title: string, wanted: string, got: string, around = 12): string {
  if (wanted === got) return '';
  const theirs = wanted.split('\n');
  const ours = got.split('\n');
  let first = 0;
  while (first < theirs.length && theirs[first] === ours[first]) first++;
  const from = Math.max(0, first - 1);
  const part = (lines: readonly string[], sign: string): string =>
    lines
      .slice(from, from + around)
      .map((line) => `  ${sign} ${line.slice(0, 400)}\n`)
      .join('');
  return `  ${title}, line ${first + 1}:\n${part(theirs, '-')}${part(ours, '+')}`;
}
