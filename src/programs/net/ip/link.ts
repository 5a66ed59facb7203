import { pinnedNamespace } from '../../../linux/net/netns';
import type { NetworkAdmin } from '../../../linux/net/types';
import type { Process } from '../../../linux/process/types';
import { done, refused, usage, type Context, type Outcome } from './ip';
import { linkJson, showLinks } from './show';

/** ip-link(8). */
export function link(args: readonly string[], context: Context): Outcome {
  const [verb = 'show', ...rest] = args;
  if ('show'.startsWith(verb) || 'list'.startsWith(verb) || verb === 'ls' || verb === 'lst') return show(rest, context);
  if ('add'.startsWith(verb)) return add(rest, context);
  if ('delete'.startsWith(verb)) return remove(rest, context);
  if ('set'.startsWith(verb)) return set(rest, context);
  return usage(`Command "${verb}" is unknown, try "ip link help".`);
}

function show(args: readonly string[], { process: { net }, style, json }: Context): Outcome {
  let links = net.links();
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    if (word === 'up') links = links.filter(({ up }) => up);
    else if (word === 'type') {
      const kind = args[++index];
      links = links.filter((each) => each.kind === kind);
    } else if (word === 'master') {
      const master = args[++index];
      links = links.filter((each) => each.master === master);
    } else {
      const name = word === 'dev' ? (args[++index] ?? '') : word;
      const found = net.link(name);
      if (!found) {
        return style.busybox
          ? { stderr: `ip: can't find device '${name}'\n`, code: 1 }
          : { stderr: `Device "${name}" does not exist.\n`, code: 1 };
      }
      links = [found];
    }
  }
  if (json) return { stdout: `${JSON.stringify(links.map((each) => linkJson(each, false)))}\n` };
  return { stdout: showLinks(net, links, style) };
}

/** `add [name] NAME type bridge|dummy|veth [peer name NAME [netns NS]]`. */
function add(args: readonly string[], { process, style }: Context): Outcome {
  const { net } = process;
  const typeAt = args.indexOf('type');
  const kind = typeAt < 0 ? undefined : args[typeAt + 1];
  const before = typeAt < 0 ? args : args.slice(0, typeAt);
  const named = before.indexOf('name');
  const name = named >= 0 ? before[named + 1] : before[0] === 'dev' ? before[1] : before[0];
  if (kind === undefined) return usage('Not enough information: "type" argument is required');
  if (name === undefined) return usage('Not enough information: "dev" argument is required');
  const result = ((): ReturnType<NetworkAdmin['addBridge']> | Outcome => {
    switch (kind) {
      case 'bridge':
        return net.addBridge(name);
      case 'dummy':
        return net.addDummy(name);
      case 'veth': {
        const rest = args.slice(typeAt + 2);
        const peerAt = rest.indexOf('name');
        const peer = peerAt >= 0 ? rest[peerAt + 1] : rest[0] === 'peer' ? rest[1] : undefined;
        const netnsAt = rest.indexOf('netns');
        const target = netnsAt < 0 ? net : namespaceOf(process, rest[netnsAt + 1] ?? '');
        if (!target)
          return { stderr: `Error: argument "${rest[netnsAt + 1]}" is wrong: Invalid "netns" value\n`, code: 255 };
        return net.addVeth(name, { namespace: target, name: peer ?? freeName(target, 'veth', name) });
      }
      default:
        return { stderr: 'Error: Unknown device type.\n', code: 2 };
    }
  })();
  if (!('ok' in result)) return result;
  return result.ok ? done : refused(result.error, style.busybox);
}

function freeName(net: NetworkAdmin, prefix: string, taken: string): string {
  let index = 0;
  while (net.link(`${prefix}${index}`) || `${prefix}${index}` === taken) index++;
  return `${prefix}${index}`;
}

function remove(args: readonly string[], { process: { net }, style }: Context): Outcome {
  const name = args[0] === 'dev' ? args[1] : args[0];
  if (name === undefined) return usage('Not enough information: "dev" argument is required.');
  if (!net.link(name)) return { stderr: `Cannot find device "${name}"\n`, code: 1 };
  const result = net.deleteLink(name);
  return result.ok ? done : refused(result.error, style.busybox);
}

function set(args: readonly string[], { process, style }: Context): Outcome {
  const { net } = process;
  const words = args[0] === 'dev' ? args.slice(1) : args;
  const [name = '', ...rest] = words;
  if (!net.link(name)) return { stderr: `Cannot find device "${name}"\n`, code: 1 };
  for (let index = 0; index < rest.length; index++) {
    const word = rest[index] ?? '';
    const result = ((): ReturnType<NetworkAdmin['setUp']> | Outcome => {
      switch (word) {
        case 'up':
          return net.setUp(name, true);
        case 'down':
          return net.setUp(name, false);
        case 'address':
          return net.setMac(name, rest[++index] ?? '');
        case 'nomaster':
          return net.setMaster(name, undefined);
        case 'master': {
          const bridge = rest[++index] ?? '';
          if (!net.link(bridge))
            return { stderr: `Error: argument "${bridge}" is wrong: Device does not exist\n\n`, code: 255 };
          return net.setMaster(name, bridge);
        }
        case 'netns': {
          const target = rest[++index] ?? '';
          const namespace = namespaceOf(process, target);
          if (!namespace)
            return { stderr: `Error: argument "${target}" is wrong: Invalid "netns" value\n\n`, code: 255 };
          return net.moveLink(name, namespace);
        }
        default:
          return usage(`Error: either "dev" is duplicate, or "${word}" is a garbage.`);
      }
    })();
    if (!('ok' in result)) return result;
    if (!result.ok) return refused(result.error, style.busybox);
  }
  return done;
}

/** By name below /var/run/netns, or by a pid. */
function namespaceOf(process: Process, text: string): NetworkAdmin | undefined {
  const named = pinnedNamespace(process.host, text.replace(/^\/(var\/)?run\/netns\//, ''));
  if (named || !/^\d+$/.test(text)) return named;
  return process.host.processes(process).find(({ pid }) => pid === Number(text))?.namespaces.net;
}
