import { Failure } from '../../errors';
import { list, nameOfObject, number, text, type JsonObject } from '../../json';

export interface Forward {
  readonly local: number;
  readonly remote: number;
}

const isNumber = (text_: string): boolean => /^[+-]?\d+$/.test(text_);

function split(port: string): readonly [string, string] {
  const parts = port.split(':');
  return parts.length === 2 ? [parts[0] ?? '', parts[1] ?? ''] : [parts[0] ?? '', parts[0] ?? ''];
}

const containerPorts = (pod: JsonObject): readonly unknown[] =>
  list(pod, 'spec', 'containers').flatMap((container) => list(container, 'ports'));

function podPort(pod: JsonObject, name: string): number {
  const found = containerPorts(pod).find((port) => text(port, 'name') === name);
  if (found === undefined) throw new Failure(`Pod '${nameOfObject(pod)}' does not have a named port '${name}'`);
  return number(found, 'containerPort');
}

function servicePort(service: JsonObject, name: string): number {
  const found = list(service, 'spec', 'ports').find((port) => text(port, 'name') === name);
  if (found === undefined) throw new Failure(`Service '${nameOfObject(service)}' does not have a named port '${name}'`);
  return number(found, 'port');
}

/** Ports that only speak UDP cannot be forwarded. */
function assertNotUdp(
  ports: readonly string[],
  all: readonly unknown[],
  field: string,
  lookup: (name: string) => number,
) {
  const of = (protocol: string): ReadonlySet<number> =>
    new Set(all.filter((port) => (text(port, 'protocol') || 'TCP') === protocol).map((port) => number(port, field)));
  const [udp, tcp] = [of('UDP'), of('TCP')];
  for (const port of ports) {
    const [, remote] = split(port);
    const value = isNumber(remote) ? Number(remote) : lookup(remote);
    if (udp.has(value) && !tcp.has(value)) throw new Failure(`UDP protocol is not supported for ${remote}`);
  }
}

/** A service's port as that of the pod behind it. */
function throughService(port: string, service: JsonObject, pod: JsonObject): string {
  const [given, remote] = split(port);
  let local = given;
  let value = Number(remote);
  if (!isNumber(remote)) {
    value = servicePort(service, remote);
    if (local === remote) local = String(value);
  }
  const spec = list(service, 'spec', 'ports').find((each) => number(each, 'port') === value);
  if (spec === undefined) throw new Failure(`Service ${nameOfObject(service)} does not have a service port ${value}`);
  const target = text(spec, 'targetPort');
  const headless = text(service, 'spec', 'clusterIP') === 'None';
  const inside = headless
    ? value
    : target === '' || target === '0'
      ? number(spec, 'port')
      : isNumber(target)
        ? Number(target)
        : podPort(pod, target);
  return local === String(inside) ? local : `${local}:${inside}`;
}

function throughPod(port: string, pod: JsonObject): string {
  const [local, remote] = split(port);
  if (remote === '') throw new Failure('remote port cannot be empty');
  const inside = isNumber(remote) ? remote : String(podPort(pod, remote));
  return local === remote ? inside : `${local}:${inside}`;
}

/** What `[LOCAL:]REMOTE` words mean. Source: kubectl pkg/cmd/portforward. */
export function forwardsOf(
  ports: readonly string[],
  service: JsonObject | undefined,
  pod: JsonObject,
): readonly Forward[] {
  if (service === undefined) assertNotUdp(ports, containerPorts(pod), 'containerPort', (name) => podPort(pod, name));
  else assertNotUdp(ports, list(service, 'spec', 'ports'), 'port', (name) => servicePort(service, name));
  const numbers = ports.map((port) =>
    service === undefined ? throughPod(port, pod) : throughService(port, service, pod),
  );
  return numbers.map(parsed);
}

function parsed(port: string): Forward {
  const parts = port.split(':');
  if (parts.length > 2) throw new Failure(`invalid port format '${port}'`);
  const [local = '', remote = ''] = parts.length === 2 ? parts : [port, port];
  const value = (side: string, word: string): number => {
    if (word === '') return 0;
    const digits = /^\d+$/.test(word);
    if (!digits || Number(word) > 65_535)
      throw new Failure(
        `error parsing ${side} port '${word}': strconv.ParseUint: parsing "${word}": ${digits ? 'value out of range' : 'invalid syntax'}`,
      );
    return Number(word);
  };
  const forward = { local: value('local', local), remote: value('remote', remote) };
  if (forward.remote === 0) throw new Failure('remote port must be > 0');
  return forward;
}
