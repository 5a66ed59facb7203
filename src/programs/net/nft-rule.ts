interface Counted {
  /** As iptables-save prints it behind `-A CHAIN`. */
  readonly text: string;
  readonly packets: number;
  readonly bytes: number;
}

interface Shown {
  readonly text: string;
  /** Some part of it is an extension of xtables: nft only translates it for display. */
  readonly xtables: boolean;
}

/** One option with its values; `!` in front of it. */
interface Option {
  readonly name: string;
  readonly values: readonly string[];
  readonly not: boolean;
}

/** Words as a shell would part them: quotes hold together. */
const words = (text: string): readonly string[] =>
  [...text.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

function options(text: string): readonly Option[] {
  const found: { name: string; values: string[]; not: boolean }[] = [];
  let not = false;
  for (const word of words(text)) {
    if (word === '!') not = true;
    else if (/^--?[a-z]/.test(word)) {
      found.push({ name: word.replace(/^--?/, ''), values: [], not });
      not = false;
    } else found.at(-1)?.values.push(word);
  }
  return found;
}

const device = (name: string): string => JSON.stringify(name.replace(/\+$/, '*'));
const range = (ports: string): string => ports.replace(':', '-');
const is = (not: boolean): string => (not ? '!= ' : '');
const address = (text: string): string => text.replace(/\/32$/, '');

/** Matches that iptables-nft writes as nft's own expressions. */
const native = new Set(['tcp', 'udp']);

/**
 * A rule of iptables as nft lists it: addresses, devices, protocol, matches, what was counted, and what is done then
 * (iptables/nft-ipv4.c, nft_ipv4_add; the extensions' xlate functions).
 */
export function nftRule({ text, packets, bytes }: Counted): Shown {
  const given = options(text);
  const value = (name: string): Option | undefined => given.find((option) => option.name === name);
  const first = (name: string): string => value(name)?.values[0] ?? '';
  const parts: string[] = [];
  let xtables = false;
  for (const [name, word] of [
    ['s', 'ip saddr'],
    ['d', 'ip daddr'],
  ] as const) {
    const option = value(name);
    if (option !== undefined) parts.push(`${word} ${is(option.not)}${address(option.values[0] ?? '')}`);
  }
  for (const [name, word] of [
    ['i', 'iifname'],
    ['o', 'oifname'],
  ] as const) {
    const option = value(name);
    if (option !== undefined) parts.push(`${word} ${is(option.not)}${device(option.values[0] ?? '')}`);
  }
  const protocol = value('p');
  const named = first('p');
  const ports = ['sport', 'dport', 'sports', 'dports'].some((name) => value(name) !== undefined);
  if (protocol !== undefined && !ports && value('icmp-type') === undefined)
    parts.push(`meta l4proto ${is(protocol.not)}${named}`);
  for (const name of given.filter((option) => option.name === 'm').flatMap(({ values }) => values)) {
    if (!native.has(name)) xtables = true;
    parts.push(...matched(name, named, given));
  }
  const target = value('j') ?? value('g');
  const verdict = target === undefined ? undefined : action(target, given);
  xtables ||= verdict?.xtables === true;
  const counter = `counter packets ${packets} bytes ${bytes}`;
  return { text: [...parts, counter, ...(verdict === undefined ? [] : [verdict.text])].join(' '), xtables };
}

function matched(name: string, protocol: string, given: readonly Option[]): readonly string[] {
  const shown = (option: string, word: string, change: (value: string) => string): readonly string[] =>
    given.filter((one) => one.name === option).map(({ values, not }) => `${word} ${is(not)}${change(values[0] ?? '')}`);
  const lower = (text: string): string => text.toLowerCase();
  switch (name) {
    case 'tcp':
    case 'udp':
      return [...shown('sport', `${name} sport`, range), ...shown('dport', `${name} dport`, range)];
    case 'multiport':
      return [
        ...shown('sports', `${protocol} sport`, (list) => `{ ${range(list)} }`),
        ...shown('dports', `${protocol} dport`, (list) => `{ ${range(list)} }`),
      ];
    case 'addrtype':
      return [...shown('src-type', 'fib saddr type', lower), ...shown('dst-type', 'fib daddr type', lower)];
    case 'conntrack':
      return shown('ctstate', 'ct state', lower);
    case 'icmp':
      return shown('icmp-type', 'icmp type', (type) => (type === '8' ? 'echo-request' : type));
    case 'comment':
      return [];
    default:
      return [`xt match ${JSON.stringify(name)}`];
  }
}

function action({ name, values }: Option, given: readonly Option[]): Shown {
  const [target = ''] = values;
  const first = (option: string): string | undefined => given.find((one) => one.name === option)?.values[0];
  const xt = (text: string): Shown => ({ text, xtables: true });
  switch (target) {
    case 'ACCEPT':
    case 'DROP':
    case 'RETURN':
      return { text: target.toLowerCase(), xtables: false };
    case 'MASQUERADE': {
      const ports = first('to-ports');
      const random = given.some((one) => one.name === 'random-fully') ? ' fully-random' : '';
      return xt(`masquerade${ports === undefined ? '' : ` to :${ports}`}${random}`);
    }
    case 'DNAT':
      return xt(`dnat to ${first('to-destination') ?? ''}`);
    case 'SNAT':
      return xt(`snat to ${first('to-source') ?? ''}`);
    case 'REDIRECT':
      return xt(`redirect to :${first('to-ports') ?? ''}`);
    case 'REJECT': {
      const how = first('reject-with')?.replace(/^icmp-/, '');
      return xt(how === undefined || how === 'port-unreachable' ? 'reject' : `reject with icmp ${how}`);
    }
    case 'LOG': {
      const prefix = first('log-prefix');
      return xt(prefix === undefined ? 'log' : `log prefix ${JSON.stringify(prefix)}`);
    }
    default:
      // A chain; extensions are in capitals, too, but nobody calls a chain so.
      return /^(MARK|CONNMARK|CT|NOTRACK|NFLOG|TRACE|SET|TCPMSS|TPROXY)$/.test(target)
        ? xt(`xt target ${JSON.stringify(target)}`)
        : { text: `${name === 'g' ? 'goto' : 'jump'} ${target}`, xtables: false };
  }
}
