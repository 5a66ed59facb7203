import { encode } from '../../../linux/io/bytes';
import { Headers } from '../../../linux/net/http/message';
import type { Exchange, Outcome } from './exchange';
import { hasOption } from './files';
import { globPattern } from './glob';
import { doctype, escapeHtml, signature } from './pages';

interface Entry {
  readonly name: string;
  readonly directory: boolean;
  readonly size: number;
  readonly mtime: number;
}

/** `?C=S;O=D`. */
interface Order {
  readonly column: 'N' | 'M' | 'S' | 'D';
  readonly descending: boolean;
}

/** mod_autoindex: what is in a folder. */
export function autoindex(exchange: Exchange): Outcome {
  const { process, filename = '/' } = exchange;
  const folder = filename.endsWith('/') ? filename : `${filename}/`;
  if (!hasOption(exchange, 'Indexes') || !exchange.server.instance.config.modules.includes('autoindex_module')) {
    const names = exchange.last('DirectoryIndex')?.args ?? ['index.html'];
    exchange.log(
      'autoindex',
      'error',
      `AH01276: Cannot serve directory ${folder}: No matching DirectoryIndex (${names.join(',')}) found, and server-generated directory index forbidden by Options directive`,
    );
    return 403;
  }
  const listed = process.fs.readdir(filename);
  if (!listed.ok) return listed.error.code === 'EACCES' ? 403 : 404;
  const ignored = exchange.all('IndexIgnore').flatMap(({ args }) => args.map((one) => globPattern(one)));
  const entries = listed.value.flatMap(({ name }): readonly Entry[] => {
    const stat = process.fs.stat(`${folder}${name}`);
    if (!stat.ok || ignored.some((pattern) => pattern.test(name))) return [];
    const { type, size, mtime } = stat.value;
    return [{ name, directory: type === 'directory', size, mtime }];
  });
  const options = exchange
    .all('IndexOptions')
    .flatMap(({ args }) => args.map((word) => word.replace(/^\+/, '').toLowerCase()));
  const order = orderOf(exchange.args);
  // A plain list knows names only.
  const isFancy = options.some((one) => one === 'fancyindexing' || one === 'htmltable');
  entries.sort((a, b) => compared(a, b, isFancy ? order : { ...order, column: 'N' }));
  const title = escapeHtml(exchange.uri.replace(/(.)\/$/, '$1'));
  const head = `${doctype(exchange.server.instance.build.version, 'W3C//DTD HTML 3.2 Final')}<html>\n <head>\n  <title>Index of ${title}</title>\n </head>\n <body>\n<h1>Index of ${title}</h1>\n`;
  const parent = exchange.uri === '/' ? undefined : exchange.uri.replace(/[^/]*\/$/, '');
  const body = options.includes('htmltable')
    ? table(entries, parent, order)
    : options.includes('fancyindexing')
      ? fancy(entries, parent, order, widthOf(options, entries))
      : plain(entries, parent);
  const headers = new Headers();
  return {
    status: 200,
    headers,
    type: 'text/html;charset=ISO-8859-1',
    body: encode(`${head}${body}${signature('', exchange)}</body></html>\n`),
  };
}

function orderOf(args: string | undefined): Order {
  const [, column = 'N'] = /(?:^|[;&])C=([NMSD])/.exec(args ?? '') ?? [];
  const [, direction = 'A'] = /(?:^|[;&])O=([AD])/.exec(args ?? '') ?? [];
  return { column: column as Order['column'], descending: direction === 'D' };
}

/** dsortf: by the column, then by name; both the other way round where it descends. */
function compared(a: Entry, b: Entry, { column, descending }: Order): number {
  const [first, second] = descending ? [b, a] : [a, b];
  const size = ({ directory, size: bytes }: Entry): number => (directory ? -1 : bytes);
  const by = column === 'M' ? first.mtime - second.mtime : column === 'S' ? size(first) - size(second) : 0;
  if (by !== 0) return by;
  return first.name < second.name ? -1 : first.name > second.name ? 1 : 0;
}

/** ap_os_escape_path, then HTML. */
const link = (name: string): string =>
  escapeHtml(
    encodeURIComponent(name)
      .replace(/%(?:21|24|26|27|28|29|2A|2B|2C|3A|3D|40)/g, (code) => decodeURIComponent(code))
      .replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  );

