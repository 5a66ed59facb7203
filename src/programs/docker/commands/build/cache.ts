import { CommandError, type Invocation } from '../../cli/command';
import { filtersParam, query } from '../../cli/api';
import { parseSize } from '../../cli/sizes';
import { humanDuration, humanSize } from '../../cli/format';
import { renderList } from '../../cli/table';
import { columnsOf } from './builders/render';
import { currentBuilder } from './builders/store';
import { tabs } from './tabs';

/** One record of the build cache as the engine lists it. */
interface CacheRecord {
  readonly ID: string;
  readonly Type: string;
  readonly Description: string;
  readonly InUse: boolean;
  readonly Shared: boolean;
  readonly Mutable?: boolean;
  readonly Size: number;
  readonly CreatedAt: string;
  readonly LastUsedAt: string | null;
  readonly UsageCount: number;
  readonly Parents?: readonly string[] | null;
}

async function recordsOf({ api }: Invocation): Promise<readonly CacheRecord[]> {
  const { BuildCache } = await api.get<{ BuildCache: readonly CacheRecord[] | null }>('/system/df?type=build-cache');
  return BuildCache ?? [];
}

const size = (bytes: number): string => humanSize(bytes, 4);

/** `docker buildx du`. */
export async function diskUsage(invocation: Invocation): Promise<number> {
  const { flags, out, process } = invocation;
  if (flags.given('format') && flags.on('verbose'))
    throw new CommandError('--format and --verbose cannot be used together');
  currentBuilder(invocation);
  const wanted = filterOf(flags.all('filter'));
  const records = (await recordsOf(invocation))
    .filter(wanted)
    .toSorted((a, b) => a.Size - b.Size || (a.ID < b.ID ? -1 : 1));
  const format = flags.on('verbose') ? 'pretty' : flags.text('format');
  const isTable = format === '' || format === 'table' || format.startsWith('table ');
  const ago = ({ LastUsedAt }: CacheRecord): string =>
    LastUsedAt === null ? '' : `${humanDuration(process.clock.now - Date.parse(LastUsedAt))} ago`;
  if (format === 'pretty') for (const record of records) await out(pretty(record, ago(record)));
  else
    await out(
      renderList({
        items: records,
        columns: columnsOf<CacheRecord>({
          ID: ['ID', ({ ID, Mutable }) => `${ID}${isTable && Mutable === true ? '*' : ''}`],
          Parents: ['PARENTS', ({ Parents }) => `[${(Parents ?? []).join(' ')}]`],
          CreatedAt: ['CREATED AT', ({ CreatedAt }) => CreatedAt],
          Mutable: ['MUTABLE', ({ Mutable }) => String(Mutable === true)],
          Reclaimable: ['RECLAIMABLE', ({ InUse }) => String(!InUse)],
          Shared: ['SHARED', ({ Shared }) => String(Shared)],
          Size: ['SIZE', ({ Size, Shared }) => `${size(Size)}${isTable && Shared ? '*' : ''}`],
          Description: ['DESCRIPTION', ({ Description }) => Description],
          UsageCount: ['USAGE COUNT', ({ UsageCount }) => String(UsageCount)],
          LastUsedAt: ['LAST ACCESSED', ago],
          Type: ['TYPE', ({ Type }) => Type],
        }),
        table: ['ID', 'Reclaimable', 'Size', 'LastUsedAt'],
        format,
      }),
    );
  const summarised = format === '' || format === 'table' || format === 'pretty';
  if (summarised && !flags.given('filter')) await out(summary(records));
  return 0;
}

function summary(records: readonly CacheRecord[]): string {
  const sum = (wanted: (record: CacheRecord) => boolean): number =>
    records.filter(wanted).reduce((total, { Size }) => total + Size, 0);
  const total = sum(() => true);
  const shared = sum(({ Shared }) => Shared);
  return tabs([
    ...(shared > 0
      ? [
          ['Shared:', size(shared)],
          ['Private:', size(total - shared)],
        ]
      : []),
    ['Reclaimable:', size(sum(({ InUse }) => !InUse))],
    ['Total:', size(total)],
  ]);
}

