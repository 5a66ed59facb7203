import { goJson, type GoValue } from '../../gotemplate';
import type { Command } from '../cli/command';
import { flags } from '../cli/flags';
import { ellipsis, humanDuration, humanSize, shortId } from '../cli/format';
import { renderList, tabulate } from '../cli/table';
import { printFormatted, structured } from '../cli/struct';

interface Usage {
  readonly LayersSize: number;
  readonly Images: readonly {
    readonly Id: string;
    readonly Containers: number;
    readonly Created: number;
    readonly RepoTags: readonly string[] | null;
    readonly Size: number;
    readonly SharedSize: number;
  }[];
  readonly Containers: readonly {
    readonly Id: string;
    readonly Names: readonly string[];
    readonly Image: string;
    readonly Command: string;
    readonly Created: number;
    readonly State: string;
    readonly Status: string;
    readonly SizeRw?: number;
    readonly Mounts: readonly { readonly Driver?: string }[];
  }[];
  readonly Volumes: readonly {
    readonly Name: string;
    readonly UsageData: { readonly RefCount: number; readonly Size: number };
  }[];
  readonly BuildCache: readonly {
    readonly ID: string;
    readonly Type: string;
    readonly Size: number;
    readonly CreatedAt: string;
    readonly LastUsedAt: string | null;
    readonly UsageCount: number;
    readonly InUse: boolean;
    readonly Shared: boolean;
  }[];
}

