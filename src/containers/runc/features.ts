import { capabilityNames } from '../../linux/capabilities';

const words = (text: string): readonly string[] => text.split(' ');

const mountOptions = words(
  'async atime bind defaults dev diratime dirsync exec iversion lazytime loud mand noatime nodev nodiratime noexec ' +
    'noiversion nolazytime nomand norelatime nostrictatime nosuid nosymfollow private ratime rbind rdev rdiratime ' +
    'relatime remount rexec rnoatime rnodev rnodiratime rnoexec rnorelatime rnostrictatime rnosuid rnosymfollow ro ' +
    'rprivate rrelatime rro rrw rshared rslave rstrictatime rsuid rsymfollow runbindable rw shared silent slave ' +
    'strictatime suid symfollow sync tmpcopyup unbindable',
);
const archs = words(
  'AARCH64 ARM LOONGARCH64 MIPS MIPS64 MIPS64N32 MIPSEL MIPSEL64 MIPSEL64N32 PPC PPC64 PPC64LE RISCV64 S390 S390X X32 ' +
    'X86 X86_64',
);
const flags = words('TSYNC SPEC_ALLOW LOG').map((name) => `SECCOMP_FILTER_FLAG_${name}`);

export interface RuncBuild {
  readonly version: string;
  readonly commit: string;
  readonly libseccomp: string;
}

/** What `runc features` prints: what was compiled into it, whatever the kernel can (runtime-spec/features.md). */
export function features({ version, commit, libseccomp }: RuncBuild): string {
  return JSON.stringify({
    ociVersionMin: '1.0.0',
    ociVersionMax: '1.2.1',
    hooks: words('prestart createRuntime createContainer startContainer poststart poststop'),
    mountOptions,
    linux: {
      namespaces: words('cgroup ipc mount network pid time user uts'),
      capabilities: capabilityNames.map((name) => `CAP_${name}`),
      cgroup: { v1: true, v2: true, systemd: true, systemdUser: true, rdma: true },
      seccomp: {
        enabled: true,
        actions: words('ALLOW ERRNO KILL KILL_PROCESS KILL_THREAD LOG NOTIFY TRACE TRAP').map(
          (name) => `SCMP_ACT_${name}`,
        ),
        operators: words('EQ GE GT LE LT MASKED_EQ NE').map((name) => `SCMP_CMP_${name}`),
        archs: archs.map((name) => `SCMP_ARCH_${name}`),
        knownFlags: flags,
        supportedFlags: flags,
      },
      apparmor: { enabled: true },
      selinux: { enabled: true },
      intelRdt: { enabled: true },
      mountExtensions: { idmap: { enabled: true } },
    },
    annotations: {
      'io.github.seccomp.libseccomp.version': libseccomp,
      'org.opencontainers.runc.checkpoint.enabled': 'true',
      'org.opencontainers.runc.commit': commit,
      'org.opencontainers.runc.version': version,
    },
    potentiallyUnsafeConfigAnnotations: ['bundle', 'org.systemd.property.', 'org.criu.config'],
  });
}
