import { decode } from '../../../linux/io/bytes';
import type { Process } from '../../../linux/process/types';
import { fatal, type CrictlCommand } from './crictl';
import { containersOf, notFound } from './found';

interface LogLine {
  readonly at: string;
  readonly stream: string;
  readonly partial: boolean;
  readonly text: string;
}

/** How often a followed log is looked at. Milliseconds. */
const LOOK = 250;

/** `<time> stdout F <text>`, the format of the CRI. */
function parse(line: string): LogLine | undefined {
  const match = /^(\S+) (stdout|stderr) ([FP])(?: (.*))?$/s.exec(line);
  if (match === null) return undefined;
  const [, at = '', stream = '', tag, text = ''] = match;
  return { at, stream, partial: tag === 'P', text };
}

async function show(process: Process, lines: readonly LogLine[], timestamps: boolean): Promise<void> {
  for (const { at, stream, partial, text } of lines) {
    const out = stream === 'stderr' ? process.stderr : process.stdout;
    await out.write(`${timestamps ? `${at} ` : ''}${text}${partial ? '' : '\n'}`);
  }
}

/** `5m` and such, or an instant. Virtual milliseconds. */
function instant(text: string, now: number): number {
  const match = /^(\d+)(s|m|h)$/.exec(text);
  const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };
  return match === null ? Date.parse(text) : now - Number(match[1]) * (units[match[2] ?? ''] ?? 0);
}

/** crictl logs: reads the file of the kubelet's choice, as the kubelet does. */
export const logs: CrictlCommand = {
  names: ['logs'],
  usage: 'Fetch the logs of a container',
  arguments: 'CONTAINER-ID',
  flags: [
    { names: ['follow', 'f'], usage: 'Follow log output' },
    { names: ['limit-bytes'], value: 'value', usage: 'Maximum bytes of logs to return (default: -1)' },
    {
      names: ['previous', 'p'],
      usage: 'Print the logs for the previous instance of the container in a pod if it exists',
    },
    { names: ['since'], value: 'value', usage: 'Only return logs newer than a relative duration like 5s, 2m, or 3h' },
    { names: ['tail'], value: 'value', usage: 'Number of lines to show from the end of the logs' },
    { names: ['timestamps', 't'], usage: 'Show timestamps' },
  ],
  async run(crictl) {
    const { cri, flags, operands, process } = crictl;
    const [asked] = operands;
    if (asked === undefined) return fatal(crictl, 'ID cannot be empty');
    const [found] = containersOf(cri, asked);
    const status = found === undefined ? undefined : cri.containerStatus(found.id);
    if (status?.ok !== true) return fatal(crictl, notFound('container', asked));
    const { id, logPath } = status.value;
    const path = flags.has('previous')
      ? logPath.replace(/(\d+)\.log$/, (_, attempt: string) => `${Number(attempt) - 1}.log`)
      : logPath;
    const since = flags.get('since');
    const from = since === undefined ? -Infinity : instant(since, process.clock.now);
    let rest = '';
    let offset = 0;
    const news = (): readonly LogLine[] | undefined => {
      const bytes = process.fs.readFile(path);
      if (!bytes.ok) return undefined;
      // A rotated log begins anew.
      if (bytes.value.length < offset) offset = 0;
      const lines = (rest + decode(bytes.value.subarray(offset))).split('\n');
      offset = bytes.value.length;
      rest = lines.pop() ?? '';
      return lines.flatMap((line) => parse(line) ?? []).filter(({ at }) => Date.parse(at) >= from);
    };
    const first = news();
    if (first === undefined)
      return fatal(
        crictl,
        `failed to try resolving symlinks in path ${JSON.stringify(path)}: lstat ${path}: no such file or directory`,
      );
    const tail = Number(flags.get('tail') ?? -1);
    await show(process, tail < 0 ? first : tail === 0 ? [] : first.slice(-tail), flags.has('timestamps'));
    if (!flags.has('follow')) return 0;
    for (;;) {
      const now = cri.containerStatus(id);
      await show(process, news() ?? [], flags.has('timestamps'));
      if (!now.ok || now.value.state !== 'CONTAINER_RUNNING') return 0;
      await process.sleep(LOOK);
    }
  },
};
