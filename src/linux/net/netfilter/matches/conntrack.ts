import type { Packet } from '../../packet';
import { err, find, ok, one, type MatchExtension } from '../extension';

/** In the order iptables prints them. */
const order = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED', 'UNTRACKED', 'SNAT', 'DNAT'];

function stateMatch(name: 'conntrack' | 'state', option: string): MatchExtension {
  return {
    name,
    options: one(option, ...(name === 'conntrack' ? ['ctdir', 'ctorigdst', 'ctorigdstport'] : [])),
    make(given) {
      const states = find(given, option);
      const direction = find(given, 'ctdir');
      if (states === undefined && direction === undefined) {
        return err(`${name}: At least one option is required`);
      }
      const wanted = new Set((states?.value ?? '').split(',').filter((word) => word !== ''));
      for (const word of wanted) if (!order.includes(word)) return err(`Bad ctstate "${word}"`);
      const not = states?.not ?? false;
      const text = order.filter((word) => wanted.has(word)).join(',');
      const snat = wanted.has('SNAT');
      const dnat = wanted.has('DNAT');
      const reply = direction?.value === 'REPLY';
      const saves = [
        ...(states === undefined ? [] : [`${not ? '! ' : ''}--${option} ${text}`]),
        ...(direction === undefined ? [] : [`--ctdir ${direction.value}`]),
      ];
      const lists = [
        ...(states === undefined ? [] : [`${not ? '! ' : ''}${option} ${text}`]),
        ...(direction === undefined ? [] : [`ctdir ${direction.value}`]),
      ];
      return ok({
        name,
        save: saves.join(' '),
        list: lists.join(' '),
        needsConntrack: true,
        test: ({ packet }: { readonly packet: Packet }) => {
          if (direction !== undefined && packet.reply !== reply) return false;
          if (states === undefined) return true;
          const hit =
            (packet.ctState !== undefined && wanted.has(packet.ctState)) ||
            (snat && packet.connection?.sourceNat === true) ||
            (dnat && packet.connection?.destinationNat === true);
          return hit !== not;
        },
      });
    },
  };
}

export const conntrack = stateMatch('conntrack', 'ctstate');
export const state = stateMatch('state', 'state');
