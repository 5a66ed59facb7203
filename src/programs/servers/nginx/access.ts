import { md5, sha1 } from '@noble/hashes/legacy.js';
import { concat, decode, encode } from '../../../linux/io/bytes';
import { base64, fromBase64 } from '../../../linux/net/tls/pem';
import type { Exchange } from './exchange';
import { fill, within } from './variables';

/** limit_req, limit_conn, then allow/deny and auth_basic: the status to refuse with, or undefined. */
export function refused(exchange: Exchange): number | undefined {
  return limited(exchange) ?? admitted(exchange);
}

function admitted(exchange: Exchange): number | undefined {
  const any = exchange.scope.value('satisfy') === 'any';
  const address = byAddress(exchange);
  if (any && address === undefined && ruled(exchange)) return undefined;
  if (!any && address !== undefined) {
    exchange.log('error', 'access forbidden by rule');
    return address;
  }
  const password = byPassword(exchange);
  if (!any) return password;
  return password === undefined && exchange.scope.args('auth_basic') !== undefined ? undefined : (password ?? address);
}

const rules = (exchange: Exchange) => {
  for (let scope: Exchange['scope'] | undefined = exchange.scope; scope !== undefined; scope = scope.parent) {
    const own = scope.block.filter(({ name }) => name === 'allow' || name === 'deny');
    if (own.length > 0) return own;
  }
  return [];
};
const ruled = (exchange: Exchange): boolean => rules(exchange).length > 0;

function byAddress(exchange: Exchange): number | undefined {
  const { remote } = exchange.context;
  for (const { name, args } of rules(exchange)) {
    const [network = ''] = args;
    if (network !== 'all' && !(network === 'unix:' ? remote === 'unix' : within(remote, network))) continue;
    return name === 'deny' ? 403 : undefined;
  }
  return undefined;
}

function byPassword(exchange: Exchange): number | undefined {
  const realm = fill(exchange.scope.value('auth_basic') ?? 'off', exchange);
  if (realm === 'off') return undefined;
  const refuse = (): number => {
    exchange.extra.push(['WWW-Authenticate', `Basic realm="${realm}"`]);
    return 401;
  };
  const [, encoded] = /^Basic\s+(\S+)/i.exec(exchange.request.headers.get('Authorization') ?? '') ?? [];
  if (encoded === undefined)
    return no(exchange, 'no user/password was provided for basic authentication', 'info', refuse);
  const [user = '', ...rest] = decode(fromBase64(encoded) ?? new Uint8Array(0)).split(':');
  const given = fill(exchange.scope.value('auth_basic_user_file') ?? '', exchange);
  const path = given.startsWith('/') ? given : `${exchange.instance.prefix}/${given}`;
  const file = exchange.process.fs.readText(path);
  if (!file.ok) {
    exchange.log('error', `open() "${path}" failed (${file.error.number}: ${file.error.message})`);
    return file.error.code === 'ENOENT' ? 403 : 500;
  }
  const line = file.value.split('\n').find((one) => one.startsWith(`${user}:`));
  if (line === undefined) return no(exchange, `user "${user}" was not found in "${path}"`, 'error', refuse);
  const hash =
    line
      .slice(user.length + 1)
      .split(':', 1)[0]
      ?.trim() ?? '';
  if (!matches(rest.join(':'), hash)) return no(exchange, `user "${user}": password mismatch`, 'error', refuse);
  exchange.remoteUser = user;
  return undefined;
}

function no(exchange: Exchange, text: string, level: string, refuse: () => number): number {
  exchange.log(level, text);
  return refuse();
}

/** ngx_crypt: `$apr1$`, `{PLAIN}`, `{SHA}`, `{SSHA}`. What crypt(3) alone knows is compared by nobody. */
function matches(password: string, hash: string): boolean {
  if (hash.startsWith('{PLAIN}')) return hash.slice(7) === password;
  if (hash.startsWith('{SHA}')) return hash.slice(5) === base64(sha1(encode(password)));
  if (hash.startsWith('{SSHA}')) {
    const bytes = fromBase64(hash.slice(6)) ?? new Uint8Array(0);
    return base64(sha1(concat([encode(password), bytes.subarray(20)]))) === base64(bytes.subarray(0, 20));
  }
  const [, magic, salt] = /^\$(apr1|1)\$([^$]{0,8})\$/.exec(hash) ?? [];
  if (magic !== undefined && salt !== undefined) return md5Crypt(password, salt, `$${magic}$`) === hash;
  return false;
}

