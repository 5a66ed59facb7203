import { fullString, parseReference, withDefaultTag } from '../../../containers/images/reference';
import { filtersParam, query } from '../cli/api';
import { CommandError, type Command } from '../cli/command';
import { flags } from '../cli/flags';
import { ellipsis, goTime, humanDuration, humanSize, shortId } from '../cli/format';
import { pullImage, referenceOf } from '../cli/pull';
import { renderList, type Column } from '../cli/table';

interface ImageSummary {
  readonly Containers: number;
  readonly Created: number;
  readonly Id: string;
  readonly RepoTags: readonly string[];
  readonly RepoDigests: readonly string[];
  readonly Size: number;
}

interface Row extends ImageSummary {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

const none = '<none>';

/** One row for each tag; an image without any is `<none>`. */
function rowsOf(images: readonly ImageSummary[]): readonly Row[] {
  return images.flatMap((image) => {
    const digests = new Map(image.RepoDigests.map((text) => text.split('@') as [string, string]));
    const rows = image.RepoTags.map((text): Row => {
      const colon = text.lastIndexOf(':');
      const repository = text.slice(0, colon);
      return { ...image, repository, tag: text.slice(colon + 1), digest: digests.get(repository) ?? none };
    });
    if (rows.length > 0) return rows;
    const [repository = none] = digests.keys();
    return [{ ...image, repository, tag: none, digest: digests.get(repository) ?? none }];
  });
}

export const images: Command = {
  use: 'images [OPTIONS] [REPOSITORY[:TAG]]',
  short: 'List images',
  aliases: ['docker image ls', 'docker image list', 'docker images'],
  flags: flags(`
    -a, --all | Show all images (default hides intermediate images)
    --digests | Show digests
    -f, --filter filter | Filter output based on conditions provided
    --format string | {format}
    --no-trunc | Don't truncate output
    -q, --quiet | Only show image IDs
    --tree | List multi-platform images as a tree (EXPERIMENTAL)
  `),
  operands: [0, 1],
  async run({ api, args, flags: given, out, process }) {
    const [reference] = args;
    const filters = [...given.all('filter'), ...(reference === undefined ? [] : [`reference=${reference}`])];
    const listed = await api.get<readonly ImageSummary[]>(
      `/images/json${query({ all: given.on('all') ? '1' : undefined, filters: filtersParam(filters) })}`,
    );
    const full = given.on('no-trunc');
    const columns = columnsFor(process.clock.now, full);
    await out(
      renderList({
        items: rowsOf(listed),
        columns,
        table: ['Repository', 'Tag', ...(given.on('digests') ? ['Digest'] : []), 'ID', 'CreatedSince', 'Size'],
        format: given.text('format'),
        ...(given.on('quiet') ? { quiet: ({ Id }: Row) => (full ? Id : shortId(Id)) } : {}),
        json: (item) =>
          Object.fromEntries(
            columns
              .map(({ key, cell }): [string, string] => [
                key,
                key === 'Digest' && !given.on('digests') ? none : cell(item),
              ])
              .sort(([a], [b]) => (a < b ? -1 : 1)),
          ),
      }),
    );
    return 0;
  },
};

function columnsFor(now: number, full: boolean): readonly Column<Row>[] {
  const column = (key: string, header: string, cell: (item: Row) => string): Column<Row> => ({ key, header, cell });
  return [
    column('ID', 'IMAGE ID', ({ Id }) => (full ? Id : shortId(Id))),
    column('Repository', 'REPOSITORY', ({ repository }) => repository),
    column('Tag', 'TAG', ({ tag }) => tag),
    column('Digest', 'DIGEST', ({ digest }) => digest),
    column('CreatedSince', 'CREATED', ({ Created }) => `${humanDuration(now - Created * 1000)} ago`),
    column('CreatedAt', 'CREATED AT', ({ Created }) => goTime(Created)),
    column('Size', 'SIZE', ({ Size }) => humanSize(Size, 3)),
    column('Containers', 'CONTAINERS', ({ Containers }) => String(Containers)),
    column('VirtualSize', 'SIZE', ({ Size }) => humanSize(Size)),
    column('SharedSize', 'SHARED SIZE', () => 'N/A'),
    column('UniqueSize', 'UNIQUE SIZE', () => 'N/A'),
  ];
}

export const pull: Command = {
  use: 'pull [OPTIONS] NAME[:TAG|@DIGEST]',
  short: 'Download an image from a registry',
  aliases: ['docker image pull', 'docker pull'],
  flags: flags(`
    -a, --all-tags | Download all tagged images in the repository
    --disable-content-trust | Skip image verification (default true)
    --platform string | Set platform if server is multi-platform capable
    -q, --quiet | Suppress verbose output
  `),
  operands: [1, 1],
  async run({ api, args, flags: given, out, process }) {
    const reference = referenceOf(args[0] ?? '');
    const quiet = given.on('quiet');
    const allTags = given.on('all-tags');
    const nameOnly = reference.tag === undefined && reference.digest === undefined;
    if (allTags && !nameOnly) throw new CommandError("tag can't be used with --all-tags/-a");
    if (nameOnly && !allTags && !quiet) await out('Using default tag: latest\n');
    const how = { platform: given.last('platform') ?? process.env.get('DOCKER_DEFAULT_PLATFORM'), allTags };
    await pullImage(process, api, reference, quiet ? undefined : 1, how);
    await out(`${fullString(allTags ? reference : withDefaultTag(reference))}\n`);
    return 0;
  },
};

export const rmi: Command = {
  use: 'rmi [OPTIONS] IMAGE [IMAGE...]',
  short: 'Remove one or more images',
  aliases: ['docker image rm', 'docker image remove', 'docker rmi'],
  flags: flags(`
    -f, --force | Force removal of the image
    --no-prune | Do not delete untagged parents
    --platform strings | Remove only the given platform variant. Formatted as "os[/arch[/variant]]" (e.g., "linux/amd64")
  `),
  operands: [1, Infinity],
  async run({ api, args, flags: given, out, error }) {
    const force = given.on('force');
    let status = 0;
    for (const name of args) {
      try {
        const removed = (
          await api.send(
            'DELETE',
            `/images/${name}${query({ force: force ? '1' : undefined, noprune: given.on('no-prune') ? '1' : undefined })}`,
          )
        ).json<readonly { Untagged?: string; Deleted?: string }[]>();
        for (const { Untagged, Deleted } of removed)
          await out(Deleted === undefined ? `Untagged: ${Untagged ?? ''}\n` : `Deleted: ${Deleted}\n`);
      } catch (thrown) {
        if (!(thrown instanceof CommandError)) throw thrown;
        await error(`${thrown.message}\n`);
        if (!force || !thrown.message.includes('No such image')) status = 1;
      }
    }
    return status;
  },
};

export const tag: Command = {
  use: 'tag SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]',
  short: 'Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE',
  aliases: ['docker image tag', 'docker tag'],
  operands: [2, 2],
  async run({ api, args }) {
    const [source = '', target = ''] = args;
    const parsed = parseReference(target);
    if (!parsed.ok)
      throw new CommandError(
        `Error parsing reference: ${JSON.stringify(target)} is not a valid repository/tag: ${parsed.error}`,
      );
    const { domain, path, tag: name = 'latest' } = parsed.value;
    await api.send('POST', `/images/${source}/tag${query({ repo: `${domain}/${path}`, tag: name })}`);
    return 0;
  },
};

interface HistoryEntry {
  readonly Id: string;
  readonly Created: number;
  readonly CreatedBy: string;
  readonly Size: number;
  readonly Comment: string;
}

export const history: Command = {
  use: 'history [OPTIONS] IMAGE',
  short: 'Show the history of an image',
  aliases: ['docker image history', 'docker history'],
  flags: flags(`
    --format string | {format}
    -H, --human | Print sizes and dates in human readable format (default true)
    --no-trunc | Don't truncate output
    --platform string | Show history for the given platform. Formatted as "os[/arch[/variant]]" (e.g., "linux/amd64")
    -q, --quiet | Only show image IDs
  `),
  operands: [1, 1],
  async run({ api, args, flags: given, out, process }) {
    const entries = await api.get<readonly HistoryEntry[]>(`/images/${args[0] ?? ''}/history`);
    const full = given.on('no-trunc');
    const human = !given.given('human') || given.on('human');
    const now = process.clock.now;
    const at = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
    const column = (key: string, header: string, cell: (item: HistoryEntry) => string) => ({ key, header, cell });
    await out(
      renderList({
        items: entries,
        columns: [
          column('Comment', 'COMMENT', ({ Comment }) => Comment),
          column('CreatedAt', 'CREATED AT', ({ Created }) => at(Created)),
          column('CreatedBy', 'CREATED BY', ({ CreatedBy }) => {
            const text = CreatedBy.replaceAll('\t', ' ');
            return full ? text : ellipsis(text, 45);
          }),
          column('CreatedSince', human ? 'CREATED' : 'CREATED AT', ({ Created }) =>
            human ? `${humanDuration(now - Created * 1000)} ago` : at(Created),
          ),
          column('ID', 'IMAGE', ({ Id }) => (full ? Id : shortId(Id))),
          column('Size', 'SIZE', ({ Size }) => (human ? humanSize(Size, 3) : String(Size))),
        ],
        table: ['ID', 'CreatedSince', 'CreatedBy', 'Size', 'Comment'],
        format: given.text('format'),
        ...(given.on('quiet') ? { quiet: ({ Id }: HistoryEntry) => (full ? Id : shortId(Id)) } : {}),
      }),
    );
    return 0;
  },
};
