import { sha1 } from '@noble/hashes/legacy.js';
import { bcryptMatches } from '../../../containers/registry/bcrypt';
import { decode, encode } from '../../../linux/io/bytes';
import { base64, fromBase64 } from '../../../linux/net/tls/pem';
import { md5Crypt } from '../nginx/access';
import type { Directive } from './config';
import type { Exchange } from './exchange';
import { condition } from './expressions';

type Verdict = 'granted' | 'denied' | 'neutral' | 'no-user';

const requirements = new Set(['require', 'requireall', 'requireany', 'requirenone']);

/** Who may come in: addresses, then users. The status to refuse with, or undefined. */
export function refused(exchange: Exchange): number | undefined {
  const old = oldRules(exchange);
  const any = exchange.value('Satisfy')?.toLowerCase() === 'any';
  const directives = exchange.layers.findLast((layer) =>
    layer.some(({ name }) => requirements.has(name.toLowerCase())),
  );
  const rules = (directives ?? []).filter(({ name }) => requirements.has(name.toLowerCase()));
  if (old === 'granted' && any) return undefined;
  if (old === 'denied' && !any) {
    exchange.log(
      'access_compat',
      'error',
      `AH01797: client denied by server configuration: ${exchange.filename ?? ''}`,
    );
    return 403;
  }
  if (rules.length === 0) return undefined;
  const first = oneOf(rules, exchange);
  if (first === 'granted') return undefined;
  if (first !== 'no-user') {
    exchange.log(
      'authz_core',
      'error',
      `AH01630: client denied by server configuration: ${exchange.filename ?? `${exchange.server.root}${exchange.uri}`}`,
    );
    return 403;
  }
  const status = authenticate(exchange);
  if (status !== undefined) return status;
  if (oneOf(rules, exchange) === 'granted') return undefined;
  exchange.log(
    'authz_core',
    'error',
    `AH01631: user ${exchange.user ?? ''}: authorization failure for "${exchange.uri}": `,
  );
  challenge(exchange);
  return 401;
}

/** <RequireAny>, which every place is by itself. */
function oneOf(rules: readonly Directive[], exchange: Exchange): Verdict {
  const all = rules.map((rule) => verdict(rule, exchange));
  if (all.includes('granted')) return 'granted';
  if (all.includes('no-user')) return 'no-user';
  return all.includes('denied') ? 'denied' : 'neutral';
}

function verdict({ name, args, block = [] }: Directive, exchange: Exchange): Verdict {
  const inside = block.filter((one) => requirements.has(one.name.toLowerCase()));
  switch (name.toLowerCase()) {
    case 'requireany':
      return oneOf(inside, exchange);
    case 'requireall': {
      const all = inside.map((rule) => verdict(rule, exchange));
      if (all.includes('denied')) return 'denied';
      if (all.includes('no-user')) return 'no-user';
      return all.includes('granted') ? 'granted' : 'neutral';
    }
    case 'requirenone':
      return oneOf(inside, exchange) === 'granted' ? 'denied' : 'neutral';
    default:
  }
  const not = args[0]?.toLowerCase() === 'not';
  const plain = provider(not ? args.slice(1) : args, exchange);
  return not ? (plain === 'granted' ? 'denied' : 'neutral') : plain;
}

const grantedIf = (holds: boolean): Verdict => (holds ? 'granted' : 'denied');

function provider([kind = '', ...rest]: readonly string[], exchange: Exchange): Verdict {
  const { user, remote, request } = exchange;
  switch (kind.toLowerCase()) {
    case 'all':
      return grantedIf(rest[0]?.toLowerCase() === 'granted');
    case 'ip':
      return grantedIf(rest.some((network) => inNetwork(remote, network)));
    case 'local':
      return grantedIf(remote.startsWith('127.') || remote === '::1' || remote === exchange.local);
    case 'host':
      return grantedIf(rest.includes('localhost') && remote.startsWith('127.'));
    case 'method':
      return grantedIf(rest.includes(request.method));
    case 'env':
      return grantedIf(rest.some((name) => exchange.env.has(name)));
    case 'expr':
      return grantedIf(condition(rest.join(' '), exchange));
    case 'valid-user':
      return user === undefined ? 'no-user' : 'granted';
    case 'user':
      return user === undefined ? 'no-user' : grantedIf(rest.includes(user));
    case 'group': {
      if (user === undefined) return 'no-user';
      const file = exchange.value('AuthGroupFile');
      const text =
        file === undefined ? undefined : exchange.process.fs.readText(exchange.server.instance.absolute(file));
      if (text?.ok !== true) return 'denied';
      const groups = text.value.split('\n').flatMap((line) => {
        const [group = '', members = ''] = line.split(':');
        return members.trim().split(/\s+/).includes(user) ? [group.trim()] : [];
      });
      return grantedIf(rest.some((group) => groups.includes(group)));
    }
    default:
      return 'denied';
  }
}

