import type { Clock } from '../../../sim/clock';
import type { Random } from '../../../sim/random';
import type { Trace } from '../../../sim/trace';
import { formatIpv4 } from '../address';
import { protocolName, type Packet } from '../packet';
import type { FlowView, NetfilterAdmin } from '../types';
import { Table, emptyRuleSet, sortedChains, type Chain, type Change, type RuleSet } from './chain';
import { readCommandLine, type CommandLine, type Verb } from './command-line';
import { Conntrack, translate, type Connection } from './conntrack';
import { Edit } from './edit';
import { execute } from './execute';
import { listTable, specTable, spoken } from './list';
import { Recent } from './matches/recent';
import { restore, type RestoreOptions } from './restore';
import {
  accept,
  drop,
  ruleMatches,
  tableNames,
  isTableName,
  type Hook,
  type NatRequest,
  type Passage,
  type Rule,
  type Surroundings,
  type TableName,
  type Verdict,
} from './rule';
import { VERSION, saveTable } from './save';
import type { Problem } from './spec';

/** What the namespace tells its netfilter. */
export interface NetfilterHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly hostName: string;
  readonly id: number;
  addressType(address: number, device?: string): string;
  deviceAddress(device: string, destination: number): number | undefined;
  sysctlNumber(name: string): number | undefined;
}

type Tables = ReturnType<NetfilterAdmin['tables']>;

/** The four tables of a namespace, its connection tracking, and the five hooks the packet's walk calls. */
export class Netfilter implements NetfilterAdmin, Surroundings {
  readonly #host: NetfilterHost;
  readonly #tables = new Map<TableName, Table>();
  #conntrack: Conntrack | undefined;
  #recent: Map<string, Recent> | undefined;
  readonly #listeners = new Set<() => void>();
  #notifying = false;
  #snapshots: Map<string, { chain: Chain; version: number; view: Tables[number]['chains'][number] }> | undefined;
  readonly logged: string[] = [];
  /** The last `-C`, by its other words and where it stood among them. */
  #asked: { readonly at: number; readonly words: string; readonly command: CommandLine } | undefined;

  constructor(host: NetfilterHost) {
    this.#host = host;
  }

  /** False while there is no rule at all: the hooks cost nothing then. */
  get active(): boolean {
    return this.#tables.size > 0;
  }

  // ---- the packet's side ---------------------------------------------------------------------------------------

