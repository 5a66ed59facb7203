import type { Exchange } from './exchange';
import { inNetwork } from './access';
import { regex } from './glob';

/** A server variable as mod_rewrite and `<If>` name it. */
export function serverVariable(name: string, exchange: Exchange): string {
  const { request, server, process } = exchange;
  const header = /^HTTP:(.+)$/i.exec(name)?.[1];
  if (header !== undefined) return request.headers.get(header) ?? '';
  const variable = /^(?:ENV|reqenv):(.+)$/i.exec(name)?.[1];
  if (variable !== undefined) return exchange.env.get(variable) ?? '';
  if (name === 'HTTP_HOST') return request.headers.get('Host') ?? '';
  if (name.startsWith('HTTP_')) {
    const known: Readonly<Record<string, string>> = { HTTP_COOKIE: 'Cookie', HTTP_REFERER: 'Referer' };
    const field = known[name] ?? name.slice(5).replaceAll('_', '-');
    const value = request.headers.get(field);
    if (value !== undefined)
      exchange.vary.add(field.replace(/\w+/g, (word) => word.charAt(0) + word.slice(1).toLowerCase()));
    return value ?? '';
  }
  const at = new Date(process.clock.now).toISOString();
  const values: Readonly<Record<string, () => string>> = {
    REQUEST_URI: () => exchange.uri,
    QUERY_STRING: () => exchange.args ?? '',
    REQUEST_FILENAME: () => exchange.filename ?? exchange.uri,
    SCRIPT_FILENAME: () => exchange.filename ?? exchange.uri,
    DOCUMENT_ROOT: () => server.root,
    SERVER_NAME: () => server.name,
    SERVER_PORT: () => String(exchange.port),
    SERVER_ADDR: () => exchange.local,
    SERVER_ADMIN: () => server.value('ServerAdmin') ?? '[no address given]',
    SERVER_PROTOCOL: () => request.protocol ?? 'HTTP/1.1',
    SERVER_SOFTWARE: () => server.instance.banner,
    REMOTE_ADDR: () => exchange.remote,
    REMOTE_HOST: () => exchange.remote,
    REMOTE_PORT: () => String(exchange.remotePort),
    REMOTE_USER: () => exchange.user ?? '',
    REQUEST_METHOD: () => request.method,
    REQUEST_SCHEME: () => 'http',
    HTTPS: () => 'off',
    PATH_INFO: () => exchange.pathInfo,
    THE_REQUEST: () => `${request.method} ${exchange.target} ${request.protocol ?? 'HTTP/1.1'}`,
    TIME_YEAR: () => at.slice(0, 4),
    TIME_MON: () => at.slice(5, 7),
    TIME_DAY: () => at.slice(8, 10),
    TIME_HOUR: () => at.slice(11, 13),
    TIME_MIN: () => at.slice(14, 16),
    TIME_SEC: () => at.slice(17, 19),
    TIME: () => at.slice(0, 19).replace(/[-T:]/g, ''),
  };
  return values[name]?.() ?? '';
}

/** `<If "…">` and `Require expr …`: ap_expr as far as it is met in practice. */
export function condition(text: string, exchange: Exchange): boolean {
  const tokens =
    text.match(
      /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|m#[^#]*#i?|\/(?:[^/\\]|\\.)*\/i?|%\{[^}]*\}|&&|\|\||==|!=|=~|!~|<=|>=|[<>()!]|[^\s()!=<>~&|]+/g,
    ) ?? [];
  let at = 0;
  const word = (): string => {
    const token = tokens[at++] ?? '';
    if (/^["']/.test(token))
      return token.slice(1, -1).replace(/%\{([^}]+)\}/g, (_, name: string) => serverVariable(name, exchange));
    if (token.startsWith('%{')) return serverVariable(token.slice(2, -1), exchange);
    const call = /^(\w+)$/.exec(token);
    if (call !== null && tokens[at] === '(') {
      at++;
      const inner = word();
      at++;
      return token === 'tolower'
        ? inner.toLowerCase()
        : token === 'toupper'
          ? inner.toUpperCase()
          : token === 'req' || token === 'http'
            ? (exchange.request.headers.get(inner) ?? '')
            : token === 'env'
              ? (exchange.env.get(inner) ?? '')
              : inner;
    }
    return token;
  };
  const primary = (): boolean => {
    const token = tokens[at];
    if (token === '!' || token === 'not') {
      at++;
      return !primary();
    }
    if (token === '(') {
      at++;
      const value = or();
      at++;
      return value;
    }
    if (token === 'true' || token === 'false') {
      at++;
      return token === 'true';
    }
    if (token !== undefined && /^-[a-zA-Z]$/.test(token)) {
      at++;
      return unary(token.charAt(1), word(), exchange);
    }
    const left = word();
    const operator = tokens[at++] ?? '';
    if (operator === '=~' || operator === '!~') {
      const [, source = '', flags = ''] = /^(?:m#|\/)(.*)(?:#|\/)(i?)$/.exec(tokens[at++] ?? '') ?? [];
      return (regex(source, flags)?.test(left) === true) === (operator === '=~');
    }
    if (operator === '-ipmatch') return inNetwork(exchange.remote, word());
    if (operator === 'in') {
      at++;
      const listed: string[] = [];
      while (at < tokens.length && tokens[at] !== '}') listed.push(word());
      return listed.includes(left);
    }
    return compared(left, operator, word());
  };
  const and = (): boolean => {
    let value = primary();
    while (tokens[at] === '&&') {
      at++;
      const next = primary();
      value &&= next;
    }
    return value;
  };
  const or = (): boolean => {
    let value = and();
    while (tokens[at] === '||') {
      at++;
      const next = and();
      value ||= next;
    }
    return value;
  };
  const whole = /^"(.*)"$/s.exec(text.trim());
  return whole === null || tokens.length !== 1 ? or() : condition(whole[1] ?? '', exchange);
}

function compared(left: string, operator: string, right: string): boolean {
  switch (operator) {
    case '==':
    case '=':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
    case '-eq':
      return Number(left) === Number(right);
    case '-ne':
      return Number(left) !== Number(right);
    case '-gt':
      return Number(left) > Number(right);
    case '-lt':
      return Number(left) < Number(right);
    case '-ge':
      return Number(left) >= Number(right);
    case '-le':
      return Number(left) <= Number(right);
    default:
      return false;
  }
}

/** `-f path`, `-z text` and their like; also the tests of RewriteCond. */
export function unary(letter: string, operand: string, { process, remote }: Exchange): boolean {
  const stat = (): ReturnType<typeof process.fs.stat> => process.fs.stat(operand);
  const type = (): string | undefined => {
    const found = stat();
    return found.ok ? found.value.type : undefined;
  };
  switch (letter) {
    case 'f':
    case 'F':
      return operand !== '' && type() === 'file';
    case 'd':
      return operand !== '' && type() === 'directory';
    case 'e':
      return operand !== '' && stat().ok;
    case 's': {
      const found = stat();
      return found.ok && found.value.type === 'file' && found.value.size > 0;
    }
    case 'l':
    case 'L': {
      const found = process.fs.lstat(operand);
      return found.ok && found.value.type === 'symlink';
    }
    case 'n':
      return operand !== '';
    case 'z':
      return operand === '';
    case 'T':
      return !['', '0', 'off', 'false', 'no'].includes(operand.toLowerCase());
    case 'R':
      return inNetwork(remote, operand);
    default:
      return false;
  }
}
