import { filtersParam, query } from '../cli/api';
import { CommandError, type Command, type Invocation } from '../cli/command';
import { flags } from '../cli/flags';

import { bytesSize, humanSize, shortId } from '../cli/format';
import { jsonLines } from '../cli/json-lines';
import { renderList, type Column } from '../cli/table';

interface Cpu {
  readonly cpu_usage: { readonly total_usage: number; readonly percpu_usage?: readonly number[] };
  readonly system_cpu_usage?: number;
  readonly online_cpus?: number;
}

/** What GET /containers/{id}/stats sends. */
interface Reading {
  readonly id: string;
  readonly name: string;
  readonly cpu_stats: Cpu;
  readonly precpu_stats: Cpu;
  readonly memory_stats: {
    readonly usage?: number;
    readonly limit?: number;
    readonly stats?: Readonly<Record<string, number>>;
  };
  readonly blkio_stats: {
    readonly io_service_bytes_recursive: readonly { readonly op: string; readonly value: number }[] | null;
  };
  readonly networks?: Readonly<Record<string, { readonly rx_bytes: number; readonly tx_bytes: number }>>;
  readonly pids_stats: { readonly current?: number };
}

/** One line of the display. */
interface Entry {
  readonly asked: string;
  reading: Reading | undefined;
  error: CommandError | undefined;
}

/** Between two drawings. */
const TICK = 500;

export const stats: Command = {
  use: 'stats [OPTIONS] [CONTAINER...]',
  short: 'Display a live stream of container(s) resource usage statistics',
  aliases: ['docker container stats', 'docker stats'],
  flags: flags(`
    -a, --all | Show all containers (default shows just running)
    --format string | {format}
    --no-stream | Disable streaming stats and only pull the first result
    --no-trunc | Do not truncate output
  `),
  operands: [0, Infinity],
  async run(invocation) {
    const { args, flags: given, out, process } = invocation;
    const streaming = !given.on('no-stream');
    const board = new Board(invocation, streaming);
    if (args.length === 0) await board.watchAll(given.on('all'));
    else for (const name of args) board.add(name);
    await board.first();
    if (args.length > 0) {
      const errors = board.entries.flatMap(({ error }) => (error === undefined ? [] : [error.message]));
      if (errors.length > 0) throw new CommandError(errors.join('\n'));
    }
    for (;;) {
      await process.sleep(TICK);
      const text = render(board.entries, given.text('format'), given.on('no-trunc'));
      if (!streaming) {
        await out(text);
        return 0;
      }
      // From the top left corner; each line once more with what clears the rest of it (stats.go).
      const drawn = `\u001b[H${text}`;
      const lines = drawn.split('\n').map((line) => `${line} \u001b[K\n`);
      await out(`${drawn}${lines.join('')}\u001b[J`);
      if (board.over) return 0;
    }
  },
};

/** The containers that are looked at, each by a request of its own. */
class Board {
  readonly entries: Entry[] = [];
  readonly #firsts: Promise<void>[] = [];
  over = false;

  constructor(
    readonly invocation: Invocation,
    readonly streaming: boolean,
  ) {}

  add(asked: string): void {
    if (this.entries.some((entry) => entry.asked === asked)) return;
    const entry: Entry = { asked, reading: undefined, error: undefined };
    this.entries.push(entry);
    const { process } = this.invocation;
    const first = process.clock.deferred<void>();
    this.#firsts.push(first.promise);
    process.thread(async () => {
      try {
        await this.#collect(entry, () => first.resolve());
      } catch (thrown) {
        if (!(thrown instanceof CommandError)) throw thrown;
        entry.error = thrown;
      }
      first.resolve();
    });
  }

  /** Every container has been heard of once. */
  async first(): Promise<void> {
    const { process } = this.invocation;
    for (const first of this.#firsts) {
      await process.block<void>((wake) => {
        void first.then(wake);
        return () => undefined;
      });
    }
  }

