import { unsigned } from './extension';
import { tableHooks, isTableName, type Rule, type TableName } from './rule';
import { SpecReader, badParameter, noFiltering, type Problem } from './spec';

export type Verb = 'A' | 'C' | 'D' | 'I' | 'R' | 'L' | 'S' | 'F' | 'Z' | 'N' | 'X' | 'E' | 'P';

export interface CommandLine {
  readonly verb: Verb;
  readonly table: TableName;
  readonly chain: string | undefined;
  readonly number: number | undefined;
  /** Policy of -P, new name of -E. */
  readonly second: string | undefined;
  readonly rules: readonly Rule[];
  readonly counters: { readonly packets: number; readonly bytes: number } | undefined;
  readonly numeric: boolean;
  readonly verbose: boolean;
  readonly exact: boolean;
  readonly lineNumbers: boolean;
}

const verbs: Readonly<Record<string, Verb>> = {
  '--append': 'A',
  '--check': 'C',
  '--delete': 'D',
  '--insert': 'I',
  '--replace': 'R',
  '--list': 'L',
  '--list-rules': 'S',
  '--flush': 'F',
  '--zero': 'Z',
  '--new-chain': 'N',
  '--new': 'N',
  '--delete-chain': 'X',
  '--rename-chain': 'E',
  '--policy': 'P',
};
const shortVerbs = 'ACDIRLSFZNXEP';
/** Whose chain may be left out. */
const optionalChain = 'LSFZX';
const isVerb = (letter: string): letter is Verb => letter !== '' && shortVerbs.includes(letter);
const isOption = (word: string | undefined): boolean =>
  word === undefined || word === '!' || (word.startsWith('-') && word.length > 1);

const mayBundle = (word: string): boolean => word.length > 2 && word.startsWith('-') && !word.startsWith('--');

/** Separates bundled letters: `-vnL INPUT` is `-v -n -L INPUT`. */
function unbundle(words: readonly string[]): readonly string[] {
  if (!words.some(mayBundle)) return words;
  return words.flatMap((word) => {
    if (!mayBundle(word) || !/^-[nvxf46]*[A-Za-z]/.test(word)) return [word];
    const parts: string[] = [];
    let at = 1;
    while (at < word.length && 'nvxf46'.includes(word.charAt(at))) parts.push(`-${word.charAt(at++)}`);
    const letter = word.charAt(at);
    if (letter === '') return parts;
    const rest = word.slice(at + 1);
    if (isVerb(letter) || letter === 't') parts.push(`-${letter}`, ...(rest === '' ? [] : [rest]));
    else parts.push(`-${letter}${rest}`);
    return parts;
  });
}

/** Reads one iptables command line (do_parse in xshared.c); `table` is fixed inside iptables-restore. */
export function readCommandLine(
  given: readonly string[],
  fixed?: TableName,
): CommandLine | Problem | 'help' | 'version' {
  const words = unbundle(given);
  const tableAt = words.findIndex((word) => word === '-t' || word === '--table');
  const tableName = fixed ?? (tableAt < 0 ? 'filter' : words[tableAt + 1]);
  if (tableName === undefined) return badParameter(`option "${words[tableAt] ?? ''}" requires an argument`);
  if (!isTableName(tableName)) {
    return {
      code: 3,
      text: `table '${tableName}' does not exist\nPerhaps iptables or your kernel needs to be upgraded.`,
    };
  }
  const spec = new SpecReader(tableName);
  const flags = { numeric: false, verbose: false, exact: false, lineNumbers: false };
  let verb: Verb | undefined;
  let chain: string | undefined;
  let number: number | undefined;
  let second: string | undefined;
  for (let at = 0; at < words.length;) {
    const word = words[at] ?? '';
    const wanted = verbs[word] ?? (/^-.$/.test(word) && isVerb(word.charAt(1)) ? word.charAt(1) : undefined);
    if (wanted !== undefined && isVerb(wanted)) {
      if (verb !== undefined) return badParameter(`Cannot use -${wanted} with -${verb}`);
      verb = wanted;
      at++;
      const value = words[at];
      if (optionalChain.includes(verb)) {
        if (!isOption(value)) chain = words[at++];
      } else if (value === undefined) return badParameter(`option "${word}" requires an argument`);
      else {
        chain = value;
        at++;
      }
      const wantsNumber = 'LSZ'.includes(verb) ? chain !== undefined : 'DIR'.includes(verb);
      const digits = words[at];
      if (wantsNumber && digits !== undefined && /^\d+$/.test(digits)) {
        number = unsigned(digits);
        if (number === 0) return badParameter("Invalid rule number `0'");
        at++;
      } else if (verb === 'R') return badParameter('-R requires a rule number');
      if (verb === 'P' || verb === 'E') {
        if (isOption(digits)) {
          return badParameter(
            verb === 'P' ? '-P requires a chain and a policy' : '-E requires old-chain-name and new-chain-name',
          );
        }
        second = words[at++];
        if (verb === 'P' && tableName === 'nat' && second === 'DROP') return badParameter(noFiltering);
      }
      continue;
    }
    if (word === '-t' || word === '--table') {
      if (fixed !== undefined) return badParameter('The -t option cannot be used in iptables-restore.\n');
      at += 2;
    } else if (word === '-n' || word === '--numeric') {
      flags.numeric = true;
      at++;
    } else if (word === '-v' || word === '--verbose') {
      flags.verbose = true;
      at++;
    } else if (word === '-x' || word === '--exact') {
      flags.exact = true;
      at++;
    } else if (word === '--line-numbers' || word === '--line') {
      flags.lineNumbers = true;
      at++;
    } else if (word === '-w' || word === '--wait' || word === '-W' || word === '--wait-interval') {
      at += /^\d+$/.test(words[at + 1] ?? '') ? 2 : 1;
    } else if (word === '-4' || word === '--ipv4') at++;
    else if (word === '-h' || word === '--help') return 'help';
    else if (word === '-V' || word === '--version') return 'version';
    else {
      const next = spec.take(words, at);
      if (typeof next !== 'number') return next;
      at = next;
    }
  }
  if (verb === undefined) return badParameter('no command specified');
  const finished =
    'ACDIR'.includes(verb) && number === undefined ? spec.finish() : 'IR'.includes(verb) ? spec.finish() : [];
  if (!('length' in finished)) return finished;
  if (chain?.startsWith('-') === true || chain?.startsWith('!') === true) {
    return badParameter(`chain name not allowed to start with \`${chain.charAt(0)}'`);
  }
  if (chain !== undefined && chain.length > 28) {
    return badParameter(`chain name \`${chain}' too long (must be under 29 chars)`);
  }
  if (chain !== undefined && tableHooks[tableName].some((hook) => hook === chain)) {
    if (spec.input && (chain === 'OUTPUT' || chain === 'POSTROUTING'))
      return badParameter(`Can't use -i with ${chain}\n`);
    if (spec.output && (chain === 'INPUT' || chain === 'PREROUTING'))
      return badParameter(`Can't use -o with ${chain}\n`);
  }
  return { verb, table: tableName, chain, number, second, rules: finished, counters: spec.counters, ...flags };
}
