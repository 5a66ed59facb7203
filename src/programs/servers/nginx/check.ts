import type { Config, Directive } from './config';
import { directiveShapes, type DirectiveShape } from './directives';

/** What `nginx -t` finds wrong in how directives stand (ngx_conf_handler); undefined if nothing. */
export function misplaced(config: Config): string | undefined {
  let known = checked.get(config);
  if (known === undefined) {
    known = { problem: level(config.directives, 'm') };
    checked.set(config, known);
  }
  return known.problem;
}

const checked = new WeakMap<Config, { readonly problem: string | undefined }>();

/** Blocks whose entries are data. */
const dataBlocks = new Set(['types', 'map', 'geo', 'split_clients']);

function level(directives: readonly Directive[], context: string, outer?: Directive): string | undefined {
  const seen = new Set<string>();
  for (const directive of directives) {
    const { name, block } = directive;
    const problem =
      one(directive, context, seen) ?? special(directive, context) ?? among(directive, context, seen, outer);
    if (problem !== undefined) return `${problem} in ${directive.file}:${directive.line}`;
    if (block === undefined || dataBlocks.has(name)) continue;
    const inner = level(block, below(name, context), directive);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function below(name: string, context: string): string {
  if (name === 'http') return 'h';
  if (name === 'events') return 'e';
  if (name === 'stream') return 'S';
  if (name === 'location') return 'l';
  if (name === 'limit_except') return 'x';
  if (name === 'if') return context === 's' ? 'j' : 'i';
  if (name === 'upstream') return context === 'h' ? 'u' : 'U';
  if (name === 'server') return context === 'h' ? 's' : 'V';
  return context;
}

function one({ name, args, block }: Directive, context: string, seen: Set<string>): string | undefined {
  const shapes = directiveShapes.get(name);
  if (shapes === undefined) return `unknown directive "${name}"`;
  const shape = shapes.find(({ contexts }) => contexts.includes(context));
  if (shape === undefined) return `"${name}" directive is not allowed here`;
  if (!shape.block && block !== undefined) return `directive "${name}" is not terminated by ";"`;
  if (shape.block && block === undefined) return `directive "${name}" has no opening "{"`;
  const count = shape.flag ? 1 : undefined;
  if (args.length < (count ?? shape.least) || args.length > (count ?? shape.most)) {
    return `invalid number of arguments in "${name}" directive`;
  }
  return value(shape, name, args, seen);
}

function value(shape: DirectiveShape, name: string, args: readonly string[], seen: Set<string>): string | undefined {
  if (!shape.repeats && seen.has(name)) return `"${name}" directive is duplicate`;
  seen.add(name);
  const [first = ''] = args;
  if (shape.flag && !/^(on|off)$/i.test(first)) {
    return `invalid value "${first}" in "${name}" directive, it must be "on" or "off"`;
  }
  return undefined;
}

/** What single directives mind. */
function special({ name, args, block }: Directive, context: string): string | undefined {
  const [first = '', second = ''] = args;
  switch (name) {
    case 'listen':
      return listenProblem(args);
    case 'worker_connections':
      return /^\d+$/.test(first) ? undefined : `invalid number "${first}"`;
    case 'worker_processes':
      return first === 'auto' || /^\d+$/.test(first) ? undefined : `"${name}" directive invalid value`;
    case 'client_max_body_size':
      return /^\d+[kmgKMG]?$/.test(first) ? undefined : `"${name}" directive invalid value`;
    case 'proxy_connect_timeout':
    case 'proxy_read_timeout':
    case 'proxy_send_timeout':
      return /^(\d+(ms|[smhdwMy])?)+$/.test(first) ? undefined : `"${name}" directive invalid value`;
    case 'return':
      return /^\d+$/.test(first) || args.length === 1
        ? args.length === 1 && !/^\d+$/.test(first) && !/^(https?:\/\/|\$scheme)/.test(first) && context !== 'V'
          ? `invalid return code "${first}"`
          : undefined
        : `invalid return code "${first}"`;
    case 'set':
      return first.startsWith('$') ? undefined : `invalid variable name "${first}"`;
    case 'rewrite':
      return (
        regexProblem(first) ??
        (args[2] === undefined || /^(last|break|redirect|permanent)$/.test(args[2])
          ? undefined
          : `invalid parameter "${args[2]}"`)
      );
    case 'location':
      return locationProblem(args, context);
    case 'proxy_pass':
      if (context === 'V') return undefined;
      if (/^https?:\/\/(\/|$)/.test(first)) return 'no host in upstream ""';
      return /^(https?:\/\/)|\$/.test(first) ? undefined : 'invalid URL prefix';
    case 'error_page':
      return errorPageProblem(args);
    case 'upstream':
      return block?.some((inner) => inner.name === 'server') === true ? undefined : `no servers are inside upstream`;
    case 'expires':
      return args.some((word) => /^(-|\+|@)?(\d+(ms|[smhdwMy])?)+$|^(off|epoch|max|modified)$|\$/.test(word))
        ? undefined
        : `"expires" directive invalid value`;
    case 'allow':
    case 'deny':
      return /^(all|unix:|[0-9a-f:]*:[0-9a-f:/]*)$/.test(first) || isNetwork(first)
        ? undefined
        : `invalid parameter "${first}"`;
    case 'gzip_comp_level':
      return /^[1-9]$/.test(first) ? undefined : 'value must be between 1 and 9';
    case 'map':
      return block?.every((entry) => entry.args.length === 1 || ['hostnames', 'volatile'].includes(entry.name)) === true
        ? undefined
        : 'invalid number of the map parameters';
    case 'if':
      return ifProblem(args);
    case 'error_log':
      return second === '' || /^(debug|info|notice|warn|error|crit|alert|emerg|debug_\w+)$/.test(second)
        ? undefined
        : `invalid log level "${second}"`;
    default:
      return undefined;
  }
}

/** What directives mind of those around them. */
function among({ name, args }: Directive, context: string, seen: Set<string>, outer?: Directive): string | undefined {
  const [first = ''] = args;
  const again = (key: string): boolean => {
    const known = seen.has(key);
    seen.add(key);
    return known;
  };
  switch (name) {
    case 'location':
      return again(`location ${args.length === 1 ? ` ${first}` : args.join(' ')}`) && !first.startsWith('~')
        ? `duplicate location "${args.at(-1) ?? ''}"`
        : undefined;
    case 'upstream':
      return again(`upstream ${first}`) ? `duplicate upstream "${first}"` : undefined;
    case 'listen': {
      const address = addressOf(first);
      return again(`listen ${address}`) ? `a duplicate listen ${address}` : undefined;
    }
    case 'root':
    case 'alias': {
      const other = name === 'root' ? 'alias' : 'root';
      return seen.has(other)
        ? `"${name}" directive is duplicate, "${other}" directive was specified earlier`
        : undefined;
    }
    case 'proxy_pass': {
      const [mark = ''] = outer?.args ?? [];
      const pattern =
        context === 'i' || context === 'x' || (context === 'l' && (mark.startsWith('~') || mark.startsWith('@')));
      return pattern && !first.includes('$') && /^https?:\/\/(unix:[^:]*:|[^/]*)\//.test(first)
        ? '"proxy_pass" cannot have URI part in location given by regular expression, or inside named location, or inside "if" statement, or inside "limit_except" block'
        : undefined;
    }
    default:
      return undefined;
  }
}

/** `listen` as nginx prints it. */
const addressOf = (text: string): string => {
  if (text.startsWith('unix:') || text.startsWith('[')) return text;
  if (/^\d+$/.test(text)) return `0.0.0.0:${text}`;
  const whole = /:\d+$/.test(text) ? text : `${text}:80`;
  return whole.replace(/^\*:/, '0.0.0.0:').replace(/^localhost:/, '127.0.0.1:');
};

const isNetwork = (text: string): boolean => {
  const [address = '', bits = '32'] = text.split('/');
  const parts = address.split('.');
  return parts.length === 4 && parts.every((part) => /^\d+$/.test(part) && Number(part) < 256) && Number(bits) <= 32;
};

function ifProblem(args: readonly string[]): string | undefined {
  const [first = ''] = args;
  const last = args.at(-1) ?? '';
  if (!first.startsWith('(')) return `invalid condition "${first}"`;
  if (!last.endsWith(')')) return `invalid condition "${last.replace(/^\(/, '')}"`;
  const words = args
    .join(' ')
    .replace(/^\(\s*|\s*\)$/g, '')
    .split(' ');
  const [left = '', operator] = words;
  if (left.startsWith('$') && operator !== undefined && !['=', '!=', '~', '~*', '!~', '!~*'].includes(operator)) {
    return `unexpected "${operator}" in condition`;
  }
  return left.startsWith('$') || /^!?-[fdex]$/.test(left) ? undefined : `invalid condition "${left}"`;
}

/** What shows only once the blocks are whole: twice the default server, TLS without certificates. */
export function conflicts(config: Config): string | undefined {
  const defaults = new Set<string>();
  for (const http of config.directives.filter(({ name }) => name === 'http')) {
    const has = (block: readonly Directive[], name: string): Directive | undefined =>
      block.find((one) => one.name === name);
    for (const server of (http.block ?? []).filter(({ name }) => name === 'server')) {
      const block = server.block ?? [];
      for (const { args, file, line } of block.filter(({ name }) => name === 'listen')) {
        const address = addressOf(args[0] ?? '');
        if (args.includes('default_server') && defaults.has(address)) {
          return `a duplicate default server for ${address} in ${file}:${line}`;
        }
        if (args.includes('default_server')) defaults.add(address);
      }
      const certificate = has(block, 'ssl_certificate') ?? has(http.block ?? [], 'ssl_certificate');
      const key = has(block, 'ssl_certificate_key') ?? has(http.block ?? [], 'ssl_certificate_key');
      if (certificate !== undefined && key === undefined) {
        return `no "ssl_certificate_key" is defined for certificate "${certificate.args[0] ?? ''}"`;
      }
      const tls = block.some(({ name, args }) => name === 'listen' && args.includes('ssl'));
      if (tls && certificate === undefined) {
        return `no "ssl_certificate" is defined for the "listen ... ssl" directive in ${server.file}:${server.line}`;
      }
    }
  }
  return undefined;
}

/** Names that two servers of one address claim: the later is not heard. */
export function warnings(config: Config): readonly string[] {
  const found: string[] = [];
  const claimed = new Set<string>();
  for (const { block = [] } of config.directives.filter(({ name }) => name === 'http')) {
    for (const server of block.filter(({ name }) => name === 'server')) {
      const inner = server.block ?? [];
      const names = inner.filter(({ name }) => name === 'server_name').flatMap(({ args }) => args);
      const listens = inner.filter(({ name }) => name === 'listen').map(({ args }) => addressOf(args[0] ?? ''));
      for (const address of listens.length > 0 ? listens : ['0.0.0.0:80']) {
        for (const name of names.length > 0 ? names : ['']) {
          const key = `${address} ${name.toLowerCase()}`;
          if (claimed.has(key)) found.push(`conflicting server name "${name}" on ${address}, ignored`);
          claimed.add(key);
        }
      }
    }
  }
  return found;
}

function listenProblem(args: readonly string[]): string | undefined {
  const [first = ''] = args;
  if (!first.startsWith('unix:')) {
    const [, port] = /(?:^|:)(\d+)$/.exec(first) ?? [];
    if (port === undefined && first.includes(':') && !first.startsWith('['))
      return `invalid port in "${first}" of the "listen" directive`;
    if (port !== undefined && (Number(port) > 65_535 || Number(port) < 1)) {
      return first === port
        ? `invalid port in "${first}" of the "listen" directive`
        : `invalid port in "${first}" of the "listen" directive`;
    }
  }
  for (const word of args.slice(1)) {
    if (
      !/^(default_server|default|ssl|http2|quic|bind|udp|reuseport|deferred|proxy_protocol|spdy|(backlog|rcvbuf|sndbuf|setfib|fastopen|ipv6only|so_keepalive|accept_filter)=.*)$/.test(
        word,
      )
    )
      return `invalid parameter "${word}"`;
  }
  return undefined;
}

function locationProblem(args: readonly string[], context: string): string | undefined {
  const [first = '', second] = args;
  if (args.length > 2) return 'invalid number of arguments in "location" directive';
  if (second !== undefined && !['=', '^~', '~', '~*'].includes(first)) return `invalid location modifier "${first}"`;
  if (context === 'l' && first.startsWith('@')) return `named location "${first}" can be on the server level only`;
  if (second !== undefined && first.startsWith('~')) return regexProblem(second);
  return undefined;
}

function errorPageProblem(args: readonly string[]): string | undefined {
  for (const code of args.slice(0, -1)) {
    if (code.startsWith('=')) continue;
    if (!/^\d+$/.test(code)) return `invalid value "${code}"`;
    const status = Number(code);
    if (status === 499) return `value "499" must be between 300 and 599`;
    if (status < 300 || status > 599) return `value "${code}" must be between 300 and 599`;
  }
  return undefined;
}

function regexProblem(pattern: string): string | undefined {
  try {
    regex(pattern, '');
    return undefined;
  } catch {
    // pcre2's own words where the commonest mistake is.
    const open =
      [...pattern].filter((char) => char === '(').length - [...pattern].filter((char) => char === ')').length;
    const why =
      open > 0
        ? 'missing closing parenthesis'
        : open < 0
          ? 'unmatched closing parenthesis'
          : 'quantifier does not follow a repeatable item';
    return `pcre2_compile() failed: ${why} in "${pattern}"`;
  }
}

const compiled = new Map<string, RegExp>();

/** A Perl regular expression as JavaScript's. */
export function regex(pattern: string, flags: string): RegExp {
  const key = `${flags}\0${pattern}`;
  let known = compiled.get(key);
  if (known === undefined) {
    let source = pattern.replace(/\(\?P</g, '(?<');
    let all = flags;
    if (source.startsWith('(?i)')) [source, all] = [source.slice(4), 'i'];
    if (compiled.size > 500) compiled.clear();
    compiled.set(key, (known = new RegExp(source, all)));
  }
  return known;
}
