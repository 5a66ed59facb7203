import { humanBytes, printSnapshot, snapshotOf } from '../../../kubernetes/etcd/snapshot';
import type { Etcdctl } from './etcdctl';
import { decimal, VERSION } from './member';
import { drawTable } from './output';

/** Raft's term: one election when the member starts (a new cluster is at term 2). */
const TERM = 2;

/** etcdctl member list. */
export async function member(etcdctl: Etcdctl): Promise<number> {
  const { member: one, operands, process, flags } = etcdctl;
  if (operands[0] !== 'list')
    return etcdctl.fail(`unknown command ${JSON.stringify(operands[0] ?? '')} for "etcdctl member"`);
  const { id, name, peerUrl, clientUrl } = one;
  const text =
    flags.get('write-out') === 'table'
      ? drawTable(
          ['ID', 'STATUS', 'NAME', 'PEER ADDRS', 'CLIENT ADDRS', 'IS LEARNER'],
          [[id, 'started', name, peerUrl, clientUrl, 'false']],
        )
      : flags.get('write-out') === 'json'
        ? `{"header":${etcdctl.header()},"members":[{"ID":${decimal(id)},"name":${JSON.stringify(name)},"peerURLs":[${JSON.stringify(peerUrl)}],"clientURLs":[${JSON.stringify(clientUrl)}]}]}\n`
        : `${id}, started, ${name}, ${peerUrl}, ${clientUrl}, false\n`;
  await process.stdout.write(text);
  return 0;
}

/** etcdctl endpoint health | status | hashkv. */
export async function endpoint(etcdctl: Etcdctl): Promise<number> {
  const { endpoints, member: one, operands, process, flags, store } = etcdctl;
  const began = process.clock.now;
  const format = flags.get('write-out');
  if (operands[0] === 'health') {
    await process.sleep(2);
    const took = `${process.clock.now - began}ms`;
    const text =
      format === 'table'
        ? drawTable(
            ['ENDPOINT', 'HEALTH', 'TOOK', 'ERROR'],
            endpoints.map((each) => [each, 'true', took, '']),
          )
        : format === 'json'
          ? `${JSON.stringify(endpoints.map((each) => ({ endpoint: each, health: true, took })))}\n`
          : endpoints.map((each) => `${each} is healthy: successfully committed proposal: took = ${took}\n`).join('');
    // Upstream prints health to standard error only where an endpoint is not healthy.
    await process.stdout.write(text);
    return 0;
  }
  if (operands[0] !== 'status')
    return etcdctl.fail(`unknown command ${JSON.stringify(operands[0] ?? '')} for "etcdctl endpoint"`);
  const size = humanBytes(printSnapshot(snapshotOf(store)).length);
  const index = store.revision;
  const cells = endpoints.map((each) => [
    each,
    one.id,
    VERSION,
    size,
    'true',
    'false',
    String(TERM),
    String(index),
    String(index),
    '',
  ]);
  const head = [
    'ENDPOINT',
    'ID',
    'VERSION',
    'DB SIZE',
    'IS LEADER',
    'IS LEARNER',
    'RAFT TERM',
    'RAFT INDEX',
    'RAFT APPLIED INDEX',
    'ERRORS',
  ];
  const text =
    format === 'table'
      ? drawTable(head, cells)
      : format === 'json'
        ? `[${endpoints.map((each) => `{"Endpoint":${JSON.stringify(each)},"Status":{"header":${etcdctl.header()},"version":"${VERSION}","leader":${decimal(one.id)},"raftIndex":${index},"raftTerm":${TERM},"raftAppliedIndex":${index}}}`).join(',')}]\n`
        : cells.map((row) => `${row.join(', ')}\n`).join('');
  await process.stdout.write(text);
  return 0;
}

/** etcdctl alarm list, defrag. */
export async function alarm(): Promise<number> {
  return 0;
}

export async function defrag({ endpoints, process }: Etcdctl): Promise<number> {
  for (const each of endpoints) await process.stdout.write(`Finished defragmenting etcd member[${each}]. took 5ms\n`);
  return 0;
}
