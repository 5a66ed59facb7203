import type { Directive } from './config';
import type { Exchange } from './exchange';
import { condition, serverVariable, unary } from './expressions';
import { regex } from './glob';

/** What the rules of mod_rewrite made of a request. */
export type Rewritten =
  | { readonly kind: 'none' }
  /** Another path; `through`: aliases apply to it again. */
  | { readonly kind: 'path'; readonly path: string; readonly end: boolean }
  | { readonly kind: 'redirect'; readonly url: string; readonly status: number }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'proxy'; readonly url: string };

type Match = readonly (string | undefined)[];

/** Rules and their conditions, in order. `folder`: the path that a .htaccess's rules see cut off. */
export function rewrite(
  directives: readonly Directive[],
  exchange: Exchange,
  start: string,
  folder?: { readonly uri: string; readonly path: string },
): Rewritten {
  let subject = start;
  let changed = false;
  let rounds = 0;
  let end = false;
  let redirect: { readonly url: string; readonly status: number } | undefined;
  let proxied: string | undefined;
  const rules = rulesOf(directives);
  for (let index = 0; index < rules.length; index++) {
    const rule = rules[index];
    if (rule === undefined) break;
    const flags = flagsOf(rule.directive.args[2]);
    const match = applies(rule, flags, subject, exchange);
    if (match === undefined) {
      // The rest of a chain goes with its head.
      if (flags.has('C')) while (index + 1 < rules.length && flagsOf(rules[index]?.directive.args[2]).has('C')) index++;
      continue;
    }
    const written = rule.directive.args[1] ?? '-';
    for (const one of flags.get('E') ?? []) setVariable(one, match, exchange);
    const type = flags.get('T')?.[0];
    if (type !== undefined) exchange.env.set('force-type', type);
    const handler = flags.get('H')?.[0];
    if (handler !== undefined) exchange.handler = handler;
    if (flags.has('F')) return { kind: 'status', status: 403 };
    if (flags.has('G')) return { kind: 'status', status: 410 };
    const status = flags.has('R') ? statusOf(flags.get('R')?.[0]) : undefined;
    if (status !== undefined && (status < 300 || status > 399)) return { kind: 'status', status };
    if (written !== '-') {
      let to = expand(written, match, exchange);
      to = withQuery(to, written.includes('?'), flags, exchange);
      changed = true;
      const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(to);
      if (!whole && folder !== undefined && !to.startsWith('/')) to = `${folder.uri}${to}`;
      if (!whole && folder === undefined && !to.startsWith('/')) to = `/${to}`;
      if (flags.has('P')) proxied = to;
      else if (status !== undefined || whole) redirect = { url: withArgs(to, exchange), status: status ?? 302 };
      subject = to;
      if (folder !== undefined && subject.startsWith(folder.uri)) subject = subject.slice(folder.uri.length);
    } else if (status !== undefined)
      redirect = { url: withArgs(folder === undefined ? subject : `${folder.uri}${subject}`, exchange), status };
    if (flags.has('END')) end = true;
    if (flags.has('P') || flags.has('L') || flags.has('END') || (flags.has('R') && flags.has('L'))) break;
    if (flags.has('N') && ++rounds < 100) index = -1;
    const skip = flags.get('S')?.[0];
    if (skip !== undefined) index += Number(skip);
  }
  if (proxied !== undefined) return { kind: 'proxy', url: withArgs(proxied, exchange) };
  if (redirect !== undefined) {
    const url = /^[a-z][a-z\d+.-]*:/i.test(redirect.url) ? redirect.url : exchange.whole(redirect.url);
    return { kind: 'redirect', status: redirect.status, url };
  }
  if (!changed) return { kind: 'none' };
  const path = subject.startsWith('/') || folder === undefined ? subject : `${folder.uri}${subject}`;
  return { kind: 'path', path, end };
}

const withArgs = (url: string, { args }: Exchange): string =>
  args === undefined || args === '' || url.includes('?') ? url : `${url}?${args}`;

/** Splits a query off the new path and joins it to what was there (splitout_queryargs). */
function withQuery(to: string, own: boolean, flags: Flags, exchange: Exchange): string {
  const mark = to.indexOf('?');
  if (mark < 0 || !own) {
    if (flags.has('QSD')) exchange.args = undefined;
    return to;
  }
  const query = to.slice(mark + 1);
  const old = exchange.args;
  exchange.args =
    flags.has('QSA') && old !== undefined && old !== '' ? [query, old].filter((part) => part !== '').join('&') : query;
  if (exchange.args === '') exchange.args = undefined;
  return to.slice(0, mark);
}

type Flags = ReadonlyMap<string, readonly string[]>;
const long: Readonly<Record<string, string>> = {
  chain: 'C',
  cookie: 'CO',
  discardpath: 'DPI',
  env: 'E',
  forbidden: 'F',
  gone: 'G',
  handler: 'H',
  last: 'L',
  next: 'N',
  nocase: 'NC',
  noescape: 'NE',
  nosubreq: 'NS',
  ornext: 'OR',
  passthrough: 'PT',
  proxy: 'P',
  qsappend: 'QSA',
  qsdiscard: 'QSD',
  redirect: 'R',
  skip: 'S',
  type: 'T',
};

