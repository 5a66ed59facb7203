import { expect, it } from 'vitest';
import { seccompProfile } from './seccomp-profile';

type Rules = { readonly syscalls: readonly { readonly names: readonly string[]; readonly action: string }[] };

const after = (capabilities: readonly string[]): readonly string[] =>
  (seccompProfile(capabilities) as Rules).syscalls
    .slice(10)
    .map(({ names, action }) => `${names.join(' ')}: ${action}`);

it('what a container may call depends on its capabilities', () => {
  expect(after(['CHOWN', 'SYS_CHROOT'])).toEqual([
    'clone: SCMP_ACT_ALLOW',
    'clone3: SCMP_ACT_ERRNO',
    'chroot: SCMP_ACT_ALLOW',
  ]);
  expect(after(['SYS_ADMIN', 'SYS_BOOT']).map((line) => line.replace(/^bpf .* unshare:/, 'bpf … unshare:'))).toEqual([
    'bpf … unshare: SCMP_ACT_ALLOW',
    'reboot: SCMP_ACT_ALLOW',
  ]);
});
