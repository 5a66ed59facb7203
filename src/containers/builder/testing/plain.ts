import type { BuildError, LintResults, StatusResponse } from '../contract';

/** A build's stream as lines, for tests: vertices when they end, logs, warnings, errors. */
export function plain(stream: readonly unknown[]): string {
  const lines: string[] = [];
  const names = new Map<string, string>();
  for (const item of stream as readonly { id?: string; aux?: unknown; error?: string; errorDetail?: BuildError }[]) {
    if ('stream' in item)
      lines.push(
        String(item.stream)
          .trimEnd()
          .replace(/\b[0-9a-f]{12}\b/g, '…'),
      );
    else if (item.error !== undefined) {
      const ranges = item.errorDetail?.source?.ranges.map(({ start, end }) => `${start.line}-${end.line}`).join();
      lines.push(`ERROR ${item.error}${ranges === undefined ? '' : ` (${ranges})`}`);
    } else if (item.id === 'moby.buildkit.trace') {
      const { vertexes = [], logs = [], warnings = [], statuses = [] } = item.aux as StatusResponse;
      // Of one vertex the last state counts.
      const latest = new Map(vertexes.map((vertex) => [vertex.digest, vertex])).values();
      for (const { digest, name, completed, cached, error } of latest) {
        names.set(digest, name);
        if (error !== undefined) lines.push(`${name}: ${error}`);
        else if (completed !== undefined) lines.push(`${name}${cached === true ? ': CACHED' : ''}`);
      }
      for (const { vertex, msg } of logs) lines.push(`${names.get(vertex) ?? ''} | ${msg.trimEnd()}`);
      for (const { short } of warnings) lines.push(`WARN ${short}`);
      for (const { id, current, completed } of statuses) if (completed !== undefined) lines.push(`  ${id} ${current}`);
    } else if (item.id === 'moby.buildkit.lint')
      for (const { ruleName, detail, location } of (item.aux as LintResults).warnings)
        lines.push(`LINT ${ruleName}: ${detail} (${location.ranges[0]?.start.line ?? 0})`);
  }
  return lines
    .join('\n')
    .replace(/sha256:[0-9a-f]{64}/g, 'sha256:…')
    .replace(/ref \S+::\w+/g, 'ref …');
}
