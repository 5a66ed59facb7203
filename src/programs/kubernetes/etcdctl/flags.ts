import type { Process } from '../../../linux/process/types';

/** Flags that take a value; every other one is a boolean. */
const valued = new Set(
  (
    'endpoints cacert cert key user password write-out command-timeout dial-timeout rev limit order sort-by ' +
    'data-dir name initial-cluster initial-cluster-token initial-advertise-peer-urls wal-dir lease from-key bump-revision ' +
    'skip-hash-check keepalive-time keepalive-timeout consistency peer-urls'
  ).split(' '),
);
const booleans = new Set(
  (
    'prefix keys-only print-value-only count-only prev-kv hex insecure-transport insecure-skip-tls-verify debug cluster ' +
    'help interactive once keys ignore-value ignore-lease physical mark-compacted learner progress-notify skip-hash-check from-key'
  ).split(' '),
);
const letters: Readonly<Record<string, string>> = { w: 'write-out', i: 'interactive', h: 'help' };

export interface Line {
  readonly flags: ReadonlyMap<string, string>;
  readonly operands: readonly string[];
}

/** A command line as cobra reads it: flags anywhere, and ETCDCTL_* where a flag is not given. */
export function parseLine({ args, env }: Pick<Process, 'args' | 'env'>): Line | { readonly error: string } {
  const flags = new Map<string, string>();
  for (const [name, value] of env) {
    const match = /^ETCDCTL_([A-Z_]+)$/.exec(name);
    if (match?.[1] !== undefined && match[1] !== 'API') flags.set(match[1].toLowerCase().replaceAll('_', '-'), value);
  }
  const operands: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const short = /^-([a-z])=?(.*)$/s.exec(arg);
    const long = /^--([\w-]+)(?:=(.*))?$/s.exec(arg);
    if (arg === '--') {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (long === null && (short === null || arg === '-')) {
      operands.push(arg);
      continue;
    }
    const name = long?.[1] ?? letters[short?.[1] ?? ''];
    const given = long === null ? short?.[2] || undefined : long[2];
    if (name === undefined) return { error: `unknown shorthand flag: '${short?.[1] ?? ''}' in ${arg}` };
    if (!valued.has(name) && !booleans.has(name)) return { error: `unknown flag: --${name}` };
    if (booleans.has(name)) flags.set(name, given ?? 'true');
    else {
      const value = given ?? args[++at];
      if (value === undefined) return { error: `flag needs an argument: ${arg}` };
      flags.set(name, value);
    }
  }
  return { flags, operands };
}
