/** text/tabwriter with cells at least one wide, filled up with tabs to multiples of eight (NewWriter(w, 1, 8, 1, '\t', 0)). */
export function tabs(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows)
    row.slice(0, -1).forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, Math.ceil((cell.length + 1) / 8) * 8);
    });
  return rows
    .map((row) => {
      const cells = row.map((cell, index) =>
        index === row.length - 1 ? cell : cell + '\t'.repeat(Math.ceil(((widths[index] ?? 0) - cell.length) / 8)),
      );
      return `${cells.join('')}\n`;
    })
    .join('');
}
