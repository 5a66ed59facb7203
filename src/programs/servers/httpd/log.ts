import type { Process } from '../../../linux/process/types';
import type { Exchange } from './exchange';

const days = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const two = (number: number): string => String(number).padStart(2, '0');

/** From the gravest to the chattiest. */
export const levels: readonly string[] = 'emerg alert crit error warn notice info debug trace1'.split(' ');

/** `[Fri Nov 21 09:00:00.000000 2025] [core:error] [pid 8:tid 8] [client 172.17.0.1:51234] AH…`. */
export function errorLine(
  { clock }: Process,
  pid: number,
  module: string,
  level: string,
  text: string,
  client = '',
): string {
  const at = new Date(clock.now);
  const date = `${days[at.getUTCDay()] ?? ''} ${months[at.getUTCMonth()] ?? ''} ${two(at.getUTCDate())}`;
  const from = client === '' ? '' : `[client ${client}] `;
  return `[${date} ${at.toISOString().slice(11, 23)}000 ${at.getUTCFullYear()}] [${module}:${level}] [pid ${pid}:tid ${pid}] ${from}${text}\n`;
}

/** `[21/Nov/2025:09:00:00 +0000]`. */
export function logTime(now: number): string {
  const at = new Date(now);
  return `[${two(at.getUTCDate())}/${months[at.getUTCMonth()] ?? ''}/${at.getUTCFullYear()}:${at.toISOString().slice(11, 19)} +0000]`;
}

/** strftime(3), as far as log formats use it. */
function strftime(format: string, now: number): string {
  const at = new Date(now);
  const parts: Readonly<Record<string, () => string>> = {
    Y: () => String(at.getUTCFullYear()),
    m: () => two(at.getUTCMonth() + 1),
    d: () => two(at.getUTCDate()),
    H: () => two(at.getUTCHours()),
    M: () => two(at.getUTCMinutes()),
    S: () => two(at.getUTCSeconds()),
    b: () => months[at.getUTCMonth()] ?? '',
    a: () => days[at.getUTCDay()] ?? '',
    F: () => at.toISOString().slice(0, 10),
    T: () => at.toISOString().slice(11, 19),
    z: () => '+0000',
    Z: () => 'UTC',
    s: () => String(Math.floor(now / 1000)),
  };
  return format.replace(/%([a-zA-Z%])/g, (whole, letter: string) =>
    letter === '%' ? '%' : (parts[letter]?.() ?? whole),
  );
}

/** What others sent, made safe for a line (ap_escape_logitem). */
const escaped = (text: string): string =>
  text.replace(/["\\\u0000-\u001f\u007f-\uffff]/g, (char) =>
    char === '"' || char === '\\'
      ? `\\${char}`
      : char === '\n'
        ? '\\n'
        : char === '\t'
          ? '\\t'
          : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );

const orDash = (text: string | undefined): string => (text === undefined || text === '' ? '-' : text);

/** One line of an access log (mod_log_config). */
export function accessLine(format: string, exchange: Exchange): string {
  return format
    .replace(/\\([nt"\\])/g, (_, char: string) => (char === 'n' ? '\n' : char === 't' ? '\t' : char))
    .replace(
      /%(!?[\d,]*)([<>]?)(?:\{([^}]*)\})?(\^?[a-zA-Z%]{1})(I|O)?/g,
      (whole, when: string, which: string, of: string | undefined, letter: string, tail: string | undefined) => {
        if (when !== '') {
          const not = when.startsWith('!');
          const listed = when.replace('!', '').split(',').includes(String(exchange.status));
          if (listed === not) return `-${tail ?? ''}`;
        }
        return `${item(letter, of, which, exchange) ?? whole}${tail ?? ''}`;
      },
    );
}

function item(letter: string, of: string | undefined, which: string, exchange: Exchange): string | undefined {
  const { process, request } = exchange;
  switch (letter) {
    case '%':
      return '%';
    case 'h':
    case 'a':
      return exchange.remote;
    case 'A':
      return exchange.local;
    case 'l':
      return '-';
    case 'u':
      return orDash(exchange.user);
    case 't':
      return of === undefined ? logTime(exchange.started) : strftime(of, exchange.started);
    case 'r':
      return escaped(`${request.method} ${exchange.target} ${request.protocol ?? 'HTTP/1.1'}`);
    case 's':
      return String(which === '>' ? exchange.status : exchange.firstStatus);
    case 'b':
      return exchange.sent === 0 ? '-' : String(exchange.sent);
    case 'B':
      return String(exchange.sent);
    case 'O':
      return String(exchange.sent + exchange.headBytes);
    case 'I':
      return String(exchange.received);
    case 'D':
      return String(Math.round((process.clock.now - exchange.started) * 1000));
    case 'T':
      return String(Math.floor((process.clock.now - exchange.started) / 1000));
    case 'i':
      return escaped(orDash(request.headers.get(of ?? '')));
    case 'o':
      return escaped(orDash(exchange.replied?.get(of ?? '')?.replace('; charset=iso-8859-1', '')));
    case 'e':
      return orDash(exchange.env.get(of ?? ''));
    case 'C':
      return escaped(
        orDash(new RegExp(`(?:^|;\\s*)${of ?? ''}=([^;]*)`).exec(request.headers.get('Cookie') ?? '')?.[1]),
      );
    case 'f':
      return orDash(exchange.filename);
    case 'H':
      return request.protocol ?? 'HTTP/1.1';
    case 'm':
      return request.method;
    case 'p':
      return String(exchange.canonicalPort);
    case 'P':
      return String(exchange.server.instance.worker);
    case 'q':
      return exchange.args === undefined ? '' : `?${exchange.args}`;
    case 'U':
      return exchange.uri;
    case 'v':
    case 'V':
      return exchange.serverName;
    case 'X':
      return '-';
    case 'k':
      return '0';
    case 'L':
      return '-';
    default:
      return undefined;
  }
}
