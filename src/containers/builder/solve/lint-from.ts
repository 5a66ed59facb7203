import type { Expanded, Variables } from '../dockerfile/expand';
import type { Stage } from '../dockerfile/instructions/types';
import type { Linter } from '../dockerfile/lint';
import type { Range } from '../dockerfile/source';
import { suggestion } from '../dockerfile/suggest';
import { parsePlatform } from './platform';

/** Variables in FROM that nobody declared. */
export function lintFromArguments(
  unmatched: ReadonlySet<string>,
  declared: ReadonlySet<string>,
  ranges: readonly Range[],
  linter: Linter,
): void {
  for (const name of unmatched) {
    if (declared.has(name)) continue;
    const meant = suggestion(name, [...declared], true);
    const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
    linter.warn('UndefinedArgInFrom', ranges, `FROM argument '${name}' is not declared${hint}`);
  }
}

/** `FROM --platform` that is a constant, or what it would be anyhow. */
export function lintPlatform(
  { platform, name, from }: Stage,
  { text, matched, unmatched }: Expanded,
  globals: Variables,
  linter: Linter,
): void {
  if (matched.size === 1 && unmatched.size === 0 && matched.has('TARGETPLATFORM')) {
    if (text === globals.get('TARGETPLATFORM'))
      linter.warn(
        'RedundantTargetPlatform',
        from.ranges,
        `Setting platform to predefined ${platform} in FROM is redundant as this is the default behavior`,
      );
  }
  if (matched.size > 0 || unmatched.size > 0) return;
  const parsed = parsePlatform(text);
  if (!parsed.ok) return;
  const [os = '', architecture = ''] = parsed.value.split('/');
  if (name.includes(os) || name.includes(architecture)) return;
  linter.warn(
    'FromPlatformFlagConstDisallowed',
    from.ranges,
    `FROM --platform flag should not use constant value ${JSON.stringify(text)}`,
  );
}
