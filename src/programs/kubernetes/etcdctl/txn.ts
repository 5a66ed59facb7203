import type { KeyValue } from '../../../kubernetes/etcd/store';
import { txn as decide, type Compare, type TxnOperation } from '../../../kubernetes/etcd/txn';
import type { Etcdctl } from './etcdctl';
import { parseLine } from './flags';
import { found, printed, putValue } from './keys';

const targets: Readonly<Partial<Record<string, Compare['target']>>> = {
  ver: 'version',
  version: 'version',
  c: 'create',
  create: 'create',
  m: 'mod',
  mod: 'mod',
  val: 'value',
  value: 'value',
  lease: 'lease',
};

/** A request of a transaction: what it does, and how its answer reads. */
interface Request {
  readonly operations: readonly TxnOperation[];
  readonly answer: (etcdctl: Etcdctl) => string;
}

/**
 * etcdctl txn: comparisons, what to do if all hold, and what if not, from standard input, apart by empty lines
 * (etcdctl/ctlv3/command/txn_command.go).
 */
export async function txn(etcdctl: Etcdctl): Promise<number> {
  const { process, store, operands, cause } = etcdctl;
  if (operands.length > 0) return etcdctl.fail('txn command does not accept argument', 128);
  const [compares = [], success = [], failure = []] = blocks(await etcdctl.readInput());
  const wanted: Compare[] = [];
  for (const line of compares) {
    const compare = parseCompare(line);
    if (typeof compare === 'string') return etcdctl.fail(compare, 128);
    wanted.push(compare);
  }
  const chosen: Request[][] = [];
  for (const lines of [success, failure]) {
    const requests: Request[] = [];
    for (const line of lines) {
      const request = parseRequest(etcdctl, line);
      if (typeof request === 'string') return etcdctl.fail(request, 128);
      requests.push(request);
    }
    chosen.push(requests);
  }
  const [onSuccess = [], onFailure = []] = chosen;
  // Reads of a transaction see what was there before it: their answers are known now.
  const answers = new Map([...onSuccess, ...onFailure].map((each) => [each, each.answer(etcdctl)]));
  const operations = (requests: readonly Request[]): readonly TxnOperation[] =>
    requests.flatMap((each) => each.operations);
  const { succeeded } = decide(store, wanted, operations(onSuccess), operations(onFailure), cause('txn', ''));
  const done = succeeded ? onSuccess : onFailure;
  await process.stdout.write(
    `${succeeded ? 'SUCCESS' : 'FAILURE'}\n${done.map((each) => `\n${answers.get(each) ?? ''}`).join('')}`,
  );
  return 0;
}

/** Lines, grouped by the empty ones. */
function blocks(text: string): readonly (readonly string[])[] {
  const all: string[][] = [[]];
  for (const line of text.replace(/\n$/, '').split('\n')) {
    if (line.trim() === '') all.push([]);
    else all.at(-1)?.push(line.trim());
  }
  return all;
}

/** `mod("key") > "0"`. */
function parseCompare(line: string): Compare | string {
  const match = /^(\w+)\(("(?:[^"\\]|\\.)*")\)\s+(\S+)\s+("(?:[^"\\]|\\.)*")$/.exec(line);
  if (match === null) return `malformed comparison: ${line}`;
  const [, name = '', key = '', result = '', given = ''] = match;
  const target = targets[name];
  if (target === undefined) return `malformed comparison: ${line} (unknown target ${name})`;
  if (result !== '=' && result !== '!=' && result !== '<' && result !== '>') return `unknown result op ${result}`;
  const [path, text] = [JSON.parse(key) as string, JSON.parse(given) as string];
  if (target === 'value') return { key: path, target, result, value: text };
  const number = Number.parseInt(text, target === 'lease' ? 16 : 10);
  return Number.isNaN(number) ? `malformed comparison: ${line}` : { key: path, target, result, value: number };
}

function parseRequest(etcdctl: Etcdctl, line: string): Request | string {
  const words = [...line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double?.replace(/\\(.)/g, '$1') ?? single ?? plain ?? '',
  );
  const [command = '', ...args] = words;
  const parsed = parseLine({ args, env: new Map() });
  if ('error' in parsed) return parsed.error;
  const of = { ...etcdctl, ...parsed };
  const [key, value] = parsed.operands;
  if (key === undefined || (command === 'put' && value === undefined)) return `invalid txn request: ${line}`;
  switch (command) {
    case 'put':
      return { operations: [{ key, value: putValue(key, value ?? '') }], answer: () => 'OK\n' };
    case 'get':
      return { operations: [], answer: () => printed(of, found(of)) };
    case 'del': {
      const gone: readonly KeyValue[] = found(of);
      return { operations: gone.map((each) => ({ key: each.key })), answer: () => `${gone.length}\n` };
    }
    default:
      return `invalid txn request: ${line}`;
  }
}
