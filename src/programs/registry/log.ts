import { goTimestamp } from '../../containers/shim/timestamp';
import type { Request, Response } from '../../linux/net/http/message';
import type { Process } from '../../linux/process/types';
import type { RegistryConfig } from './config';

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const levels = ['panic', 'fatal', 'error', 'warn', 'warning', 'info', 'debug'];

/** What distribution writes: its own lines on standard error (logrus), and requests as Apache does on standard output. */
export class RegistryLog {
  readonly #fields: Readonly<Record<string, string>>;

  constructor(
    readonly process: Process,
    readonly config: Pick<RegistryConfig, 'level' | 'json' | 'accessLog'>,
    readonly version: string,
  ) {
    this.#fields = {
      'go.version': version.startsWith('3') ? 'go1.23.7' : 'go1.20.8',
      'instance.id': process.random.uuid(),
      service: 'registry',
      version,
    };
  }

  async line(
    level: 'info' | 'warning' | 'error' | 'fatal',
    message: string,
    more: Readonly<Record<string, string | number>> = {},
  ): Promise<void> {
    if (levels.indexOf(level) > levels.indexOf(this.config.level)) return;
    const fields = Object.entries({ ...this.#fields, ...more }).sort(([a], [b]) => (a < b ? -1 : 1));
    const time = goTimestamp(this.process.clock.now, 123_456);
    const text = this.config.json
      ? JSON.stringify(Object.fromEntries([...fields, ['level', level], ['msg', message], ['time', time]]))
      : `time="${time}" level=${level} msg=${quoted(message)} ${fields.map(([key, value]) => `${key}=${quoted(String(value))}`).join(' ')} `;
    await this.process.stderr.write(`${text}\n`);
  }

  /** A request that was answered. */
  async answered(request: Request, response: Response, remote: string, started: number): Promise<void> {
    const { now } = this.process.clock;
    const agent = request.headers.get('User-Agent') ?? '';
    const written = response.body instanceof Uint8Array ? response.body.length : 0;
    const { status } = response;
    const id = this.process.random.uuid();
    const host = request.headers.get('Host') ?? '';
    const about = {
      'http.request.host': host,
      'http.request.id': id,
      'http.request.method': request.method,
      'http.request.remoteaddr': remote,
      'http.request.uri': request.url,
      'http.request.useragent': agent,
    };
    const type = response.headers.get('Content-Type');
    const outcome = {
      ...(type === undefined ? {} : { 'http.response.contenttype': type }),
      'http.response.duration': `${Math.max(1, now - started)}ms`,
      'http.response.status': status,
      'http.response.written': written,
    };
    if (status >= 400 && request.url.startsWith('/v2/')) {
      const body = response.body instanceof Uint8Array ? new TextDecoder().decode(response.body) : '';
      const [, code = '', text = ''] = /"code":"([A-Z_]+)","message":"((?:[^"\\]|\\.)*)"/.exec(body) ?? [];
      if (status === 401)
        await this.line(
          'warning',
          'error authorizing context: basic authentication challenge for realm "Registry Realm": authentication failure',
          about,
        );
      else if (code !== '')
        await this.line('error', 'response completed with error', {
          ...about,
          'err.code': code.toLowerCase().replaceAll('_', ' '),
          'err.message': text,
          ...outcome,
        });
    } else await this.line('info', 'response completed', { ...about, ...outcome });
    if (!this.config.accessLog) return;
    const at = new Date(now);
    const two = (number: number): string => String(number).padStart(2, '0');
    const day = `${two(at.getUTCDate())}/${months[at.getUTCMonth()] ?? ''}/${at.getUTCFullYear()}`;
    const address = remote.replace(/:\d+$/, '');
    await this.process.stdout.write(
      `${address} - - [${day}:${at.toISOString().slice(11, 19)} +0000] "${request.method} ${request.url} HTTP/1.1" ${status} ${written} "${request.headers.get('Referer') ?? ''}" "${agent}"\n`,
    );
  }
}

/** logrus quotes what holds more than letters, digits and a few marks. */
const quoted = (text: string): string => (/^[a-zA-Z0-9\-._/@^+]+$/.test(text) ? text : JSON.stringify(text));
