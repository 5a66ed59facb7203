import type { Passage } from '../rule';
import { formatIpv4, netmask, parseIpv4 } from '../../address';
import { err, find, none, ok, one, unsigned, type MatchExtension } from '../extension';

/** A list of addresses with the times they were seen: /proc/net/xt_recent/NAME. Outlives the rules that name it. */
export class Recent {
  readonly #stamps = new Map<number, number[]>();

  /** When the address was seen, oldest first; undefined if it is not in the list. */
  get(address: number): readonly number[] | undefined {
    return this.#stamps.get(address);
  }

  see(address: number, now: number): void {
    const stamps = this.#stamps.get(address) ?? [];
    stamps.push(now);
    // ip_pkt_list_tot is 20.
    if (stamps.length > 20) stamps.shift();
    this.#stamps.set(address, stamps);
  }

  delete(address: number): void {
    this.#stamps.delete(address);
  }

  /** --reap: drops the oldest entry if it is out of time. */
  reap(before: number): void {
    for (const [address, stamps] of this.#stamps) {
      if ((stamps.at(-1) ?? 0) < before) this.#stamps.delete(address);
    }
  }
}

const modes = ['set', 'rcheck', 'update', 'remove'] as const;

export const recent: MatchExtension = {
  name: 'recent',
  options: { ...none(...modes, 'rsource', 'rdest', 'rttl', 'reap'), ...one('name', 'mask', 'seconds', 'hitcount') },
  make(given) {
    const mode = modes.find((name) => find(given, name) !== undefined);
    if (mode === undefined) {
      return err("recent: you must specify one of `--set', `--rcheck' `--update' or `--remove'");
    }
    const not = find(given, mode)?.not ?? false;
    const seconds = unsigned(find(given, 'seconds')?.value ?? '0');
    const hits = unsigned(find(given, 'hitcount')?.value ?? '0');
    const maskText = find(given, 'mask')?.value ?? '255.255.255.255';
    const mask = parseIpv4(maskText) ?? netmask(32);
    const name = find(given, 'name')?.value ?? 'DEFAULT';
    const reap = find(given, 'reap') !== undefined;
    const byDestination = find(given, 'rdest') !== undefined;
    if (seconds === undefined || hits === undefined) return err('recent: Bad value for "--seconds" option');
    if (reap && seconds === 0) return err('recent: option "--reap" also requires "--seconds".');
    const options = [
      `${not ? '! ' : ''}--${mode}`,
      ...(seconds === 0 ? [] : [`--seconds ${seconds}`]),
      ...(reap ? ['--reap'] : []),
      ...(hits === 0 ? [] : [`--hitcount ${hits}`]),
      ...(find(given, 'rttl') === undefined ? [] : ['--rttl']),
      `--name ${name}`,
      `--mask ${formatIpv4(mask)}`,
      byDestination ? '--rdest' : '--rsource',
    ];
    const words = [
      `${not ? '! ' : ''}recent: ${mode === 'rcheck' ? 'CHECK' : mode.toUpperCase()}`,
      ...(seconds === 0 ? [] : [`seconds: ${seconds}`]),
      ...(reap ? ['reap'] : []),
      ...(hits === 0 ? [] : [`hit_count: ${hits}`]),
      `name: ${name} side: ${byDestination ? 'dest' : 'source'} mask: ${formatIpv4(mask)}`,
    ];
    return ok({
      name: 'recent',
      save: options.join(' '),
      list: words.join(' '),
      // recent_mt: set always fits; the others fit if the address was seen often and lately enough.
      test: ({ packet, surroundings }: Passage) => {
        const list = surroundings.recent(name);
        const address = ((byDestination ? packet.destination : packet.source) & mask) >>> 0;
        const now = surroundings.now();
        if (mode === 'set') {
          list.see(address, now);
          return !not;
        }
        const after = seconds === 0 ? 0 : now - seconds * 1000;
        const stamps = list.get(address);
        const hit = stamps !== undefined && stamps.filter((at) => at >= after).length >= Math.max(1, hits);
        if (mode === 'remove' && stamps !== undefined) list.delete(address);
        if (mode === 'update' && hit) list.see(address, now);
        if (reap) list.reap(after);
        return (mode === 'remove' ? stamps !== undefined : hit) !== not;
      },
    });
  },
};
