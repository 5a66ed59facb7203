import { formatIpv4, netmask, parseCidr, parseIpv4 } from '../../../linux/net/address';
import type { Link, Route } from '../../../linux/net/types';
import { done, refused, usage, type Context, type Outcome } from './ip';
import { broadcastOf, linkState, routeJson, routeLine } from './show';

/** ip-route(8). */
export function route(args: readonly string[], context: Context): Outcome {
  const [verb = 'show', ...rest] = args;
  if ('show'.startsWith(verb) || 'list'.startsWith(verb) || verb === 'ls') return show(rest, context);
  if (verb === 'get' || verb === 'g') return get(rest, context);
  if ('add'.startsWith(verb) || 'append'.startsWith(verb)) return add(rest, context);
  if (verb === 'replace' || verb === 'change') {
    const parsed = parseRoute(rest);
    if (parsed) context.process.net.deleteRoute(parsed.destination);
    return add(rest, context);
  }
  if ('delete'.startsWith(verb)) {
    const parsed = parseRoute(rest);
    if (!parsed) return usage('Command line is not complete. Try option "help"');
    const result = context.process.net.deleteRoute(parsed.destination);
    return result.ok ? done : refused(result.error, context.style.busybox);
  }
  if ('flush'.startsWith(verb)) return done;
  return usage(`Command "${verb}" is unknown, try "ip route help".`);
}

function show(args: readonly string[], { process: { net }, style, json }: Context): Outcome {
  let routes = net.routes();
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    const next = (): string => args[++index] ?? '';
    if (word === 'dev') {
      const device = next();
      if (!net.link(device)) return { stderr: `Cannot find device "${device}"\n`, code: 1 };
      routes = routes.filter((each) => each.device === device);
    } else if (word === 'via') {
      const via = next();
      routes = routes.filter((each) => each.via === via);
    } else if (word === 'proto') {
      const protocol = next();
      routes = routes.filter((each) => each.protocol === protocol);
    } else if (word === 'scope' || word === 'table') {
      const value = next();
      if (word === 'table' && value === 'local') return local(net.links());
    } else {
      const destination = word === 'exact' || word === 'root' || word === 'match' ? next() : word;
      routes = routes.filter((each) => each.destination === destination);
    }
  }
  if (json) return { stdout: `${JSON.stringify(routes.map(routeJson))}\n` };
  return { stdout: routes.map((each) => routeLine(net, each, style)).join('') };
}

/** The local table: what the kernel itself keeps for each address (net/ipv4/fib_frontend.c, fib_add_ifaddr). */
function local(links: readonly Link[]): Outcome {
  const lines = links.flatMap((link) => {
    const { name, kind, addresses } = link;
    const linkdown = linkState(link).flags.includes('NO-CARRIER') ? ' linkdown' : '';
    return addresses.flatMap((cidr) => {
      const [address = ''] = cidr.split('/');
      const last = kind === 'loopback' ? '127.255.255.255' : broadcastOf(cidr);
      const own = `dev ${name} proto kernel scope host src ${address} `;
      return [
        ...(kind === 'loopback' ? [`local 127.0.0.0/8 ${own}`] : []),
        `local ${address} ${own}`,
        ...(last === undefined
          ? []
          : [`broadcast ${last} dev ${name} proto kernel scope link src ${address}${linkdown} `]),
      ];
    });
  });
  return { stdout: lines.map((line) => `${line}\n`).join('') };
}

/** What the kernel's look-up says. */
function get(args: readonly string[], { process: { net, credentials }, style }: Context): Outcome {
  const target = args.find((word) => parseIpv4(word) !== undefined);
  if (target === undefined) {
    return { stderr: `Error: any valid prefix is expected rather than "${args[0] ?? ''}".\n`, code: 1 };
  }
  const tail = style.busybox ? '' : ` uid ${credentials.uid} `;
  const mine = net.links().find(({ addresses }) => addresses.some((cidr) => cidr.split('/')[0] === target));
  if (mine) return { stdout: `local ${target} dev lo src ${target}${tail}\n    cache <local> \n` };
  const best = net.routeTo(target);
  if (!best) return { stderr: 'RTNETLINK answers: Network is unreachable\n', code: 2 };
  const via = best.via === undefined ? '' : ` via ${best.via}`;
  return {
    stdout: `${target}${via} dev ${best.device} src ${best.source}${tail}\n    cache \n`,
  };
}

