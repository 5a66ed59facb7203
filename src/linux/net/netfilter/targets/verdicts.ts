import { err, find, ok, one, type TargetExtension } from '../extension';
import { accept, drop, returned, type Verdict } from '../rule';

const verdict = (name: string, value: Verdict): TargetExtension => ({
  name,
  options: {},
  make: () => ok({ name, save: '', list: '', run: () => value }),
});

export const ACCEPT = verdict('ACCEPT', accept);
export const DROP = verdict('DROP', drop);
export const RETURN = verdict('RETURN', returned);

/** What `--reject-with` takes, with aliases, and its ICMP code (type 3). */
const rejects: Readonly<Record<string, string>> = {
  'icmp-net-unreachable': 'icmp-net-unreachable',
  'net-unreach': 'icmp-net-unreachable',
  'icmp-host-unreachable': 'icmp-host-unreachable',
  'host-unreach': 'icmp-host-unreachable',
  'icmp-proto-unreachable': 'icmp-proto-unreachable',
  'proto-unreach': 'icmp-proto-unreachable',
  'icmp-port-unreachable': 'icmp-port-unreachable',
  'port-unreach': 'icmp-port-unreachable',
  'icmp-net-prohibited': 'icmp-net-prohibited',
  'net-prohib': 'icmp-net-prohibited',
  'icmp-host-prohibited': 'icmp-host-prohibited',
  'host-prohib': 'icmp-host-prohibited',
  'icmp-admin-prohibited': 'icmp-admin-prohibited',
  'admin-prohib': 'icmp-admin-prohibited',
  'tcp-reset': 'tcp-reset',
  'tcp-rst': 'tcp-reset',
};

export const REJECT: TargetExtension = {
  name: 'REJECT',
  options: one('reject-with'),
  tables: ['filter'],
  make(given, { protocol }) {
    const wanted = find(given, 'reject-with')?.value ?? 'icmp-port-unreachable';
    const reason = rejects[wanted];
    if (reason === undefined) return err(`unknown reject type "${wanted}"`);
    const value: Verdict = { kind: 'reject', with: reason };
    return ok({
      name: 'REJECT',
      save: `--reject-with ${reason}`,
      list: `reject-with ${reason}`,
      hooks: ['INPUT', 'FORWARD', 'OUTPUT'],
      // reject_tg_check: a reset needs `-p tcp`.
      invalid: reason === 'tcp-reset' && protocol !== 6,
      run: () => value,
    });
  },
};
