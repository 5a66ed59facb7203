import { Fault, NoVerdict } from './fault';
import { Grammar } from './grammar';

/** A fault, and where the commands begin that bash reads together with it. */
export interface Found {
  readonly fault: Fault;
  readonly lineStart: number;
}

/**
 * Where bash would say that a text is no script; undefined if it is one or nobody can tell. unbash forgives much, so it
 * cannot say this (and `bash -n` is what scripts are measured by).
 */
export function check(text: string, extglob: boolean): Found | undefined {
  // bash gives every text a last newline.
  const whole = text.endsWith('\n') ? text : `${text}\n`;
  // Lines are read one by one, so that one may switch it on for the next.
  const grammar = new Grammar(whole, extglob || text.includes('extglob'));
  try {
    grammar.script();
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return { fault: error, lineStart: grammar.lineStart };
    if (error instanceof NoVerdict) return undefined;
    throw error;
  }
}