interface Row {
  readonly Type: string;
  readonly TotalCount: number;
  readonly Active: number;
  readonly Size: number;
  readonly reclaimable: number;
  /** Whether what can be had back is also said as a share. */
  readonly share: boolean;
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
const lives = ({ State }: Usage['Containers'][number]): boolean => /running|paused|restarting/.test(State);

/** The four lines of `docker system df` (formatter/disk_usage.go). */
function rowsOf({ LayersSize, Images, Containers, Volumes, BuildCache }: Usage): readonly Row[] {
  const used = Images.filter(({ Containers: users }) => users > 0);
  const dead = Containers.filter((container) => !lives(container));
  const cached = BuildCache.filter(({ Shared }) => !Shared);
  return [
    {
      Type: 'Images',
      TotalCount: Images.length,
      Active: used.length,
      Size: LayersSize,
      reclaimable: LayersSize - sum(used, ({ Size, SharedSize }) => Size - SharedSize),
      share: true,
    },
    {
      Type: 'Containers',
      TotalCount: Containers.length,
      Active: Containers.length - dead.length,
      Size: sum(Containers, ({ SizeRw = 0 }) => SizeRw),
      reclaimable: sum(dead, ({ SizeRw = 0 }) => SizeRw),
      share: true,
    },
    {
      Type: 'Local Volumes',
      TotalCount: Volumes.length,
      Active: Volumes.filter(({ UsageData }) => UsageData.RefCount > 0).length,
      Size: sum(Volumes, ({ UsageData }) => Math.max(0, UsageData.Size)),
      reclaimable: sum(
        Volumes.filter(({ UsageData }) => UsageData.RefCount === 0),
        ({ UsageData }) => Math.max(0, UsageData.Size),
      ),
      share: true,
    },
    {
      Type: 'Build Cache',
      TotalCount: BuildCache.length,
      Active: BuildCache.filter(({ InUse }) => InUse).length,
      Size: sum(cached, ({ Size }) => Size),
      reclaimable: sum(
        cached.filter(({ InUse }) => !InUse),
        ({ Size }) => Size,
      ),
      share: false,
    },
  ];
}

function reclaimableOf({ reclaimable, Size, share }: Row): string {
  const text = humanSize(reclaimable);
  return share && Size > 0 ? `${text} (${Math.floor((reclaimable * 100) / Size)}%)` : text;
}

export const df: Command = {
  use: 'df [OPTIONS]',
  short: 'Show docker disk usage',
  flags: flags(`
    --format string | {format}
    -v, --verbose | Show detailed information on space usage
  `),
  operands: [0, 0],
  async run(invocation) {
    const { api, flags: given, out, process } = invocation;
    const usage = await api.get<Usage>('/system/df');
    const format = given.text('format');
    if (given.on('verbose')) {
      const details = detailsOf(usage, process.clock.now);
      if (format === '' || format === 'table') await out(verboseText(details, usage));
      else if (format === 'json') await out(goJson(structured(jsonOf(details), {})));
      else return printFormatted(invocation, format, structured(jsonOf(details), {}));
      return 0;
    }
    const column = (key: string, header: string, cell: (row: Row) => string) => ({ key, header, cell });
    await out(
      renderList({
        items: rowsOf(usage),
        columns: [
          column('Type', 'TYPE', ({ Type }) => Type),
          column('TotalCount', 'TOTAL', ({ TotalCount }) => String(TotalCount)),
          column('Active', 'ACTIVE', ({ Active }) => String(Active)),
          column('Size', 'SIZE', ({ Size }) => humanSize(Size)),
          column('Reclaimable', 'RECLAIMABLE', reclaimableOf),
        ],
        table: ['Type', 'TotalCount', 'Active', 'Size', 'Reclaimable'],
        format,
      }),
    );
    return 0;
  },
};

type Cells = Readonly<Record<string, string>>;
type Details = Readonly<Record<'Images' | 'Containers' | 'Volumes' | 'BuildCache', readonly Cells[]>>;

const headers: Readonly<Record<keyof Details, Readonly<Record<string, string>>>> = {
  Images: {
    Repository: 'REPOSITORY',
    Tag: 'TAG',
    ID: 'IMAGE ID',
    CreatedSince: 'CREATED',
    Size: 'SIZE',
    SharedSize: 'SHARED SIZE',
    UniqueSize: 'UNIQUE SIZE',
    Containers: 'CONTAINERS',
  },
  Containers: {
    ID: 'CONTAINER ID',
    Image: 'IMAGE',
    Command: 'COMMAND',
    LocalVolumes: 'LOCAL VOLUMES',
    Size: 'SIZE',
    RunningFor: 'CREATED',
    Status: 'STATUS',
    Names: 'NAMES',
  },
  Volumes: { Name: 'VOLUME NAME', Links: 'LINKS', Size: 'SIZE' },
  BuildCache: {
    ID: 'CACHE ID',
    CacheType: 'CACHE TYPE',
    Size: 'SIZE',
    CreatedSince: 'CREATED',
    LastUsedSince: 'LAST USED',
    UsageCount: 'USAGE',
    Shared: 'SHARED',
  },
};

function detailsOf({ Images, Containers, Volumes, BuildCache }: Usage, now: number): Details {
  const ago = (at: number): string => `${humanDuration(now - at)} ago`;
  return {
    Images: Images.map(({ Id, RepoTags, Created, Size, SharedSize, Containers: users }) => {
      const [name = '<none>:<none>'] = RepoTags ?? [];
      const colon = name.lastIndexOf(':');
      return {
        Repository: name.slice(0, colon),
        Tag: name.slice(colon + 1),
        ID: shortId(Id),
        CreatedSince: ago(Created * 1000),
        Size: humanSize(Size, 3),
        SharedSize: humanSize(SharedSize),
        UniqueSize: humanSize(Size - SharedSize),
        Containers: String(users),
      };
    }),
    Containers: Containers.map((container) => ({
      ID: shortId(container.Id),
      Image: container.Image.startsWith('sha256:') ? shortId(container.Image) : container.Image,
      Command: JSON.stringify(ellipsis(container.Command, 20)),
      LocalVolumes: String(container.Mounts.filter(({ Driver }) => Driver === 'local').length),
      Size: humanSize(container.SizeRw ?? 0, 3),
      RunningFor: ago(container.Created * 1000),
      Status: container.Status,
      Names: container.Names.map((name) => name.replace(/^\//, '')).join(','),
    })),
    Volumes: Volumes.map(({ Name, UsageData }) => ({
      Name,
      Links: String(UsageData.RefCount),
      Size: humanSize(UsageData.Size),
    })),
    BuildCache: BuildCache.map((record) => ({
      ID: record.InUse ? `${record.ID}*` : record.ID,
      CacheType: record.Type,
      Size: humanSize(record.Size),
      CreatedSince: ago(Date.parse(record.CreatedAt)),
      LastUsedSince: record.LastUsedAt === null ? '' : ago(Date.parse(record.LastUsedAt)),
      UsageCount: String(record.UsageCount),
      Shared: String(record.Shared),
    })),
  };
}

function verboseText(details: Details, usage: Usage): string {
  const table = (kind: keyof Details): string => {
    const keys = Object.keys(headers[kind]);
    const rows = details[kind].map((cells) => keys.map((key) => cells[key] ?? ''));
    return tabulate([Object.values(headers[kind]), ...rows]);
  };
  const cache = rowsOf(usage).at(-1)?.Size ?? 0;
  return (
    `Images space usage:\n\n${table('Images')}\nContainers space usage:\n\n${table('Containers')}\n` +
    `Local Volumes space usage:\n\n${table('Volumes')}\nBuild cache usage: ${humanSize(cache)}\n\n${table('BuildCache')}`
  );
}

/** As `--format` sees it: each object's keys by name. */
const jsonOf = (details: Details): Readonly<Record<string, GoValue>> =>
  Object.fromEntries(
    Object.entries(details).map(([kind, items]) => [
      kind,
      items.map((cells) => Object.fromEntries(Object.entries(cells).toSorted(([a], [b]) => (a < b ? -1 : 1)))),
    ]),
  );
