import { fail, type Sys } from '../errno';
import { ok } from '../../sim/result';
import type { HostView, Process } from '../process/types';
import type { NetworkAdmin } from './types';

/**
 * Named network namespaces (ip-netns(8)): what is bind-mounted below /var/run/netns and so stays alive without a
 * process. The file there is the mount point; which namespace is mounted on it is kept here, by host.
 */
const mounted = new WeakMap<HostView, Map<string, NetworkAdmin>>();
export const netnsDirectory = '/var/run/netns';

const of = (host: HostView): Map<string, NetworkAdmin> => {
  const known = mounted.get(host) ?? new Map<string, NetworkAdmin>();
  mounted.set(host, known);
  return known;
};

/** Gives a namespace a name: `ip netns add`, CNI's sandboxes (`cni-<uuid>`). */
export function pinNamespace(process: Process, name: string, net: NetworkAdmin): Sys<void> {
  process.fs.mkdirAll(netnsDirectory);
  if (process.fs.stat(`${netnsDirectory}/${name}`).ok) return fail('EEXIST');
  const written = process.fs.writeFile(`${netnsDirectory}/${name}`, '', 0o444);
  if (!written.ok) return written;
  of(process.host).set(name, net);
  return ok(undefined);
}

export const pinnedNamespace = (host: HostView, name: string): NetworkAdmin | undefined => of(host).get(name);

/** The names, the newest first, as `ip netns` lists them. */
export const pinnedNamespaces = (host: HostView): readonly (readonly [string, NetworkAdmin])[] =>
  [...of(host)].reverse();

/** Takes the name away; the namespace itself lives as long as processes are in it. */
export function unpinNamespace(process: Process, name: string): Sys<NetworkAdmin> {
  const net = of(process.host).get(name);
  if (net === undefined) return fail('ENOENT');
  process.fs.unlink(`${netnsDirectory}/${name}`);
  of(process.host).delete(name);
  return ok(net);
}

/** Namespaces that daemons have bind-mounted elsewhere: dockerd below /var/run/docker/netns. By host and path. */
const elsewhere = new WeakMap<HostView, Map<string, NetworkAdmin>>();
const plainPath = (path: string): string => path.replace(/^\/var\/run\//, '/run/');

/** Makes a file stand for a namespace until `unpinFile`. */
export function pinFile({ host, fs }: Process, path: string, net: NetworkAdmin): void {
  fs.mkdirAll(path.slice(0, path.lastIndexOf('/')));
  fs.writeFile(path, '', 0o444);
  const known = elsewhere.get(host) ?? new Map<string, NetworkAdmin>();
  elsewhere.set(host, known.set(plainPath(path), net));
}

export function unpinFile({ host, fs }: Process, path: string): void {
  if (elsewhere.get(host)?.delete(plainPath(path)) === true) fs.unlink(path);
}

/** The namespace that a file stands for, whoever made it so. */
export function namespaceAt(host: HostView, path: string): NetworkAdmin | undefined {
  const plain = plainPath(path);
  return plain.startsWith('/run/netns/')
    ? pinnedNamespace(host, plain.slice('/run/netns/'.length))
    : elsewhere.get(host)?.get(plain);
}
