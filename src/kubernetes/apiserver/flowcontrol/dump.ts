import type { Response } from '../../../linux/net/http/message';
import { plain } from '../rest/respond';
import type { FlowControl } from './flow-control';

const prefix = '/debug/api_priority_and_fairness/';
const columns: Readonly<Record<string, readonly string[]>> = {
  dump_priority_levels: [
    'PriorityLevelName',
    'ActiveQueues',
    'IsIdle',
    'IsQuiescing',
    'WaitingRequests',
    'ExecutingRequests',
    'DispatchedRequests',
    'RejectedRequests',
    'TimedoutRequests',
    'CancelledRequests',
  ],
};

/** What is in the levels of priority and fairness, as a table (apf_controller_debug.go). Undefined: no such path. */
export function dumpFlowControl(path: string, flowControl: FlowControl): Response | undefined {
  const header = path.startsWith(prefix) ? columns[path.slice(prefix.length)] : undefined;
  if (header === undefined) return undefined;
  const rows = flowControl
    .levels()
    .map(({ name, executing, dispatched }) => [name, 0, executing === 0, false, 0, executing, dispatched, 0, 0, 0]);
  return plain(200, aligned([header, ...rows.map((row) => row.map(String))]));
}

/** text/tabwriter with cells of at least 8 and one blank between; each but the last ends with a comma. */
function aligned(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((cell, at) => (at < row.length - 1 ? `${cell},` : cell)));
  const widths = (cells[0] ?? []).map((_, at) => Math.max(8, ...cells.map((row) => (row[at] ?? '').length + 1)));
  return cells
    .map((row) => `${row.map((cell, at) => (at < row.length - 1 ? cell.padEnd(widths[at] ?? 0) : cell)).join('')}\n`)
    .join('');
}
