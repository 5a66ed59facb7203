/** Sizes as apt writes them: `52.5 kB`, `159 kB`, `6107 kB`. */
export function sizeText(bytes: number): string {
  let value = bytes;
  for (const unit of ['B', 'kB', 'MB', 'GB', 'TB']) {
    if (unit === 'B' ? value < 10_000 : value < 100)
      return unit === 'B' ? `${Math.round(value)} B` : `${value.toFixed(1)} ${unit}`;
    if (unit !== 'B' && value < 10_000) return `${Math.round(value)} ${unit}`;
    value /= 1000;
  }
  return `${value.toFixed(1)} PB`;
}

/** A list of names, two spaces in and no wider than 80 columns. */
export function wrapped(names: readonly string[]): string {
  const lines: string[] = [];
  let line = ' ';
  for (const name of names) {
    if (line.length + 1 + name.length > 79 && line !== ' ') {
      lines.push(line);
      line = ' ';
    }
    line += ` ${name}`;
  }
  if (line !== ' ') lines.push(line);
  return lines.map((each) => `${each}\n`).join('');
}
