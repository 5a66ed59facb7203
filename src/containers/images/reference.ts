import { err, ok, type Result } from '../../sim/result';

/** An image name taken apart and made whole (distribution/reference): `nginx` is `docker.io/library/nginx:latest`. */
export interface Reference {
  /** Registry host: `docker.io`, `registry.k8s.io`, `localhost:5000`. */
  readonly domain: string;
  /** `library/nginx`. */
  readonly path: string;
  readonly tag?: string;
  /** `sha256:…` */
  readonly digest?: string;
}

/** What was parsed already: a cluster asks thousands of times for a handful of images. */
const parsed = new Map<string, Result<Reference, string>>();
const KEPT = 1_000;
const LONGEST_KEPT = 256;

/** Parses what people type; a tag is not added (see `withDefaultTag`). The message is the real one. */
export function parseReference(text: string): Result<Reference, string> {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const made = parse(text);
  if (parsed.size >= KEPT) parsed.clear();
  if (text.length <= LONGEST_KEPT) parsed.set(text, made);
  return made;
}

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const isPath = new RegExp(`^${component}(?:/${component})*$`);

function parse(text: string): Result<Reference, string> {
  const [name = '', digest, ...more] = text.split('@');
  if (more.length > 0 || (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest)))
    return err('invalid reference format');
  const { domain, remainder } = splitDomain(name);
  const colon = remainder.indexOf(':');
  const path = colon === -1 ? remainder : remainder.slice(0, colon);
  const tag = colon === -1 ? undefined : remainder.slice(colon + 1);
  if (!isDomain(domain)) return err('invalid reference format');
  if (!isPath.test(path)) {
    const upper = /[A-Z]/.test(path) && isPath.test(path.toLowerCase());
    return err(
      upper ? `invalid reference format: repository name (${path}) must be lowercase` : 'invalid reference format',
    );
  }
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag)) return err('invalid reference format');
  return ok({ domain, path, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) });
}

/** A host name or address, and perhaps a port. */
const isDomain = (domain: string): boolean =>
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::\d+)?$/.test(
    domain,
  );

function splitDomain(name: string): { readonly domain: string; readonly remainder: string } {
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  const isHost = first === 'localhost' || /[.:]/.test(first) || first !== first.toLowerCase();
  if (slash === -1 || !isHost) return { domain: 'docker.io', remainder: slash === -1 ? `library/${name}` : name };
  const domain = first === 'index.docker.io' ? 'docker.io' : first;
  const rest = name.slice(slash + 1);
  return { domain, remainder: domain === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest };
}

/** `:latest` where neither tag nor digest is given. */
export const withDefaultTag = (reference: Reference): Reference =>
  reference.tag === undefined && reference.digest === undefined ? { ...reference, tag: 'latest' } : reference;

/** `docker.io/library/nginx`. */
export const repositoryOf = ({ domain, path }: Reference): string => `${domain}/${path}`;

/** As docker shows a repository: `nginx`, `me/app`, `registry.k8s.io/pause`. */
export function familiarName({ domain, path }: Reference): string {
  if (domain !== 'docker.io') return `${domain}/${path}`;
  return path.startsWith('library/') ? path.slice('library/'.length) : path;
}

const suffix = ({ tag, digest }: Reference): string =>
  (tag === undefined ? '' : `:${tag}`) + (digest === undefined ? '' : `@${digest}`);

/** `nginx:latest`. */
export const familiarString = (reference: Reference): string => familiarName(reference) + suffix(reference);

/** `docker.io/library/nginx:latest`. */
export const fullString = (reference: Reference): string => repositoryOf(reference) + suffix(reference);
