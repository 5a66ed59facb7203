const multipliers: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** What a quantity amounts to, for comparisons: resource.Quantity.AsApproximateFloat64. */
export function quantityValue(text: string): number {
  const match = /^([+-]?[0-9.]+)([eE][-+]?\d+|[a-zA-Z]*)$/.exec(text);
  if (match === null) return NaN;
  const [, digits = '', suffix = ''] = match;
  if (/^[eE]\S/.test(suffix) && suffix.length > 1) return Number(`${digits}${suffix}`);
  return Number(digits) * (multipliers[suffix] ?? NaN);
}
