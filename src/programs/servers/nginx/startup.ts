import { resolve } from '../../../linux/net/dns/resolve';
import { parseCertificates, parseKey } from '../../../linux/net/tls/certificate';
import type { Process } from '../../../linux/process/types';
import { conflicts, misplaced } from './check';
import type { Config, Directive } from './config';
import { httpOf, listenOf, type Http, type Listen } from './model';
import { splitAddress } from './upstream';
import { isBuiltin, variablesIn } from './variables';

const at = ({ file, line }: Directive): string => ` in ${file}:${line}`;

/** The problem that keeps a configuration from being used: what nginx says after `[emerg]`. */
export async function problemOf(
  process: Process,
  config: Config,
  addresses: Map<string, readonly string[]>,
): Promise<string | undefined> {
  const wrong = misplaced(config) ?? config.error;
  if (wrong !== undefined) return wrong;
  const http = httpOf(config);
  const unknown = http === undefined ? undefined : (unknownVariable(http, config) ?? unknownFormat(http));
  return (
    unknown ??
    (await hosts(process, config.directives, http, addresses)) ??
    certificates(process, config) ??
    conflicts(config)
  );
}

const checkedVariables = new WeakMap<Config, string | undefined>();
const textual = new Set(
  'return rewrite set if add_header proxy_pass proxy_set_header root alias try_files access_log log_format map error_page index expires sub_filter'.split(
    ' ',
  ),
);

