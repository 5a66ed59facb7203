import type { Task } from '../task';
import { memoryStatValues } from './memory-stat';
import type { Cgroup } from './cgroup';

/** What the kernel writes to its log when a group is out of memory (mm/oom_kill.c, dump_header and __oom_kill_process). */
export function oomReport(group: Cgroup, asking: Task, victim: Task): readonly string[] {
  const limit = Math.floor(group.memoryMax / 1024);
  const swap = group.setting('memory.swap.max');
  const swapLimit = swap === undefined || swap === 'max' ? '9007199254740988' : String(Number(swap) / 1024);
  const { path } = group;
  const killed = memoryOf(victim);
  return [
    `${asking.comm} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=${asking.oomScoreAdj}`,
    `memory: usage ${Math.floor(group.memory / 1024)}kB, limit ${limit}kB, failcnt ${group.memoryEvents.max}`,
    `swap: usage 0kB, limit ${swapLimit}kB, failcnt 0`,
    `Memory cgroup stats for ${path}:`,
    ...Object.entries(memoryStatValues(group)).map(([name, value]) => `${name} ${value}`),
    'Memory cgroup min protection 0kB -- low protection 0kB',
    'Tasks state (memory values in pages):',
    '[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name',
    ...[...group.everybody()].map(taskLine),
    `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=${group.name === '' ? '/' : group.name},mems_allowed=0,oom_memcg=${path},` +
      `task_memcg=${victim.cgroup.path},task=${victim.comm},pid=${victim.globalPid},uid=${victim.credentials.uid}`,
    `Memory cgroup out of memory: Killed process ${victim.globalPid} (${victim.comm}) total-vm:${victim.virtualKb}kB, ` +
      `anon-rss:${killed.anon}kB, file-rss:${killed.file}kB, shmem-rss:0kB, UID:${victim.credentials.uid} ` +
      `pgtables:${tables(victim)}kB oom_score_adj:${victim.oomScoreAdj}`,
  ];
}

function taskLine(task: Task): string {
  const column = (value: number | string, width: number): string => String(value).padStart(width);
  const pages = Math.floor(task.virtualKb / 4);
  return (
    `[${column(task.globalPid, 7)}] ${column(task.credentials.uid, 5)} ${column(task.globalPid, 5)} ` +
    `${column(pages, 8)} ${column(Math.floor(task.rssKb / 4), 8)} ${column(Math.floor((task.rssKb - task.fileKb) / 4), 8)} ` +
    `${column(Math.floor(task.fileKb / 4), 8)} ${column(0, 9)} ${column(tables(task) * 1024, 8)} ` +
    `${column(0, 8)} ${column(task.oomScoreAdj, 13)} ${task.comm}`
  );
}

/** Page tables: 8 bytes a page, in whole pages. */
const tables = ({ virtualKb }: Task): number => 40 + Math.ceil(virtualKb / 2048 / 4) * 4;

const memoryOf = ({ rssKb, fileKb }: Task): { readonly anon: number; readonly file: number } => ({
  anon: rssKb - fileKb,
  file: fileKb,
});
