import { encode } from '../../../linux/io/bytes';
import { Headers } from '../../../linux/net/http/message';
import type { Exchange, Reply } from './exchange';

/** httpd's own reason phrases, where they are not Go's. */
const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  410: 'Gone',
  411: 'Length Required',
  412: 'Precondition Failed',
  413: 'Request Entity Too Large',
  414: 'Request-URI Too Long',
  416: 'Requested Range Not Satisfiable',
  417: 'Expectation Failed',
  418: "I'm A Teapot",
  421: 'Misdirected Request',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
};

export const reasonOf = (status: number): string | undefined => reasons[status];

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? char);

/** The document type of the server's own pages: since 2.4.66 all say HTML 4.01. */
export function doctype(version: string, old: string): string {
  const patch = Number(version.split('.')[2] ?? 0);
  return patch >= 66
    ? '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">\n'
    : `<!DOCTYPE HTML PUBLIC "-//${old}//EN">\n`;
}

/** ServerSignature (ap_psignature). */
export function signature(prefix: string, exchange: Exchange): string {
  const kind = exchange.value('ServerSignature')?.toLowerCase() ?? 'off';
  if (kind === 'off') return '';
  const { instance } = exchange.server;
  const name = escapeHtml(exchange.server.name);
  const who = kind === 'email' ? `<a href="mailto:${exchange.server.value('ServerAdmin') ?? ''}">${name}</a>` : name;
  return `${prefix}<address>${instance.banner} Server at ${who} Port ${exchange.port}</address>\n`;
}

/** get_canned_error_string: what the page of a status says. */
function words(status: number, exchange: Exchange): string {
  const { request, location = '' } = exchange;
  switch (status) {
    case 301:
    case 302:
    case 307:
    case 308:
      return `<p>The document has moved <a href="${escapeHtml(location)}">here</a>.</p>\n`;
    case 303:
      return `<p>The answer to your request is located <a href="${escapeHtml(location)}">here</a>.</p>\n`;
    case 400:
      return '<p>Your browser sent a request that this server could not understand.<br />\n</p>\n';
    case 401:
      return "<p>This server could not verify that you\nare authorized to access the document\nrequested.  Either you supplied the wrong\ncredentials (e.g., bad password), or your\nbrowser doesn't understand how to supply\nthe credentials required.</p>\n";
    case 403:
      return "<p>You don't have permission to access this resource.</p>\n";
    case 404:
      return '<p>The requested URL was not found on this server.</p>\n';
    case 405:
      return `<p>The requested method ${escapeHtml(request.method)} is not allowed for this URL.</p>\n`;
    case 410:
      return '<p>The requested resource is no longer available on this server and there is no forwarding address.\nPlease remove all references to this resource.</p>\n';
    case 412:
      return '<p>The precondition on the request\nfor this URL evaluated to false.</p>\n';
    case 413:
      return `The requested resource does not allow request data with ${escapeHtml(request.method)} requests, or the amount of data provided in\nthe request exceeds the capacity limit.\n`;
    case 416:
      return '<p>None of the range-specifier values in the Range\nrequest-header field overlap the current extent\nof the selected resource.</p>\n';
    case 501:
      return `<p>${escapeHtml(request.method)} not supported for current URL.<br />\n</p>\n`;
    case 502:
      return `<p>The proxy server received an invalid\nresponse from an upstream server.<br />\n${exchange.env.get('error-notes') ?? ''}</p>\n`;
    case 503:
      return '<p>The server is temporarily unable to service your\nrequest due to maintenance downtime or capacity\nproblems. Please try again later.</p>\n';
    case 504:
      return '<p>The gateway did not receive a timely response\nfrom the upstream server or application.</p>\n';
    default:
      return `<p>The server encountered an internal error or\nmisconfiguration and was unable to complete\nyour request.</p>\n<p>Please contact the server administrator at \n ${escapeHtml(exchange.server.value('ServerAdmin') ?? '[no address given]')} to inform them of the time this error occurred,\n and the actions you performed just before this error.</p>\n<p>More information about this error may be available\nin the server error log.</p>\n`;
  }
}

/** The page that the server itself makes for a status (ap_send_error_response). */
export function errorPage(status: number, exchange: Exchange, also?: number): Reply {
  const reason = reasons[status] ?? 'Unknown Reason';
  const more =
    also === undefined
      ? ''
      : `<p>Additionally, a ${also} ${reasons[also] ?? ''}\nerror was encountered while trying to use an ErrorDocument to handle the request.</p>\n`;
  const body = `${doctype(exchange.server.instance.build.version, 'IETF//DTD HTML 2.0')}<html><head>\n<title>${status} ${reason}</title>\n</head><body>\n<h1>${reason}</h1>\n${words(status, exchange)}${more}${signature('<hr>\n', exchange)}</body></html>\n`;
  return plain(status, body, exchange);
}

/** A text that stands for a status: `ErrorDocument 403 "No entry"`. */
export function plain(status: number, body: string, exchange: Exchange): Reply {
  const headers = new Headers();
  for (const [name, value] of exchange.extra) headers.add(name, value);
  if (exchange.location !== undefined && status >= 300 && status < 400) headers.set('Location', exchange.location);
  if (status === 405 || status === 501) headers.set('Allow', exchange.allow);
  return { status, headers, type: 'text/html; charset=iso-8859-1', body: encode(body) };
}
