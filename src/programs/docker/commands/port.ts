import { CommandError, type Command } from '../cli/command';
import { naturally } from '../cli/naturally';

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
