import { encode } from '../../../linux/io/bytes';
import { regex } from './check';
import type { Directive } from './config';
import type { Exchange, Outcome } from './exchange';
import { contentType } from './filters';
import { Scope } from './scope';
import { fill } from './variables';

/** `goon`: the next phase; `again`: the URI changed, a location is to be found; else what is answered. */
export type Step = 'goon' | 'again' | 'stop' | Outcome;

const scopes = new WeakMap<readonly Directive[], Map<Scope, Scope>>();

/** The scope of an `if` inside a scope. */
function scopeOfIf(block: readonly Directive[], parent: Scope): Scope {
  let inside = scopes.get(block);
  if (inside === undefined) scopes.set(block, (inside = new Map()));
  let scope = inside.get(parent);
  if (scope === undefined) inside.set(parent, (scope = new Scope(block, parent)));
  return scope;
}

/** The directives of ngx_http_rewrite_module in a block, in their order. */
export function rewritePhase(exchange: Exchange, block: readonly Directive[], level: Scope): Step {
  let changed = false;
  for (const { name, args, block: inner = [] } of block) {
    const [first = '', second = '', third] = args;
    if (name === 'set') exchange.set.set(first.slice(1), fill(second, exchange));
    else if (name === 'break') return 'stop';
    else if (name === 'return') return returned(exchange, args);
    else if (name === 'rewrite') {
      const step = rewritten(exchange, first, second, third);
      if (step === 'unmatched') continue;
      if (step !== 'changed') return step;
      changed = true;
    } else if (name === 'if' && holds(exchange, args)) {
      const scope = scopeOfIf(inner, level);
      exchange.scope = scope;
      const step = rewritePhase(exchange, inner, scope);
      if (step === 'again') changed = true;
      else if (step !== 'goon') return step;
    }
  }
  return changed ? 'again' : 'goon';
}

function rewritten(
  exchange: Exchange,
  pattern: string,
  target: string,
  mark: string | undefined,
): Step | 'unmatched' | 'changed' {
  const match = regex(pattern, '').exec(exchange.uri);
  if (match === null) return 'unmatched';
  exchange.captures = match;
  Object.assign(exchange.named, match.groups);
  let to = fill(target, exchange);
  const away = /^(https?:\/\/|\$scheme)/.test(target) || mark === 'redirect' || mark === 'permanent';
  const bare = to.endsWith('?');
  if (bare) to = to.slice(0, -1);
  const question = to.indexOf('?');
  let [path, args] = question < 0 ? [to, ''] : [to.slice(0, question), to.slice(question + 1)];
  if (!bare && exchange.args !== '') args = args === '' ? exchange.args : `${args}&${exchange.args}`;
  if (away) {
    // A path that a capture gave is escaped again.
    const location = /^https?:/.test(path) ? path : escapeUri(path);
    return redirect(mark === 'permanent' ? 301 : 302, args === '' ? location : `${location}?${args}`);
  }
  path = path === '' ? '/' : path;
  exchange.uri = path;
  exchange.args = args;
  if (mark === 'last') return 'again';
  return mark === 'break' ? 'stop' : 'changed';
}

const redirect = (status: number, location: string): Outcome => ({
  status,
  headers: [],
  location,
  body: new Uint8Array(0),
});

/** `return 200 "text"`, `return 301 URL`, `return 404`. */
function returned(exchange: Exchange, args: readonly string[]): Outcome {
  const [first = '', text] = args;
  const status = /^\d+$/.test(first) ? Number(first) : 302;
  const given = /^\d+$/.test(first) ? text : first;
  if ([301, 302, 303, 307, 308].includes(status)) return redirect(status, fill(given ?? '', exchange));
  if (given === undefined && (status >= 400 || status === 204)) return status;
  const body = encode(fill(given ?? '', exchange));
  return { status, headers: [], type: contentType(exchange, exchange.uri), body };
}

/** The condition of an `if`, in its parentheses. */
function holds(exchange: Exchange, args: readonly string[]): boolean {
  const words = [...args];
  words[0] = (words[0] ?? '').replace(/^\(/, '');
  words[words.length - 1] = (words.at(-1) ?? '').replace(/\)$/, '');
  const [left = '', operator, right = ''] = words.filter((word) => word !== '');
  if (operator === undefined && !left.startsWith('!') && !left.startsWith('-'))
    return !['', '0'].includes(fill(left, exchange));
  if (/^!?-[fdex]$/.test(left))
    return left.startsWith('!') !== onDisk(exchange, left.slice(-1), fill(operator ?? '', exchange));
  const value = fill(left, exchange);
  // Quotes are gone by now, so that an absent word is the empty text.
  const wanted = words.length < 3 && operator !== undefined ? '' : right;
  switch (operator) {
    case '=':
      return value === fill(wanted, exchange);
    case '!=':
      return value !== fill(wanted, exchange);
    case '~':
    case '~*':
    case '!~':
    case '!~*': {
      const match = regex(wanted, operator.endsWith('*') ? 'i' : '').exec(value);
      if (match !== null && !operator.startsWith('!')) {
        exchange.captures = match;
        Object.assign(exchange.named, match.groups);
      }
      return operator.startsWith('!') ? match === null : match !== null;
    }
    default:
      return false;
  }
}

function onDisk({ process }: Exchange, test: string, path: string): boolean {
  const stat = process.fs.stat(path);
  if (!stat.ok) return false;
  if (test === 'f') return stat.value.type === 'file';
  if (test === 'd') return stat.value.type === 'directory';
  return test === 'e' || (stat.value.mode & 0o111) !== 0;
}

/** ngx_escape_uri(NGX_ESCAPE_URI): what may not stand in a path. */
export const escapeUri = (path: string): string =>
  encodeURI(path).replace(/[?#%]|%25/g, (text) =>
    text === '?' ? '%3F' : text === '#' ? '%23' : text === '%25' ? '%25' : text,
  );
