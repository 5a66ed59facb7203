import type { Shell } from '../shell';
import { literalSegments } from './literal';
import type { Sink } from './split';
import { tildePrefix } from './tilde';

/** Where a `~` may stand for a home directory. */
export type Tilde = 'word' | 'assignment' | 'none';

/** Sends bare text to a sink: tildes become what they stand for, what follows a backslash is quoted. */
export function sendLiteral(
  shell: Shell,
  text: string,
  sink: Sink,
  tilde: Tilde,
  first: boolean,
  regex: boolean,
): void {
  const rest = tilde === 'none' ? text : sendTildes(shell, text, sink, tilde, first);
  for (const segment of literalSegments(rest)) {
    if (segment.quoted && !(regex && segment.text === '')) sink.quoted(segment.text);
    else sink.plain(segment.text);
  }
}

/** Replaces a tilde at the beginning (and in assignments after each colon); gives what is left of the text. */
function sendTildes(shell: Shell, text: string, sink: Sink, tilde: Tilde, first: boolean): string {
  if (!text.includes('~')) return text;
  let rest = text;
  // `make DESTDIR=~/x`: a word that looks like an assignment is treated as one.
  const [assigns] = first && tilde === 'word' ? (/^[A-Za-z_]\w*\+?=(?=~)/.exec(text) ?? []) : [];
  if (assigns !== undefined) {
    sink.plain(assigns);
    rest = rest.slice(assigns.length);
  }
  if (first) {
    const prefix = tildePrefix(shell, rest, tilde === 'assignment');
    if (prefix !== undefined) {
      sink.quoted(prefix.home);
      rest = rest.slice(prefix.length);
    }
  }
  if (tilde !== 'assignment') return rest;
  for (let colon = rest.indexOf(':~'); colon >= 0; colon = rest.indexOf(':~')) {
    const prefix = tildePrefix(shell, rest.slice(colon + 1), true);
    for (const segment of literalSegments(rest.slice(0, colon + 1))) {
      if (segment.quoted) sink.quoted(segment.text);
      else sink.plain(segment.text);
    }
    if (prefix !== undefined) sink.quoted(prefix.home);
    else sink.plain('~');
    rest = rest.slice(colon + 1 + (prefix?.length ?? 1));
  }
  return rest;
}
