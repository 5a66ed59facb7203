import { formatIpv4, maskLength } from '../address';
import {
  references,
  sortedChains,
  type Chain,
  type ChainCounters,
  type Counted,
  type RuleSet,
  type Table,
} from './chain';
import type { CommandLine } from './command-line';
import { protocolText } from './names';
import type { DeviceMatch, Rule } from './rule';

export interface ListOptions {
  readonly numeric: boolean;
  readonly verbose: boolean;
  readonly exact: boolean;
  readonly lineNumbers: boolean;
}

/** `iptables -L` of a table or one of its chains or rules. */
export function listTable(table: Table, options: ListOptions, chainName?: string, number?: number): string {
  const counts = references(table.ruleSet);
  const shown = sortedChains(table.ruleSet).filter(({ name }) => chainName === undefined || name === chainName);
  const texts = shown.map(({ name, policy, rules }) => {
    const counters = table.peek(name);
    const lines = rules.map((rule, index) => ruleLine(rule, index, counters, options));
    if (number !== undefined) return lines[number - 1] ?? '';
    const volume = options.verbose
      ? ` ${counter(counters?.policyPackets ?? 0, options)} packets, ${counter(counters?.policyBytes ?? 0, options)} bytes`
      : '';
    const title = policy === undefined ? `(${counts.get(name) ?? 0} references)` : `(policy ${policy}${volume})`;
    return `Chain ${name} ${title}\n${heading(options)}\n${lines.join('')}`;
  });
  return texts.join('\n');
}

function heading({ lineNumbers, verbose, exact }: ListOptions): string {
  const words = [
    ...(lineNumbers ? ['num '] : []),
    ...(verbose ? [exact ? '    pkts      bytes' : ' pkts bytes'] : []),
    'target     prot opt',
    ...(verbose ? ['in     out    '] : []),
    'source               destination         ',
  ];
  return words.join(' ');
}

// xtables_print_num: five digits, then K, M, G, T by thousands.
function counter(value: number, { exact }: ListOptions): string {
  if (exact || value <= 99999) return String(value);
  let scaled = Math.round(value / 1000);
  for (const unit of ['K', 'M', 'G']) {
    if (scaled <= 9999) return `${scaled}${unit}`;
    scaled = Math.round(scaled / 1000);
  }
  return `${scaled}T`;
}

function column(value: number, width: number, options: ListOptions): string {
  const text = counter(value, options);
  if (options.exact) return `${text.padStart(width + 3)} `;
  return /\d$/.test(text) ? `${text.padStart(width)} ` : `${text.padStart(width)} `;
}

const device = (match: DeviceMatch | undefined, numeric: boolean): string =>
  match === undefined ? (numeric ? '*' : 'any') : `${match.not ? '!' : ''}${match.name}${match.prefix ? '+' : ''}`;

function address(value: number, mask: number, numeric: boolean): string {
  if (mask === 0) return numeric ? '0.0.0.0/0' : 'anywhere';
  const length = maskLength(mask);
  return formatIpv4(value) + (length === 32 ? '' : `/${length ?? formatIpv4(mask)}`);
}

export const targetName = ({ target, jump }: Rule): string => target?.listName ?? target?.name ?? jump ?? '';

/** Matches and the target's options, each with a blank before. */
export function detailText({ matches, target, goto }: Rule, numeric: boolean): string {
  const parts = matches.map((match) => ` ${(numeric ? match.listNumeric : undefined) ?? match.list}`);
  const list = (numeric ? target?.listNumeric : undefined) ?? target?.list ?? '';
  return `${goto ? '[goto] ' : ''}${parts.join('')}${list === '' ? '' : ` ${list}`}`;
}

function ruleLine(rule: Rule, index: number, counters: ChainCounters | undefined, options: ListOptions): string {
  const { numeric, verbose, lineNumbers } = options;
  const count: Counted = { packets: counters?.packets(index) ?? 0, bytes: counters?.bytes(index) ?? 0 };
  const protocol = numeric ? String(rule.protocol) : rule.protocol === 0 ? 'all' : protocolText(rule.protocol);
  return [
    lineNumbers ? `${String(index + 1).padEnd(4)} ` : '',
    verbose ? column(count.packets, 5, options) + column(count.bytes, 5, options) : '',
    `${targetName(rule).padEnd(9)} `,
    `${rule.notProtocol ? '!' : ' '}${protocol.padEnd(4)} `,
    rule.fragment ? '-f ' : '-- ',
    verbose ? ` ${device(rule.input, numeric).padEnd(6)} ${device(rule.output, numeric).padEnd(6)} ` : '',
    `${rule.notSource ? '!' : ' '}${address(rule.source, rule.sourceMask, numeric).padEnd(19)} `,
    `${rule.notDestination ? '!' : ' '}${address(rule.destination, rule.destinationMask, numeric).padEnd(19)} `,
    detailText(rule, numeric),
    '\n',
  ].join('');
}

/** `iptables -S`: the rules as commands; with `-v` counters stand before the target. */
export function specTable(table: Table, verbose: boolean, chainName?: string, number?: number): string {
  const shown = sortedChains(table.ruleSet).filter(({ name }) => chainName === undefined || name === chainName);
  const lines: string[] = [];
  for (const { name, policy } of number === undefined ? shown : []) {
    const counters = table.peek(name);
    const counted =
      verbose && policy !== undefined ? ` -c ${counters?.policyPackets ?? 0} ${counters?.policyBytes ?? 0}` : '';
    lines.push(policy === undefined ? `-N ${name}` : `-P ${name} ${policy}${counted}`);
  }
  for (const { name, rules } of shown) {
    const counters = table.peek(name);
    rules.forEach(({ start, ending }, index) => {
      if (number !== undefined && index !== number - 1) return;
      const counted = verbose ? `-c ${counters?.packets(index) ?? 0} ${counters?.bytes(index) ?? 0}` : '';
      lines.push(['-A', name, start, counted, ending].filter((word) => word !== '').join(' '));
    });
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** What a changing command says with `-v`, looking at the rules before it. */
export function spoken({ verb, chain, number, rules }: CommandLine, before: RuleSet): string {
  const names = (all: readonly Chain[]): readonly string[] =>
    all.map(({ name }) => name).filter((name) => chain === undefined || name === chain);
  const lines =
    verb === 'F'
      ? names(sortedChains(before)).map((name) => `Flushing chain \`${name}'`)
      : verb === 'X'
        ? names(sortedChains(before).filter(({ policy }) => policy === undefined)).map(
            (name) => `Deleting chain \`${name}'`,
          )
        : 'ACIR'.includes(verb) || (verb === 'D' && number === undefined)
          ? rules.map(inlineRule)
          : [];
  return lines.map((line) => `${line}\n`).join('');
}

// print_firewall with FMT_INLINE.
function inlineRule(rule: Rule): string {
  const protocol = rule.protocol === 0 ? 'all' : protocolText(rule.protocol);
  return [
    targetName(rule),
    ` ${rule.notProtocol ? '!' : ' '}${protocol}`,
    ` opt ${rule.fragment ? '-f' : '--'}`,
    ` in ${device(rule.input, true)} out ${device(rule.output, true)}`,
    ` ${rule.notSource ? '!' : ' '}${address(rule.source, rule.sourceMask, true)} `,
    ` -> ${rule.notDestination ? '!' : ''}${address(rule.destination, rule.destinationMask, true)} `,
    ` ${detailText(rule, true)}`,
  ]
    .join('')
    .trimEnd();
}
