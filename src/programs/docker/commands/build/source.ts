import type { SourceInfo, SourceRange } from './progress/status';

/** Lines of a Dockerfile around those that something is about (solver/errdefs/source.go). */
export function sourceExcerpt({ filename = '', data = '' }: SourceInfo, ranges: readonly SourceRange[]): string {
  const lines = data.split('\n');
  const ends = ranges.map(({ start, end }) => Math.max(start.line, end.line));
  let start = Math.min(...ranges.map((range) => range.start.line));
  let end = Math.min(Math.max(...ends), lines.length);
  if (ranges.length === 0 || start > lines.length || start < 1) return '';
  const first = start;
  const pad = end === start ? 4 : 2;
  for (let padded = 0; padded < pad; padded++) {
    if (start > 1) {
      start--;
      padded++;
    }
    if (end !== lines.length) {
      end++;
      padded++;
    }
  }
  let text = `${filename}:${first}\n--------------------\n`;
  for (let line = start; line <= end; line++) {
    const marked = ranges.some((range, index) => range.start.line <= line && (ends[index] ?? 0) >= line);
    text += ` ${String(line).padStart(3)} | ${marked ? '>>>' : '   '} ${lines[line - 1] ?? ''}\n`;
  }
  return `${text}--------------------\n`;
}
