import type { Lessor } from '../../../kubernetes/etcd/lease';
import type { EtcdStore } from '../../../kubernetes/etcd/store';
import { concat, decode } from '../../../linux/io/bytes';
import type { Process, Program } from '../../../linux/process/types';
import type { ControlPlane } from '../control-plane';
import { alarm, defrag, endpoint, member } from './cluster';
import { parseLine, type Line } from './flags';
import { compaction, del, get, put, watch } from './keys';
import { lease } from './lease';
import { decimal, memberOf, unreachable, VERSION, type Member } from './member';
import { txn } from './txn';
import { restoreTo, save, status } from './snapshot';

/** What a command has at hand once somebody answers. */
export interface Etcdctl extends Line {
  readonly process: Process;
  readonly store: EtcdStore;
  readonly lessor: Lessor;
  readonly member: Member;
  readonly endpoints: readonly string[];
  /** The header of an answer, as JSON. */
  header(): string;
  /** A span for a write. */
  cause(verb: string, key: string): number;
  readInput(): Promise<string>;
  fail(message: string, status?: number): Promise<number>;
  serverError(code: string, message: string): Promise<number>;
}

const commands: Readonly<Record<string, (etcdctl: Etcdctl) => Promise<number>>> = {
  get,
  put,
  del,
  watch,
  compaction,
  lease,
  txn,
  member,
  endpoint,
  alarm,
  defrag,
};

/** How long a client tries. Milliseconds (clientv3: --command-timeout). */
const TIMEOUT = 5000;

const help = `NAME:
	etcdctl - A simple command line client for etcd3.

USAGE:
	etcdctl [flags]

VERSION:
	${VERSION}

API VERSION:
	3.5


COMMANDS:
	alarm list		Lists all alarms
	compaction		Compacts the event history in etcd
	defrag			Defragments the storage of the etcd members with given endpoints
	del			Removes the specified key or range of keys [key, range_end)
	endpoint health		Checks the healthiness of endpoints specified in \`--endpoints\` flag
	endpoint status		Prints out the status of endpoints specified in \`--endpoints\` flag
	get			Gets the key or a range of keys
	help			Help about any command
	lease grant		Creates leases
	lease keep-alive	Keeps leases alive (renew)
	lease list		List all active leases
	lease revoke		Revokes leases
	lease timetolive	Get lease information
	member list		Lists all members in the cluster
	put			Puts the given key into the store
	snapshot restore	Restores an etcd member snapshot to an etcd directory
	snapshot save		Stores an etcd node backend snapshot to a given file
	snapshot status		[deprecated] Gets backend snapshot status of a given file
	txn			Txn processes all the requests in one transaction
	version			Prints the version of etcdctl
	watch			Watches events stream on keys or prefixes

OPTIONS:
      --cacert=""				verify certificates of TLS-enabled secure servers using this CA bundle
      --cert=""					identify secure client using this TLS certificate file
      --endpoints=[127.0.0.1:2379]		gRPC endpoints
      --key=""					identify secure client using this TLS key file
  -w, --write-out="simple"			set the output format (fields, json, protobuf, simple, table)
`;

async function fail(process: Process, message: string, exit = 1): Promise<number> {
  await process.stderr.write(`Error: ${message}\n`);
  return exit;
}

/** etcdctl, and etcdutl for what needs no server. */
export const etcdctl =
  (cluster: ControlPlane): Program =>
  async (process) => {
    const line = parseLine(process);
    if ('error' in line) return fail(process, line.error);
    const { flags } = line;
    const [name, ...operands] = line.operands;
    if (name === undefined || name === 'help' || flags.has('help')) {
      await process.stdout.write(help);
      return 0;
    }
    if (name === 'version') {
      await process.stdout.write(`etcdctl version: ${VERSION}\nAPI version: 3.5\n`);
      return 0;
    }
    if (name === 'snapshot' && operands[0] !== 'save') return offline(process, operands, flags);
    const command = commands[name];
    if (command === undefined && name !== 'snapshot')
      return fail(process, `unknown command ${JSON.stringify(name)} for "etcdctl"\nRun 'etcdctl --help' for usage.`);
    const endpoints = (flags.get('endpoints') ?? '127.0.0.1:2379').split(',').map((each) => each.replace(/[[\]]/g, ''));
    for (const flag of ['cacert', 'cert', 'key']) {
      const path = flags.get(flag);
      const read = path === undefined ? undefined : process.fs.readText(path);
      if (read?.ok === false) return fail(process, `open ${path ?? ''}: ${read.error.message.toLowerCase()}`);
    }
    const certificates = flags.has('cacert') && flags.has('cert') && flags.has('key');
    for (const each of endpoints) {
      const reason = await unreachable(process, cluster, { endpoint: each, certificates });
      if (reason !== undefined) return giveUp(process, each, reason);
    }
    const one = memberOf(cluster);
    if (one === undefined) return giveUp(process, endpoints[0] ?? '', 'connection closed');
    const { store, lessor } = cluster.registry.storage;
    if (name === 'snapshot') {
      const path = operands[1];
      if (path === undefined) return fail(process, 'snapshot save expects one argument', 128);
      return save(process, store, endpoints[0] ?? '', path);
    }
    return (
      command?.({
        flags,
        operands,
        process,
        store,
        lessor,
        member: one,
        endpoints,
        header: () =>
          `{"cluster_id":${decimal(one.id)},"member_id":${decimal(one.id)},"revision":${store.revision},"raft_term":2}`,
        cause: (verb, key) => process.trace.record('etcdctl', verb, key).id,
        readInput: async () => {
          const chunks: Uint8Array[] = [];
          for await (const chunk of process.stdin) chunks.push(chunk);
          return decode(concat(chunks));
        },
        fail: (message, exit) => fail(process, message, exit),
        serverError: async (code, message) => fail(process, `rpc error: code = ${code} desc = ${message}`),
      }) ?? 1
    );
  };

/** What works on files alone. */
async function offline(process: Process, operands: readonly string[], flags: Line['flags']): Promise<number> {
  const [verb, path] = operands;
  if (verb !== 'status' && verb !== 'restore')
    return fail(process, `unknown command ${JSON.stringify(verb ?? '')} for "etcdctl snapshot"`);
  if (path === undefined) return fail(process, `snapshot ${verb} requires exactly one argument`, 128);
  if (process.argv[0] === 'etcdctl')
    await process.stderr.write(`Deprecated: Use \`etcdutl snapshot ${verb}\` instead.\n\n`);
  if (verb === 'status') return status(process, path, flags.get('write-out'));
  return restoreTo(process, path, flags.get('data-dir') ?? `${flags.get('name') ?? 'default'}.etcd`);
}

/** Nobody answers: the client tries until its time is up. */
async function giveUp(process: Process, endpointName: string, reason: string): Promise<number> {
  await process.sleep(TIMEOUT);
  const target = `etcd-endpoints://0xc00042a000/${endpointName.replace(/^https?:\/\//, '')}`;
  const ts = new Date(process.clock.now).toISOString().replace('Z', '000Z');
  await process.stderr.write(
    `${JSON.stringify({
      level: 'warn',
      ts,
      logger: 'etcd-client',
      caller: 'v3@v3.5.24/retry_interceptor.go:63',
      msg: 'retrying of unary invoker failed',
      target,
      attempt: 0,
      error: `rpc error: code = DeadlineExceeded desc = latest balancer error: last ${reason}`,
    })}\n`,
  );
  return fail(process, 'context deadline exceeded');
}
