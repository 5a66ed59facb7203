import { argsOf, blocksOf, type Directive } from './config';

/** A `server` block, with what it inherits from `http`. */
export interface VirtualServer {
  readonly listens: readonly { readonly address: string; readonly port: number }[];
  readonly names: readonly string[];
  readonly block: readonly Directive[];
  readonly http: readonly Directive[];
}

export interface Location {
  readonly block: readonly Directive[];
  readonly prefix: string;
}

/** The virtual servers of a configuration. */
export function serversOf(config: readonly Directive[]): readonly VirtualServer[] {
  const http = blocksOf(config, 'http').flatMap(({ block }) => block ?? []);
  return blocksOf(http, 'server').map(({ block = [] }) => {
    const listens = blocksOf(block, 'listen').flatMap(({ args }) => listenOf(args[0] ?? '80'));
    return {
      listens: listens.length > 0 ? listens : [{ address: '0.0.0.0', port: 80 }],
      names: blocksOf(block, 'server_name').flatMap(({ args }) => args),
      block,
      http,
    };
  });
}

/** `80`, `127.0.0.1:8080`, `*:80`. IPv6 addresses have no interface here. */
function listenOf(text: string): VirtualServer['listens'] {
  if (text.startsWith('[')) return [];
  const match = /^(?:([^:]+):)?(\d+)$/.exec(text);
  if (match?.[2] === undefined) return [];
  const host = match[1];
  const address = host === undefined || host === '*' ? '0.0.0.0' : host === 'localhost' ? '127.0.0.1' : host;
  return [{ address, port: Number(match[2]) }];
}

/** By the Host header; else the first, or the one marked `default_server`. */
export function chooseServer(servers: readonly VirtualServer[], port: number, host: string): VirtualServer | undefined {
  const here = servers.filter(({ listens }) => listens.some((listen) => listen.port === port));
  const name = host.replace(/:\d+$/, '').toLowerCase();
  const preferred = here.find(({ block }) =>
    blocksOf(block, 'listen').some(({ args }) => args.includes('default_server')),
  );
  return here.find(({ names }) => names.includes(name)) ?? preferred ?? here[0];
}

/** ngx_http_core_find_location: exact, then `^~`, then regular expressions in order, then the longest prefix. */
export function chooseLocation({ block }: VirtualServer, path: string): Location {
  let longest: { readonly prefix: string; readonly block: readonly Directive[]; readonly stop: boolean } | undefined;
  for (const { args, block: inner = [] } of blocksOf(block, 'location')) {
    const [first = '', second] = args;
    if (first === '=' && second === path) return { block: inner, prefix: path };
    const prefix = second ?? first;
    const plain = second === undefined || first === '^~';
    if (plain && path.startsWith(prefix) && prefix.length > (longest?.prefix.length ?? -1)) {
      longest = { prefix, block: inner, stop: first === '^~' };
    }
  }
  if (longest?.stop !== true) {
    for (const { args, block: inner = [] } of blocksOf(block, 'location')) {
      const [first = '', pattern = ''] = args;
      if ((first === '~' || first === '~*') && matches(pattern, path, first === '~*'))
        return { block: inner, prefix: '' };
    }
  }
  return longest ?? { block: [], prefix: '' };
}

function matches(pattern: string, path: string, insensitive: boolean): boolean {
  try {
    return new RegExp(pattern, insensitive ? 'i' : '').test(path);
  } catch {
    return false;
  }
}

/** A directive of the location, else of the server, else of http. */
export const inherited = (server: VirtualServer, { block }: Location, name: string): readonly string[] | undefined =>
  argsOf(block, name) ?? argsOf(server.block, name) ?? argsOf(server.http, name);