/** Order, Allow and Deny of mod_access_compat; undefined where nobody said any. */
function oldRules(exchange: Exchange): 'granted' | 'denied' | undefined {
  const layer = exchange.layers.findLast((one) => one.some(({ name }) => /^(order|allow|deny)$/i.test(name)));
  if (layer === undefined) return undefined;
  const order =
    layer
      .findLast(({ name }) => /^order$/i.test(name))
      ?.args.join('')
      .toLowerCase() ?? 'deny,allow';
  const holds = (kind: string): boolean =>
    layer.some(
      ({ name, args }) =>
        name.toLowerCase() === kind &&
        args.slice(1).some((who) => {
          if (who.toLowerCase() === 'all') return true;
          const variable = /^env=(!?)(.+)$/i.exec(who);
          if (variable !== null) return exchange.env.has(variable[2] ?? '') === (variable[1] === '');
          return inNetwork(exchange.remote, who);
        }),
    );
  if (order === 'allow,deny') return holds('allow') && !holds('deny') ? 'granted' : 'denied';
  return holds('deny') && !holds('allow') ? 'denied' : 'granted';
}

const bits = (address: string): number | undefined => {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
};

/** `10`, `10.1`, `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, or an address. */
export function inNetwork(address: string, network: string): boolean {
  const [base = '', mask] = network.split('/');
  const own = bits(address);
  if (own === undefined) return address === network;
  const parts = base.split('.').filter((part) => part !== '');
  const whole = bits([...parts, '0', '0', '0', '0'].slice(0, 4).join('.'));
  if (whole === undefined) return false;
  const dotted = mask === undefined ? undefined : bits(mask);
  const length =
    mask === undefined ? parts.length * 8 : dotted === undefined ? Number(mask) : 32 - Math.log2(2 ** 32 - dotted);
  const size = 2 ** (32 - length);
  return Math.floor(own / size) === Math.floor(whole / size);
}

function challenge(exchange: Exchange): void {
  exchange.extra.push(['WWW-Authenticate', `Basic realm="${exchange.value('AuthName') ?? ''}"`]);
}

/** mod_auth_basic with mod_authn_file. */
function authenticate(exchange: Exchange): number | undefined {
  const { uri } = exchange;
  const fail = (text?: string, module = 'auth_basic'): number => {
    if (text !== undefined) exchange.log(module, 'error', text);
    challenge(exchange);
    return 401;
  };
  const type = exchange.value('AuthType');
  if (type?.toLowerCase() !== 'basic') {
    exchange.log(
      'core',
      'error',
      type === undefined || type.toLowerCase() === 'none'
        ? `AH00027: No authentication done but request not allowed without authentication for ${uri}. Authentication not configured?`
        : `AH00024: AuthType ${type} configured without corresponding module`,
    );
    return 500;
  }
  if (exchange.value('AuthName') === undefined) {
    exchange.log('auth_basic', 'error', `AH01615: need AuthName: ${uri}`);
    return 500;
  }
  const given = exchange.request.headers.get('Authorization');
  if (given === undefined) return fail();
  const [, scheme = '', code = ''] = /^(\S+)\s*(.*)$/.exec(given) ?? [];
  if (scheme.toLowerCase() !== 'basic') return fail(`AH01614: client used wrong authentication scheme: ${uri}`);
  const [user = '', ...rest] = decode(fromBase64(code) ?? new Uint8Array(0)).split(':');
  exchange.user = user;
  const file = exchange.value('AuthUserFile');
  if (file === undefined) {
    exchange.log('authn_file', 'error', 'AH01619: AuthUserFile not specified in the configuration');
    return 500;
  }
  const path = exchange.server.instance.absolute(file);
  const text = exchange.process.fs.readText(path);
  if (!text.ok) {
    exchange.log(
      'authn_file',
      'error',
      `(${text.error.number})${text.error.message}: AH01620: Could not open password file: ${path}`,
    );
    return 500;
  }
  const hash = text.value
    .split('\n')
    .find((line) => line.startsWith(`${user}:`))
    ?.slice(user.length + 1)
    .split(':')[0]
    ?.trim();
  if (hash === undefined) return fail(`AH01618: user ${user} not found: ${uri}`);
  if (!passwordMatches(rest.join(':'), hash))
    return fail(`AH01617: user ${user}: authentication failure for "${uri}": Password Mismatch`);
  return undefined;
}

/** apr_password_validate: `$apr1$`, `$2y$`, `{SHA}`, or (as a last resort) what stands there. */
export function passwordMatches(password: string, hash: string): boolean {
  if (hash.startsWith('{SHA}')) return hash.slice(5) === base64(sha1(encode(password)));
  if (/^\$2[ay]\$/.test(hash)) return bcryptMatches(password, hash);
  const [, salt] = /^\$apr1\$([^$]{0,8})\$/.exec(hash) ?? [];
  return salt !== undefined && md5Crypt(password, salt, '$apr1$') === hash;
}