  /** Runs a hook's tables in order of priority over the packet. */
  run(hook: Hook, packet: Packet, input: string, output: string): Verdict {
    if (this.#tables.size === 0) return accept;
    const passage: Passage = { packet, hook, input, output, surroundings: this, chain: { state: undefined } };
    let verdict = accept;
    if (hook === 'PREROUTING' || hook === 'OUTPUT') {
      verdict = this.#table('raw', hook, passage);
      if (verdict.kind !== 'accept') return verdict;
      this.#conntrack?.track(packet);
    }
    verdict = this.#table('mangle', hook, passage);
    if (verdict.kind !== 'accept') return verdict;
    // Destination NAT stands before filter (−100), source NAT behind it (100).
    if (hook === 'PREROUTING' || hook === 'OUTPUT') {
      verdict = this.#nat('destination', hook, passage);
      if (verdict.kind !== 'accept') return verdict;
    }
    verdict = this.#table('filter', hook, passage);
    if (verdict.kind !== 'accept') return verdict;
    if (hook === 'POSTROUTING' || hook === 'INPUT') {
      verdict = this.#nat('source', hook, passage);
      if (verdict.kind === 'accept') this.#conntrack?.confirm(packet);
    }
    return verdict;
  }

  #table(name: TableName, hook: Hook, passage: Passage): Verdict {
    const table = this.#tables.get(name);
    const chain = table?.ruleSet.chains.get(hook);
    if (table === undefined || chain === undefined) return accept;
    const verdict = this.#chain(table, chain, passage, 0);
    if (this.#listeners.size > 0) this.#changed();
    if (verdict !== undefined) return verdict;
    table.counters(chain).countPolicy(passage.packet.length);
    if (chain.policy !== 'DROP') return accept;
    this.#record(table, chain, undefined, 'DROP', passage);
    return drop;
  }

  /** Undefined: the chain's end or RETURN. */
  #chain(table: Table, chain: Chain, passage: Passage, depth: number): Verdict | undefined {
    const rules = chain.rules;
    passage.chain = rules.length === 0 ? passage.chain : table.counters(chain);
    for (let index = 0; index < rules.length; index++) {
      const rule = rules[index];
      if (rule === undefined || !ruleMatches(rule, passage)) continue;
      const counters = table.counters(chain);
      counters.count(index, passage.packet.length);
      if (rule.target !== undefined) {
        const verdict = rule.target.run(passage);
        if (passage.packet.traced && verdict.kind !== 'return')
          this.#record(table, chain, rule, rule.target.name, passage);
        if (verdict.kind === 'continue') continue;
        return verdict.kind === 'return' ? undefined : verdict;
      }
      if (rule.jump === undefined) continue;
      const next = table.ruleSet.chains.get(rule.jump);
      // The kernel refuses loops when rules are loaded; here the depth bounds them.
      if (next === undefined || depth > 64) continue;
      const verdict = this.#chain(table, next, passage, depth + 1);
      if (verdict !== undefined) return verdict;
      if (rule.goto) return undefined;
      passage.chain = counters;
    }
    return undefined;
  }

