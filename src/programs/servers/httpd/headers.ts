import { Headers } from '../../../linux/net/http/message';
import { httpDate } from '../../../linux/net/http/server';
import type { Directive } from './config';
import type { Exchange, Reply } from './exchange';
import { condition, serverVariable } from './expressions';
import { regex } from './glob';

/** The head of a response in httpd's order: Date, Server, what errors have too, the rest, Content-Type last. */
export function finish(exchange: Exchange, reply: Reply, error: boolean): Headers {
  const { process, request } = exchange;
  const always = new Headers();
  const own = new Headers();
  for (const name of exchange.vary) own.append('Vary', name);
  for (const [name, value] of reply.headers) own.add(name, value);
  const encoding = own.get('Content-Encoding');
  own.delete('Content-Encoding');
  const range = own.get('Content-Range');
  own.delete('Content-Range');
  const bodiless = reply.status === 304 || reply.status === 204;
  if (reply.body instanceof Uint8Array && !own.has('Content-Length') && !bodiless && reply.chunked !== true)
    own.set('Content-Length', String(reply.length ?? reply.body.length));
  if (range !== undefined) own.set('Content-Range', range);
  let type = reply.type;
  const given = new Headers(type === undefined ? {} : { 'Content-Type': type });
  for (const directive of exchange.all('Header')) {
    const { args } = directive;
    const isAlways = args[0]?.toLowerCase() === 'always';
    const words = /^(always|onsuccess)$/i.test(args[0] ?? '') ? args.slice(1) : args;
    if (!isAlways && error) continue;
    const target = words[1]?.toLowerCase() === 'content-type' ? given : isAlways ? always : own;
    apply(target, words, exchange);
  }
  type = given.get('Content-Type');
  const headers = new Headers({
    Date: own.get('Date') ?? httpDate(process.clock.now),
    Server: own.get('Server') ?? exchange.server.instance.banner,
  });
  own.delete('Date');
  own.delete('Server');
  for (const [name, value] of always) headers.add(name, value);
  for (const [name, value] of own) headers.add(name, value);
  const connection = request.headers.get('Connection') ?? '';
  if (/close/i.test(connection)) headers.set('Connection', 'close');
  else if (/keep-alive/i.test(connection)) {
    headers.set(
      'Keep-Alive',
      `timeout=${exchange.server.value('KeepAliveTimeout') ?? '5'}, max=${exchange.server.value('MaxKeepAliveRequests') ?? '100'}`,
    );
    headers.set('Connection', 'Keep-Alive');
  }
  const chunked = reply.chunked === true;
  if (chunked) headers.set('Transfer-Encoding', 'chunked');
  if (type !== undefined && !bodiless) headers.set('Content-Type', type);
  if (encoding !== undefined) headers.set('Content-Encoding', encoding);
  return headers;
}

/** `Header set X-Name value`: one directive of mod_headers. */
export function apply(headers: Headers, words: readonly string[], exchange: Exchange): void {
  const [action = '', name = '', ...rest] = words;
  const last = rest.at(-1);
  const when = last !== undefined && /^(env|expr)=/.test(last) ? last : undefined;
  const values = when === undefined ? rest : rest.slice(0, -1);
  if (when !== undefined && !conditionHolds(when, exchange)) return;
  const value = filled(values[0] ?? '', exchange);
  switch (action.toLowerCase()) {
    case 'set':
      headers.set(name, value);
      break;
    case 'setifempty':
      if (!headers.has(name)) headers.set(name, value);
      break;
    case 'add':
      headers.add(name, value);
      break;
    case 'append':
      headers.append(name, value);
      break;
    case 'merge':
      if (!(headers.get(name) ?? '').split(/,\s*/).includes(value)) headers.append(name, value);
      break;
    case 'unset':
      headers.delete(name);
      break;
    case 'edit':
    case 'edit*': {
      const old = headers.get(name);
      const pattern = regex(values[0] ?? '', action.endsWith('*') ? 'g' : '');
      if (old !== undefined && pattern !== undefined)
        headers.set(name, old.replace(pattern, filled((values[1] ?? '').replace(/\\(\d)/g, '$$$1'), exchange)));
      break;
    }
    case 'echo':
      for (const [sent, text] of exchange.request.headers)
        if (regex(name, 'i')?.test(sent) === true) headers.add(sent, text);
      break;
    default:
  }
}

