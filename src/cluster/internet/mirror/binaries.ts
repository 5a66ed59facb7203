import { concat, encode } from '../../../linux/io/bytes';
import { elf } from '../../../linux/process/executable';
import { deb, gzip, tar, zip, type Member } from './archives';
import { file, type Page } from './page';

/** 2026-01-01: when what the mirror serves was packed. Seconds. */
const packed = Date.UTC(2026, 0, 1) / 1000;

/** Programs that this world has: the mirror's copy of one is the program itself. */
const modelled = new Set('kubectl jq yq docker crictl etcdctl helm kustomize kubeadm kubelet git curl'.split(' '));

/**
 * A program as it is downloaded: ours if the world has it. Otherwise a script that says it is a stand-in, so that
 * nobody takes its silence for success.
 */
export function executable(name: string, version: string): Uint8Array {
  if (modelled.has(name)) {
    const content = elf(name);
    return content instanceof Uint8Array ? content : content.make();
  }
  return encode(`#!/bin/sh
# A stand-in of the lab's mirror. The lab has no internet behind it, and does not model ${name}.
case "$1" in
  version | --version | -version | -v) echo "${name} ${version} (stand-in of the lab's mirror)"; exit 0 ;;
esac
echo "${name}: the lab's mirror has only a stand-in for ${name} ${version}; it can be installed, but does nothing" >&2
exit 1
`);
}

/** What a release's file is, by its name: an archive or package with the program, or the bare program. */
export function release(name: string, program: string, version: string): Page {
  const member = (path: string): Member => ({ name: path, bytes: executable(program, version), executable: true });
  const readme: Member = {
    name: 'README.md',
    bytes: encode(`# ${program}\n\nA stand-in of the lab's mirror for ${program} ${version}.\n`),
  };
  if (/\.(tar\.gz|tgz)$/.test(name)) return file(gzip(tar([...layout(program, member), readme], packed)));
  if (/\.tar\.xz$/.test(name)) return { status: 404, body: 'Not Found' };
  if (/\.gz$/.test(name)) return file(gzip(executable(program, version)));
  if (/\.zip$/.test(name)) return file(zip([...layout(program, member), readme]));
  if (/\.deb$/.test(name)) {
    const control = {
      Package: program,
      Version: version.replace(/^v/, ''),
      Architecture: 'amd64',
      Maintainer: 'Bottleship mirror',
      Description: `Stand-in for ${program}`,
    };
    return file(deb(control, [member(`./usr/bin/${program}`)], packed));
  }
  if (/(sha256|sha256sum|checksums?\.txt|\.sha512)$/i.test(name)) {
    return { status: 404, body: 'Not Found' };
  }
  if (/\.(sig|asc|pem)$/.test(name)) return { status: 200, body: armored(name) };
  return file(concat([executable(program, version)]));
}

/** Where the program lies inside its archive, for those that do not put it at the top. */
function layout(program: string, member: (path: string) => Member): readonly Member[] {
  switch (program) {
    case 'helm':
      return [member('linux-amd64/helm')];
    case 'go':
      return [member('go/bin/go'), member('go/bin/gofmt')];
    case 'containerd':
      return ['bin/containerd', 'bin/ctr', 'bin/containerd-shim-runc-v2'].map(member);
    case 'cri-dockerd':
      return [member('cri-dockerd/cri-dockerd')];
    case 'aws':
      return [member('aws/install'), member('aws/dist/aws')];
    case 'krew':
      return [member('./krew-linux_amd64')];
    case 'velero':
      return [member('velero-v1.17.1-linux-amd64/velero')];
    case 'octant':
      return [member('octant_0.25.1_Linux-64bit/octant'), member('octant_0.16.3_Linux-64bit/octant')];
    case 'etcd':
      return ['etcd', 'etcdctl', 'etcdutl'].map((each) => member(`etcd-v3.5.24-linux-amd64/${each}`));
    default:
      return [member(program)];
  }
}

/** Something that looks as an ASCII-armored OpenPGP block does; it signs nothing. */
export function armored(label: string): string {
  let state = 0x811c9dc5;
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  let body = 'mQINB';
  for (let index = 0; body.length < 640; index++) {
    state = Math.imul(state ^ label.charCodeAt(index % label.length) ^ index, 0x01000193);
    body += letters[(state >>> 11) & 63] ?? 'A';
  }
  const lines = body.match(/.{1,64}/g) ?? [];
  const kind = /\.sig$/.test(label) ? 'SIGNATURE' : 'PUBLIC KEY BLOCK';
  return [`-----BEGIN PGP ${kind}-----`, '', ...lines, '=Bo0t', `-----END PGP ${kind}-----`, ''].join('\n');
}
