import { familiarName, familiarString, fullString, type Reference } from './reference';
import type { RegistryError } from './registry';

/** Docker Hub's words to who is not logged in and has pulled too much. */
const limit =
  'toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit';

const apiHost = (domain: string): string => (domain === 'docker.io' ? 'registry-1.docker.io' : domain);

const manifestUrl = ({ domain, path, tag, digest }: Reference): string =>
  `https://${apiHost(domain)}/v2/${path}/manifests/${digest ?? tag ?? 'latest'}`;

/** Registries of which Google's Artifact Registry answers. */
const isGoogle = (domain: string): boolean => /(^|\.)gcr\.io$|-docker\.pkg\.dev$/.test(domain);

/** Docker's words for a registry's refusal: what the registry says, and where it refused if it was asked for the token. */
export function dockerRefusal(reference: Reference, error: RegistryError, platform = 'linux/amd64'): string {
  const { domain } = reference;
  switch (error) {
    case 'no such host':
      return `Get "https://${domain}/v2/": dial tcp: lookup ${domain}: no such host`;
    case 'denied':
      if (domain === 'ghcr.io') return `Head "${manifestUrl(reference)}": unauthorized`;
      if (domain === 'quay.io') return 'unauthorized: access to the requested resource is not authorized';
      if (isGoogle(domain)) return `Head "${manifestUrl(reference)}": denied: ${unauthenticated(reference)}`;
      return `pull access denied for ${familiarName(reference)}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`;
    case 'too many requests':
      return limit;
    case 'manifest unknown':
      return `manifest for ${familiarString(reference)} not found: manifest unknown: manifest unknown`;
    case 'incompatible':
    case 'no matching manifest':
      return `no matching manifest for ${platform} in the manifest list entries`;
  }
}

function unauthenticated({ domain, path }: Reference): string {
  const [project = '', repository = ''] = path.split('/');
  const old = !domain.endsWith('pkg.dev');
  const location = old ? (/^(\w+)\.gcr/.exec(domain)?.[1] ?? 'us') : domain.replace('-docker.pkg.dev', '');
  const resource = `projects/${project}/locations/${location}/repositories/${old ? domain : repository}`;
  return `Unauthenticated request. Unauthenticated requests do not have permission "artifactregistry.repositories.downloadArtifacts" on resource "${resource}" (or it may not exist)`;
}

/** The words of containerd's resolver (core/remotes/docker), which BuildKit uses, too. */
export function containerdRefusal(reference: Reference, error: RegistryError): string {
  const { domain, path } = reference;
  const head = (status: string): string =>
    `unexpected status from HEAD request to ${manifestUrl(reference)}: ${status}`;
  switch (error) {
    case 'no such host':
      return `failed to do request: Head "${manifestUrl(reference)}": dial tcp: lookup ${domain.split(':')[0] ?? ''}: no such host`;
    case 'denied':
      if (domain === 'ghcr.io')
        return `failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3A${encodeURIComponent(path)}%3Apull&service=ghcr.io: 401 Unauthorized`;
      if (domain === 'quay.io') return head('401 UNAUTHORIZED');
      if (isGoogle(domain)) return head('403 Forbidden');
      return 'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed';
    case 'too many requests':
      return `${head('429 Too Many Requests')}\n${limit}`;
    case 'manifest unknown':
      return `${fullString(reference)}: not found`;
    case 'incompatible':
    case 'no matching manifest':
      return 'no match for platform in manifest: not found';
  }
}