function pretty(record: CacheRecord, ago: string): string {
  const { ID, Parents, CreatedAt, Mutable, InUse, Shared, Size, Description, UsageCount, LastUsedAt, Type } = record;
  const rows: (readonly string[])[] = [['ID:', ID]];
  if ((Parents ?? []).length > 0) rows.push(['Parents:', ...(Parents ?? []).map((each) => `\n - ${each}`)]);
  rows.push(['Created at:', CreatedAt], ['Mutable:', String(Mutable === true)], ['Reclaimable:', String(!InUse)]);
  rows.push(['Shared:', String(Shared)], ['Size:', size(Size)]);
  if (Description !== '') rows.push(['Description:', Description]);
  rows.push(['Usage count:', String(UsageCount)]);
  if (LastUsedAt !== null) rows.push(['Last used:', ago]);
  if (Type !== '') rows.push(['Type:', Type]);
  return `${tabs(rows)}\n`;
}

const isOn = (value: string): boolean => value !== 'false' && value !== '0';

/** Which records `--filter` means (toBuildkitPruneInfo). */
function filterOf(filters: readonly string[]): (record: CacheRecord) => boolean {
  const pairs = filters.map((filter) => {
    const equals = filter.indexOf('=');
    return [filter.slice(0, equals), filter.slice(equals + 1)] as const;
  });
  return (record) =>
    pairs.every(([key, value]) => {
      switch (key) {
        case 'id':
          return record.ID.includes(value);
        case 'type':
          return record.Type === value;
        case 'description':
          return record.Description === value;
        case 'description~':
          return record.Description.includes(value);
        case 'shared':
          return record.Shared === isOn(value);
        case 'private':
          return record.Shared !== isOn(value);
        case 'inuse':
          return record.InUse === isOn(value);
        case 'mutable':
          return (record.Mutable === true) === isOn(value);
        default:
          return true;
      }
    });
}

const dangling = 'WARNING! This will remove all dangling build cache. Are you sure you want to continue?';
const everything = 'WARNING! This will remove all build cache. Are you sure you want to continue?';

/** `docker builder prune`, `docker buildx prune`. */
export async function prune(invocation: Invocation): Promise<number> {
  const { api, flags, out, process } = invocation;
  const all = flags.on('all');
  if (!flags.on('force')) {
    await out(`${all ? everything : dangling} [y/N] `);
    const answer = await process.stdin.readLine();
    if (!/^y(es)?$/i.test((answer ?? '').trim())) return 0;
  }
  currentBuilder(invocation);
  const bytes = (name: string): string | undefined => {
    const value = flags.last(name);
    const parsed = value === undefined ? undefined : parseSize(value);
    return parsed?.ok === true ? String(parsed.value) : undefined;
  };
  const before = new Map((await recordsOf(invocation)).map((record) => [record.ID, record]));
  const params = query({
    all: all ? '1' : undefined,
    filters: filtersParam(flags.all('filter')),
    'reserved-space': bytes('reserved-space') ?? bytes('keep-storage'),
    'max-used-space': bytes('max-used-space'),
    'min-free-space': bytes('min-free-space'),
  });
  const { CachesDeleted } = (await api.send('POST', `/build/prune${params}`)).json<{
    CachesDeleted: readonly string[] | null;
    SpaceReclaimed: number;
  }>();
  const removed = (CachesDeleted ?? []).flatMap((id) => before.get(id) ?? []);
  const ago = ({ LastUsedAt }: CacheRecord): string =>
    LastUsedAt === null ? '' : `${humanDuration(process.clock.now - Date.parse(LastUsedAt))} ago`;
  let first = true;
  for (const record of removed) {
    if (flags.on('verbose')) {
      await out(pretty(record, ago(record)).replaceAll('Parents:', 'Parent:'));
      continue;
    }
    const id = `${record.ID}${record.Mutable === true ? '*' : ''}`;
    const row = [id.padEnd(40), String(!record.InUse).padEnd(5), size(record.Size).padEnd(10), ago(record)];
    await out(tabs([...(first ? [['ID', 'RECLAIMABLE', 'SIZE', 'LAST ACCESSED']] : []), row]));
    first = false;
  }
  await out(tabs([['Total:', size(removed.reduce((sum, { Size }) => sum + Size, 0))]]));
  return 0;
}
