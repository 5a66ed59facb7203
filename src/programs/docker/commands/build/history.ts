import { CommandError, type Invocation } from '../../cli/command';
import { humanDuration } from '../../cli/format';
import { renderList } from '../../cli/table';
import { columnsOf, goJson } from './builders/render';
import { currentBuilder } from './builders/store';
import { screenOf } from './client';
import type { DisplayMode } from './progress/display';
import type { SolveStatus } from './progress/status';

/** One build of the past as the engine lists it. */
interface BuildRecord {
  readonly ref: string;
  readonly name: string;
  readonly createdAt: number;
  readonly completedAt?: number | null;
  readonly status: 'running' | 'completed' | 'error' | 'canceled';
  readonly error?: string | null;
  readonly steps: number;
  readonly completedSteps?: number;
  readonly cachedSteps: number;
  readonly warnings?: number;
  readonly imageId?: string | null;
  readonly tags?: readonly string[];
  readonly target?: string;
  readonly dockerfile?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly platform?: string;
}

const recordsOf = ({ api }: Invocation): Promise<readonly BuildRecord[]> => api.get('/build/history');

/** A record by its ref, or `^N`: the build N before the last; the last one if nothing is said. */
async function recordOf(invocation: Invocation, ref: string): Promise<BuildRecord> {
  const all = (await recordsOf(invocation)).toSorted((a, b) => b.createdAt - a.createdAt);
  if (/^\^/.test(ref)) {
    const offset = Number(ref.slice(1));
    if (!/^\^\d+$/.test(ref))
      throw new CommandError(
        `invalid offset ${JSON.stringify(ref)}: strconv.Atoi: parsing ${JSON.stringify(ref.slice(1))}: invalid syntax`,
      );
    const found = all[offset];
    if (found === undefined) throw new CommandError(`no completed build found with offset ${offset - all.length}`);
    return found;
  }
  const wanted = ref.slice(ref.lastIndexOf('/') + 1);
  const found = wanted === '' ? all[0] : all.find((record) => record.ref === wanted);
  if (found !== undefined) return found;
  throw new CommandError(wanted === '' ? 'no records found' : `no record found for ref ${JSON.stringify(ref)}`);
}

const duration = (ms: number): string => {
  const seconds = ms / 1000;
  return seconds < 60
    ? `${seconds.toFixed(1)}s`
    : `${Math.floor(seconds / 60)}m ${String(Math.floor(seconds) % 60).padStart(2)}s`;
};

/** `docker buildx history ls`. */
export async function historyList(invocation: Invocation): Promise<number> {
  const { flags, out, process } = invocation;
  const builder = currentBuilder(invocation);
  const wanted = flags.all('filter').map(filterOf);
  const records = (await recordsOf(invocation))
    .filter((record) => wanted.every((filter) => filter(record)))
    .toSorted((a, b) => {
      const running = Number(a.completedAt != null) - Number(b.completedAt != null);
      return running !== 0 ? running : b.createdAt - a.createdAt;
    });
  const format = flags.last('format') ?? 'table';
  const isTable = format.startsWith('table');
  const full = (record: BuildRecord): string => `${builder}/${builder}/${record.ref}`;
  const time = (ms: number): string => new Date(ms).toISOString();
  if (format === 'json') {
    for (const record of records)
      await out(
        `${goJson({
          ...(record.completedAt == null ? {} : { completed_at: time(record.completedAt) }),
          cached_steps: record.cachedSteps,
          completed_steps: record.completedSteps ?? record.steps,
          created_at: time(record.createdAt),
          name: record.name,
          ref: full(record),
          status: statusOf(record),
          total_steps: record.steps,
        })}\n`,
      );
    return 0;
  }
  await out(
    renderList({
      items: records,
      columns: columnsOf<BuildRecord>({
        Ref: ['BUILD ID', ({ ref }) => ref],
        Name: [
          'NAME',
          ({ name }) =>
            isTable && !flags.on('no-trunc') && name.length > 36 ? `..${name.slice(name.length - 34)}` : name,
        ],
        Status: ['STATUS', statusOf],
        CreatedAt: ['CREATED AT', ({ createdAt }) => `${humanDuration(process.clock.now - createdAt)} ago`],
        Duration: [
          'DURATION',
          ({ createdAt, completedAt }) =>
            completedAt == null ? `${duration(process.clock.now - createdAt)}+` : duration(completedAt - createdAt),
        ],
        Link: ['', (record) => (isTable ? '' : `docker-desktop://dashboard/build/${full(record)}`)],
      }),
      table: ['Ref', 'Name', 'Status', 'CreatedAt', 'Duration', 'Link'],
      format: format === 'table' ? '' : format,
    }),
  );
  return 0;
}

const statusOf = ({ status, completedAt }: BuildRecord): string =>
  completedAt == null ? 'Running' : status === 'completed' ? 'Completed' : 'Error';

