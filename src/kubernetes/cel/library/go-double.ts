/** strconv.FormatFloat(v, 'g', -1, 64). */
export function goDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-4 || size >= 1e21)) return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  return String(value);
}

/** `%g`: with an exponent from a million on. */
export const goShortest = (value: number): string =>
  Number.isFinite(value) && Math.abs(value) >= 1e6
    ? value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
    : goDouble(value);
