import { done, refused, usage, type Context, type Outcome } from './ip';
import { linkJson, showAddresses } from './show';

/** ip-address(8). */
export function address(args: readonly string[], context: Context): Outcome {
  const [verb = 'show', ...rest] = args;
  if ('show'.startsWith(verb) || 'list'.startsWith(verb) || verb === 'ls') return show(rest, context);
  if ('add'.startsWith(verb) || 'replace'.startsWith(verb) || 'change'.startsWith(verb))
    return change('add', rest, context);
  if ('delete'.startsWith(verb)) return change('delete', rest, context);
  if ('flush'.startsWith(verb)) return flush(rest, context);
  // `ip addr eth0` is `ip addr show eth0` to nobody: the word is a command.
  return usage(`Command "${verb}" is unknown, try "ip address help".`);
}

function show(args: readonly string[], { process: { net }, style, json }: Context): Outcome {
  let links = net.links();
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    if (word === 'up') links = links.filter(({ up }) => up);
    else if (word === 'type') {
      const kind = args[++index];
      links = links.filter((link) => link.kind === kind);
    } else if (word === 'scope') {
      const loopback = args[++index] === 'host';
      links = links.filter(({ kind }) => (kind === 'loopback') === loopback);
    } else if (word === 'master') {
      const master = args[++index];
      links = links.filter((link) => link.master === master);
    } else {
      const name = word === 'dev' ? (args[++index] ?? '') : word;
      const link = net.link(name);
      if (!link) {
        return style.busybox
          ? { stderr: `ip: can't find device '${name}'\n`, code: 1 }
          : { stderr: `Device "${name}" does not exist.\n`, code: 1 };
      }
      links = [link];
    }
  }
  if (json) return { stdout: `${JSON.stringify(links.map((link) => linkJson(link, true)))}\n` };
  return { stdout: showAddresses(net, links, style) };
}

function change(action: 'add' | 'delete', args: readonly string[], { process: { net }, style }: Context): Outcome {
  let cidr: string | undefined;
  let device: string | undefined;
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    if (word === 'dev') device = args[++index];
    else if (['brd', 'broadcast', 'label', 'scope', 'metric', 'valid_lft', 'preferred_lft', 'peer'].includes(word))
      index++;
    else if (word === 'local') cidr = args[++index];
    else cidr ??= word;
  }
  if (cidr === undefined) return usage('Not enough information: "dev" argument is required.');
  if (!/^\d+\.\d+\.\d+\.\d+(\/\d+)?$/.test(cidr)) {
    return { stderr: `Error: any valid prefix is expected rather than "${cidr}".\n`, code: 1 };
  }
  if (device === undefined) return usage('Not enough information: "dev" argument is required.');
  const link = net.link(device);
  if (!link) return { stderr: `Cannot find device "${device}"\n`, code: 1 };
  const full = cidr.includes('/') ? cidr : `${cidr}/32`;
  if (action === 'add' && link.addresses.includes(full)) {
    return style.busybox
      ? { stderr: 'ip: RTNETLINK answers: File exists\n', code: 2 }
      : { stderr: 'Error: ipv4: Address already assigned.\n', code: 2 };
  }
  const result = action === 'add' ? net.addAddress(device, full) : net.deleteAddress(device, full);
  if (result.ok) return done;
  if (result.error.code === 'EADDRNOTAVAIL' && !style.busybox) {
    return { stderr: 'Error: ipv4: Address not found.\n', code: 2 };
  }
  return refused(result.error, style.busybox);
}

function flush(args: readonly string[], { process: { net }, style }: Context): Outcome {
  const device = args[0] === 'dev' ? args[1] : args[0];
  const link = device === undefined ? undefined : net.link(device);
  if (!link) return { stderr: `Device "${device ?? ''}" does not exist.\n`, code: 1 };
  for (const cidr of link.addresses) {
    const result = net.deleteAddress(link.name, cidr);
    if (!result.ok) return refused(result.error, style.busybox);
  }
  return done;
}
