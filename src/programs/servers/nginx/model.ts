import { regex } from './check';
import type { Config, Directive } from './config';
import { Scope } from './scope';

/** `listen`, as written. */
export interface Listen {
  readonly address: string;
  readonly port: number;
  readonly unix?: string;
  readonly tls: boolean;
  readonly preferred: boolean;
  readonly proxyProtocol?: boolean;
}

export type LocationKind = '' | '=' | '^~' | '~' | '~*' | '@';

/** A `location`, with those inside it. */
export class Location extends Scope {
  readonly exact = new Map<string, Location>();
  readonly prefixes: Location[] = [];
  readonly patterns: Location[] = [];
  readonly named = new Map<string, Location>();
  readonly regex: RegExp | undefined;

  constructor(
    block: readonly Directive[],
    parent: Scope,
    readonly kind: LocationKind,
    readonly pattern: string,
  ) {
    super(block, parent);
    this.regex = kind === '~' || kind === '~*' ? regex(pattern, kind === '~*' ? 'i' : '') : undefined;
    for (const { name, args, block: inner = [] } of block) {
      if (name !== 'location') continue;
      const [mark, text] = splitLocation(args);
      this.#add(new Location(inner, this, mark, text));
    }
    this.prefixes.sort((a, b) => b.pattern.length - a.pattern.length);
  }

  #add(location: Location): void {
    if (location.kind === '=') this.exact.set(location.pattern, location);
    else if (location.kind === '@') this.named.set(location.pattern, location);
    else if (location.regex) this.patterns.push(location);
    else this.prefixes.push(location);
  }
}

function splitLocation([first = '', second]: readonly string[]): readonly [LocationKind, string] {
  if (second !== undefined) return [first as LocationKind, second];
  if (first.startsWith('@')) return ['@', first];
  const [, mark = '', rest = ''] = /^(=|\^~|~\*|~)?(.*)$/s.exec(first) ?? [];
  return [mark as LocationKind, rest];
}

/** A `server` block; its locations hang below as below a location. */
export class VirtualServer extends Location {
  readonly listens: readonly Listen[];
  readonly names: readonly string[];

  constructor(block: readonly Directive[], http: Scope) {
    super(block, http, '', '');
    const listens = this.own('listen').flatMap(({ args }) => listenOf(args));
    const none = this.own('listen').length === 0;
    this.listens = none ? [{ address: '0.0.0.0', port: 80, tls: false, preferred: false }] : listens;
    this.names = this.own('server_name').flatMap(({ args }) => args.map((name) => name.toLowerCase()));
  }
}

/** `80`, `127.0.0.1:8080`, `*:80`, `unix:/run/x.sock`. IPv6 addresses have no interface here. */
export function listenOf([text = '80', ...words]: readonly string[]): readonly Listen[] {
  const marks = {
    tls: words.includes('ssl'),
    preferred: words.includes('default_server') || words.includes('default'),
  };
  if (text.startsWith('unix:')) return [{ address: '', port: 0, unix: text.slice(5), ...marks }];
  if (text.startsWith('[')) return [];
  const match = /^(?:(.+):)?(\d+)$/.exec(text);
  const host = match === null ? text : match[1];
  const address = host === undefined || host === '*' ? '0.0.0.0' : host === 'localhost' ? '127.0.0.1' : host;
  return [{ address, port: Number(match?.[2] ?? 80), ...marks }];
}

/** What a `map` or `geo` computes. */
export interface Mapping {
  readonly kind: 'map' | 'geo' | 'split_clients';
  readonly source: string;
  readonly entries: readonly (readonly [string, string])[];
  readonly exact: ReadonlyMap<string, string>;
}

/** The `http` block, made ready. */
export interface Http {
  readonly scope: Scope;
  readonly servers: readonly VirtualServer[];
  readonly upstreams: ReadonlyMap<string, Directive>;
  readonly mappings: ReadonlyMap<string, Mapping>;
  readonly formats: ReadonlyMap<string, string>;
}

const models = new WeakMap<Config, Http | undefined>();

/** The `http` block of a configuration; the same for the same configuration. */
export function httpOf(config: Config): Http | undefined {
  if (!models.has(config)) models.set(config, build(config));
  return models.get(config);
}