const shown = ({ name, directory }: Entry): string => (directory ? `${name}/` : name);

function plain(entries: readonly Entry[], parent: string | undefined): string {
  const lines = entries.map((entry) => {
    const slash = entry.directory ? '/' : '';
    return `<li><a href="${link(entry.name)}${slash}"> ${escapeHtml(shown(entry))}</a></li>\n`;
  });
  const up = parent === undefined ? '' : `<li><a href="${escapeHtml(parent)}"> Parent Directory</a></li>\n`;
  return `<ul>${up}${lines.join('')}</ul>\n`;
}

/** apr_strfsize: four columns. */
function sizeOf(bytes: number): string {
  if (bytes < 973) return `${String(bytes).padStart(3)} `;
  let size = bytes;
  for (const unit of 'KMGTPE') {
    const rest = size & 1023;
    size = Math.floor(size / 1024);
    if (size >= 973) continue;
    if (size < 9 || (size === 9 && rest < 973)) {
      let tenths = Math.floor((rest * 5 + 256) / 512);
      if (tenths >= 10) {
        size++;
        tenths = 0;
      }
      return `${size}.${tenths}${unit}`;
    }
    if (rest >= 512) size++;
    return `${String(size).padStart(3)}${unit}`;
  }
  return '****';
}

const time = (mtime: number): string => new Date(mtime).toISOString().slice(0, 16).replace('T', ' ');

function heading(column: Order['column'], title: string, order: Order): string {
  const other = order.column === column && !order.descending ? 'D' : 'A';
  return `<a href="?C=${column};O=${other}">${title}</a>`;
}

function widthOf(options: readonly string[], entries: readonly Entry[]): number {
  const given = options.find((one) => one.startsWith('namewidth='))?.slice('namewidth='.length);
  if (given === undefined) return 23;
  return given === '*' ? Math.max(16, ...entries.map((entry) => shown(entry).length)) : Number(given);
}

function fancy(entries: readonly Entry[], parent: string | undefined, order: Order, width: number): string {
  const pad = (text: string): string => ' '.repeat(Math.max(0, width - text.length));
  const row = (name: string, href: string, date: string, size: string): string => {
    const cut = name.length > width ? `${name.slice(0, width - 3)}..>` : name;
    return `      <a href="${href}">${escapeHtml(cut)}</a>${pad(cut)} ${date}  ${size}  \n`;
  };
  const up = parent === undefined ? '' : row('Parent Directory', escapeHtml(parent), ' '.repeat(17), '  - ');
  const lines = entries.map((entry) =>
    row(
      shown(entry),
      `${link(entry.name)}${entry.directory ? '/' : ''}`,
      time(entry.mtime),
      entry.directory ? '  - ' : sizeOf(entry.size),
    ),
  );
  const titles = `      ${heading('N', 'Name', order)}${pad('Name')} ${heading('M', 'Last modified', order)}      ${heading('S', 'Size', order)}  ${heading('D', 'Description', order)}`;
  return `<pre>${titles}<hr>${up}${lines.join('')}<hr></pre>\n`;
}

function table(entries: readonly Entry[], parent: string | undefined, order: Order): string {
  const titles = [
    heading('N', 'Name', order),
    heading('M', 'Last modified', order),
    heading('S', 'Size', order),
    heading('D', 'Description', order),
  ];
  const row = (name: string, href: string, date: string, size: string): string =>
    `<tr><td valign="top">&nbsp;</td><td><a href="${href}">${escapeHtml(name)}</a></td><td${date === '&nbsp;' ? '' : ' align="right"'}>${date}</td><td align="right">${size}</td><td>&nbsp;</td></tr>\n`;
  const rule = '   <tr><th colspan="5"><hr></th></tr>\n';
  const up = parent === undefined ? '' : row('Parent Directory', escapeHtml(parent), '&nbsp;', '  - ');
  const lines = entries.map((entry) =>
    row(
      shown(entry),
      `${link(entry.name)}${entry.directory ? '/' : ''}`,
      `${time(entry.mtime)}  `,
      entry.directory ? '  - ' : sizeOf(entry.size),
    ),
  );
  return `  <table>\n   <tr><th valign="top">&nbsp;</th>${titles.map((title) => `<th>${title}</th>`).join('')}</tr>\n${rule}${up}${lines.join('')}${rule}</table>\n`;
}
