import { formatIpv4 } from '../../address';
import { protocolName } from '../../packet';
import { proceed, type Passage, type Verdict } from '../rule';
import { err, find, none, ok, one, quoted, unsigned, type TargetExtension } from '../extension';

const levels = ['emerg', 'alert', 'crit', 'error', 'warn', 'notice', 'info', 'debug'];
const levelAliases: Readonly<Record<string, string>> = { warning: 'warn', err: 'error', panic: 'emerg' };

/** Flags in the order they are printed, with their bits. */
const flagBits = [
  ['log-tcp-sequence', 1],
  ['log-tcp-options', 2],
  ['log-ip-options', 4],
  ['log-uid', 8],
  ['log-macdecode', 32],
] as const;

export const LOG: TargetExtension = {
  name: 'LOG',
  options: { ...one('log-level', 'log-prefix'), ...none(...flagBits.map(([name]) => name)) },
  make(given) {
    const levelText = find(given, 'log-level')?.value ?? 'warn';
    const level = unsigned(levelText, 7) ?? levels.indexOf(levelAliases[levelText] ?? levelText);
    if (level < 0) return err(`log level "${levelText}" unknown\n`);
    const prefix = find(given, 'log-prefix')?.value;
    if (prefix !== undefined && prefix.length > 29) return err('Maximum prefix length 29 for --log-prefix');
    const flags = flagBits.filter(([name]) => find(given, name) !== undefined);
    const bits = flags.reduce((sum, [, bit]) => sum | bit, 0);
    const saves = [
      ...(prefix === undefined ? [] : [`--log-prefix ${quoted(prefix)}`]),
      ...(level === 4 ? [] : [`--log-level ${level}`]),
      ...flags.map(([name]) => `--${name}`),
    ];
    const prefixed = prefix === undefined ? '' : ` prefix "${prefix}"`;
    const words = flags.map(([name]) => ` ${name.slice(4)}`).join('');
    return ok({
      name: 'LOG',
      save: saves.join(' '),
      list: `LOG level ${levels[level] ?? level}${words}${prefixed}`,
      listNumeric: `LOG flags ${bits} level ${level}${prefixed}`,
      run: ({ packet, input, output, surroundings }) => {
        surroundings.log(
          `${prefix ?? ''}IN=${input} OUT=${output} SRC=${formatIpv4(packet.source)} DST=${formatIpv4(packet.destination)} ` +
            `LEN=${packet.length} TOS=0x00 PREC=0x00 TTL=${packet.ttl} ID=0 DF PROTO=${protocolName(packet.protocol).toUpperCase()} ` +
            `SPT=${packet.sourcePort} DPT=${packet.destinationPort}`,
        );
        return proceed;
      },
    });
  },
};

const untracked = (passage: Passage): Verdict => {
  passage.packet.ctState = 'UNTRACKED';
  return proceed;
};

/** Saved under its own name and listed as what it is today, an alias of CT. */
export const NOTRACK: TargetExtension = {
  name: 'NOTRACK',
  options: {},
  tables: ['raw'],
  make: () => ok({ name: 'NOTRACK', listName: 'CT', save: '', list: 'NOTRACK', run: untracked }),
};

export const CT: TargetExtension = {
  name: 'CT',
  options: none('notrack'),
  tables: ['raw'],
  make: (given) =>
    given.length === 0
      ? err('CT: No operation specified')
      : ok({ name: 'CT', save: '--notrack', list: 'CT notrack', run: untracked }),
};

export const TRACE: TargetExtension = {
  name: 'TRACE',
  options: {},
  tables: ['raw'],
  make: () => ok({ name: 'TRACE', save: '', list: '', run: () => proceed }),
};

/** libxt_TCPMSS. Segments here have no option to rewrite: the path's MTU is one and the same. */
export const TCPMSS: TargetExtension = {
  name: 'TCPMSS',
  options: { ...none('clamp-mss-to-pmtu'), ...one('set-mss') },
  make(given) {
    const option = given[0];
    if (option === undefined) return err('TCPMSS: At least one parameter is required');
    const text = option.value === '' ? option.name : `${option.name} ${option.value}`;
    return ok({
      name: 'TCPMSS',
      save: `--${text}`,
      list: option.value === '' ? 'TCPMSS clamp to PMTU' : `TCPMSS set ${option.value}`,
      run: () => proceed,
    });
  },
};
