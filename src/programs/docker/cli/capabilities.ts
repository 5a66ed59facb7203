const named = (text: string): string => {
  const upper = text.trim().toUpperCase();
  return upper === 'ALL' || upper === 'RESET' || upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
};

/** What `--cap-add` and `--cap-drop` come to: full names in order, what is added is not dropped (opts/capabilities.go). */
export function effectiveCapabilities(
  add: readonly string[],
  drop: readonly string[],
): { readonly add: readonly string[]; readonly drop: readonly string[] } {
  const added = new Set(add.map(named));
  const dropped = new Set(drop.map(named));
  const adding = added.has('ALL') ? ['ALL'] : [...added].toSorted();
  const dropping = dropped.has('ALL') ? ['ALL'] : [...dropped].toSorted();
  return { add: adding, drop: dropping.filter((name) => !added.has(name)) };
}
