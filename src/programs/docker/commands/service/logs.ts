import { decode } from '../../../../linux/io/bytes';
import { ApiRefusal, query } from '../../cli/api';
import type { Command } from '../../cli/command';
import { flags } from '../../cli/flags';
import { timestamp } from '../../cli/timestamp';
import { IdResolver, type TaskJson } from './tasks';
import type { ServiceJson } from './json';

/** Lines of a service's tasks, each with whose it is: `web.1.abc@node | …` (service/logs.go). */
export const logs: Command = {
  use: 'logs [OPTIONS] SERVICE|TASK',
  short: 'Fetch the logs of a service or task',
  flags: flags(`
    --details | Show extra details provided to logs
    -f, --follow | Follow log output
    --no-resolve | Do not map IDs to Names in output
    --no-task-ids | Do not include task IDs in output
    --no-trunc | Do not truncate output
    --raw | Do not neatly format logs
    --since string | Show logs since timestamp (e.g. "2013-01-02T13:23:37Z") or relative (e.g. "42m" for 42 minutes)
    -n, --tail string | Number of lines to show from the end of the logs (default "all")
    -t, --timestamps | Show timestamps
  `),
  operands: [1, 1],
  async run({ api, args, flags: given, out, error, process }) {
    const [name = ''] = args;
    let path: string;
    let widest: number;
    try {
      const { ID, Spec } = await api.get<ServiceJson>(`/services/${encodeURIComponent(name)}?insertDefaults=false`);
      path = `/services/${ID}/logs`;
      widest = String(Spec.Mode?.Replicated?.Replicas ?? 1).length;
    } catch (thrown) {
      if (!(thrown instanceof ApiRefusal) || thrown.httpStatus !== 404) throw thrown;
      try {
        const task = await api.get<TaskJson>(`/tasks/${encodeURIComponent(name)}`);
        path = `/tasks/${task.ID}/logs`;
        widest = String(task.Slot ?? 1).length;
      } catch (again) {
        if (!(again instanceof ApiRefusal) || again.httpStatus !== 404) throw again;
        await error(`no such task or service: ${name}\n`);
        return 1;
      }
    }
    const raw = given.on('raw');
    const since = given.text('since');
    const response = await api.stream(
      'GET',
      `${path}${query({
        details: raw ? undefined : '1',
        follow: given.on('follow') ? '1' : undefined,
        since: since === '' ? undefined : timestamp(since, process.clock.now),
        stderr: '1',
        stdout: '1',
        tail: given.last('tail') ?? 'all',
        timestamps: given.on('timestamps') ? '1' : undefined,
      })}`,
    );
    const resolver = new IdResolver(api, given.on('no-resolve'));
    const tasks = new Map<string, TaskJson>();
    const label = async (context: string): Promise<string> => {
      const of = (key: string): string =>
        new RegExp(`com\\.docker\\.swarm\\.${key}\\.id=(\\w+)`).exec(context)?.[1] ?? '';
      const id = of('task');
      let task = tasks.get(id);
      if (task === undefined) tasks.set(id, (task = await api.get<TaskJson>(`/tasks/${id}`)));
      const service = await resolver.service(of('service'));
      const node = await resolver.node(of('node'));
      const slot = String(task.Slot ?? task.NodeID ?? '');
      const shown = given.on('no-task-ids') ? '' : `.${given.on('no-trunc') ? id : id.slice(0, 12)}`;
      return `${service}.${slot}${shown}@${node}${' '.repeat(Math.max(0, widest - slot.length))}`;
    };
    let rest = new Uint8Array();
    for (;;) {
      const bytes = await response.body.read();
      if (bytes === undefined) return 0;
      const whole = new Uint8Array(rest.length + bytes.length);
      whole.set(rest);
      whole.set(bytes, rest.length);
      rest = whole;
      while (rest.length >= 8) {
        const length = new DataView(rest.buffer, rest.byteOffset).getUint32(4);
        if (rest.length < 8 + length) break;
        const write = rest[0] === 2 ? error : out;
        const text = decode(rest.slice(8, 8 + length));
        rest = rest.slice(8 + length);
        if (raw) {
          await write(text);
          continue;
        }
        const parts = given.on('timestamps') ? /^(\S+ )(\S+) ([\s\S]*)$/.exec(text) : /^()(\S+) ([\s\S]*)$/.exec(text);
        const [, stamp = '', context = '', line = ''] = parts ?? [];
        await write(`${stamp}${await label(context)}    | ${given.on('details') ? `${context} ` : ''}${line}`);
      }
    }
  },
};
