import { BuildFailure } from './source';

/** A shell pattern of `${x#pattern}` as a regular expression: `*` and `?`, without brackets. */
export function patternRegExp(
  pattern: string,
  greedy: boolean,
  { anchored = false, flags = 'su' }: { readonly anchored?: boolean; readonly flags?: string } = {},
): RegExp {
  let out = anchored ? '^' : '';
  const chars = [...pattern];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] ?? '';
    if (char === '*') out += greedy ? '.*' : '.*?';
    else if (char === '?') out += '.';
    else if (char === '\\') {
      const escaped = chars[at + 1] ?? '';
      // `}` and `/` must be escaped in ${}; their escape is not part of the pattern.
      if (escaped === '}' || escaped === '/') continue;
      at++;
      if (escaped !== '*' && escaped !== '?' && escaped !== '\\')
        throw new BuildFailure(`invalid pattern (${pattern}) in substitution: invalid escape '\\${escaped}'`);
      out += `\\${escaped}`;
    } else out += char.replace(/[[\]{}.+()|^$/]/, '\\$&');
  }
  return new RegExp(out, flags);
}

/** `${value#pattern}`; `greedy`: `##`. */
export function trimPrefix(pattern: string, value: string, greedy: boolean): string {
  const match = patternRegExp(pattern, greedy, { anchored: true }).exec(value);
  return match === null ? value : value.slice(match[0].length);
}

/** `${value%pattern}`; `greedy`: `%%`. */
export function trimSuffix(pattern: string, value: string, greedy: boolean): string {
  // Backwards, so that a short match is the one nearest to the end.
  const whole = new RegExp(`^(?:${patternRegExp(pattern, true).source})$`, 'su');
  const starts = Array.from({ length: value.length + 1 }, (_, index) => index);
  if (!greedy) starts.reverse();
  for (const start of starts) if (whole.test(value.slice(start))) return value.slice(0, start);
  return value;
}
