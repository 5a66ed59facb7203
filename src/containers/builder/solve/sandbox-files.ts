import type { FileSystem } from '../../../linux/fs/types';
import type { Engine } from '../../dockerd/engine';
import { sha256Hex } from '../../images/digest';
import { noBytes } from '../../../linux/io/bytes';
import type { SpecMount } from '../../runc/spec';
import type { ExecOp } from './types';

/** /etc/hosts and /etc/resolv.conf of a step (buildkit executor/oci). */
export function writeSandboxFiles(
  { options }: Engine,
  id: string,
  { network, extraHosts }: ExecOp,
): { readonly mounts: readonly SpecMount[]; readonly release: () => void } {
  const { fs } = options.host;
  const folder = `/var/lib/docker/buildkit/executor/${id}`;
  fs.mkdirAll(folder, 0o711);
  // runc reports its failures there.
  fs.appendFile('/var/lib/docker/buildkit/executor/runc-log.json', noBytes);
  const more = extraHosts.map((entry) => {
    const colon = entry.search(/[:=]/);
    const address = entry.slice(colon + 1);
    return `${address === 'host-gateway' ? '172.17.0.1' : address}\t${entry.slice(0, colon)}\n`;
  });
  fs.writeFile(
    `${folder}/hosts`,
    `127.0.0.1\tlocalhost buildkitsandbox\n::1\tlocalhost ip6-localhost ip6-loopback\n${more.join('')}`,
  );
  const resolver = resolvConf(fs.readText('/etc/resolv.conf'), network);
  fs.writeFile(`${folder}/resolv.conf`, resolver);
  if (network !== 'host' && network !== 'none') writeNetworkFiles(fs, resolver);
  const mounts = ['hosts', 'resolv.conf'].map((name): SpecMount => ({
    destination: `/etc/${name}`,
    type: 'bind',
    source: `${folder}/${name}`,
    readonly: true,
  }));
  return { mounts, release: () => fs.removeAll(folder) };
}

/** Servers on this host's loopback do not answer in another namespace. */
function resolvConf(read: { readonly ok: boolean; readonly value?: string }, network: string): string {
  const text = read.ok ? (read.value ?? '') : '';
  if (network === 'host') return text;
  const kept = text
    .split('\n')
    .filter((line) => !/^\s*nameserver\s+(127\.|::1)/.test(line))
    .join('\n');
  return /^\s*nameserver/m.test(kept) ? kept : `${kept}nameserver 8.8.8.8\nnameserver 8.8.4.4\n`;
}

/**
 * The sandbox of a step's network belongs to no container, so that libnetwork puts its files into its folder itself
 * (builder-next/executor_linux.go: the path of a container's id that is empty).
 */
function writeNetworkFiles(fs: FileSystem, resolver: string): void {
  const folder = '/var/lib/docker/network/files';
  fs.writeFile(
    `${folder}/hosts`,
    '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::\tip6-localnet\nff00::\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n',
  );
  fs.writeFile(`${folder}/resolv.conf`, resolver);
  fs.writeFile(`${folder}/resolv.conf.hash`, `sha256:${sha256Hex(resolver)}`);
}
