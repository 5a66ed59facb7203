import { err, ok, type Result } from '../../sim/result';
import type { Process } from '../../linux/process/types';
import type { CriError } from '../containerd/cri';
import type { ImageStore } from '../containerd/image-store';
import type { Image } from '../images/image';
import { fullString, type Reference } from '../images/reference';
import { openRegistry, type Credentials, type RegistryEndpoint } from './client';
import { pullRemote, type PullFailure } from './pull';

const configPath = '/etc/containerd/certs.d';

/**
 * How containerd reaches a registry (core/remotes/docker/config/hosts.go): the hosts of its hosts.toml in their order,
 * then the server itself; https, but for the machine's own.
 */
export function containerdEndpoints({ fs }: Process, domain: string): readonly RegistryEndpoint[] {
  const local = /^(localhost|127\.\d+\.\d+\.\d+)(:\d+)?$/.test(domain);
  const usual: RegistryEndpoint = { base: `${local ? 'http' : 'https'}://${domain}` };
  for (const folder of [domain, domain.replace(/:(\d+)$/, '_$1_'), '_default']) {
    const text = fs.readText(`${configPath}/${folder}/hosts.toml`);
    if (!text.ok) continue;
    let server = usual;
    const hosts: { base: string; insecure: boolean; roots: string[] }[] = [];
    let current: (typeof hosts)[number] | undefined;
    for (const raw of text.value.split('\n')) {
      const line = raw.replace(/(^|\s)#.*$/, '').trim();
      const [, host] = /^\[host\."([^"]+)"\]$/.exec(line) ?? [];
      if (host !== undefined) {
        current = {
          base: (/^https?:/.test(host) ? host : `https://${host}`).replace(/\/(v2\/?)?$/, ''),
          insecure: false,
          roots: [],
        };
        hosts.push(current);
        continue;
      }
      const [, key, value = ''] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
      const plain = value.replace(/^\[?\s*["']?|["']?\s*\]?$/g, '');
      if (key === 'server' && current === undefined)
        server = { base: (/^https?:/.test(plain) ? plain : `https://${plain}`).replace(/\/$/, '') };
      if (key === 'skip_verify' && current !== undefined) current.insecure = value === 'true';
      if (key === 'ca' && current !== undefined)
        current.roots.push(plain.startsWith('/') ? plain : `${configPath}/${folder}/${plain}`);
    }
    return hosts.some(({ base }) => base === server.base) ? hosts : [...hosts, server];
  }
  return [usual];
}

/** A pull by containerd from a registry of the simulated network, with the errors of its transfer service. */
export async function pullForContainerd(
  process: Process,
  images: ImageStore,
  reference: Reference,
  credentials?: Credentials,
): Promise<Result<Image, CriError>> {
  const { domain, path } = reference;
  const failed = `failed to pull and unpack image ${JSON.stringify(fullString(reference))}: `;
  const opened = await openRegistry(process, containerdEndpoints(process, domain), 'containerd/v2.1.5', credentials);
  if (!opened.ok) {
    const { error } = opened;
    const asked = `/v2/${path}/manifests/${reference.digest ?? reference.tag ?? 'latest'}`;
    const text =
      error.kind === 'transport' ? error.text.replace(/^Get "(.*)\/v2\/"/, `Head "$1${asked}"`) : error.message;
    return err({ code: 'Unknown', message: `${failed}failed to resolve image: failed to do request: ${text}` });
  }
  const pulled = await pullRemote({ actor: 'containerd', process, images, client: opened.value, reference });
  return pulled.ok ? ok(pulled.value.image) : err(criError(reference, failed, pulled.error));
}

function criError(reference: Reference, failed: string, failure: PullFailure): CriError {
  if (failure.kind === 'content') return { code: 'Unknown', message: `${failed}${failure.text}` };
  if (failure.kind === 'platform')
    return { code: 'NotFound', message: `${failed}no match for platform in manifest: not found` };
  const { failure: refused } = failure;
  const resolving = `${failed}failed to resolve image: `;
  if (refused.kind === 'refused' && refused.status === 404)
    return { code: 'NotFound', message: `${resolving}${fullString(reference)}: not found` };
  const denied = 'pull access denied, repository does not exist or may require authorization: authorization failed';
  if (refused.kind === 'refused' && (refused.status === 401 || refused.status === 403))
    return { code: 'Unknown', message: `${resolving}${denied}` };
  if (refused.kind === 'transport' && refused.text.endsWith('no basic auth credentials'))
    return { code: 'Unknown', message: `${resolving}${denied}: no basic auth credentials` };
  const text =
    refused.kind === 'transport'
      ? `failed to do request: ${refused.text}`
      : `unexpected status from HEAD request to ${refused.url}: ${refused.status}`;
  return { code: 'Unknown', message: `${resolving}${text}` };
}
