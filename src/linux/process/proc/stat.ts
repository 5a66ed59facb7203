import type { Task } from '../task';

/** Addresses of a position-independent executable, its heap and stack: other for each process, always the same. */
export function addressesOf({ globalPid, exe }: Task) {
  let hash = globalPid;
  for (let index = 0; index < exe.length; index++) hash = (Math.imul(hash, 31) + exe.charCodeAt(index)) >>> 0;
  const code = 0x55_0000_0000_00n * 1n + BigInt(hash % 0xffffff) * 0x1000n;
  return {
    code,
    heap: code + 0x1_0000_0000n,
    libraries: 0x7f00_0000_0000n + BigInt(hash % 0xfffff) * 0x1000n,
    stack: 0x7ffc_0000_0000n + BigInt(hash % 0xfffff) * 0x1000n,
  };
}

/** USER_HZ. */
const TICK = 10;

/** /proc/<pid>/stat (proc_pid_stat(5)): 52 fields. */
export function statLine(task: Task, viewer: Task): string {
  const space = viewer.namespaces.pid;
  const { kernel } = task;
  const seen = (global: number): number => kernel.pidNamespace.get(global)?.pidIn(space) ?? 0;
  const ticks = Math.round(task.cpuMs / TICK);
  const system = Math.floor(ticks * 0.3);
  const children = Math.round(task.childrenCpuMs / TICK);
  const start = Math.round((task.startedAt - task.host.bootedAt) / TICK);
  const { code, heap, stack } = addressesOf(task);
  const dead = task.status !== undefined;
  const memory = dead ? [0, 0] : [task.virtualKb * 1024, Math.round(task.rssKb / 4)];
  const rssLimit = task.limitTable.RSS.soft;
  const size = 0x12000n;
  const addresses = dead ? [0, 0, 0] : [code, code + size, stack];
  const data = dead
    ? [0, 0, 0, 0, 0, 0, 0]
    : [code + 0x1a000n, code + 0x1c000n, heap, stack + 0x1000n, stack + 0x1040n, stack + 0x1040n, stack + 0x1fe8n];
  const fields = [
    task.pidIn(space) ?? 0,
    `(${task.comm})`,
    task === viewer ? 'R' : task.state,
    task.parent?.pidIn(space) ?? 0,
    seen(task.group),
    seen(task.session),
    terminalNumber(task),
    task.tty === undefined ? -1 : seen(task.tty.foregroundGroup),
    dead ? 4_227_084 : 4_194_304,
    ...[100, 0, 0, 0],
    ...[ticks - system, system, children - Math.floor(children * 0.3), Math.floor(children * 0.3)],
    ...[20, 0, 1, 0],
    start,
    ...memory,
    Number.isFinite(rssLimit) ? rssLimit : '18446744073709551615',
    ...addresses,
    ...[0, 0, 0, 0, 0, 0, 0, 0, 0],
    17,
    task.globalPid % Math.max(1, task.host.cpus),
    ...[0, 0, 0, 0, 0],
    ...data,
    dead && task.status?.kind === 'exited' ? task.status.code << 8 : 0,
  ];
  return `${fields.join(' ')}\n`;
}

/** new_encode_dev() of the controlling terminal: ptys have major 136. */
export function terminalNumber({ tty }: Task): number {
  const index = /^\/dev\/pts\/(\d+)$/.exec(tty?.path ?? '')?.[1];
  return index === undefined ? 0 : (136 << 8) | Number(index);
}

/** /proc/<pid>/statm: pages. */
export function statmLine({ virtualKb, rssKb, fileKb, status }: Task): string {
  if (status !== undefined) return '0 0 0 0 0 0 0\n';
  const pages = (kb: number): number => Math.floor(kb / 4);
  return `${pages(virtualKb)} ${pages(rssKb)} ${pages(fileKb)} 18 0 ${pages(virtualKb - fileKb)} 0\n`;
}
