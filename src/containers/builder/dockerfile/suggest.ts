/** The option that was probably meant (buildkit util/suggest: Levenshtein distance below three). */
export function suggestion(value: string, options: readonly string[], caseSensitive: boolean): string | undefined {
  const wanted = caseSensitive ? value : value.toLowerCase();
  let match: string | undefined;
  let nearest = 3;
  for (const given of options) {
    const option = caseSensitive ? given : given.toLowerCase();
    if (option === wanted) return undefined;
    const distance = levenshtein(wanted, option);
    if (distance >= nearest) continue;
    match = caseSensitive ? option : asCased(option, value);
    nearest = distance;
  }
  return match;
}

/** ` (did you mean x?)`, or nothing. */
export function didYouMean(value: string, options: readonly string[], caseSensitive = true): string {
  const match = suggestion(value, options, caseSensitive);
  return match === undefined ? '' : ` (did you mean ${match}?)`;
}

function asCased(text: string, model: string): string {
  if (model === model.toLowerCase()) return text.toLowerCase();
  return model === model.toUpperCase() ? text.toUpperCase() : text;
}

function levenshtein(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 3) return 4;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
