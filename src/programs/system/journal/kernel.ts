import type { Process } from '../../../linux/process/types';
import type { Entry, Source } from '../../../linux/systemd/journal';

const kernel: Source = {
  pid: 0,
  uid: 0,
  gid: 0,
  comm: '',
  exe: '',
  cmdline: '',
  unit: undefined,
  cgroup: '/',
  invocation: undefined,
  transport: 'kernel',
};

/** The lines of the kernel's ring buffer, as journald takes them from /dev/kmsg. */
export function kernelEntries({ fs }: Process, bootedAt: number): readonly Entry[] {
  const text = fs.readText('/proc/kmsg');
  if (!text.ok) return [];
  return text.value.split('\n').flatMap((line, index): readonly Entry[] => {
    const match = /^(?:<(\d+)>)?\[\s*(\d+\.\d+)\] (.*)$/.exec(line);
    if (match === null) return [];
    const [, priority = '6', seconds = '0', message = ''] = match;
    return [
      {
        sequence: -1_000_000 + index,
        time: bootedAt + Number(seconds) * 1000,
        priority: Number(priority) & 7,
        identifier: 'kernel',
        message,
        source: kernel,
      },
    ];
  });
}
