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
    if (wanted !== undefined) {
      const bindings = ports[wanted.includes('/') ? wanted : `${wanted}/tcp`];
      if (bindings === undefined || bindings === null || bindings.length === 0)
        throw new CommandError(`Error: No public port '${wanted}' published for ${name}`);
      await out(bindings.map((binding) => `${address(binding)}\n`).join(''));
      return 0;
    }
    const lines = Object.entries(ports)
      .sort(([a], [b]) => parseInt(a, 10) - parseInt(b, 10))
      .flatMap(([inside, bindings]) => (bindings ?? []).map((binding) => `${inside} -> ${address(binding)}\n`));
    await out(lines.join(''));
    return 0;
  },
};