  /** All that run, and those that are started later. */
  async watchAll(all: boolean): Promise<void> {
    const { api, process } = this.invocation;
    const events = await api.stream('GET', `/events${query({ filters: filtersParam(['type=container']) })}`);
    if (this.streaming) {
      process.thread(async () => {
        for await (const event of jsonLines<{ Action: string; Actor: { ID: string } }>(events.body)) {
          const { Action, Actor } = event;
          if (Action === 'start' || (all && Action === 'create')) this.add(Actor.ID);
          if (Action === 'die' && !all) this.#drop(Actor.ID);
        }
        this.over = true;
      });
    }
    const list = await api.get<readonly { Id: string }[]>(`/containers/json${query({ all: all ? '1' : undefined })}`);
    for (const { Id } of list) this.add(Id);
  }

  #drop(id: string): void {
    const at = this.entries.findIndex(({ asked }) => asked === id);
    if (at >= 0) this.entries.splice(at, 1);
  }

  async #collect(entry: Entry, heard: () => void): Promise<void> {
    const { api } = this.invocation;
    const stream = this.streaming ? '1' : '0';
    const response = await api.stream('GET', `/containers/${encodeURIComponent(entry.asked)}/stats?stream=${stream}`);
    for await (const reading of jsonLines<Reading>(response.body)) {
      entry.reading = reading;
      heard();
    }
  }
}

function render(entries: readonly Entry[], format: string, full: boolean): string {
  return renderList({
    items: entries,
    columns: columnsFor(full),
    table: ['ID', 'Name', 'CPUPerc', 'MemUsage', 'MemPerc', 'NetIO', 'BlockIO', 'PIDs'],
    format,
    typeName: '*container.statsContext',
  });
}

function columnsFor(full: boolean): readonly Column<Entry>[] {
  const column = (key: string, header: string, invalid: string, cell: (reading: Reading) => string): Column<Entry> => ({
    key,
    header,
    cell: ({ reading }) => (reading === undefined ? invalid : cell(reading)),
  });
  return [
    { key: 'Container', header: 'CONTAINER', cell: ({ asked }) => asked },
    column('Name', 'NAME', '--', ({ name }) => (name.length > 1 ? name.slice(1) : '--')),
    column('ID', 'CONTAINER ID', '', ({ id }) => (full ? id : shortId(id))),
    column('CPUPerc', 'CPU %', '--', (reading) => percent(cpuShare(reading))),
    column('MemUsage', 'MEM USAGE / LIMIT', '-- / --', (reading) => {
      const { limit = 0 } = reading.memory_stats;
      return `${bytesSize(memory(reading))} / ${bytesSize(limit)}`;
    }),
    column('MemPerc', 'MEM %', '--', (reading) => {
      const { limit = 0 } = reading.memory_stats;
      return percent(limit === 0 ? 0 : (memory(reading) / limit) * 100);
    }),
    column('NetIO', 'NET I/O', '--', ({ networks = {} }) => {
      const sum = (key: 'rx_bytes' | 'tx_bytes') => Object.values(networks).reduce((all, one) => all + one[key], 0);
      return `${humanSize(sum('rx_bytes'), 3)} / ${humanSize(sum('tx_bytes'), 3)}`;
    }),
    column('BlockIO', 'BLOCK I/O', '--', ({ blkio_stats: { io_service_bytes_recursive: list } }) => {
      const sum = (letter: string) =>
        (list ?? []).filter(({ op }) => op.toLowerCase().startsWith(letter)).reduce((all, { value }) => all + value, 0);
      return `${humanSize(sum('r'), 3)} / ${humanSize(sum('w'), 3)}`;
    }),
    column('PIDs', 'PIDS', '--', ({ pids_stats: { current = 0 } }) => String(current)),
  ];
}

const percent = (value: number): string => `${value.toFixed(2)}%`;

/** The container's share of what the machine has had in between, times the processors. */
function cpuShare({ cpu_stats: now, precpu_stats: before }: Reading): number {
  const used = now.cpu_usage.total_usage - before.cpu_usage.total_usage;
  const all = (now.system_cpu_usage ?? 0) - (before.system_cpu_usage ?? 0);
  const processors = now.online_cpus ?? now.cpu_usage.percpu_usage?.length ?? 0;
  return all > 0 && used > 0 ? (used / all) * processors * 100 : 0;
}

/** Without the page cache that could go at once. */
function memory({ memory_stats: { usage = 0, stats: of = {} } }: Reading): number {
  const cache = of['total_inactive_file'] ?? of['inactive_file'] ?? 0;
  return cache < usage ? usage - cache : usage;
}