function parseRoute(
  args: readonly string[],
): (Omit<Route, 'device'> & { readonly device: string | undefined }) | undefined {
  const found: {
    destination?: string;
    via?: string;
    device?: string;
    source?: string;
    metric?: number;
    scope?: Route['scope'];
    protocol?: string;
  } = {};
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    const next = (): string => args[++index] ?? '';
    if (word === 'via') found.via = next();
    else if (word === 'dev') found.device = next();
    else if (word === 'src') found.source = next();
    else if (word === 'metric') found.metric = Number(next());
    else if (word === 'scope') found.scope = next() as Route['scope'];
    else if (word === 'proto' || word === 'protocol') found.protocol = next();
    else if (['table', 'mtu', 'advmss', 'initcwnd'].includes(word)) next();
    else if (word === 'onlink' || word === 'unicast' || word === 'blackhole') continue;
    else found.destination ??= word;
  }
  if (found.destination === undefined) return undefined;
  const { destination, via, device, source, metric, scope, protocol = 'boot' } = found;
  return {
    destination: canonical(destination),
    device,
    protocol,
    ...(via === undefined ? {} : { via }),
    ...(source === undefined ? {} : { source }),
    ...(metric === undefined ? {} : { metric }),
    ...(scope === undefined ? {} : { scope }),
  };
}

/** `0.0.0.0/0` is `default`; a host needs no length. */
function canonical(destination: string): string {
  if (destination === '0.0.0.0/0' || destination === '0/0' || destination === 'any') return 'default';
  return destination.replace(/\/32$/, '');
}

function add(args: readonly string[], { process: { net }, style }: Context): Outcome {
  const parsed = parseRoute(args);
  if (!parsed) return usage('Command line is not complete. Try option "help"');
  const { destination, via } = parsed;
  const cidr = destination === 'default' ? { address: 0, length: 0 } : parseCidr(destination);
  if (!cidr) return { stderr: `Error: any valid prefix is expected rather than "${destination}".\n`, code: 1 };
  if ((cidr.address & netmask(cidr.length)) >>> 0 !== cidr.address) {
    return { stderr: 'Error: Invalid prefix for given prefix length.\n', code: 2 };
  }
  const device = parsed.device ?? (via === undefined ? undefined : deviceTowards(net, via));
  if (device === undefined) {
    return via === undefined
      ? { stderr: 'RTNETLINK answers: No such device\n', code: 2 }
      : { stderr: 'Error: Nexthop has invalid gateway.\n', code: 2 };
  }
  if (!net.link(device)) return { stderr: `Cannot find device "${device}"\n`, code: 1 };
  const result = net.addRoute({ ...parsed, device });
  return result.ok ? done : refused(result.error, style.busybox);
}

/** The link whose network holds a gateway. */
function deviceTowards(net: Context['process']['net'], via: string): string | undefined {
  const gateway = parseIpv4(via) ?? 0;
  return net.links().find(({ addresses }) =>
    addresses.some((text) => {
      const cidr = parseCidr(text);
      return (
        cidr !== undefined &&
        formatIpv4((cidr.address & netmask(cidr.length)) >>> 0) === formatIpv4((gateway & netmask(cidr.length)) >>> 0)
      );
    }),
  )?.name;
}

/** ip-rule(8): the three rules of a kernel nobody configured. */
export function rule(args: readonly string[], _context: Context): Outcome {
  const [verb = 'show'] = args;
  if (!'show'.startsWith(verb) && !'list'.startsWith(verb)) return usage('RTNETLINK answers: Operation not supported');
  return { stdout: '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n' };
}

/** ip-neighbour(8): addresses are found without ARP here, so the table is empty. */
export function neighbour(_args: readonly string[], _context: Context): Outcome {
  return done;
}
