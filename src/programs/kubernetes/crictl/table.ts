/** Least width of a column, and the space after the longest cell (cri-tools, cmd/crictl/display.go). */
const [LEAST, PADDING] = [20, 3];

/** Rows as Go's text/tabwriter lays them out for crictl: the last column is not padded. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(LEAST, ...all.map((row) => (row[column] ?? '').length + PADDING)));
  return all
    .map((row) => row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join(''))
    .map((line) => `${line}\n`)
    .join('');
}

/** Ids are shown by their first 13 digits. */
export const short = (id: string): string => id.replace(/^sha256:/, '').slice(0, 13);

/** docker/go-units' HumanSizeWithPrecision(size, 3): `107MB`, `2.37MB`, `45.06kB` with 4. */
export function humanSize(bytes: number, precision = 3): string {
  let size = bytes;
  let unit = 0;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${Number(size.toPrecision(precision))}${units[unit] ?? ''}`;
}
