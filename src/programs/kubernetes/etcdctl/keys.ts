import type { KeyValue, StoreEvent } from '../../../kubernetes/etcd/store';
import type { Etcdctl } from './etcdctl';
import { decimal } from './member';
import { kvFields, kvJson, valueText } from './output';

/** The keys that a command means: one, a range `[key, end)`, or all with a prefix. */
function selector({ flags, operands }: Etcdctl): (key: string) => boolean {
  const [key = '', end] = operands;
  if (flags.has('prefix')) return (one) => one.startsWith(key);
  if (flags.has('from-key')) return (one) => one >= key;
  return end === undefined ? (one) => one === key : (one) => one >= key && one < end;
}

const headerJson = ({ header }: Etcdctl): string => `"header":${header()}`;

/** The header of an answer as `-w fields` prints it. */
const headerFields = ({ member, store }: Etcdctl): string =>
  `"ClusterID" : ${decimal(member.id)}\n"MemberID" : ${decimal(member.id)}\n"Revision" : ${store.revision}\n"RaftTerm" : 2\n`;

/** What stands in the way of a get; undefined: nothing. */
function getProblem({ flags }: Etcdctl): string | undefined {
  if (flags.has('keys-only') && flags.has('count-only'))
    return '`--keys-only` and `--count-only` cannot be set at the same time, choose one';
  if (flags.has('prefix') && flags.has('from-key'))
    return '`--prefix` and `--from-key` cannot be set at the same time, choose one';
  if (flags.has('count-only') && flags.get('write-out') !== 'fields')
    return '--count-only is only for `--write-out=fields`';
  const sortBy = (flags.get('sort-by') ?? '').toUpperCase();
  if (!(sortBy in sorts)) return `bad sort target ${flags.get('sort-by') ?? ''}`;
  const order = (flags.get('order') ?? '').toUpperCase();
  return ['', 'ASCEND', 'DESCEND'].includes(order) ? undefined : `bad sort order ${flags.get('order') ?? ''}`;
}

const order = (a: number | string, b: number | string): number => (a < b ? -1 : a > b ? 1 : 0);
const sorts: Readonly<Record<string, (a: KeyValue, b: KeyValue) => number>> = {
  '': () => 0,
  CREATE: (a, b) => a.createRevision - b.createRevision,
  KEY: (a, b) => order(a.key, b.key),
  MODIFY: (a, b) => a.modRevision - b.modRevision,
  VALUE: (a, b) => order(valueText(a.value), valueText(b.value)),
  VERSION: (a, b) => a.version - b.version,
};

/** Pairs as the wanted format has them. */
export function printed(etcdctl: Etcdctl, kvs: readonly KeyValue[], count = kvs.length): string {
  const { flags } = etcdctl;
  const more = kvs.length < count;
  if (flags.has('count-only')) return `${headerFields(etcdctl)}"More" : false\n"Count" : ${kvs.length}\n`;
  switch (flags.get('write-out')) {
    case 'json':
      return `{${headerJson(etcdctl)}${kvs.length === 0 ? '' : `,"kvs":[${kvs.map(kvJson).join(',')}],${more ? '"more":true,' : ''}"count":${count}`}}\n`;
    case 'fields':
      return `${headerFields(etcdctl)}${kvs.map(kvFields).join('')}"More" : ${more}\n"Count" : ${count}\n`;
    default:
      return kvs
        .map(({ key, value }) =>
          flags.has('keys-only')
            ? `${key}\n\n`
            : `${flags.has('print-value-only') ? '' : `${key}\n`}${valueText(value)}\n`,
        )
        .join('');
  }
}

/** What a command means of what there is, or was at a revision. */
export function found(etcdctl: Etcdctl, revision?: number): readonly KeyValue[] {
  const { flags, operands, store } = etcdctl;
  const chosen = selector(etcdctl);
  return store.range(flags.has('prefix') ? (operands[0] ?? '') : '', revision).filter(({ key }) => chosen(key));
}

