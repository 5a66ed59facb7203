import type { Endpoint, SocketInfo } from '../../linux/net/types';
import type { Process, Program } from '../../linux/process/types';
import { parseOptions } from './options';

/** Which process holds a socket, by its pid as the viewer counts. */
function holderOf(
  process: Process,
  { holder }: SocketInfo,
): { readonly pid: number; readonly comm: string } | undefined {
  const pid = holder === undefined ? undefined : process.host.pidOf(process, holder);
  if (pid === undefined) return undefined;
  const comm = process.host.processes(process).find((each) => each.pid === pid)?.comm;
  return comm === undefined ? undefined : { pid, comm };
}

const name = (
  at: Endpoint | string | undefined,
  other?: Endpoint | string,
): { readonly address: string; readonly port: string } => {
  // Nobody in particular is nobody of the socket's own family.
  if (at === undefined)
    return {
      address:
        typeof other !== 'object'
          ? '0.0.0.0'
          : other.address === '*'
            ? '*'
            : other.address.includes(':')
              ? '[::]'
              : '0.0.0.0',
      port: '*',
    };
  if (typeof at === 'string') return { address: at, port: '*' };
  return { address: at.address.includes(':') ? `[${at.address}]` : at.address, port: String(at.port) };
};

/** Names of ports that ss shows without -n (services(5)). */
const services: Readonly<Record<string, string>> = {
  22: 'ssh',
  53: 'domain',
  80: 'http',
  443: 'https',
  3306: 'mysql',
  5432: 'postgresql',
};

/** net.core.somaxconn. */
const SOMAXCONN = 4096;

/** Which sockets options choose. */
function choose(
  sockets: readonly SocketInfo[],
  { tcp, udp, unix, listening, all }: Readonly<Record<'tcp' | 'udp' | 'unix' | 'listening' | 'all', boolean>>,
): readonly SocketInfo[] {
  const any = tcp || udp || unix;
  return sockets.filter(({ protocol, state }) => {
    if (any && !((protocol === 'tcp' && tcp) || (protocol === 'udp' && udp) || (protocol === 'unix' && unix)))
      return false;
    if (!any && protocol === 'unix') return false;
    const listens = state === 'LISTEN' || state === 'UNCONN';
    return all || listens === listening;
  });
}

/** ss(8) of iproute2. */
export const ss: Program = async (process) => {
  const parsed = parseOptions(process.args, {
    flags:
      't/tcp u/udp x/unix l/listening a/all n/numeric p/processes 4/ipv4 6/ipv6 H/no-header r/resolve e/extended m/memory i/info o/options s/summary w/raw h/help V/version O/oneline',
    values: 'f/family A/query',
  });
  if (parsed.error) {
    await process.stderr.write(
      `ss: invalid option -- '${parsed.error.option.replace(/^-+/, '')}'\nUsage: ss [ OPTIONS ]\n       ss [ OPTIONS ] [ FILTER ]\n`,
    );
    return 255;
  }
  const picked = choose(process.net.sockets(), {
    ...{ tcp: parsed.has('t'), udp: parsed.has('u'), unix: parsed.has('x') },
    ...{ listening: parsed.has('l'), all: parsed.has('a') },
  });
  const ports = [...parsed.operands.join(' ').matchAll(/([sd])port\s*(?:=|eq)?\s*:?(\d+)/g)];
  const sockets = [...picked].filter((socket) =>
    ports.every(([, side, port]) => name(side === 's' ? socket.local : socket.remote).port === port),
  );
  // udp before tcp, as ss asks the kernel for them.
  const order = { unix: 0, udp: 1, tcp: 2 };
  sockets.sort((a, b) => order[a.protocol] - order[b.protocol]);
  const kinds = [parsed.has('t'), parsed.has('u'), parsed.has('x')].filter(Boolean).length;
  const withNetid = kinds !== 1;

  const port = (text: string): string => (parsed.has('n') ? text : (services[text] ?? text));
  const rows = sockets.map((socket) => {
    const [local, peer] = [name(socket.local), name(socket.remote, socket.local)];
    const held = parsed.has('p') ? holderOf(process, socket) : undefined;
    return {
      netid: socket.protocol === 'unix' ? 'u_str' : socket.protocol,
      state: socket.state,
      queue: socket.state === 'LISTEN' ? String(socket.backlog ?? SOMAXCONN) : '0',
      local: [local.address, port(local.port)] as const,
      peer: [peer.address, port(peer.port)] as const,
      users: held === undefined ? '' : ` users:(("${held.comm}",pid=${held.pid},fd=3))`,
    };
  });
  const header = ['Local Address', 'Port', 'Peer Address', 'Port'] as const;
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length));
  const widths = {
    state: Math.max(6, widest(rows.map(({ state }) => state))),
    address: Math.max(header[0].length, widest(rows.map(({ local }) => local[0]))),
    port: Math.max(4, widest(rows.map(({ local }) => local[1]))),
    peer: Math.max(header[2].length, widest(rows.map(({ peer }) => peer[0]))),
    peerPort: Math.max(4, widest(rows.map(({ peer }) => peer[1]))),
  };
  let output = '';
  const line = (
    netid: string,
    state: string,
    received: string,
    sent: string,
    local: readonly string[],
    peer: readonly string[],
    users: string,
  ): void => {
    output += `${withNetid ? netid.padEnd(6) : ''}${state.padEnd(widths.state + 1)}${received.padEnd(7)}${sent.padEnd(7)}${(local[0] ?? '').padStart(widths.address)}:${(local[1] ?? '').padEnd(widths.port)} ${(peer[0] ?? '').padStart(widths.peer)}:${(peer[1] ?? '').padEnd(widths.peerPort)}${users === '' ? ' ' : users}\n`;
  };
  if (!parsed.has('H'))
    line('Netid', 'State', 'Recv-Q', 'Send-Q', [header[0], header[1]], [header[2], header[3]], 'Process');
  for (const { netid, state, queue, local, peer, users } of rows) line(netid, state, '0', queue, local, peer, users);
  await process.stdout.write(output);
  return 0;
};

