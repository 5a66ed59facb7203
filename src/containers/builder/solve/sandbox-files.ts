import type { Engine } from '../../dockerd/engine';
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
  const more = extraHosts.map((entry) => {
    const colon = entry.search(/[:=]/);
    const address = entry.slice(colon + 1);
    return `${address === 'host-gateway' ? '172.17.0.1' : address}\t${entry.slice(0, colon)}\n`;
  });
  fs.writeFile(
    `${folder}/hosts`,
    `127.0.0.1\tlocalhost buildkitsandbox\n::1\tlocalhost ip6-localhost ip6-loopback\n${more.join('')}`,
  );
  fs.writeFile(`${folder}/resolv.conf`, resolvConf(fs.readText('/etc/resolv.conf'), network));
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
