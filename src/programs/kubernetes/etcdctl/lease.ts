import type { Lease } from '../../../kubernetes/etcd/lease';
import type { Etcdctl } from './etcdctl';

const hex = (id: number): string => id.toString(16).padStart(16, '0');
const notFound = 'etcdserver: requested lease not found';

/** etcdctl lease grant | revoke | timetolive | list | keep-alive. */
export async function lease(etcdctl: Etcdctl): Promise<number> {
  const { operands, process, flags, lessor } = etcdctl;
  const [verb, given] = operands;
  const say = async (text: string): Promise<number> => {
    await process.stdout.write(text);
    return 0;
  };
  if (verb === 'list') {
    const all = lessor.list();
    return say(`found ${all.length} leases\n${all.map(({ id }) => `${hex(id)}\n`).join('')}`);
  }
  if (verb === 'grant') {
    if (given === undefined) return etcdctl.fail('lease grant command needs TTL argument', 128);
    if (!/^\d+$/.test(given))
      return etcdctl.fail(`bad TTL (strconv.ParseInt: parsing ${JSON.stringify(given)}: invalid syntax)`, 128);
    const granted = lessor.grant(Math.max(1, Number(given)));
    return granted === undefined
      ? etcdctl.fail('etcdserver: lease already exists')
      : say(`lease ${hex(granted.id)} granted with TTL(${granted.ttl}s)\n`);
  }
  if (verb !== 'revoke' && verb !== 'timetolive' && verb !== 'keep-alive')
    return etcdctl.fail(`unknown command ${JSON.stringify(verb ?? '')} for "etcdctl lease"`);
  if (given === undefined) return etcdctl.fail(`lease ${verb} command needs lease ID as argument`, 128);
  const id = /^[0-9a-f]{1,16}$/i.test(given) ? Number.parseInt(given, 16) : undefined;
  if (id === undefined)
    return etcdctl.fail(
      `bad lease ID arg (strconv.ParseInt: parsing ${JSON.stringify(given)}: invalid syntax), expecting ID in Hex`,
      128,
    );
  if (verb === 'revoke') return lessor.revoke(id) ? say(`lease ${hex(id)} revoked\n`) : etcdctl.fail(notFound);
  if (verb === 'timetolive') return say(remaining(id, lessor.get(id), process.clock.now, flags.has('keys')));
  const once = lessor.keepAlive(id);
  if (once === undefined) return say(`lease ${hex(id)} expired or revoked.\n`);
  await say(`lease ${hex(id)} keepalived with TTL(${once.ttl})\n`);
  if (flags.has('once')) return 0;
  // As clientv3 does: a third of the time is left when it asks again.
  for (;;) {
    await process.sleep((once.ttl * 1000) / 3);
    const kept = lessor.keepAlive(id);
    if (kept === undefined) return say(`lease ${hex(id)} expired or revoked.\n`);
    await say(`lease ${hex(id)} keepalived with TTL(${kept.ttl})\n`);
  }
}

function remaining(id: number, found: Lease | undefined, now: number, keys: boolean): string {
  if (found === undefined) return `lease ${hex(id)} already expired\n`;
  const left = Math.floor((found.expires - now) / 1000);
  const attached = keys ? `, attached keys([${[...found.keys].sort().join(' ')}])` : '';
  return `lease ${hex(id)} granted with TTL(${found.ttl}s), remaining(${left}s)${attached}\n`;
}