/** `unknown "x" variable`. */
function unknownVariable(http: Http, config: Config): string | undefined {
  if (checkedVariables.has(config)) return checkedVariables.get(config);
  const known = new Set(http.mappings.keys());
  const regexes = (block: readonly Directive[]): void => {
    for (const { name, args, block: inner } of block) {
      if (name === 'set') known.add((args[0] ?? '').slice(1));
      if (name === 'auth_request_set') known.add((args[0] ?? '').slice(1));
      for (const arg of args) for (const [, group = ''] of arg.matchAll(/\(\?P?<(\w+)>/g)) known.add(group);
      if (inner !== undefined) regexes(inner);
    }
  };
  regexes(config.directives);
  const search = (block: readonly Directive[]): string | undefined => {
    for (const directive of block) {
      const { name, args, block: inner } = directive;
      if (textual.has(name)) {
        const texts =
          name === 'if'
            ? args.filter((_, index) => index === 0 || !/^\^|~/.test(args[index - 1] ?? ''))
            : name === 'rewrite'
              ? args.slice(1)
              : name === 'set'
                ? args.slice(1)
                : args;
        for (const text of texts) {
          for (const variable of variablesIn(text)) {
            if (known.has(variable) || isBuiltin(variable)) continue;
            return name === 'log_format' || name === 'access_log'
              ? `unknown "${variable}" variable`
              : `unknown "${variable}" variable`;
          }
        }
      }
      const below = inner === undefined || name === 'types' ? undefined : search(inner);
      if (below !== undefined) return below;
    }
    return undefined;
  };
  const problem = search(http.scope.block);
  checkedVariables.set(config, problem);
  return problem;
}

/** What is wrong though the syntax is ok. */
export function lateProblemOf(config: Config): string | undefined {
  if (!config.directives.some(({ name }) => name === 'events')) return `no "events" section in configuration`;
  const http = httpOf(config);
  return http === undefined ? undefined : unknownZone(http);
}

/** Certificates are read when the configuration is. */
function certificates(process: Process, config: Config): string | undefined {
  const look = (block: readonly Directive[]): string | undefined => {
    const key = block.find(({ name }) => name === 'ssl_certificate_key')?.args[0];
    for (const { name, args, block: inner } of block) {
      const [path = ''] = args;
      if (name === 'ssl_certificate' && key !== undefined && !path.startsWith('data:') && !path.includes('$')) {
        const absolute = path.startsWith('/') ? path : `${config.folder}/${path}`;
        const keyPath = key.startsWith('/') ? key : `${config.folder}/${key}`;
        const read = process.fs.readText(absolute);
        const reason = (code: string, text: string, call: string): string =>
          code === 'ENOENT'
            ? `error:80000002:system library::No such file or directory:calling fopen(${call}, r) error:10000080:BIO routines::no such file`
            : `error:8000000D:system library::${text}:calling fopen(${call}, r) error:10080002:BIO routines::system lib`;
        if (!read.ok)
          return `cannot load certificate "${absolute}": BIO_new_file() failed (SSL: ${reason(read.error.code, read.error.message, absolute)})`;
        if (parseCertificates(read.value).length === 0)
          return `cannot load certificate "${absolute}": PEM_read_bio_X509_AUX() failed (SSL: error:0480006C:PEM routines::no start line:Expecting: TRUSTED CERTIFICATE)`;
        const readKey = process.fs.readText(keyPath);
        if (!readKey.ok)
          return `cannot load certificate key "${keyPath}": BIO_new_file() failed (SSL: ${reason(readKey.error.code, readKey.error.message, keyPath)})`;
        if (parseKey(readKey.value) === undefined)
          return `cannot load certificate key "${keyPath}": PEM_read_bio_PrivateKey() failed (SSL: error:1E08010C:DECODER routines::unsupported:No supported data to decode. Input type: PEM)`;
      }
      const below = inner === undefined ? undefined : look(inner);
      if (below !== undefined) return below;
    }
    return undefined;
  };
  return look(config.directives);
}

/** Formats that nobody declared. */
function unknownFormat(http: Http): string | undefined {
  const search = (block: readonly Directive[]): string | undefined => {
    for (const directive of block) {
      const { name, args, block: inner } = directive;
      const format = args[1];
      if (
        name === 'access_log' &&
        args[0] !== 'off' &&
        format !== undefined &&
        !format.includes('=') &&
        !http.formats.has(format)
      ) {
        return `unknown log format "${format}"${at(directive)}`;
      }
      const below = inner === undefined ? undefined : search(inner);
      if (below !== undefined) return below;
    }
    return undefined;
  };
  return search(http.scope.block);
}

/** Zones that nobody declared. */
function unknownZone(http: Http): string | undefined {
  const zones = new Set(
    http.scope.block.flatMap(({ name, args }) =>
      name === 'limit_req_zone' ? args.flatMap((word) => /^zone=([^:]+):/.exec(word)?.[1] ?? []) : [],
    ),
  );
  const search = (block: readonly Directive[]): string | undefined => {
    for (const directive of block) {
      const { name, args, block: inner } = directive;
      if (name === 'limit_req') {
        const zone = args.find((word) => word.startsWith('zone='))?.slice(5) ?? '';
        if (!zones.has(zone)) return `zero size shared memory zone "${zone}"`;
      }
      const below = inner === undefined ? undefined : search(inner);
      if (below !== undefined) return below;
    }
    return undefined;
  };
  return search(http.scope.block);
}

/** Names are looked up when the configuration is read: one that nobody knows keeps nginx from starting. */
async function hosts(
  process: Process,
  directives: readonly Directive[],
  http: Http | undefined,
  addresses: Map<string, readonly string[]>,
): Promise<string | undefined> {
  const look = async (
    block: readonly Directive[],
    upstreams: ReadonlySet<string>,
    inUpstream: boolean,
  ): Promise<string | undefined> => {
    for (const directive of block) {
      const { name, args, block: inner } = directive;
      const [first = ''] = args;
      let authority: string | undefined;
      if (name === 'proxy_pass' && variablesIn(first).length === 0)
        authority = /^(?:https?:\/\/)?(unix:[^:]*|[^/?]*)/.exec(first)?.[1];
      else if (name === 'server' && inUpstream && inner === undefined) authority = first;
      if (authority !== undefined && !authority.startsWith('unix:') && (inUpstream || !upstreams.has(authority))) {
        const { host } = splitAddress(authority);
        if (!addresses.has(host)) {
          const found = await resolve(process, host);
          if (!found.ok) return `host not found in upstream "${inUpstream ? authority : host}"${at(directive)}`;
          addresses.set(host, found.value);
        }
      }
      const below = inner === undefined ? undefined : await look(inner, upstreams, name === 'upstream');
      if (below !== undefined) return below;
    }
    return undefined;
  };
  const names = new Set(http?.upstreams.keys() ?? []);
  for (const { name, block = [] } of directives) {
    if (name === 'stream') for (const inner of block) if (inner.name === 'upstream') names.add(inner.args[0] ?? '');
  }
  for (const { name, block } of directives) {
    if (block === undefined || (name !== 'http' && name !== 'stream')) continue;
    const problem = await look(block, names, false);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** The addresses that a configuration listens at, each once. */
export function listensOf(config: Config): {
  readonly http: readonly Listen[];
  readonly stream: readonly (Listen & { readonly server: Directive })[];
} {
  const http = new Map<string, Listen>();
  for (const server of httpOf(config)?.servers ?? []) {
    for (const one of server.listens) {
      const key = one.unix ?? `${one.address}:${one.port}`;
      const known = http.get(key);
      http.set(key, known === undefined ? one : { ...known, tls: known.tls || one.tls });
    }
  }
  const stream = config.directives
    .filter(({ name }) => name === 'stream')
    .flatMap(({ block = [] }) => block.filter(({ name }) => name === 'server'))
    .flatMap((server) =>
      (server.block ?? [])
        .filter(({ name, args }) => name === 'listen' && !args.includes('udp'))
        .flatMap(({ args }) => listenOf(args).map((one) => ({ ...one, server }))),
    );
  // What listens at all addresses of a port answers for the single ones too, as bind(2) would refuse both.
  const all = [...http.values()];
  const kept = all.filter(
    (one) =>
      one.address === '0.0.0.0' ||
      one.unix !== undefined ||
      !all.some((other) => other.port === one.port && other.address === '0.0.0.0'),
  );
  return { http: kept, stream };
}
