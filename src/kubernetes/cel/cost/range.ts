/** checker.SizeEstimate and CostEstimate: from the least to the most, which stops at what 64 bits hold. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** math.MaxUint64, as near as a number comes to it. */
export const most = 2 ** 64;
export const unknownSize: Range = { min: 0, max: most };
export const fixed = (value: number): Range => ({ min: value, max: value });

const capped = (value: number): number => (value >= most ? most : value);

export const add = (...ranges: readonly Range[]): Range => ({
  min: capped(ranges.reduce((sum, each) => sum + each.min, 0)),
  max: capped(ranges.reduce((sum, each) => sum + each.max, 0)),
});
export const multiply = (a: Range, b: Range): Range => ({ min: capped(a.min * b.min), max: capped(a.max * b.max) });
/** Rounded up. */
export const scale = ({ min, max }: Range, factor: number): Range => ({
  min: capped(Math.ceil(min * factor)),
  max: capped(Math.ceil(max * factor)),
});
export const union = (a: Range, b: Range): Range => ({ min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) });
