/** Titles of error pages (src/http/ngx_http_special_response.c). */
const titles: Readonly<Record<number, string>> = {
  301: '301 Moved Permanently',
  302: '302 Found',
  303: '303 See Other',
  307: '307 Temporary Redirect',
  308: '308 Permanent Redirect',
  400: '400 Bad Request',
  401: '401 Authorization Required',
  402: '402 Payment Required',
  403: '403 Forbidden',
  404: '404 Not Found',
  405: '405 Not Allowed',
  406: '406 Not Acceptable',
  408: '408 Request Time-out',
  409: '409 Conflict',
  410: '410 Gone',
  411: '411 Length Required',
  412: '412 Precondition Failed',
  413: '413 Request Entity Too Large',
  414: '414 Request-URI Too Large',
  415: '415 Unsupported Media Type',
  416: '416 Requested Range Not Satisfiable',
  421: '421 Misdirected Request',
  429: '429 Too Many Requests',
  500: '500 Internal Server Error',
  501: '501 Not Implemented',
  502: '502 Bad Gateway',
  503: '503 Service Temporarily Unavailable',
  504: '504 Gateway Time-out',
  505: '505 HTTP Version Not Supported',
  507: '507 Insufficient Storage',
};

/** The words after the status on the status line (src/http/ngx_http_header_filter_module.c). */
export const reasonOf = (status: number): string => {
  if (status === 200) return 'OK';
  if (status === 302) return 'Moved Temporarily';
  if (status === 401) return 'Unauthorized';
  return reasons[status] ?? titles[status]?.slice(4) ?? '';
};
const reasons: Readonly<Record<number, string>> = {
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  206: 'Partial Content',
  304: 'Not Modified',
};

/** nginx' own page for a status; undefined where it has none. */
export function errorPage(status: number, server: string): string | undefined {
  const title = titles[status];
  if (title === undefined) return undefined;
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>${server}</center>\r\n</body>\r\n</html>\r\n`;
}

const escapeHtml = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

/** `autoindex_exact_size off`. */
function rounded(size: number): string {
  if (size > 1_073_741_823) return `${String(Math.round(size / 1_073_741_824)).padStart(6)}G`;
  if (size > 1_048_575) return `${String(Math.round(size / 1_048_576)).padStart(6)}M`;
  if (size > 9999) return `${String(Math.round(size / 1024)).padStart(6)}K`;
  return ` ${String(size).padStart(6)}`;
}

/** `autoindex on` (src/http/modules/ngx_http_autoindex_module.c). */
export function indexPage(
  path: string,
  entries: readonly {
    readonly name: string;
    readonly directory: boolean;
    readonly mtime: number;
    readonly size: number;
  }[],
  exact = true,
): string {
  const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
  const sorted = [...entries].sort((a, b) =>
    a.directory === b.directory ? (a.name < b.name ? -1 : 1) : a.directory ? -1 : 1,
  );
  const lines = sorted.map(({ name, directory, mtime, size }) => {
    const shown = directory ? `${name}/` : name;
    const label = shown.length > 50 ? `${shown.slice(0, 47)}..&gt;` : escapeHtml(shown);
    const at = new Date(mtime);
    const two = (number: number): string => String(number).padStart(2, '0');
    const date = `${two(at.getUTCDate())}-${months[at.getUTCMonth()] ?? ''}-${at.getUTCFullYear()} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
    const gap = ' '.repeat(Math.max(1, 51 - Math.min(50, shown.length)));
    return `<a href="${encodeURIComponent(shown).replace(/%2F$/, '/')}">${label}</a>${gap}${date} ${directory ? '-'.padStart(exact ? 19 : 7) : exact ? String(size).padStart(19) : rounded(size)}\r\n`;
  });
  const title = `Index of ${escapeHtml(path)}`;
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<h1>${title}</h1><hr><pre><a href="../">../</a>\r\n${lines.join('')}</pre><hr></body>\r\n</html>\r\n`;
}
