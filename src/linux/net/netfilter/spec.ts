import { netmask, parseIpv4, formatIpv4, maskLength } from '../address';
import type { Extension, Given, OptionSpec } from './extension';
import { unsigned } from './extension';
import { matches } from './matches';
import { protocolNumber, protocolText } from './names';
import type { DeviceMatch, Match, Rule, TableName, Target } from './rule';
import { targets } from './targets';

/** A command line iptables will not have: what it prints after its name and version, and its exit status. */
export interface Problem {
  /** 1: the kernel said no; 2: bad words; 3: no such table; 4: the kernel's transaction failed. */
  readonly code: 1 | 2 | 3 | 4;
  readonly text: string;
}
/** What iptables says to DROP in the nat table. */
export const noFiltering =
  '\nThe "nat" table is not intended for filtering, the use of DROP is therefore inhibited.\n\n';

export const badParameter = (text: string): Problem => ({
  code: 2,
  // Of libxtables' own checks this one ends its line twice.
  text: /^\w+: option "--[^"]*" must be specified$/.test(text) ? `${text}\n` : text,
});

interface Address {
  readonly address: number;
  readonly mask: number;
  readonly not: boolean;
}

interface Loaded<Made> {
  readonly extension: Extension<Made>;
  readonly given: Given[];
}

const short: Readonly<Record<string, string>> = {
  '-s': 'source',
  '--source': 'source',
  '--src': 'source',
  '-d': 'destination',
  '--destination': 'destination',
  '--dst': 'destination',
  '-p': 'protocol',
  '--protocol': 'protocol',
  '--proto': 'protocol',
  '-i': 'in-interface',
  '--in-interface': 'in-interface',
  '-o': 'out-interface',
  '--out-interface': 'out-interface',
  '-j': 'jump',
  '--jump': 'jump',
  '-g': 'goto',
  '--goto': 'goto',
  '-m': 'match',
  '--match': 'match',
  '-f': 'fragment',
  '--fragment': 'fragment',
  '-c': 'counters',
  '--set-counters': 'counters',
};

/** Reads the part of a command line that describes a rule, word by word (do_parse in xshared.c). */
export class SpecReader {
  #sources: readonly Address[] | undefined;
  #destinations: readonly Address[] | undefined;
  #protocol: { readonly number: number; readonly not: boolean } | undefined;
  #input: DeviceMatch | undefined;
  #output: DeviceMatch | undefined;
  #fragment = false;
  #jump: { readonly name: string; readonly goto: boolean } | undefined;
  #target: Loaded<Target> | undefined;
  readonly #matches: Loaded<Match>[] = [];
  counters: { readonly packets: number; readonly bytes: number } | undefined;
  /** `-i` was given, for checks against the chain. */
  get input(): boolean {
    return this.#input !== undefined;
  }
  get output(): boolean {
    return this.#output !== undefined;
  }

  constructor(readonly table: TableName) {}

  /** Takes the option at `at` with its values; the next position or what is wrong. */
  take(words: readonly string[], at: number): number | Problem {
    let not = false;
    let word = words[at] ?? '';
    if (word === '!') {
      not = true;
      word = words[++at] ?? '';
    }
    // `-ptcp` and `--dport=80` are one word each.
    let attached: string | undefined;
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    if (equals > 0) {
      attached = word.slice(equals + 1);
      word = word.slice(0, equals);
    } else if (/^-[sdpiojgmc]./.test(word)) {
      attached = word.slice(2);
      word = word.slice(0, 2);
    }
    const general = short[word];
    if (general !== undefined) return this.#general(general, word, not, attached, words, at);
    if (!word.startsWith('-') || word.length < 2) return { code: 2, text: `Bad argument \`${words[at] ?? ''}'` };
    return this.#extended(word, not, attached, words, at);
  }