/** `--filter` (dockerFiltersToBuildkit). */
function filterOf(filter: string): (record: BuildRecord) => boolean {
  const separator = ['!=', '=', '<=', '<', '>=', '>'].find((each) => filter.includes(each));
  if (separator === undefined) throw new CommandError(`invalid filter ${JSON.stringify(filter)}`);
  const at = filter.indexOf(separator);
  const key = filter.slice(0, at);
  const value = filter.slice(at + separator.length);
  if (key !== 'ref' && key !== 'status' && key !== 'repository')
    throw new CommandError(`unsupported filter ${JSON.stringify(filter)}`);
  if (separator !== '=' && separator !== '!=')
    throw new CommandError(`invalid separator for ${JSON.stringify(filter)}, expected = or !=`);
  return ({ ref, status }) => {
    const own = key === 'ref' ? ref : key === 'status' ? status : '';
    if (separator === '!=') return own !== value;
    return key === 'status' ? own === value : own.includes(value);
  };
}

/** `docker buildx history logs`. */
export async function historyLogs(invocation: Invocation): Promise<number> {
  const { api, args, flags, process } = invocation;
  const builder = currentBuilder(invocation);
  const record = await recordOf(invocation, args[0] ?? '');
  const log = await api.get<readonly SolveStatus[]>(`/build/history/${record.ref}/logs`);
  const wanted = flags.last('progress') ?? 'plain';
  const mode = (wanted === 'auto' ? 'plain' : wanted) as DisplayMode;
  const screen = screenOf(process, { mode, builder, described: false });
  for (const status of log) await screen.update(status);
  await screen.done();
  return 0;
}

/** `docker buildx history rm`. */
export async function historyRemove(invocation: Invocation): Promise<number> {
  const { api, args, flags } = invocation;
  if (args.length === 0 && !flags.on('all')) throw new CommandError('rm requires at least one argument');
  if (args.length > 0 && flags.on('all')) throw new CommandError('rm requires either --all or at least one argument');
  currentBuilder(invocation);
  const refs = flags.on('all') ? (await recordsOf(invocation)).map(({ ref }) => ref) : args;
  for (const ref of refs)
    await api.send('DELETE', `/build/history/${encodeURIComponent(ref.slice(ref.lastIndexOf('/') + 1))}`);
  return 0;
}

/** `docker buildx history inspect`. */
export async function historyInspect(invocation: Invocation): Promise<number> {
  const { args, flags, out } = invocation;
  currentBuilder(invocation);
  const record = await recordOf(invocation, args[0] ?? '');
  const {
    name,
    createdAt,
    completedAt,
    steps,
    cachedSteps,
    completedSteps = steps,
    dockerfile = '',
    target = '',
  } = record;
  const time = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}`;
  if (flags.text('format') === 'json') {
    await out(
      `${goJson({
        Name: name,
        Ref: record.ref,
        Dockerfile: dockerfile,
        Target: target,
        Status: record.status,
        CreatedAt: new Date(createdAt).toISOString(),
        CompletedAt: completedAt == null ? undefined : new Date(completedAt).toISOString(),
        NumCompletedSteps: completedSteps,
        NumTotalSteps: steps,
        NumCachedSteps: cachedSteps,
        Error: record.error == null ? undefined : { Message: record.error },
      })}\n`,
    );
    return 0;
  }
  const rows: (readonly [string, string])[] = [['Name:', name]];
  if (dockerfile !== '' && dockerfile !== 'Dockerfile') rows.push(['Dockerfile:', dockerfile]);
  if (target !== '') rows.push(['Target:', target]);
  const more: (readonly [string, string])[] = [['Started:', time(createdAt)]];
  if (completedAt != null) more.push(['Duration:', duration(completedAt - createdAt)]);
  const cached = steps === 0 ? '' : ` (${Math.round((cachedSteps / steps) * 100)}% cached)`;
  more.push(['Build Steps:', `${completedSteps}/${steps}${cached}`]);
  const failed = record.error == null ? '' : `\nError: ${record.status.toUpperCase()} ${record.error}\n`;
  await out(`${columns(rows)}\n${columns(more)}${failed}`);
  const built = Object.entries(record.buildArgs ?? {});
  if (built.length > 0) await out(`\nBuild Args:\n${built.map(([key, value]) => `  ${key}=${value}\n`).join('')}`);
  await out(`\nPrint build logs: docker buildx history logs ${record.ref}\n`);
  return 0;
}

const columns = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([key]) => key.length)) + 1;
  return rows.map(([key, value]) => `${key.padEnd(width)}${value}\n`).join('');
};

/** `docker buildx history inspect attachment`: provenance and its like, which this engine's builds do not leave. */
export async function historyAttachment(invocation: Invocation): Promise<number> {
  const { args } = invocation;
  currentBuilder(invocation);
  const { ref } = await recordOf(invocation, args[0] ?? '');
  throw new CommandError(`no attachments found for ref ${JSON.stringify(ref)}`);
}

const desktop = (what: string) => (): Promise<number> =>
  Promise.reject(new CommandError(`${what} needs Docker Desktop, which is not installed here`));

/** Bundles of records are Docker Desktop's. */
export const historyExport = desktop('exporting build records');
export const historyImport = desktop('importing build records');
export const historyOpen = desktop('opening a build record');