/** nginx's own format, and what it serves errors of `log_format` with. */
const combined =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';

function build({ directives }: Config): Http | undefined {
  const block = directives.findLast(({ name }) => name === 'http')?.block;
  if (block === undefined) return undefined;
  const scope = new Scope(block, new Scope(directives));
  const mappings = new Map<string, Mapping>();
  const formats = new Map([['combined', combined]]);
  const upstreams = new Map<string, Directive>();
  const servers: VirtualServer[] = [];
  for (const directive of block) {
    const { name, args } = directive;
    if (name === 'server') servers.push(new VirtualServer(directive.block ?? [], scope));
    else if (name === 'upstream') upstreams.set(args[0] ?? '', directive);
    else if (name === 'log_format')
      formats.set(args[0] ?? '', args.slice(args[1]?.startsWith('escape=') === true ? 2 : 1).join(''));
    else if (name === 'map' || name === 'geo' || name === 'split_clients') addMapping(mappings, name, directive);
  }
  return { scope, servers, upstreams, mappings, formats };
}

function addMapping(mappings: Map<string, Mapping>, kind: Mapping['kind'], { args, block = [] }: Directive): void {
  const [source, target] = args.length === 1 ? ['$remote_addr', args[0]] : args;
  const entries = block.map(({ name, args: [value = ''] }) => [name, value] as const);
  const mapping = {
    kind,
    source: source ?? '',
    entries,
    exact: new Map(entries.map(([key, value]) => [key.toLowerCase(), value])),
  };
  mappings.set((target ?? '').slice(1), mapping);
}

/** By the Host header; else the one marked `default_server`, or the first (ngx_http_find_virtual_server). */
export function chooseServer(http: Http, port: number, address: string, host: string): VirtualServer | undefined {
  const listens = (server: VirtualServer): Listen | undefined =>
    server.listens.find((at) => at.port === port && (at.address === '0.0.0.0' || at.address === address));
  const exactly = http.servers.filter(({ listens: all }) =>
    all.some((at) => at.port === port && at.address === address),
  );
  const here = exactly.length > 0 && address !== '' ? exactly : http.servers.filter((server) => listens(server));
  if (here.length === 1) return here[0];
  return byName(here, host) ?? here.find((server) => listens(server)?.preferred === true) ?? here[0];
}

function byName(servers: readonly VirtualServer[], host: string): VirtualServer | undefined {
  const exact = servers.find(({ names }) => names.includes(host) || names.some((name) => name === `.${host}`));
  if (exact !== undefined) return exact;
  let best: VirtualServer | undefined;
  let length = 0;
  for (const front of [true, false]) {
    for (const server of servers) {
      for (const name of server.names) {
        const fits = front
          ? (name.startsWith('*.') && host.endsWith(name.slice(1))) || (name.startsWith('.') && host.endsWith(name))
          : name.endsWith('.*') && !name.startsWith('~') && host.startsWith(name.slice(0, -1));
        if (fits && name.length > length) [best, length] = [server, name.length];
      }
    }
    if (best !== undefined) return best;
  }
  return servers.find(({ names }) =>
    names.some((name) => name.startsWith('~') && regex(name.slice(1), 'i').test(host)),
  );
}

/** ngx_http_core_find_location: exact, then the longest prefix, then regular expressions in order unless `^~`. */
export function chooseLocation(
  level: Location,
  uri: string,
  matched: (found: RegExpExecArray) => void,
): Location | undefined {
  const exact = level.exact.get(uri);
  if (exact !== undefined) return exact;
  const prefix = level.prefixes.find(({ pattern }) => uri.startsWith(pattern));
  const inner = prefix && chooseLocation(prefix, uri, matched);
  if (inner !== undefined && (inner.kind === '=' || inner.regex !== undefined || inner.kind === '^~')) return inner;
  if (prefix?.kind !== '^~') {
    for (const location of level.patterns) {
      const found = location.regex?.exec(uri);
      if (!found) continue;
      matched(found);
      return chooseLocation(location, uri, matched) ?? location;
    }
  }
  return inner ?? prefix;
}
