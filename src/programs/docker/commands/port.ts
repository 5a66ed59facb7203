import { CommandError, type Command } from '../cli/command';

type Ports = Readonly<Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>>;

const address = ({ HostIp, HostPort }: { readonly HostIp: string; readonly HostPort: string }): string =>
  HostIp.includes(':') ? `[${HostIp}]:${HostPort}` : `${HostIp}:${HostPort}`;

export const port: Command = {
  use: 'port CONTAINER [PRIVATE_PORT[/PROTO]]',
  short: 'List port mappings or a specific mapping for the container',
  aliases: ['docker container port', 'docker port'],
  operands: [1, 2],
  async run({ api, args, out }) {
    const [name = '', wanted] = args;
    const container = await api.get<{ NetworkSettings: { Ports: Ports } }>(
      `/containers/${encodeURIComponent(name)}/json`,
    );
    const ports = container.NetworkSettings.Ports;
    const lines: string[] = [];
    if (wanted !== undefined) {
      const slash = wanted.indexOf('/');
      const number = slash < 0 ? wanted : wanted.slice(0, slash);
      const protocol = slash < 0 ? '' : wanted.slice(slash + 1);
      const why = !/^\d+$/.test(number) ? 'invalid syntax' : Number(number) > 65_535 ? 'value out of range' : undefined;
      if (why !== undefined)
        throw new CommandError(
          `Error: invalid port (${number}): strconv.ParseUint: parsing ${JSON.stringify(number)}: ${why}`,
        );
      const bindings = ports[`${number}/${protocol === '' ? 'tcp' : protocol}`] ?? [];
      if (bindings.length === 0) throw new CommandError(`Error: No public port '${wanted}' published for ${name}`);
      lines.push(...bindings.map(address));
    } else {
      for (const [inside, bindings] of Object.entries(ports))
        lines.push(...(bindings ?? []).map((binding) => `${inside} -> ${address(binding)}`));
    }
    await out(
      lines
        .sort(naturally)
        .map((line) => `${line}\n`)
        .join(''),
    );
    return 0;
  },
};

/** Runs of digits count as numbers (sortorder.NaturalLess). */
function naturally(a: string, b: string): number {
  const parts = (text: string): readonly string[] => text.match(/\d+|\D/g) ?? [];
  const left = parts(a);
  const right = parts(b);
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const [x = '', y = ''] = [left[index], right[index]];
    if (x === y) continue;
    const both = /^\d/.test(x) && /^\d/.test(y);
    return both && Number(x) !== Number(y) ? Number(x) - Number(y) : x < y ? -1 : 1;
  }
  return left.length - right.length;
}