/** Where netstat's word is another than ss's with underscores. */
const netstatStates: Readonly<Record<string, string>> = { ESTAB: 'ESTABLISHED', UNCONN: '', CLOSED: 'CLOSE' };

/** netstat(8) of net-tools, as far as sockets go; -r is `route -n`. */
export const netstat: Program = async (process) => {
  const parsed = parseOptions(process.args, {
    flags:
      't/tcp u/udp x/unix l/listening a/all n/numeric p/programs r/route i/interfaces s/statistics W/wide e/extend 4 6 w c v o',
  });
  if (parsed.has('r')) {
    await process.stdout.write(routeTable(process));
    return 0;
  }
  const sockets = choose(process.net.sockets(), {
    ...{ tcp: parsed.has('t'), udp: parsed.has('u'), unix: parsed.has('x') },
    ...{ listening: parsed.has('l'), all: parsed.has('a') },
  });
  const what = parsed.has('l') ? '(only servers)' : parsed.has('a') ? '(servers and established)' : '(w/o servers)';
  const withPrograms = parsed.has('p');
  let output = `Active Internet connections ${what}\nProto Recv-Q Send-Q Local Address           Foreign Address         State      ${withPrograms ? ' PID/Program name    ' : ''}\n`;
  for (const socket of [...sockets].sort((a, b) => (a.protocol < b.protocol ? -1 : a.protocol > b.protocol ? 1 : 0))) {
    const [local, peer] = [name(socket.local), name(socket.remote, socket.local)];
    const state = netstatStates[socket.state] ?? socket.state.replaceAll('-', '_').replace('FIN_WAIT_', 'FIN_WAIT');
    const held = holderOf(process, socket);
    const user = withPrograms ? ` ${(held === undefined ? '-' : `${held.pid}/${held.comm}`).padEnd(20)}` : '';
    // netstat knows no brackets.
    const at = ({ address, port }: { address: string; port: string }): string =>
      `${address === '*' ? '::' : address.replace(/^\[(.*)\]$/, '$1')}:${port}`.padEnd(23);
    const protocol = /^[[*]/.test(local.address) ? `${socket.protocol}6` : socket.protocol;
    output += `${protocol.padEnd(5)} ${'0'.padStart(6)} ${'0'.padStart(6)} ${at(local)} ${at(peer)} ${state.padEnd(11)}${user}\n`;
  }
  await process.stdout.write(output);
  return 0;
};

function routeTable({ net }: Process): string {
  const rows = net.routes().map(({ destination, via, device, metric }) => {
    const [address = '0.0.0.0', length = '32'] = destination === 'default' ? ['0.0.0.0', '0'] : destination.split('/');
    const bits = Number(length);
    const mask = [0, 8, 16, 24].map((shift) => 256 - 2 ** (8 - Math.min(8, Math.max(0, bits - shift)))).join('.');
    const flags = `U${via === undefined ? '' : 'G'}${bits === 32 ? 'H' : ''}`;
    return `${address.padEnd(15)} ${(via ?? '0.0.0.0').padEnd(15)} ${mask.padEnd(15)} ${flags.padEnd(5)} ${String(metric ?? 0).padEnd(6)} 0        0 ${device}\n`;
  });
  return `Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n${rows.join('')}`;
}

/** route(8) without arguments or with -n. */
export const route: Program = async (process) => {
  await process.stdout.write(routeTable(process));
  return 0;
};
