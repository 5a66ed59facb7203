import { formatIpv4, parseIpv4 } from '../../address';
import { ICMP, TCP, UDP } from '../../packet';
import { accept, drop, type NatRequest, type Passage, type Verdict } from '../rule';
import { err, find, none, ok, one, parsePorts, portsText, type PortRange, type TargetExtension } from '../extension';

interface NatAddress {
  readonly address: { readonly low: number; readonly high: number } | undefined;
  readonly port: PortRange | undefined;
}

/** `192.168.1.4-192.168.1.9:80-90`, each part optional. */
function parseAddress(text: string): NatAddress | string {
  const colon = text.indexOf(':');
  const addressText = colon < 0 ? text : text.slice(0, colon);
  const port = colon < 0 ? undefined : parsePorts(text.slice(colon + 1), '-');
  if (colon >= 0 && (port === undefined || port.low > port.high)) return `Port \`${text.slice(colon + 1)}' not valid`;
  if (addressText === '') return { address: undefined, port };
  const [first = '', second = first] = addressText.split('-');
  const low = parseIpv4(first);
  const high = parseIpv4(second);
  if (low === undefined) return `Bad IP address "${first}"`;
  if (high === undefined) return `Bad IP address "${second}"`;
  return { address: { low, high }, port };
}

function addressText({ address, port }: NatAddress): string {
  const addresses =
    address === undefined
      ? ''
      : formatIpv4(address.low) + (address.low === address.high ? '' : `-${formatIpv4(address.high)}`);
  return addresses + (port === undefined ? '' : `:${portsText(port, '-')}`);
}

const bind = ({ packet, surroundings }: Passage, request: NatRequest): Verdict =>
  packet.connection !== undefined && surroundings.bindNat(packet.connection, packet, request) ? accept : drop;

function translation(
  name: 'DNAT' | 'SNAT',
  option: string,
  kind: NatRequest['kind'],
  hooks: readonly ('PREROUTING' | 'OUTPUT' | 'POSTROUTING' | 'INPUT')[],
): TargetExtension {
  return {
    name,
    options: { ...one(option), ...none('random', 'random-fully', 'persistent') },
    tables: ['nat'],
    make(given, { protocol }) {
      const text = find(given, option)?.value;
      if (text === undefined) return err(`${name}: option "--${option}" must be specified`);
      const parsed = parseAddress(text);
      if (typeof parsed === 'string') return err(parsed);
      if (parsed.port !== undefined && protocol !== TCP && protocol !== UDP) {
        return err('Need TCP, UDP, SCTP or DCCP with port specification');
      }
      const flags = (['random', 'random-fully', 'persistent'] as const).filter(
        (flag) => find(given, flag) !== undefined,
      );
      const request: NatRequest = { kind, ...parsed, randomPort: flags.some((flag) => flag.startsWith('random')) };
      return ok({
        name,
        save: [`--${option} ${addressText(parsed)}`, ...flags.map((flag) => `--${flag}`)].join(' '),
        list: [`to:${addressText(parsed)}`, ...flags].join(' '),
        needsConntrack: true,
        hooks,
        run: (passage) => bind(passage, request),
      });
    },
  };
}

export const DNAT = translation('DNAT', 'to-destination', 'destination', ['PREROUTING', 'OUTPUT']);
export const SNAT = translation('SNAT', 'to-source', 'source', ['POSTROUTING', 'INPUT']);

export const MASQUERADE: TargetExtension = {
  name: 'MASQUERADE',
  options: { ...one('to-ports'), ...none('random', 'random-fully') },
  tables: ['nat'],
  make(given, { protocol }) {
    const ports = find(given, 'to-ports');
    const port = ports === undefined ? undefined : parsePorts(ports.value, '-');
    if (ports !== undefined && port === undefined) return err(`Port \`${ports.value}' not valid`);
    if (port !== undefined && protocol !== TCP && protocol !== UDP) {
      return err('Need TCP, UDP, SCTP or DCCP with port specification');
    }
    const flags = (['random', 'random-fully'] as const).filter((flag) => find(given, flag) !== undefined);
    return ok({
      name: 'MASQUERADE',
      save: [
        ...(port === undefined ? [] : [`--to-ports ${portsText(port, '-')}`]),
        ...flags.map((flag) => `--${flag}`),
      ].join(' '),
      list: [...(port === undefined ? [] : [`masq ports: ${portsText(port, '-')}`]), ...flags].join(' '),
      needsConntrack: true,
      hooks: ['POSTROUTING'],
      run: (passage) => {
        const address = passage.surroundings.masqueradeAddress(passage.output, passage.packet.destination);
        if (address === undefined) return drop;
        const randomPort = flags.length > 0 && passage.packet.protocol !== ICMP;
        return bind(passage, { kind: 'source', address: { low: address, high: address }, port, randomPort });
      },
    });
  },
};

export const REDIRECT: TargetExtension = {
  name: 'REDIRECT',
  options: { ...one('to-ports'), ...none('random') },
  tables: ['nat'],
  make(given, { protocol }) {
    const ports = find(given, 'to-ports');
    const port = ports === undefined ? undefined : parsePorts(ports.value, '-');
    if (ports !== undefined && port === undefined) return err(`Port \`${ports.value}' not valid`);
    if (port !== undefined && protocol !== TCP && protocol !== UDP) {
      return err('Need TCP, UDP, SCTP or DCCP with port specification');
    }
    const random = find(given, 'random') === undefined ? [] : ['random'];
    return ok({
      name: 'REDIRECT',
      save: [
        ...(port === undefined ? [] : [`--to-ports ${portsText(port, '-')}`]),
        ...random.map((flag) => `--${flag}`),
      ].join(' '),
      list: [...(port === undefined ? [] : [`redir ports ${portsText(port, '-')}`]), ...random].join(' '),
      needsConntrack: true,
      hooks: ['PREROUTING', 'OUTPUT'],
      run: (passage) => {
        // nf_nat_redirect: to loopback for own packets, else to the address of the incoming device.
        const address =
          passage.hook === 'OUTPUT'
            ? 0x7f000001
            : passage.surroundings.masqueradeAddress(passage.input, passage.packet.source);
        if (address === undefined) return drop;
        return bind(passage, {
          kind: 'destination',
          address: { low: address, high: address },
          port,
          randomPort: random.length > 0,
        });
      },
    });
  },
};
