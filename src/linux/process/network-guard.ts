import { fail } from '../errno';
import type { NetworkAdmin } from '../net/types';
import type { Task } from './task';

/** What rtnetlink(7), netfilter and sysctls want CAP_NET_ADMIN for. */
const administers = new Set<PropertyKey>([
  'addBridge',
  'addDummy',
  'addVeth',
  'addCard',
  'deleteLink',
  'setUp',
  'setMaster',
  'setHairpin',
  'setMac',
  'moveLink',
  'addAddress',
  'deleteAddress',
  'addRoute',
  'deleteRoute',
  'setSysctl',
] satisfies (keyof NetworkAdmin)[]);

const refused = () => fail('EPERM');

/** By what is kept away: the namespace without administration, and without raw sockets either. */
const guarded = [new WeakMap<NetworkAdmin, NetworkAdmin>(), new WeakMap<NetworkAdmin, NetworkAdmin>()] as const;

/** The network of a process: as it is to who may administer it, else with calls that answer EPERM. */
export function networkOf(task: Task): NetworkAdmin {
  const { net } = task.namespaces;
  const { restrictions } = task.kernelCredentials;
  if (restrictions === undefined || task.capableIn(net, 'NET_ADMIN')) return net;
  const raw = task.capableIn(net, 'NET_RAW') || mayPing(net, task.kernelCredentials.groups);
  const known = raw ? guarded[0] : guarded[1];
  let guard = known.get(net);
  if (guard === undefined) known.set(net, (guard = guardOf(net, raw)));
  return guard;
}

/** sysctl net.ipv4.ping_group_range: these groups have ICMP sockets without any capability. */
function mayPing(net: NetworkAdmin, groups: readonly number[]): boolean {
  const [first = 1, last = 0] = (net.sysctl('net.ipv4.ping_group_range') ?? '1 0').trim().split(/\s+/).map(Number);
  return groups.some((group) => group >= first && group <= last);
}

function guardOf(net: NetworkAdmin, raw: boolean): NetworkAdmin {
  const bound = new Map<PropertyKey, unknown>();
  return new Proxy(net, {
    get(target, key) {
      if (administers.has(key)) return refused;
      if (key === 'echo' && !raw) return async () => refused();
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      let method = bound.get(key);
      if (method === undefined) bound.set(key, (method = (value as () => unknown).bind(target)));
      return method;
    },
  });
}
