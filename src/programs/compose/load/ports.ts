import { LoadError, type Dict } from './value';

/** `8080-8081:80-81/tcp` and its like of a service's ports (go-connections' nat.ParsePortSpec). */
export function parsePorts(text: string): readonly Dict[] {
  const slash = text.lastIndexOf('/');
  const protocol = slash < 0 ? 'tcp' : text.slice(slash + 1) || 'tcp';
  const rest = slash < 0 ? text : text.slice(0, slash);
  const [ip, hostPart, containerPart] = split(rest);
  const address = ip.startsWith('[') && ip.endsWith(']') ? ip.slice(1, -1) : ip;
  if (address !== '' && !/^[\d.]+$/.test(address) && !address.includes(':'))
    throw new LoadError(`invalid IP address: ${address}`);
  if (containerPart === '') throw new LoadError(`no port specified: ${text}<empty>`);
  const [start, end] = range(containerPart) ?? bad('containerPort', containerPart);
  const host = hostPart === '' ? undefined : (range(hostPart) ?? bad('hostPort', hostPart));
  if (host !== undefined && end - start !== host[1] - host[0] && end !== start)
    throw new LoadError(`invalid ranges specified for container and host Ports: ${containerPart} and ${hostPart}`);
  if (!['tcp', 'udp', 'sctp'].includes(protocol.toLowerCase())) throw new LoadError(`invalid proto: ${protocol}`);
  const ports: Dict[] = [];
  for (let index = 0; index <= end - start; index++) {
    const published =
      host === undefined
        ? ''
        : start === end && host[0] !== host[1]
          ? `${host[0]}-${host[1]}`
          : String(host[0] + index);
    ports.push({
      mode: 'ingress',
      ...(address === '' ? {} : { host_ip: address }),
      target: start + index,
      ...(published === '' ? {} : { published }),
      protocol: protocol.toLowerCase(),
    });
  }
  return ports.sort((a, b) => (String(a['target']) < String(b['target']) ? -1 : 1));
}

function split(text: string): [ip: string, host: string, container: string] {
  const parts = text.split(':');
  const container = parts.pop() ?? '';
  const host = parts.pop() ?? '';
  return [parts.join(':'), host, container];
}

function range(text: string): [number, number] | undefined {
  const [first = '', last = first] = text.split('-');
  const valid = (port: string): boolean => /^\d+$/.test(port) && Number(port) < 65536;
  if (!valid(first) || !valid(last) || Number(last) < Number(first)) return undefined;
  return [Number(first), Number(last)];
}

function bad(what: string, text: string): never {
  throw new LoadError(`invalid ${what}: ${text}`);
}