  #general(
    option: string,
    word: string,
    not: boolean,
    attached: string | undefined,
    words: readonly string[],
    at: number,
  ): number | Problem {
    if (option === 'fragment') {
      this.#fragment = true;
      return at + 1;
    }
    const value = attached ?? words[at + 1];
    const next = attached === undefined ? at + 2 : at + 1;
    if (value === undefined) return badParameter(`option "${word}" requires an argument`);
    const letter = word.startsWith('--') ? word : word;
    switch (option) {
      case 'source':
      case 'destination': {
        if ((option === 'source' ? this.#sources : this.#destinations) !== undefined) {
          return badParameter(`multiple ${letter} flags not allowed`);
        }
        const parsed: Address[] = [];
        for (const part of value.split(',')) {
          const address = parseMaskedAddress(part, not);
          if (typeof address === 'string') return badParameter(address);
          parsed.push(address);
        }
        if (not && parsed.length > 1)
          return badParameter('! not allowed with multiple source or destination IP addresses');
        if (option === 'source') this.#sources = parsed;
        else this.#destinations = parsed;
        return next;
      }
      case 'protocol': {
        if (this.#protocol !== undefined) return badParameter(`multiple ${letter} flags not allowed`);
        const number = protocolNumber(value);
        if (number === undefined) return badParameter(`unknown protocol "${value}" specified`);
        if (number === 0 && not) return badParameter('rule would never match protocol');
        this.#protocol = { number, not };
        return next;
      }
      case 'in-interface':
      case 'out-interface': {
        if (value.length > 15) {
          return badParameter(`interface name \`${value}' must be shorter than IFNAMSIZ (15)`);
        }
        const device = { not, name: value.replace(/\+$/, ''), prefix: value.endsWith('+') };
        if (option === 'in-interface') this.#input = device;
        else this.#output = device;
        return next;
      }
      case 'jump':
      case 'goto': {
        if (this.table === 'nat' && value === 'DROP') return badParameter(noFiltering);
        if (not) return badParameter(`cannot have ! before ${word}`);
        if (this.#jump !== undefined) return badParameter(`multiple ${letter} flags not allowed`);
        this.#jump = { name: value, goto: option === 'goto' };
        const extension = option === 'goto' ? undefined : targets.get(value);
        if (extension !== undefined) this.#target = { extension, given: [] };
        return next;
      }
      case 'match': {
        if (not) return badParameter('unexpected ! flag before --match');
        const extension = matches.get(value);
        if (extension === undefined) {
          return badParameter(`Couldn't load match \`${value}':No such file or directory\n`);
        }
        this.#matches.push({ extension, given: [] });
        return next;
      }
      default: {
        const bytesText = words[next];
        if (bytesText === undefined) return badParameter('-c requires packet and byte counter');
        const packets = unsigned(value, Number.MAX_SAFE_INTEGER);
        const bytes = unsigned(bytesText, Number.MAX_SAFE_INTEGER);
        if (packets === undefined || bytes === undefined) return badParameter(`${word} packet counter not numeric`);
        this.counters = { packets, bytes };
        return next + 1;
      }
    }
  }

  #extended(
    word: string,
    not: boolean,
    attached: string | undefined,
    words: readonly string[],
    at: number,
  ): number | Problem {
    const name = word.replace(/^--?/, '');
    let found = this.#lookup(name);
    if (found === undefined && this.#protocol !== undefined && !this.#protocol.not) {
      // `-p tcp --dport 80` loads the protocol's match by itself, once.
      const extension = matches.get(protocolText(this.#protocol.number));
      if (extension !== undefined && !this.#matches.some((loaded) => loaded.extension === extension)) {
        this.#matches.push({ extension, given: [] });
        found = this.#lookup(name);
      }
    }
    if (found === undefined) return badParameter(`unknown option "${word}"`);
    const { loaded, spec, option } = found;
    let next = at + 1;
    let value = attached ?? '';
    if (spec.values > 0 && attached === undefined) {
      const given = words[next++];
      if (given === undefined) return badParameter(`option "${word}" requires an argument`);
      value = given;
    }
    let second: string | undefined;
    if (spec.values === 2) {
      second = words[next++];
      if (second === undefined) return badParameter(`${option} requires two args.`);
    }
    const base = { not, name: spec.as ?? option, value };
    loaded.given.push(second === undefined ? base : { ...base, second });
    return next;
  }

  #lookup(
    name: string,
  ):
    | { readonly loaded: Loaded<Target> | Loaded<Match>; readonly spec: OptionSpec; readonly option: string }
    | undefined {
    const all = this.#target === undefined ? this.#matches : [this.#target, ...this.#matches];
    // The module loaded last has the first say, as its options stand last in getopt's table.
    for (const loaded of [...all].reverse()) {
      const spec = loaded.extension.options[name];
      if (spec !== undefined) return { loaded, spec, option: name };
    }
    for (const loaded of [...all].reverse()) {
      const option = Object.keys(loaded.extension.options).filter((candidate) => candidate.startsWith(name));
      const spec = option.length === 1 ? loaded.extension.options[option[0] ?? ''] : undefined;
      if (spec !== undefined) return { loaded, spec, option: option[0] ?? '' };
    }
    return undefined;
  }

  /** The rules described: several where `-s` or `-d` has several addresses. */
  finish(): readonly Rule[] | Problem {
    const protocol = this.#protocol?.not === true ? 0 : (this.#protocol?.number ?? 0);
    const context = { protocol, table: this.table };
    const made: Match[] = [];
    for (const { extension, given } of this.#matches) {
      if (extension.protocols !== undefined && !extension.protocols.includes(protocol)) {
        return badParameter(`${extension.name.toUpperCase()} match requires '-p ${extension.name}'`);
      }
      const match = extension.make(given, context);
      if (!match.ok) return badParameter(match.error);
      made.push(match.value);
    }
    let target: Target | undefined;
    if (this.#target !== undefined) {
      const result = this.#target.extension.make(this.#target.given, context);
      if (!result.ok) return badParameter(result.error);
      const tables = this.#target.extension.tables;
      target = tables === undefined ? result.value : { ...result.value, tables };
    }
    const any: Address = { address: 0, mask: 0, not: false };
    const rules: Rule[] = [];
    for (const source of this.#sources ?? [any]) {
      for (const destination of this.#destinations ?? [any]) rules.push(this.#rule(source, destination, made, target));
    }
    return rules;
  }

  #rule(source: Address, destination: Address, made: readonly Match[], target: Target | undefined): Rule {
    const words = [
      ...addressWords('-s', source),
      ...addressWords('-d', destination),
      ...deviceWords('-i', this.#input),
      ...deviceWords('-o', this.#output),
      ...(this.#protocol === undefined || this.#protocol.number === 0
        ? []
        : [`${this.#protocol.not ? '! ' : ''}-p ${protocolText(this.#protocol.number)}`]),
      ...(this.#fragment ? ['-f'] : []),
      ...made.map(({ name, save }) => (save === '' ? `-m ${name}` : `-m ${name} ${save}`)),
    ];
    const jump = this.#jump;
    const ending =
      jump === undefined
        ? ''
        : target === undefined
          ? `${jump.goto ? '-g' : '-j'} ${jump.name}`
          : `-j ${target.name}${target.save === '' ? '' : ` ${target.save}`}`;
    const start = words.join(' ');
    return {
      text: start === '' || ending === '' ? start + ending : `${start} ${ending}`,
      start,
      ending,
      source: source.address,
      sourceMask: source.mask,
      notSource: source.not,
      destination: destination.address,
      destinationMask: destination.mask,
      notDestination: destination.not,
      protocol: this.#protocol?.number ?? 0,
      notProtocol: this.#protocol?.not ?? false,
      input: this.#input,
      output: this.#output,
      matches: made,
      target,
      jump: target === undefined ? jump?.name : undefined,
      goto: jump?.goto ?? false,
      fragment: this.#fragment,
      needsConntrack: target?.needsConntrack === true || made.some((match) => match.needsConntrack === true),
    };
  }
}

const deviceWords = (option: string, device: DeviceMatch | undefined): readonly string[] =>
  device === undefined ? [] : [`${device.not ? '! ' : ''}${option} ${device.name}${device.prefix ? '+' : ''}`];

function addressWords(option: string, { address, mask, not }: Address): readonly string[] {
  if (mask === 0 && address === 0 && !not) return [];
  return [`${not ? '! ' : ''}${option} ${formatIpv4(address)}/${maskLength(mask) ?? formatIpv4(mask)}`];
}

function parseMaskedAddress(text: string, not: boolean): Address | string {
  const slash = text.indexOf('/');
  const host = slash < 0 ? text : text.slice(0, slash);
  // As inet_aton does it here, `10.1` is 10.1.0.0.
  const address = parseIpv4(host) ?? (/^\d+(\.\d+){0,2}$/.test(host) ? parseIpv4(padded(host)) : undefined);
  if (address === undefined) return `host/network \`${host}' not found`;
  const maskText = slash < 0 ? '32' : text.slice(slash + 1);
  const mask = /^\d+$/.test(maskText)
    ? Number(maskText) <= 32
      ? netmask(Number(maskText))
      : undefined
    : parseIpv4(maskText);
  if (mask === undefined) return `invalid mask \`${maskText}' specified`;
  return { address: (address & mask) >>> 0, mask, not };
}

const padded = (host: string): string => [...host.split('.'), '0', '0', '0'].slice(0, 4).join('.');
