import type { FileSystem } from '../../fs/types';
import type { Ipv4 } from '../types';

/** /etc/resolv.conf (resolv.conf(5)). */
export interface ResolverConfig {
  readonly nameservers: readonly Ipv4[];
  readonly search: readonly string[];
  readonly ndots: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly attempts: number;
}

const isIpv4 = (text: string): boolean =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split('.').every((part) => Number(part) < 256);
export { isIpv4 };

/** glibc's reading of resolv.conf: at most three nameservers, the last `search` or `domain` wins. */
export function parseResolvConf(text: string): ResolverConfig {
  const nameservers: Ipv4[] = [];
  let search: readonly string[] = [];
  let [ndots, timeout, attempts] = [1, 5, 2];
  for (const line of text.split('\n')) {
    const [keyword, ...words] = line
      .replace(/[#;].*$/, '')
      .trim()
      .split(/\s+/);
    if (keyword === 'nameserver' && words[0] !== undefined && isIpv4(words[0]) && nameservers.length < 3) {
      nameservers.push(words[0]);
    }
    if (keyword === 'search') search = words;
    if (keyword === 'domain') search = words.slice(0, 1);
    if (keyword !== 'options') continue;
    for (const word of words) {
      const [name, value = ''] = word.split(':');
      const number = Number(value);
      if (!Number.isInteger(number)) continue;
      if (name === 'ndots') ndots = Math.min(15, number);
      if (name === 'timeout') timeout = Math.max(1, Math.min(30, number));
      if (name === 'attempts') attempts = Math.max(1, Math.min(5, number));
    }
  }
  return {
    nameservers: nameservers.length === 0 ? ['127.0.0.1'] : nameservers,
    search: search.map((domain) => domain.replace(/\.$/, '')),
    ndots,
    timeout: timeout * 1000,
    attempts,
  };
}

export function readResolvConf(fs: FileSystem): ResolverConfig {
  const text = fs.readText('/etc/resolv.conf');
  return parseResolvConf(text.ok ? text.value : '');
}

/** The addresses that /etc/hosts gives a name. */
export function lookupHosts(fs: FileSystem, name: string): readonly Ipv4[] {
  const wanted = name.toLowerCase().replace(/\.$/, '');
  return hostsLines(fs).flatMap(([address, ...names]) =>
    address !== undefined && isIpv4(address) && names.some((known) => known.toLowerCase() === wanted) ? [address] : [],
  );
}

/** The first name that /etc/hosts gives an address. */
export const lookupHostsAddress = (fs: FileSystem, address: Ipv4): string | undefined =>
  hostsLines(fs).find(([known]) => known === address)?.[1];

function hostsLines(fs: FileSystem): readonly (readonly string[])[] {
  const text = fs.readText('/etc/hosts');
  if (!text.ok) return [];
  return text.value.split('\n').map((line) => line.replace(/#.*$/, '').trim().split(/\s+/));
}

/** The sources of `hosts:` in /etc/nsswitch.conf, in order. */
export function hostSources(fs: FileSystem): readonly ('files' | 'dns')[] {
  const text = fs.readText('/etc/nsswitch.conf');
  const line = text.ok ? /^hosts:(.*)$/m.exec(text.value)?.[1] : undefined;
  if (line === undefined) return ['files', 'dns'];
  return line.split(/\s+/).filter((word) => word === 'files' || word === 'dns');
}

/** The names that are asked for, in order (resolv.conf(5), `ndots`). */
export function candidates(name: string, { search, ndots }: ResolverConfig): readonly string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const extended = search.map((domain) => `${name}.${domain}`);
  const dots = name.split('.').length - 1;
  return dots >= ndots ? [name, ...extended] : [...extended, name];
}
