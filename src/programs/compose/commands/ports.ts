import type { Container } from '../engine/containers';

type Port = Container['Ports'][number];

/** `0.0.0.0:8088->80/tcp, [::]:8088->80/tcp`: ports in a row become a range (formatter.DisplayablePorts). */
export function displayPorts(ports: readonly Port[]): string {
  const groups = new Map<string, { first: number; last: number }>();
  const hosts: string[] = [];
  const shown: string[] = [];
  const sorted = [...ports].sort(
    (a, b) =>
      a.PrivatePort - b.PrivatePort ||
      compare(a.IP ?? '', b.IP ?? '') ||
      (a.PublicPort ?? 0) - (b.PublicPort ?? 0) ||
      compare(a.Type, b.Type),
  );
  for (const { IP = '', PrivatePort, PublicPort = 0, Type } of sorted) {
    if (IP !== '' && PublicPort !== PrivatePort) {
      hosts.push(`${address(IP)}:${PublicPort}->${PrivatePort}/${Type}`);
      continue;
    }
    const key = IP === '' ? Type : `${address(IP)}/${Type}`;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { first: PrivatePort, last: PrivatePort });
      continue;
    }
    if (group.last === PrivatePort - 1) group.last = PrivatePort;
    else {
      shown.push(text(key, group));
      groups.set(key, { first: PrivatePort, last: PrivatePort });
    }
  }
  for (const [key, group] of groups) shown.push(text(key, group));
  return [...shown, ...hosts].join(', ');
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const address = (ip: string): string => (ip.includes(':') ? `[${ip}]` : ip);

function text(key: string, { first, last }: { first: number; last: number }): string {
  const range = first === last ? String(first) : `${first}-${last}`;
  const slash = key.lastIndexOf('/');
  return slash < 0 ? `${range}/${key}` : `${key.slice(0, slash)}:${range}->${range}/${key.slice(slash + 1)}`;
}