function flagsOf(text: string | undefined): Flags {
  const flags = new Map<string, string[]>();
  for (const one of (text ?? '').replace(/^\[|\]$/g, '').split(',')) {
    const [name = '', ...rest] = one.trim().split('=');
    if (name === '') continue;
    const key = long[name.toLowerCase()] ?? name.toUpperCase();
    flags.set(key, [...(flags.get(key) ?? []), ...(rest.length === 0 ? [] : [rest.join('=')])]);
  }
  return flags;
}

const named: Readonly<Record<string, number>> = { permanent: 301, temp: 302, seeother: 303 };
const statusOf = (word: string | undefined): number => (word === undefined ? 302 : (named[word] ?? Number(word)));

interface Rule {
  readonly directive: Directive;
  readonly conditions: readonly Directive[];
}

function rulesOf(directives: readonly Directive[]): readonly Rule[] {
  const rules: Rule[] = [];
  let conditions: Directive[] = [];
  for (const directive of directives) {
    const name = directive.name.toLowerCase();
    if (name === 'rewritecond') conditions.push(directive);
    if (name !== 'rewriterule') continue;
    rules.push({ directive, conditions });
    conditions = [];
  }
  return rules;
}

interface Matched {
  readonly rule: Match;
  readonly condition: Match;
}

function applies(
  { directive, conditions }: Rule,
  flags: Flags,
  subject: string,
  exchange: Exchange,
): Matched | undefined {
  const written = directive.args[0] ?? '';
  const not = written.startsWith('!');
  const pattern = regex(not ? written.slice(1) : written, flags.has('NC') ? 'i' : '');
  const found = pattern?.exec(subject) ?? null;
  if ((found !== null) === not) return undefined;
  const rule: Match = found ?? [];
  let last: Match = [];
  for (let index = 0; index < conditions.length; index++) {
    const one = conditions[index];
    if (one === undefined) break;
    const result = holds(one, { rule, condition: last }, exchange);
    const or = flagsOf(one.args[2]).has('OR');
    if (result !== undefined) {
      if (result.length > 0) last = result;
      // One of a row of [OR]s is enough: on to what follows the row.
      if (or) while (index < conditions.length && flagsOf(conditions[index]?.args[2]).has('OR')) index++;
    } else if (!or) return undefined;
  }
  return { rule, condition: last };
}

/** One RewriteCond: its groups if it holds (none for a test that has none). */
function holds({ args }: Directive, match: Matched, exchange: Exchange): Match | undefined {
  const [test = '', written = '', flags] = args;
  const not = written.startsWith('!');
  const pattern = not ? written.slice(1) : written;
  const yes = (value: boolean): Match | undefined => (value === not ? undefined : []);
  if (test === 'expr') return yes(condition(pattern, exchange));
  const text = expand(test, match, exchange);
  const insensitive = flagsOf(flags).has('NC');
  if (/^-[a-zA-Z]$/.test(pattern)) return yes(unary(pattern.charAt(1), text, exchange));
  const compare = /^-(eq|ne|lt|le|gt|ge)(.*)$/.exec(pattern);
  if (compare !== null) {
    const [left, right] = [Number(text), Number(compare[2])];
    const results = {
      eq: left === right,
      ne: left !== right,
      lt: left < right,
      le: left <= right,
      gt: left > right,
      ge: left >= right,
    };
    return yes(results[compare[1] as keyof typeof results]);
  }
  const lexical = /^([<>]?=|[<>])(.*)$/.exec(pattern);
  if (lexical !== null) {
    const right = (lexical[2] ?? '').replace(/^"(.*)"$/, '$1');
    const [a, b] = insensitive ? [text.toLowerCase(), right.toLowerCase()] : [text, right];
    switch (lexical[1]) {
      case '=':
        return yes(a === b);
      case '<':
        return yes(a < b);
      case '>':
        return yes(a > b);
      case '<=':
        return yes(a <= b);
      default:
        return yes(a >= b);
    }
  }
  const found = regex(pattern, insensitive ? 'i' : '')?.exec(text) ?? null;
  if (not) return found === null ? [] : undefined;
  return found ?? undefined;
}

/** `$1` of the rule, `%1` of the last condition, `%{NAME}` (do_expand). */
function expand(text: string, match: Matched, exchange: Exchange): string {
  return text.replace(
    /\\(.)|\$(\d)|%(\d)|%\{([^}]*)\}/g,
    (
      whole,
      kept: string | undefined,
      ofRule: string | undefined,
      ofCondition: string | undefined,
      name: string | undefined,
    ) => {
      if (kept !== undefined) return kept;
      if (ofRule !== undefined) return match.rule[Number(ofRule)] ?? '';
      if (ofCondition !== undefined) return match.condition[Number(ofCondition)] ?? '';
      return name === undefined ? whole : serverVariable(name, exchange);
    },
  );
}

function setVariable(written: string, match: Matched, exchange: Exchange): void {
  const [name = '', ...value] = expand(written, match, exchange).split(':');
  if (name.startsWith('!')) exchange.env.delete(name.slice(1));
  else exchange.env.set(name, value.join(':'));
}
