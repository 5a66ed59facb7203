const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** go-units' HumanSize: four significant digits, powers of a thousand. */
export function humanSize(bytes: number, digits = 4): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${significant(value, digits)}${units[unit] ?? 'B'}`;
}

/** Go's %.4g for what comes up here. */
function significant(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)));
}

/** `[=====>      ]  16.38kB/1.141MB` (pkg/jsonmessage, as a terminal of 200 columns gets it). */
export function progressBar(current: number, total: number): string {
  const percent = Math.min(50, Math.floor((current / total) * 50));
  const bar = percent >= 50 ? `${'='.repeat(50)}>` : `${'='.repeat(percent)}>${' '.repeat(50 - percent)}`;
  const numbers = `${humanSize(current).padStart(8)}/${humanSize(total)}`;
  return `[${bar}] ${numbers}`;
}
