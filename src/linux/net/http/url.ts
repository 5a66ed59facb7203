import { err, ok, type Result } from '../../../sim/result';

/** A URL in the parts that clients need. Not the platform's URL: curl and Go keep what that one normalises. */
export interface Url {
  readonly scheme: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly host: string;
  /** As given, or the scheme's own. */
  readonly port: number;
  readonly explicitPort: boolean;
  /** Path and query as they go on the request line; at least `/`. */
  readonly path: string;
}

export const defaultPorts: Readonly<Record<string, number>> = { http: 80, https: 443, ws: 80, wss: 443, ftp: 21 };

const pattern =
  /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?(?:([^/?#@]*)@)?(\[[^\]]*\]|[^:/?#]*)(?::([^/?#]*))?([^#]*)(?:#.*)?$/;

export type UrlProblem = 'malformed' | 'no-host' | 'bad-port';

/** Parses a URL; without a scheme it is `http`, as curl guesses. */
export function parseUrl(text: string, defaultScheme = 'http'): Result<Url, UrlProblem> {
  const match = pattern.exec(text.trim());
  if (match === null) return err('malformed');
  const [, scheme = defaultScheme, userinfo, host = '', portText, rest = ''] = match;
  if (/\s/.test(host + rest)) return err('malformed');
  if (host === '') return err('no-host');
  const name = scheme.toLowerCase();
  if (portText !== undefined && portText !== '' && (!/^\d+$/.test(portText) || Number(portText) > 65_535)) {
    return err('bad-port');
  }
  const explicitPort = portText !== undefined && portText !== '';
  const colon = userinfo?.indexOf(':') ?? -1;
  return ok({
    scheme: name,
    user: userinfo === undefined ? undefined : unescape(colon < 0 ? userinfo : userinfo.slice(0, colon)),
    password: userinfo === undefined || colon < 0 ? undefined : unescape(userinfo.slice(colon + 1)),
    host: host.startsWith('[') ? host.slice(1, -1) : host.toLowerCase(),
    port: explicitPort ? Number(portText) : (defaultPorts[name] ?? 80),
    explicitPort,
    path: rest === '' ? '/' : rest.startsWith('/') ? rest : `/${rest}`,
  });
}

/** What the Host header says: without the scheme's own port. */
export const hostHeader = ({ scheme, host, port }: Url): string =>
  port === defaultPorts[scheme] ? bracket(host) : `${bracket(host)}:${port}`;

/** The URL as text again. */
export const formatUrl = (url: Url): string => `${url.scheme}://${hostHeader(url)}${url.path}`;

/** A Location header's URL as seen from the page it came from (RFC 3986 §5). */
export function resolveUrl(base: Url, reference: string): Result<Url, UrlProblem> {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(reference)) return parseUrl(reference);
  if (reference.startsWith('//')) return parseUrl(`${base.scheme}:${reference}`);
  const path = base.path.replace(/[?#].*$/, '');
  if (reference.startsWith('/')) return ok({ ...base, path: reference.replace(/#.*$/, '') });
  if (reference.startsWith('?')) return ok({ ...base, path: path + reference });
  return ok({ ...base, path: removeDots(path.slice(0, path.lastIndexOf('/') + 1) + reference) });
}

/** RFC 3986 §5.2.4. */
export function removeDots(path: string): string {
  const [before = '', ...query] = path.split('?');
  const kept: string[] = [];
  const parts = before.split('/');
  parts.forEach((part, index) => {
    const last = index === parts.length - 1;
    if (part === '..') {
      if (kept.length > 1) kept.pop();
      if (last) kept.push('');
    } else if (part === '.') {
      if (last) kept.push('');
    } else kept.push(part);
  });
  return [kept.join('/'), ...query].join('?');
}

const bracket = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** Percent-decoding that leaves malformed sequences as they are. */
export function unescape(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