const letters = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The MD5 crypt of Apache (`$apr1$`) and of FreeBSD (`$1$`). */
export function md5Crypt(password: string, salt: string, magic: string): string {
  const key = encode(password);
  const text = encode(salt);
  let final = md5(concat([key, text, key]));
  const chunks = [key, encode(magic), text];
  for (let left = key.length; left > 0; left -= 16) chunks.push(final.subarray(0, Math.min(16, left)));
  for (let bits = key.length; bits > 0; bits >>= 1) chunks.push(bits & 1 ? new Uint8Array(1) : key.subarray(0, 1));
  final = md5(concat(chunks));
  for (let round = 0; round < 1000; round++) {
    final = md5(
      concat([
        round & 1 ? key : final,
        ...(round % 3 === 0 ? [] : [text]),
        ...(round % 7 === 0 ? [] : [key]),
        round & 1 ? final : key,
      ]),
    );
  }
  const byte = (index: number): number => final[index] ?? 0;
  const to64 = (value: number, count: number): string => {
    let out = '';
    for (let index = 0; index < count; index++) out += letters.charAt((value >> (6 * index)) & 63);
    return out;
  };
  const groups = [
    [0, 6, 12],
    [1, 7, 13],
    [2, 8, 14],
    [3, 9, 15],
    [4, 10, 5],
  ] as const;
  const encoded = groups.map(([a, b, c]) => to64((byte(a) << 16) | (byte(b) << 8) | byte(c), 4)).join('');
  return `${magic}${salt}$${encoded}${to64(byte(11), 2)}`;
}

/** `limit_req` (ngx_http_limit_req_module.c): a leaky bucket; what exceeds rate and burst is refused. */
function limited(exchange: Exchange): number | undefined {
  for (const { args } of exchange.scope.all('limit_req')) {
    const zone = args.find((word) => word.startsWith('zone='))?.slice(5) ?? '';
    const declared = exchange.instance.http.scope
      .own('limit_req_zone')
      .find((one) => one.args.some((word) => word.startsWith(`zone=${zone}:`)));
    if (declared === undefined) continue;
    const key = fill(declared.args[0] ?? '', exchange);
    if (key === '') continue;
    const [, count = '1', unit = 's'] = /^rate=(\d+)r\/([sm])$/.exec(declared.args.at(-1) ?? '') ?? [];
    const rate = Math.floor((Number(count) * 1000) / (unit === 's' ? 1 : 60));
    const burst = Number(args.find((word) => word.startsWith('burst='))?.slice(6) ?? 0) * 1000;
    const excess = leak(exchange, `${zone}\0${key}`, rate, burst);
    if (excess <= burst) {
      const wait = args.includes('nodelay') ? 0 : excess / (rate / 1000);
      if (wait > 0) exchange.delay = Math.max(exchange.delay, Math.floor(wait));
      if (wait > 0) exchange.log('warn', `delaying request, excess: ${(excess / 1000).toFixed(3)}, by zone "${zone}"`);
      continue;
    }
    exchange.log(
      exchange.scope.value('limit_req_log_level') ?? 'error',
      `limiting requests, excess: ${(excess / 1000).toFixed(3)} by zone "${zone}"`,
    );
    return Number(exchange.scope.value('limit_req_status') ?? 503);
  }
  return undefined;
}

function leak({ instance, process }: Exchange, key: string, rate: number, burst: number): number {
  const state = instance.rates.get(key);
  const now = process.clock.now;
  if (state === undefined) {
    instance.rates.set(key, { excess: 0, at: now });
    return 0;
  }
  const excess = Math.max(0, state.excess - Math.floor((rate * (now - state.at)) / 1000) + 1000);
  if (excess <= burst) instance.rates.set(key, { excess, at: now });
  return excess;
}
