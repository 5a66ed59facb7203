import type { LintResults } from '../../../../containers/builder/contract';
import { sourceExcerpt } from './source';
import type { SourceInfo, VertexWarning } from './progress/status';

/** The warnings after a build (commands/build.go: printWarnings). */
export function warningsText(all: readonly VertexWarning[], debug: boolean): string {
  const warnings = distinct(all);
  if (warnings.length === 0) return '';
  const found = `${warnings.length} warning${warnings.length === 1 ? '' : 's'} found`;
  let text = `\n \x1b[33m${found}${debug ? '' : ' (use docker --debug to expand)'}:\n\x1b[0m`;
  for (const { short = '', detail = [], url = '', sourceInfo, range } of warnings) {
    text += ` - ${short}\n`;
    if (!debug) continue;
    for (const line of detail) text += `${line}\n`;
    if (url !== '') text += `More info: ${url}\n`;
    if (sourceInfo !== undefined && range !== undefined) text += sourceExcerpt(sourceInfo, range);
    text += '\n';
  }
  return text;
}

/** Each warning once, whatever step it came with. */
export function distinct(warnings: readonly VertexWarning[]): readonly VertexWarning[] {
  const seen = new Map<string, VertexWarning>();
  for (const warning of warnings) {
    const key = JSON.stringify({ ...warning, vertex: '' });
    if (!seen.has(key)) seen.set(key, warning);
  }
  return [...seen.values()];
}

/** What `--check` prints; the error it ends with, if the Dockerfile is wrong (frontend/subrequests/lint). */
export function lintText(
  { warnings, sources, buildError }: LintResults,
  named: (source: SourceInfo) => SourceInfo,
): { readonly text: string; readonly error?: string } {
  const count = warnings.length;
  let text =
    count === 0
      ? ''
      : `Check complete, ${count === 1 ? '1 warning has been found!' : `${count} warnings have been found!`}\n`;
  const excerpt = (location: LintResults['warnings'][number]['location']): string => {
    const source = sources[location.sourceIndex];
    return source === undefined ? '' : sourceExcerpt(named(source), location.ranges);
  };
  const line = (warning: LintResults['warnings'][number]): number => warning.location.ranges[0]?.start.line ?? 0;
  for (const warning of warnings.toSorted((a, b) => line(a) - line(b))) {
    const { ruleName, url = '', detail, location } = warning;
    text += `\nWARNING: ${ruleName}${url === '' ? '' : ` - ${url}`}\n${detail}\n${excerpt(location)}`;
  }
  if (buildError === undefined) return { text: count === 0 ? 'Check complete, no warnings found.\n' : text };
  const { message, location } = buildError;
  const error = `${message}\n${location === undefined ? '' : excerpt(location)}`;
  return { text: count > 0 ? `${text}\n` : text, error };
}
