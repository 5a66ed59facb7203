import { filtersParam, query } from '../cli/api';
import type { Command } from '../cli/command';
import { flags } from '../cli/flags';
import { ellipsis } from '../cli/format';
import { renderList } from '../cli/table';

interface Found {
  readonly name: string;
  readonly description: string;
  readonly star_count: number;
  readonly is_official: boolean;
}

/** `docker search`: the engine asks the index. */
export const search: Command = {
  use: 'search [OPTIONS] TERM',
  short: 'Search Docker Hub for images',
  flags: flags(`
    -f, --filter filter | Filter output based on conditions provided
    --format string | Pretty-print search using a Go template
    --limit int | Max number of search results
    --no-trunc | Don't truncate output
  `),
  operands: [1, 1],
  async run({ api, args, flags: given, out }) {
    const limit = given.last('limit');
    const found = (
      await api.send(
        'GET',
        `/images/search${query({ term: args[0] ?? '', limit, filters: filtersParam(given.all('filter')) })}`,
        undefined,
        { 'X-Registry-Auth': 'e30=' },
      )
    ).json<readonly Found[]>();
    const column = (key: string, header: string, cell: (item: Found) => string) => ({ key, header, cell });
    const oneLine = (text: string): string => text.replace(/\s+/g, ' ');
    await out(
      renderList({
        items: found,
        columns: [
          column('Name', 'NAME', ({ name }) => name),
          column('Description', 'DESCRIPTION', ({ description }) =>
            given.on('no-trunc') ? oneLine(description) : ellipsis(oneLine(description), 45),
          ),
          column('StarCount', 'STARS', ({ star_count }) => String(star_count)),
          column('IsOfficial', 'OFFICIAL', ({ is_official }) => (is_official ? '[OK]' : '')),
        ],
        table: ['Name', 'Description', 'StarCount', 'IsOfficial'],
        format: given.text('format'),
      }),
    );
    return 0;
  },
};
