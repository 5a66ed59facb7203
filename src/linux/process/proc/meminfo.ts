import type { Kernel } from '../kernel';

/** Kilobytes that the kernel itself has. */
const SLAB_KB = 96_000;
const RECLAIMABLE_KB = 58_000;
const KERNEL_KB = 42_000;
const BUFFERS_KB = 20_480;
/** Pages of files that were read. */
const CACHE_KB = 240_000;

/** What a host's memory is used for, in kilobytes. */
export function memoryUse({ host, cgroups, pidNamespace }: Kernel) {
  const total = Math.floor(host.memory / 1024) - 62_000;
  const anonymous = Math.floor((cgroups.memory - cgroups.shmem) / 1024);
  const shmem = Math.floor(cgroups.shmem / 1024) + 1_100;
  const cached = Math.min(CACHE_KB, Math.floor(total / 10)) + shmem;
  const used = anonymous + SLAB_KB + KERNEL_KB;
  const free = Math.max(0, total - used - cached - BUFFERS_KB);
  const available = Math.max(0, Math.min(total, free + cached - shmem + BUFFERS_KB + RECLAIMABLE_KB - 12_000));
  return { total, anonymous, shmem, cached, free, available, processes: pidNamespace.size };
}

/** /proc/meminfo. */
export function meminfo(kernel: Kernel): string {
  const { total, anonymous, shmem, cached, free, available, processes } = memoryUse(kernel);
  const file = cached - shmem;
  const rows: readonly (readonly [string, number])[] = [
    ['MemTotal', total],
    ['MemFree', free],
    ['MemAvailable', available],
    ['Buffers', BUFFERS_KB],
    ['Cached', cached],
    ['SwapCached', 0],
    ['Active', Math.floor(file / 2) + shmem],
    ['Inactive', anonymous + Math.floor(file / 2)],
    ['Active(anon)', shmem],
    ['Inactive(anon)', anonymous],
    ['Active(file)', Math.floor(file / 2)],
    ['Inactive(file)', Math.floor(file / 2)],
    ['Unevictable', 0],
    ['Mlocked', 0],
    ['SwapTotal', 0],
    ['SwapFree', 0],
    ['Zswap', 0],
    ['Zswapped', 0],
    ['Dirty', 128],
    ['Writeback', 0],
    ['AnonPages', anonymous],
    ['Mapped', Math.floor(file / 3)],
    ['Shmem', shmem],
    ['KReclaimable', RECLAIMABLE_KB],
    ['Slab', SLAB_KB],
    ['SReclaimable', RECLAIMABLE_KB],
    ['SUnreclaim', SLAB_KB - RECLAIMABLE_KB],
    ['KernelStack', processes * 16],
    ['PageTables', processes * 40],
    ['SecPageTables', 0],
    ['NFS_Unstable', 0],
    ['Bounce', 0],
    ['WritebackTmp', 0],
    ['CommitLimit', Math.floor(total / 2)],
    ['Committed_AS', anonymous * 2],
    ['VmallocTotal', 34_359_738_367],
    ['VmallocUsed', 24_976],
    ['VmallocChunk', 0],
    ['Percpu', 1_632],
    ['HardwareCorrupted', 0],
    ['AnonHugePages', 0],
    ['ShmemHugePages', 0],
    ['ShmemPmdMapped', 0],
    ['FileHugePages', 0],
    ['FilePmdMapped', 0],
  ];
  const line = (name: string, kb: number): string => `${`${name}:`.padEnd(16)}${String(kb).padStart(8)} kB\n`;
  const pages = ['HugePages_Total', 'HugePages_Free', 'HugePages_Rsvd', 'HugePages_Surp'];
  return (
    rows.map(([name, kb]) => line(name, kb)).join('') +
    pages.map((name) => `${`${name}:`.padEnd(16)}${'0'.padStart(8)}\n`).join('') +
    line('Hugepagesize', 2048) +
    line('Hugetlb', 0) +
    line('DirectMap4k', 98_152) +
    line('DirectMap2M', Math.max(0, total - 98_152))
  );
}

/** /proc/vmstat: what vmstat(8) reads. */
export function vmstat(kernel: Kernel): string {
  const { free, anonymous, cached } = memoryUse(kernel);
  const values = {
    nr_free_pages: free / 4,
    nr_anon_pages: anonymous / 4,
    nr_file_pages: cached / 4,
    pgpgin: 524_286,
    pgpgout: 947_356,
    pswpin: 0,
    pswpout: 0,
    pgfault: kernel.forks * 100,
    pgmajfault: 312,
    oom_kill: kernel.cgroups.memoryEvents.oom_kill,
  };
  return Object.entries(values)
    .map(([name, value]) => `${name} ${Math.floor(value)}\n`)
    .join('');
}
