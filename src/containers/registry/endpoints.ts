import type { Process } from '../../linux/process/types';
import type { RegistryEndpoint } from './client';

/** `/etc/docker/daemon.json`, as a daemon read it when it first needed a registry. */
const settings = new WeakMap<Process, readonly string[]>();

function insecureRegistries(dockerd: Process): readonly string[] {
  let known = settings.get(dockerd);
  if (known !== undefined) return known;
  known = [];
  const text = dockerd.fs.readText('/etc/docker/daemon.json');
  if (text.ok) {
    try {
      const parsed = JSON.parse(text.value) as { readonly 'insecure-registries'?: readonly string[] };
      known = (parsed['insecure-registries'] ?? []).map((name) => name.replace(/^https?:\/\//, ''));
    } catch {
      // A daemon with a file like that would not have started.
    }
  }
  settings.set(dockerd, known);
  return known;
}

const hostOf = (domain: string): string => domain.replace(/:\d+$/, '');

const number = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

function isInside(address: string, cidr: string): boolean {
  const [, network, bits] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(cidr) ?? [];
  if (network === undefined || !/^\d+\.\d+\.\d+\.\d+$/.test(address)) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(address) / size) === Math.floor(number(network) / size);
}

/** Registries of the machine itself and those that the daemon was told of are asked without proof (registry/config.go). */
export function isInsecure(dockerd: Process, domain: string): boolean {
  const host = hostOf(domain);
  if (host === 'localhost') return true;
  return ['127.0.0.0/8', ...insecureRegistries(dockerd)].some((entry) => entry === domain || isInside(host, entry));
}

/** How dockerd reaches a registry: https, and plain http where it may (registry/service_v2.go). */
export function dockerEndpoints(dockerd: Process, domain: string): readonly RegistryEndpoint[] {
  const insecure = isInsecure(dockerd, domain);
  const folder = `/etc/docker/certs.d/${domain}`;
  const files = dockerd.fs.readdir(folder);
  const roots = files.ok
    ? files.value.filter(({ name }) => name.endsWith('.crt')).map(({ name }) => `${folder}/${name}`)
    : [];
  const secure: RegistryEndpoint = { base: `https://${domain}`, insecure, roots };
  return insecure ? [secure, { base: `http://${domain}` }] : [secure];
}
