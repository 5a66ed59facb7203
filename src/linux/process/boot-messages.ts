import { kernelRelease } from './release';
import type { HostView } from './types';

/** The first lines of a kernel's log on such a machine (a KVM guest with Debian 12). */
export function bootMessages({ cpus, memory }: HostView): readonly string[] {
  const kb = Math.floor(memory / 1024);
  return [
    `Linux version ${kernelRelease} (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, ` +
      'GNU ld (GNU Binutils for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC Debian 6.1.147-1 (2025-08-02)',
    `Command line: ${kernelCommandLine}`,
    'BIOS-provided physical RAM map:',
    'DMI: QEMU Standard PC (Q35 + ICH9, 2009), BIOS 1.16.2-debian-1.16.2-1 04/01/2014',
    'Hypervisor detected: KVM',
    'kvm-clock: Using msrs 4b564d01 and 4b564d00',
    `Memory: ${kb - 190_000}K/${kb}K available (14342K kernel code, 2331K rwdata, 9056K rodata, 2796K init, 17404K bss)`,
    `smpboot: Allowing ${cpus} CPUs, 0 hotplug CPUs`,
    `rcu: RCU restricting CPUs from NR_CPUS=8192 to nr_cpu_ids=${cpus}.`,
    'NET: Registered PF_INET protocol family',
    'EXT4-fs (vda1): mounted filesystem with ordered data mode. Quota mode: none.',
    'systemd[1]: systemd 252.38-1~deb12u1 running in system mode.',
    'bridge: filtering via arp/ip/ip6tables is no longer available by default. Update your scripts to load br_netfilter if you need this.',
  ];
}

export const kernelCommandLine = `BOOT_IMAGE=/boot/vmlinuz-${kernelRelease} root=/dev/vda1 ro quiet`;
