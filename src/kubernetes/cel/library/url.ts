import { fn, type Library } from '../functions';
import { parseType } from '../types';
import { CelError, CelMap, Opaque, type Value } from '../values';

interface Url {
  readonly scheme: string;
  readonly host: string;
  readonly hostname: string;
  readonly port: string;
  readonly path: string;
  readonly query: string;
}

const type = parseType('kubernetes.URL');

/** url.ParseRequestURI: absolute URIs and absolute paths. */
function parse(text: string): Url | undefined {
  const match = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/([^/?]*))?(\/[^?]*|)(?:\?(.*))?$/s.exec(text);
  if (match === null || text === '' || /[\u0000-\u0020\u007f]/.test(text) || /%(?![0-9A-Fa-f]{2})/.test(text))
    return undefined;
  const [, scheme = '', authority = '', path = '', query = ''] = match;
  if (scheme === '' && !text.startsWith('/')) return undefined;
  if (scheme === '' && text.startsWith('//')) return { scheme, host: '', hostname: '', port: '', path: text, query };
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const [, hostname = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(host) ?? [];
  if (host !== '' && hostname === '' && port === '') return undefined;
  if (/[<>"{}|\\^`]/.test(host)) return undefined;
  return { scheme: scheme.toLowerCase(), host, hostname: hostname.replace(/^\[|\]$/g, ''), port, path, query };
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
};

function queryOf({ query }: Url): CelMap {
  const found = new Map<string, string[]>();
  for (const part of query.split('&').filter((each) => each !== '')) {
    const at = part.indexOf('=');
    const key = decoded(at < 0 ? part : part.slice(0, at));
    const values = found.get(key) ?? [];
    values.push(at < 0 ? '' : decoded(part.slice(at + 1)));
    found.set(key, values);
  }
  return new CelMap(found as ReadonlyMap<string, Value>);
}

type Given = readonly [Opaque<Url>];

/** Kubernetes' URLs. */
export const url: Library = [
  fn('url(string): kubernetes.URL', ([text]: readonly [string], budget) => {
    budget.traverse(text.length);
    const parsed = parse(text);
    if (parsed === undefined)
      throw new CelError(
        `URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`,
      );
    return new Opaque(type, parsed, (other: Url) => JSON.stringify(other) === JSON.stringify(parsed));
  }),
  fn('isURL(string): bool', ([text]: readonly [string], budget) => {
    budget.traverse(text.length);
    return parse(text) !== undefined;
  }),
  fn('kubernetes.URL.getScheme(): string', ([{ held }]: Given) => held.scheme),
  fn('kubernetes.URL.getHost(): string', ([{ held }]: Given) => held.host),
  fn('kubernetes.URL.getHostname(): string', ([{ held }]: Given) => held.hostname),
  fn('kubernetes.URL.getPort(): string', ([{ held }]: Given) => held.port),
  fn('kubernetes.URL.getEscapedPath(): string', ([{ held }]: Given) => held.path),
  fn('kubernetes.URL.getQuery(): map<string, list<string>>', ([{ held }]: Given) => queryOf(held)),
];