  #nat(kind: 'source' | 'destination', hook: Hook, passage: Passage): Verdict {
    const { packet } = passage;
    const connection = packet.connection;
    if (connection === undefined || packet.ctState === 'INVALID' || packet.ctState === 'UNTRACKED') return accept;
    const done = kind === 'source' ? connection.sourceDone : connection.destinationDone;
    if (packet.ctState === 'NEW' && !packet.reply && !connection.confirmed && !done) {
      if (kind === 'source') connection.sourceDone = true;
      else connection.destinationDone = true;
      if (this.#tables.has('nat')) {
        const verdict = this.#table('nat', hook, passage);
        if (verdict.kind !== 'accept') return verdict;
        if (kind === 'source' && connection.destinationNat && !connection.sourceNat) this.#keepUnique(connection);
      }
    }
    translate(packet, kind);
    return accept;
  }

  // Flows to different addresses may meet at one backend with the same source port; the later gets another one.
  #keepUnique(connection: Connection): void {
    if (this.#conntrack?.taken(connection.reply) === true) {
      this.#conntrack.bind(connection, { kind: 'source', address: undefined, port: undefined });
    }
  }

  #record(table: Table, chain: Chain, rule: Rule | undefined, verb: string, { packet, hook }: Passage): void {
    if (!packet.traced) return;
    const { trace, hostName, id } = this.#host;
    trace.record('netfilter', verb, `${table.ruleSet.name}/${chain.name}`, {
      host: hostName,
      namespace: id,
      hook,
      rule: rule?.text ?? `policy ${chain.policy ?? ''}`,
      packet: packetText(packet),
    });
  }

  // ---- what rules may ask ----------------------------------------------------------------------------------------

  now(): number {
    return this.#host.clock.now;
  }

  random(): number {
    return this.#host.random.uint31();
  }

  addressType(address: number, device?: string): string {
    return this.#host.addressType(address, device);
  }

  recent(name: string): Recent {
    const lists = (this.#recent ??= new Map());
    let list = lists.get(name);
    if (list === undefined) lists.set(name, (list = new Recent()));
    return list;
  }

  masqueradeAddress(device: string, destination: number): number | undefined {
    return this.#host.deviceAddress(device, destination);
  }

  bindNat(connection: Connection, _packet: Packet, request: NatRequest): boolean {
    return this.#conntrack?.bind(connection, request) ?? false;
  }

  log(line: string): void {
    this.logged.push(line);
    if (this.logged.length > 1000) this.logged.splice(0, 500);
  }

  // ---- the administrator's side ------------------------------------------------------------------------------------

  ruleSet(name: TableName): RuleSet | undefined {
    return this.#tables.get(name)?.ruleSet;
  }

  commit(name: TableName, change: Change): void {
    let table = this.#tables.get(name);
    if (table === undefined) {
      table = new Table(emptyRuleSet(name));
      // Kept in the order iptables-save has them.
      this.#tables.set(name, table);
      const all = [...this.#tables.entries()].sort(
        ([left], [right]) => tableNames.indexOf(left) - tableNames.indexOf(right),
      );
      this.#tables.clear();
      for (const [key, value] of all) this.#tables.set(key, value);
    }
    table.apply(change);
    if (change.ruleSet.needsConntrack && this.#conntrack === undefined) {
      const { clock, random } = this.#host;
      this.#conntrack = new Conntrack(clock, random, (key) =>
        this.#host.sysctlNumber(`net.netfilter.nf_conntrack_${key}`),
      );
    }
    this.#changed();
  }

  restore(text: string, options: RestoreOptions = {}): ReturnType<typeof restore> {
    return restore(text, options, this);
  }

  command(args: readonly string[]): { readonly code: number; readonly stdout: string; readonly stderr: string } {
    const command = this.#read(args);
    if (command === 'version') return { code: 0, stdout: `iptables ${VERSION}\n`, stderr: '' };
    if (command === 'help') return { code: 0, stdout: `iptables ${VERSION}\n\n${usage}`, stderr: '' };
    if ('code' in command) return failed(command);
    const { table: name, chain, verb, number, verbose } = command;
    const edit = new Edit(name, this.ruleSet(name));
    if (verb === 'L' || verb === 'S') {
      if (chain !== undefined && !edit.has(chain)) {
        return failed(
          { code: 1, text: `chain \`${chain}' in table \`${name}' is incompatible, use 'nft' tool.` },
          true,
        );
      }
      const table = this.#tables.get(name) ?? new Table(emptyRuleSet(name));
      const stdout = verb === 'S' ? specTable(table, verbose, chain, number) : listTable(table, command, chain, number);
      return { code: 0, stdout, stderr: '' };
    }
    const problem = execute(edit, command) ?? edit.check();
    if (problem !== undefined) return failed(problem);
    const stdout = verbose ? spoken(command, this.ruleSet(name) ?? emptyRuleSet(name)) : '';
    if (verb !== 'C') this.commit(name, edit.finish());
    return { code: 0, stdout, stderr: '' };
  }

  /**
   * Who manages rules asks whether one is there (`-C`) before each change: then the same words come again, and are not
   * read again. Once only, as what matches remember hangs on the rule.
   */
  #read(args: readonly string[]): ReturnType<typeof readCommandLine> {
    const at = args.findIndex((word) => asking.has(word));
    const verb = asking.get(args[at] ?? '');
    if (verb === undefined) return readCommandLine(args);
    const words = args.filter((_, index) => index !== at).join('\0');
    const asked = this.#asked;
    this.#asked = undefined;
    if (asked?.at === at && asked.words === words) return { ...asked.command, verb };
    const command = readCommandLine(args);
    if (verb === 'C' && typeof command === 'object' && 'verb' in command) this.#asked = { at, words, command };
    return command;
  }

  save({ table, counters = false }: { readonly table?: string; readonly counters?: boolean } = {}): string {
    const text = (content: Table): string => saveTable(content, this.#host.clock.now, counters);
    if (table === undefined) return [...this.#tables.values()].map(text).join('');
    // A table that is asked for by name and is not there is shown as it would be if it were.
    return isTableName(table) ? text(this.#tables.get(table) ?? new Table(emptyRuleSet(table))) : '';
  }

  tables(): Tables {
    const snapshots = (this.#snapshots ??= new Map());
    return [...this.#tables.values()].map((table) => ({
      name: table.ruleSet.name,
      chains: sortedChains(table.ruleSet).map((chain) => {
        const key = `${table.ruleSet.name}/${chain.name}`;
        const counters = table.peek(chain.name);
        const version = counters?.version ?? -1;
        const known = snapshots.get(key);
        if (known?.chain === chain && known.version === version) return known.view;
        const view = {
          name: chain.name,
          policy: chain.policy,
          rules: chain.rules.map(({ text }, index) => ({
            text,
            packets: counters?.packets(index) ?? 0,
            bytes: counters?.bytes(index) ?? 0,
          })),
        };
        snapshots.set(key, { chain, version, view });
        return view;
      }),
      created: [...table.ruleSet.chains.keys()],
    }));
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    if (this.#notifying || this.#listeners.size === 0) return;
    this.#notifying = true;
    this.#host.clock.setTimer(
      0,
      () => {
        this.#notifying = false;
        for (const listener of [...this.#listeners]) listener();
      },
      { background: true },
    );
  }

  conntrack(): readonly string[] {
    return this.#conntrack?.list() ?? [];
  }

  deleteConntrack(fits: (flow: FlowView) => boolean): number {
    return this.#conntrack?.delete(({ original, reply }) => fits(flowView(original, reply))) ?? 0;
  }

  hasTable(name: string): boolean {
    return isTableName(name) && this.#tables.has(name);
  }
}

const flowView = (original: Connection['original'], reply: Connection['reply']): FlowView => ({
  protocol: protocolName(original.protocol),
  source: formatIpv4(original.source),
  destination: formatIpv4(original.destination),
  sourcePort: original.sourcePort,
  destinationPort: original.destinationPort,
  replySource: formatIpv4(reply.source),
  replyDestination: formatIpv4(reply.destination),
  replySourcePort: reply.sourcePort,
  replyDestinationPort: reply.destinationPort,
});

/** `tcp 10.244.1.3:40312 → 10.96.0.10:53` */
export function packetText({ protocol, source, sourcePort, destination, destinationPort }: Packet): string {
  const ports = protocol !== 1;
  const from = formatIpv4(source) + (ports ? `:${sourcePort}` : '');
  return `${protocolName(protocol)} ${from} → ${formatIpv4(destination)}${ports ? `:${destinationPort}` : ''}`;
}

/** Verbs behind which a chain and the words of a rule come. */
const asking: ReadonlyMap<string, Verb> = new Map([
  ['-A', 'A'],
  ['-C', 'C'],
  ['-D', 'D'],
  ['-I', 'I'],
]);

const usage = `Usage: iptables -[ACD] chain rule-specification [options]
       iptables -I chain [rulenum] rule-specification [options]
       iptables -R chain rulenum rule-specification [options]
       iptables -D chain rulenum [options]
       iptables -[LS] [chain [rulenum]] [options]
       iptables -[FZ] [chain] [options]
       iptables -[NX] chain
       iptables -E old-chain-name new-chain-name
       iptables -P chain target [options]
       iptables -h (print this help information)
`;

function failed({ code, text }: Problem, versioned = false): { code: number; stdout: string; stderr: string } {
  const help = "Try `iptables -h' or 'iptables --help' for more information.\n";
  const stderr = versioned
    ? `iptables ${VERSION}: ${text}\n`
    : code === 1
      ? `iptables: ${text}\n`
      : code === 4
        ? `iptables ${VERSION}:  ${text}\n`
        : code === 3
          ? `iptables ${VERSION}: ${text}\n`
          : text.startsWith('Bad argument')
            ? `${text}\n${help}`
            : `iptables ${VERSION}: ${text}\n${help}`;
  return { code, stdout: '', stderr };
}