/** etcdctl get. */
export async function get(etcdctl: Etcdctl): Promise<number> {
  const { flags, operands, process, store } = etcdctl;
  if (operands.length === 0)
    return etcdctl.fail('get command needs one argument as key and an optional argument as range_end', 128);
  const problem = getProblem(etcdctl);
  if (problem !== undefined) return etcdctl.fail(problem, 128);
  const revision = Number(flags.get('rev') ?? 0) || undefined;
  if (revision !== undefined && revision > store.revision)
    return etcdctl.serverError('OutOfRange', 'etcdserver: mvcc: required revision is a future revision');
  if (revision !== undefined && revision < store.compactRevision)
    return etcdctl.serverError('OutOfRange', 'etcdserver: mvcc: required revision has been compacted');
  let kvs = found(etcdctl, revision);
  const by = sorts[(flags.get('sort-by') ?? '').toUpperCase()];
  if (by !== undefined) kvs = [...kvs].sort(by);
  if (flags.get('order')?.toUpperCase() === 'DESCEND') kvs = [...kvs].reverse();
  const limit = Number(flags.get('limit') ?? 0);
  await process.stdout.write(printed(etcdctl, limit > 0 ? kvs.slice(0, limit) : kvs, kvs.length));
  return 0;
}

/** etcdctl put: the value may come from standard input. */
export async function put(etcdctl: Etcdctl): Promise<number> {
  const { operands, process, store, cause } = etcdctl;
  const [key] = operands;
  if (key === undefined) return etcdctl.fail('put command needs 1 argument and input from stdin or 2 arguments', 128);
  const text = operands[1] ?? (await etcdctl.readInput());
  const asked = etcdctl.flags.get('lease');
  const lease = asked === undefined ? undefined : Number.parseInt(asked, 16);
  if (lease !== undefined && etcdctl.lessor.get(lease) === undefined)
    return etcdctl.fail('etcdserver: requested lease not found');
  store.put(key, putValue(key, text), cause('put', key), lease);
  await process.stdout.write('OK\n');
  return 0;
}

/** What is kept under a key: what looks like an object of the cluster is one. */
export const putValue = (key: string, text: string): unknown =>
  key.startsWith('/registry/') ? (objectOf(text) ?? text) : text;

function objectOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'kind' in value ? Object.freeze(value) : undefined;
  } catch {
    return undefined;
  }
}

/** etcdctl del: prints how many. */
export async function del(etcdctl: Etcdctl): Promise<number> {
  const { operands, process, store, cause, flags } = etcdctl;
  if (operands.length === 0)
    return etcdctl.fail('del command needs one argument as key and an optional argument as range_end', 128);
  const gone = found(etcdctl);
  for (const { key } of gone) store.delete(key, cause('delete', key));
  const previous = flags.has('prev-kv') ? gone.map(({ key, value }) => `${key}\n${valueText(value)}\n`).join('') : '';
  await process.stdout.write(`${gone.length}\n${previous}`);
  return 0;
}

/** etcdctl watch, from now or from `--rev`, until it is interrupted. */
export async function watch(etcdctl: Etcdctl): Promise<number> {
  const { flags, operands, process, store } = etcdctl;
  if (operands.length === 0) return etcdctl.fail('watch needs at least one key', 128);
  const chosen = selector(etcdctl);
  const from = Number(flags.get('rev') ?? 0);
  const queue: StoreEvent[] = [...((from > 0 ? store.since(from - 1) : undefined) ?? [])];
  let wake = (): void => undefined;
  const stop = store.subscribe((event) => {
    queue.push(event);
    wake();
  });
  process.atExit(stop);
  for (;;) {
    for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
      if (!chosen(event.key)) continue;
      const value = event.current === undefined ? '' : `${valueText(event.current.value)}`;
      const written = await process.stdout.write(`${event.type}\n${event.key}\n${value}\n`);
      if (!written.ok) return 1;
    }
    await process.block<void>((woken) => {
      wake = woken;
      return () => undefined;
    });
  }
}

/** etcdctl compaction. */
export async function compaction(etcdctl: Etcdctl): Promise<number> {
  const { operands, process, store } = etcdctl;
  const revision = Number(operands[0]);
  if (operands[0] === undefined) return etcdctl.fail('compaction command needs 1 argument', 128);
  if (!Number.isInteger(revision))
    return etcdctl.fail(`strconv.ParseInt: parsing ${JSON.stringify(operands[0])}: invalid syntax`, 128);
  if (revision > store.revision)
    return etcdctl.serverError('OutOfRange', 'etcdserver: mvcc: required revision is a future revision');
  if (revision <= store.compactRevision)
    return etcdctl.serverError('OutOfRange', 'etcdserver: mvcc: required revision has been compacted');
  store.compact(revision);
  await process.stdout.write(`compacted revision ${revision}\n`);
  return 0;
}
