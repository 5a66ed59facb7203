/** icmpv4_xrlim_allow: six errors to one host at once, then one an interval. */
export class ErrorLimit {
  readonly #buckets = new Map<number, { readonly at: number; readonly tokens: number }>();

  allow(to: number, now: number, interval: number): boolean {
    if (interval === 0) return true;
    const bucket = this.#buckets.get(to) ?? { at: now, tokens: 6 };
    const tokens = Math.min(6, bucket.tokens + (now - bucket.at) / interval);
    this.#buckets.set(to, { at: now, tokens: tokens >= 1 ? tokens - 1 : tokens });
    return tokens >= 1;
  }
}
