import type { SpanView } from '../../world/protocol';

/** One lane of the strip: who acted, and what it did, in order. */
export interface Lane {
  readonly actor: string;
  readonly steps: readonly SpanView[];
}

/** Lanes in the order in which the actors first appear, so that the eye follows the cause from left to right, top to bottom. */
export function lanes(spans: Iterable<SpanView>): readonly Lane[] {
  const byActor = new Map<string, SpanView[]>();
  for (const span of [...spans].sort((a, b) => a.id - b.id)) {
    byActor.set(span.actor, [...(byActor.get(span.actor) ?? []), span]);
  }
  return [...byActor].map(([actor, steps]) => ({ actor, steps }));
}

/** `+1.25 s` after the first step. */
export function since(first: number, at: number): string {
  const ms = at - first;
  return ms < 1000 ? `+${Math.round(ms)} ms` : `+${(ms / 1000).toFixed(2)} s`;
}
