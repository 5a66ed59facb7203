import type { Cgroup } from './cgroup';

/** What the kernel keeps for one process: its stack and page tables; a share of what it allocates for itself. */
const STACK = 16_384;
const PAGE_TABLES = 45_056;
const SLAB = 172_032;

const zero = (names: string): Readonly<Record<string, number>> =>
  Object.fromEntries(names.split(' ').map((name) => [name, 0]));

/**
 * memory.stat, in the kernel's order (mm/memcontrol.c, memory_stats and memcg_vm_event_stat). The account knows pages of
 * processes and of files; what the kernel itself takes is told by the number of processes.
 */
export function memoryStatValues({ memory, shmem, population }: Cgroup): Readonly<Record<string, number>> {
  const anon = memory - shmem;
  const slab = Math.min(SLAB * population, memory);
  const kernelStack = STACK * population;
  const pagetables = PAGE_TABLES * population;
  return {
    anon,
    file: shmem,
    kernel: kernelStack + pagetables + slab,
    kernel_stack: kernelStack,
    pagetables,
    ...zero('sec_pagetables percpu sock vmalloc'),
    shmem,
    ...zero('zswap zswapped zswap_incomp file_mapped file_dirty file_writeback swapcached anon_thp file_thp shmem_thp'),
    inactive_anon: shmem,
    active_anon: anon,
    ...zero('inactive_file active_file unevictable'),
    slab_reclaimable: 0,
    slab_unreclaimable: slab,
    slab,
    ...zero(
      'workingset_refault_anon workingset_refault_file workingset_activate_anon workingset_activate_file ' +
        'workingset_restore_anon workingset_restore_file workingset_nodereclaim ' +
        'pgdemote_kswapd pgdemote_direct pgdemote_khugepaged pgdemote_proactive pgpromote_success ' +
        'pgscan pgsteal pgscan_kswapd pgscan_direct pgscan_khugepaged pgscan_proactive ' +
        'pgsteal_kswapd pgsteal_direct pgsteal_khugepaged pgsteal_proactive pgrefill',
    ),
    pgfault: Math.floor(memory / 4096),
    ...zero(
      'pgmajfault pgactivate pgdeactivate pglazyfree pglazyfreed swpin_zero swpout_zero zswpin zswpout zswpwb ' +
        'thp_fault_alloc thp_collapse_alloc thp_swpout thp_swpout_fallback ' +
        'numa_pages_migrated numa_pte_updates numa_hint_faults',
    ),
  };
}