function conditionHolds(when: string, exchange: Exchange): boolean {
  if (when.startsWith('expr=')) return condition(when.slice(5), exchange);
  const [, not = '', name = '', , wanted] = /^env=(!?)([^=]+)(=(.*))?$/.exec(when) ?? [];
  const value = exchange.env.get(name);
  const holds = wanted === undefined ? value !== undefined : value === wanted;
  return holds === (not === '');
}

/** `%{NAME}e`, `%D`, `%t`. */
function filled(text: string, exchange: Exchange): string {
  const { process } = exchange;
  return text.replace(
    /%(?:\{([^}]*)\}([es])|([tDl%])|\{([^}]*)\})/g,
    (
      _,
      name: string | undefined,
      kind: string | undefined,
      letter: string | undefined,
      expression: string | undefined,
    ) => {
      if (kind === 'e') return exchange.env.get(name ?? '') ?? '(null)';
      if (kind === 's') return '(null)';
      if (expression !== undefined) return serverVariable(expression, exchange);
      if (letter === 't') return `t=${exchange.started * 1000}`;
      if (letter === 'D') return `D=${Math.round((process.clock.now - exchange.started) * 1000)}`;
      return letter === '%' ? '%' : '';
    },
  );
}

/** RequestHeader: what the request has more or less of, for handlers and backends. */
export function requestHeaders(exchange: Exchange, headers: Headers): void {
  for (const { args } of exchange.all('RequestHeader'))
    apply(headers, args.at(-1) === 'early' ? args.slice(0, -1) : args, exchange);
}

/** SetEnv, SetEnvIf, BrowserMatch: before anything looks at variables. */
export function environment(exchange: Exchange, directives: readonly Directive[]): void {
  const { request, env } = exchange;
  const assign = (names: readonly string[], match: RegExpExecArray | null): void => {
    for (const one of names) {
      if (one.startsWith('!')) env.delete(one.slice(1));
      else {
        const [name = '', ...value] = one.split('=');
        env.set(
          name,
          value.length === 0
            ? '1'
            : value.join('=').replace(/\$(\d)/g, (_, group: string) => match?.[Number(group)] ?? ''),
        );
      }
    }
  };
  for (const { name, args } of directives) {
    const [first = '', second = '', ...rest] = args;
    const insensitive = /nocase$/i.test(name) ? 'i' : '';
    switch (name.toLowerCase()) {
      case 'setenv':
        env.set(first, second);
        break;
      case 'unsetenv':
        for (const one of args) env.delete(one);
        break;
      case 'passenv':
        for (const one of args) {
          const value = exchange.process.env.get(one);
          if (value !== undefined) env.set(one, value);
        }
        break;
      case 'setenvif':
      case 'setenvifnocase': {
        const values: Readonly<Record<string, string>> = {
          Remote_Addr: exchange.remote,
          Remote_Host: exchange.remote,
          Server_Addr: exchange.local,
          Request_Method: request.method,
          Request_Protocol: request.protocol ?? 'HTTP/1.1',
          Request_URI: exchange.uri,
        };
        const match = regex(second, insensitive)?.exec(values[first] ?? request.headers.get(first) ?? '') ?? null;
        if (match !== null) assign(rest, match);
        break;
      }
      case 'browsermatch':
      case 'browsermatchnocase': {
        const match = regex(first, insensitive)?.exec(request.headers.get('User-Agent') ?? '') ?? null;
        if (match !== null) assign([second, ...rest], match);
        break;
      }
      default:
    }
  }
}
