import { err, ok, type Result } from '../../sim/result';
import { applyResources } from '../runc/rootfs';
import { refuse, type ApiError, type HostConfig } from './api-types';
import { isRunning, type Container } from './container';
import type { Engine } from './engine';
import { RestartManager } from './restart';
import { resourcesOf } from './spec';
import { wrongCpu, wrongMemory } from './verify';

type Update = Partial<HostConfig>;

/** Numbers and texts that stay as they are where the request has none. */
const plain = [
  'BlkioWeight',
  'CpuShares',
  'NanoCpus',
  'CpuPeriod',
  'CpuQuota',
  'CpusetCpus',
  'CpusetMems',
  'Memory',
  'MemorySwap',
  'MemoryReservation',
  'CpuRealtimePeriod',
  'CpuRealtimeRuntime',
] as const;

/** `POST /containers/{id}/update` (daemon/update.go): limits and restart policy, at once where it runs. */
export function update(
  engine: Engine,
  container: Container,
  request: Update,
  machine: { readonly cpus: number; readonly exists: (path: string) => boolean },
): Result<void, ApiError> {
  const wrong = wrongMemory(request, true) ?? wrongCpu(request, machine) ?? wrongPolicy(request);
  if (wrong !== undefined) return refuse(400, wrong);
  const cannot = (why: string, status = 409): Result<never, ApiError> =>
    refuse(status, `Cannot update container ${container.id}: ${why}`);
  if (container.removing || container.status === 'dead')
    return cannot('container is marked for removal and cannot be "update"', 500);
  const before = container.hostConfig;
  const conflict = conflictOf(request, before);
  if (conflict !== undefined) return cannot(conflict);
  const changed: Record<string, unknown> = {};
  for (const key of plain) {
    const value = (request as Readonly<Record<string, unknown>>)[key];
    if (value !== undefined && value !== null && value !== 0 && value !== '') changed[key] = value;
  }
  const { PidsLimit, RestartPolicy } = request;
  if (PidsLimit !== undefined && PidsLimit !== null) changed['PidsLimit'] = PidsLimit;
  const renewed = RestartPolicy !== undefined && RestartPolicy.Name !== '';
  if (renewed) changed['RestartPolicy'] = { ...RestartPolicy };
  container.hostConfig = { ...before, ...changed };
  if (renewed && !container.restarting.cancelled) container.restarting = new RestartManager();
  const applied = isRunning(container) && container.status !== 'restarting' ? apply(engine, container) : ok(undefined);
  if (!applied.ok) {
    container.hostConfig = before;
    return cannot(applied.error, 500);
  }
  engine.tell(container, 'update');
  return ok(undefined);
}

function apply(engine: Engine, container: Container): Result<void, string> {
  const { spec } = container;
  if (spec === undefined) return err('no task');
  container.spec = { ...spec, resources: resourcesOf(container, engine.options.host.fs) };
  const written = applyResources(engine.options.host.fs, container.spec);
  if (!written.ok) container.spec = spec;
  return written;
}

function wrongPolicy({ RestartPolicy: policy }: Update): string | undefined {
  if (policy === undefined) return undefined;
  const { Name, MaximumRetryCount = 0 } = policy;
  const known = ['', 'no', 'always', 'on-failure', 'unless-stopped'];
  if (!known.includes(Name))
    return `invalid restart policy: unknown policy '${Name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'`;
  if (MaximumRetryCount < 0) return 'invalid restart policy: maximum retry count cannot be negative';
  if (Name !== 'on-failure' && MaximumRetryCount !== 0)
    return "invalid restart policy: maximum retry count can only be used with 'on-failure'";
  return undefined;
}

/** container_unix.go, UpdateContainer. */
function conflictOf(request: Update, before: HostConfig): string | undefined {
  const { NanoCpus = 0, CpuPeriod = 0, CpuQuota = 0, Memory = 0, MemorySwap = 0, RestartPolicy } = request;
  const cpu = (what: string, other: string): string =>
    `Conflicting options: ${what} cannot be updated as ${other} has already been set`;
  if (NanoCpus > 0 && before.CpuPeriod > 0) return cpu('Nano CPUs', 'CPU Period');
  if (NanoCpus > 0 && before.CpuQuota > 0) return cpu('Nano CPUs', 'CPU Quota');
  if (CpuPeriod > 0 && before.NanoCpus > 0) return cpu('CPU Period', 'NanoCPUs');
  if (CpuQuota > 0 && before.NanoCpus > 0) return cpu('CPU Quota', 'NanoCPUs');
  if (Memory !== 0 && MemorySwap === 0 && Memory > before.MemorySwap)
    return 'Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time';
  const name = RestartPolicy?.Name ?? '';
  if (before.AutoRemove && name !== '' && name !== 'no')
    return 'Restart policy cannot be updated because AutoRemove is enabled for the container';
  return undefined;
}
