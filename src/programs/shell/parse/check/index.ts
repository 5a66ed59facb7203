import { Fault, NoVerdict } from './fault';
import { Grammar } from './grammar';

/** A fault, and where the commands begin that bash reads together with it. */
export interface Found {
  readonly fault: Fault;
  readonly lineStart: number;
}

/**
 * Where bash would say that a text is no script; undefined if it is one or nobody can tell. unbash forgives much, so it
 * cannot say this (`plain`: where dash would say so; and `bash -n` is what scripts are measured by).
 */
export function check(text: string, extglob: boolean, plain = false): Found | undefined {
  // bash gives every text a last newline.
  const whole = plain || text.endsWith('\n') ? text : `${text}\n`;
  // Lines are read one by one, so that one may switch it on for the next.
  const grammar = new Grammar(whole, !plain && (extglob || text.includes('extglob')), plain);
  try {
    grammar.script();
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return { fault: error, lineStart: grammar.lineStart };
    if (error instanceof NoVerdict) return undefined;
    throw error;
  }
}

/** A script of dash's with blanks and backslashes in it, so that it means the same to who knows bash's grammar. */
export function maskPlain(text: string): string {
  if (!/\(\s*\)|\[|\(\(|&>|\+=|time|function|select|coproc/.test(text)) return text;
  const grammar = new Grammar(text, false, true);
  try {
    grammar.script();
  } catch (error) {
    if (!(error instanceof Fault) && !(error instanceof NoVerdict)) throw error;
  }
  let masked = text;
  for (const [position, mask] of [...grammar.masks].sort(([one], [two]) => two - one))
    masked = masked.slice(0, position) + mask + masked.slice(position);
  return masked;
}
