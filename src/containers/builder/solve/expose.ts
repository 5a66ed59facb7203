import type { Linter } from '../dockerfile/lint';
import { BuildFailure, type Range } from '../dockerfile/source';

/** `80`, `8000-8010/udp` and what should not be written, as `port/protocol` (convert_expose.go). */
export function exposedPorts(specs: readonly string[], ranges: readonly Range[], linter: Linter): readonly string[] {
  return specs.flatMap((spec) => ports(spec, ranges, linter));
}

function ports(spec: string, ranges: readonly Range[], linter: Linter): readonly string[] {
  const parts = spec.split(':');
  const container = parts.pop() ?? '';
  const host = parts.pop() ?? '';
  const ip = parts.join(':');
  const slash = container.indexOf('/');
  const port = slash < 0 ? container : container.slice(0, slash);
  const protocol = slash < 0 || slash === container.length - 1 ? 'tcp' : container.slice(slash + 1);
  const invalid = (why: string): BuildFailure => new BuildFailure(`invalid port: ${JSON.stringify(spec)}: ${why}`);
  if (port === '') throw invalid('no port specified');
  if (!['tcp', 'udp', 'sctp'].includes(protocol.toLowerCase())) throw invalid(`invalid proto: ${protocol}`);
  if (protocol !== protocol.toLowerCase())
    linter.warn('ExposeProtoCasing', ranges, `Defined protocol '${spec}' in EXPOSE instruction should be lowercase`);
  if (ip !== '' || host !== '')
    linter.warn(
      'ExposeInvalidFormat',
      ranges,
      `EXPOSE instruction should not define an IP address or host-port mapping, found '${spec}'`,
    );
  if (ip !== '' && !/^(\d{1,3}(\.\d{1,3}){3}|\[?[0-9a-fA-F:]+\]?)$/.test(ip))
    throw new BuildFailure(`invalid IP address: ${ip}`);
  const range = portRange(port);
  if (range === undefined) throw new BuildFailure(`invalid containerPort: ${port}`);
  const [first, last] = range;
  if (host !== '') {
    const hostRange = portRange(host);
    if (hostRange === undefined) throw new BuildFailure(`invalid hostPort: ${host}`);
    if (last - first !== hostRange[1] - hostRange[0] && last !== first)
      throw new BuildFailure(`invalid ranges specified for container and host Ports: ${port} and ${host}`);
  }
  return Array.from({ length: last - first + 1 }, (_, index) => `${first + index}/${protocol.toLowerCase()}`);
}

function portRange(text: string): readonly [number, number] | undefined {
  const [, first = '', last = first] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  if (first === '' || Number(first) > 65_535 || Number(last) > 65_535 || Number(last) < Number(first)) return undefined;
  return [Number(first), Number(last)];
}
