import { err, ok, type Result } from '../../../sim/result';

export interface Published {
  /** `80/tcp`. */
  readonly port: string;
  readonly hostIp: string;
  readonly hostPort: string;
}

/** `-p [ip:][hostPort:]containerPort[/proto]`, ranges included (docker/go-connections/nat). */
export function parsePublish(text: string): Result<readonly Published[], string> {
  const [ports = '', proto = 'tcp'] = text.split('/');
  if (!['tcp', 'udp', 'sctp'].includes(proto.toLowerCase())) return err(`Invalid proto: ${proto}`);
  const match = /^(?:(\[[0-9a-fA-F:]+\]|[^:]*):)?(?:([^:]*):)?([^:]*)$/.exec(ports);
  if (match === null) return err(`Invalid containerPort: ${ports}`);
  const parts = ports.startsWith('[')
    ? [ports.slice(1, ports.indexOf(']')), ...ports.slice(ports.indexOf(']') + 2).split(':')]
    : ports.split(':');
  const container = parts.at(-1) ?? '';
  const host = parts.length > 1 ? (parts.at(-2) ?? '') : '';
  const hostIp = parts.length > 2 ? parts.slice(0, -2).join(':') : '';
  if (container === '') return err(`No port specified: ${text}<empty>`);
  if (hostIp !== '' && !/^[\d.]+$|:/.test(hostIp)) return err(`Invalid ip address: ${hostIp}`);
  const inside = range(container);
  if (inside === undefined) return err(`Invalid containerPort: ${container}`);
  const outside = host === '' ? undefined : range(host);
  if (host !== '' && outside === undefined) return err(`Invalid hostPort: ${host}`);
  const count = inside[1] - inside[0];
  if (outside !== undefined && outside[1] - outside[0] !== count && !(count === 0))
    return err(`Invalid ranges specified for container and host Ports: ${container} and ${host}`);
  return ok(
    Array.from({ length: count + 1 }, (_, index) => ({
      port: `${inside[0] + index}/${proto.toLowerCase()}`,
      hostIp,
      hostPort:
        outside === undefined ? '' : count === 0 && outside[1] !== outside[0] ? host : String(outside[0] + index),
    })),
  );
}

function range(text: string): readonly [number, number] | undefined {
  const [first = '', last = first] = text.split('-');
  if (!/^\d+$/.test(first) || !/^\d+$/.test(last)) return undefined;
  const [from, to] = [Number(first), Number(last)];
  return from > to || to > 65_535 ? undefined : [from, to];
}
