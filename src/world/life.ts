import type { Span, Trace } from '../sim/trace';
import type { SpanView } from './view';

/** How many steps of one command are drawn; a rollout of 1,000 pods has more than anyone reads. */
const MOST = 400;

/**
 * The causal steps of the last command: every span that has the command's own span among its causes. Membership is
 * kept in a set, so that each new span costs one look-up.
 */
export class Life {
  #root = 0;
  #members = new Set<number>();
  readonly #add: (view: SpanView) => void;
  readonly #reset: () => void;

  constructor(trace: Trace, hooks: { readonly add: (view: SpanView) => void; readonly reset: () => void }) {
    this.#add = hooks.add;
    this.#reset = hooks.reset;
    trace.subscribe((span) => this.#see(span));
  }

  /** A new command line begins: what follows from `span` is its life. */
  follow(span: number): void {
    this.#root = span;
    this.#members = new Set([span]);
    this.#reset();
  }

  /** From now on the newest line that somebody typed at a shell is followed. */
  followCommands(trace: Trace): void {
    trace.subscribe((span) => {
      if (span.verb === 'run' && /^-?\w*sh@/.test(span.actor)) this.follow(span.id);
    });
  }

  #see(span: Span): void {
    if (this.#root === 0 || !this.#members.has(span.parent) || this.#members.size > MOST) return;
    this.#members.add(span.id);
    this.#add(spanView(span));
  }
}

export const spanView = ({ id, parent, at, actor, verb, subject, detail }: Span): SpanView => ({
  key: String(id),
  id,
  parent,
  at,
  actor,
  verb,
  subject,
  ...(detail === undefined ? {} : { detail }),
});
