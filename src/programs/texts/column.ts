import { textWidth } from '../toolkit/format';
import { decode } from '../../linux/io/bytes';
import { readAll } from '../toolkit/latin1';
import { tool, type Tool } from '../toolkit/tool';

/** column(1): -t makes a table, -s says what separates, -J writes JSON. */
export const column = tool(
  {
    name: 'column',
    usage: '[options] [<file>...]',
    about: '\nColumnate lists.',
    package: 'util-linux 2.39.3',
    short: 'c:dE:eH:JLl:n:N:O:o:R:r:s:T:txW:',
    long: {
      table: 't',
      'table-name:': 'n',
      'table-columns:': 'N',
      'table-columns-limit:': 'l',
      'table-hide:': 'H',
      'table-noheadings': 'd',
      'table-order:': 'O',
      'table-right:': 'R',
      'table-truncate:': 'T',
      'table-wrap:': 'W',
      'table-empty-lines': 'L',
      json: 'J',
      'keep-empty-lines': 'L',
      'output-separator:': 'o',
      'output-width:': 'c',
      'separator:': 's',
      fillrows: 'x',
    },
  },
  async (tool) => {
    const { options } = tool;
    const lines: string[] = [];
    for (const path of tool.operands.length === 0 ? ['-'] : tool.operands) {
      const bytes = await readAll(tool, path, (name, why) => tool.error(`${name}: ${why}`));
      if (bytes === undefined) continue;
      const text = decode(bytes).replace(/\n$/, '');
      for (const line of text.split('\n')) if (options.has('L') || line.trim() !== '') lines.push(line);
    }
    if (options.has('t', 'J')) return table(tool, lines);
    const cells = lines.map((line) => line.trimStart());
    const width = Math.max(0, ...cells.map((line) => Math.floor(textWidth(line) / 8 + 1) * 8));
    const total = Number(options.value('c') ?? tool.process.tty?.size.columns ?? 80);
    const columns = Math.max(1, Math.floor(total / Math.max(1, width)));
    const rows = Math.ceil(cells.length / columns);
    const across = options.has('x');
    for (let row = 0; row < rows; row++) {
      let text = '';
      for (let column = 0; column < columns; column++) {
        const at = across ? row * columns + column : column * rows + row;
        const cell = cells[at];
        if (cell === undefined) break;
        const next = cells[across ? at + 1 : at + rows];
        const last = next === undefined || column === columns - 1;
        text += cell + (last ? '' : '\t'.repeat(Math.ceil((width - textWidth(cell)) / 8)));
      }
      await tool.out.line(text);
    }
    return tool.status;
  },
);

async function table(tool: Tool, lines: readonly string[]): Promise<number> {
  const { options } = tool;
  const separator = options.value('s');
  const limit = Number(options.value('l') ?? 0);
  const titles = options.value('N')?.split(',');
  const split = (line: string): string[] => {
    const parts =
      separator === undefined
        ? line.trim().split(/[ \t]+/)
        : line.split(separator.length === 1 ? separator : new RegExp(`[${separator.replace(/[\]\\^-]/g, '\\$&')}]`));
    return limit > 0 && parts.length > limit
      ? [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator ?? ' ')]
      : parts;
  };
  const rows = lines.map(split);
  const which = (list: string | undefined): ReadonlySet<number> =>
    new Set(
      (list ?? '')
        .split(',')
        .filter((name) => name !== '')
        .map((name) => (/^-?\d+$/.test(name) ? Number(name) - 1 : (titles?.indexOf(name) ?? -1))),
    );
  if (options.has('J')) {
    if (titles === undefined) return tool.fail('option --table-columns required for --json');
    const name = options.value('n') ?? 'table';
    const objects = rows.map((row) =>
      titles
        .map(
          (title, index) =>
            `         ${JSON.stringify(title)}: ${row[index] === undefined ? 'null' : JSON.stringify(row[index])}`,
        )
        .join(',\n'),
    );
    await tool.out.write(
      `{\n   ${JSON.stringify(name)}: [\n      {\n${objects.join('\n      },{\n')}\n      }\n   ]\n}\n`,
    );
    return tool.status;
  }
  const hidden = which(options.value('H'));
  const right = which(options.value('R'));
  const order = options.value('O');
  const first = order === undefined ? [] : [...which(order)];
  const count = Math.max(0, ...rows.map((row) => row.length), titles?.length ?? 0);
  const columns = [
    ...first,
    ...Array.from({ length: count }, (_, index) => index).filter((index) => !first.includes(index)),
  ].filter((index) => !hidden.has(index));
  const all = [...(titles === undefined || options.has('d') ? [] : [titles]), ...rows];
  const widths = new Map(
    columns.map((index) => [index, Math.max(0, ...all.map((row) => textWidth(row[index] ?? '')))]),
  );
  const gap = options.value('o') ?? '  ';
  for (const row of all) {
    const cells = columns.map((index, at) => {
      const cell = row[index] ?? '';
      const pad = ' '.repeat((widths.get(index) ?? 0) - textWidth(cell));
      if (right.has(index)) return pad + cell;
      return at === columns.length - 1 ? cell : cell + pad;
    });
    await tool.out.line(cells.join(gap).replace(/^$/, ''));
  }
  return tool.status;
}
