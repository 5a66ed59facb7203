import { Scope } from '../../../linux/systemd/scope';
import type { Unit } from '../../../linux/systemd/unit';
import { formatBytes, formatSpan, paint } from '../systemd';
import { descriptionOf, type Context } from './context';
import { processTree } from './tree';

export const scopeOf = (unit: Unit): Scope | undefined => (unit instanceof Scope ? unit : undefined);

/** A file of the scope's group. */
function reader({ manager }: Context, { cgroup }: Scope): (file: string) => string {
  return (file) => {
    const text = manager.host.fs.readText(`/sys/fs/cgroup${cgroup}/${file}`);
    return text.ok ? text.value.trim() : '';
  };
}

const sliceOf = ({ cgroup }: Scope): string => cgroup.split('/').at(-2) ?? '-.slice';

const usage = (stat: string): number => Number(/usage_usec (\d+)/.exec(stat)?.[1] ?? 0);

type Properties = readonly (readonly [string, string])[];

/** What `systemctl show` tells of a scope; `stamps` are the lines of its times. */
export function scopeProperties(context: Context, scope: Scope, stamps: Properties): Properties {
  const read = reader(context, scope);
  const { definition, name } = scope;
  const total = String(context.process.host.memory - 63_488_000);
  const limit = (value: string): string => (value === 'max' || value === '' ? total : value);
  const condition = stamps.find(([key]) => key === 'ActiveEnterTimestamp')?.[1] ?? '';
  return [
    ['Id', name],
    ['Names', name],
    ['Requires', sliceOf(scope)],
    ['After', sliceOf(scope)],
    ['Description', descriptionOf(scope)],
    ['LoadState', definition.load],
    ['ActiveState', scope.active],
    ['FreezerState', /^frozen 1$/m.test(read('cgroup.events')) ? 'frozen' : 'running'],
    ['SubState', scope.sub],
    ['FragmentPath', definition.path ?? ''],
    ['DropInPaths', definition.dropIns.join(' ')],
    ['UnitFileState', 'transient'],
    ...stamps,
    ['CanStart', 'no'],
    ['CanStop', 'yes'],
    ['CanReload', 'no'],
    ['CanIsolate', 'no'],
    ['CanFreeze', 'yes'],
    ['StopWhenUnneeded', 'no'],
    ['RefuseManualStart', 'no'],
    ['RefuseManualStop', 'no'],
    ['AllowIsolate', 'no'],
    ['DefaultDependencies', 'no'],
    ['OnSuccessJobMode', 'fail'],
    ['OnFailureJobMode', 'replace'],
    ['IgnoreOnIsolate', 'yes'],
    ['NeedDaemonReload', 'no'],
    ['JobTimeoutUSec', 'infinity'],
    ['JobRunningTimeoutUSec', 'infinity'],
    ['JobTimeoutAction', 'none'],
    ['ConditionResult', 'yes'],
    ['AssertResult', 'yes'],
    ['ConditionTimestamp', condition],
    ['AssertTimestamp', condition],
    ['Transient', 'yes'],
    ['Perpetual', 'no'],
    ['StartLimitIntervalUSec', '10s'],
    ['StartLimitBurst', '5'],
    ['StartLimitAction', 'none'],
    ['FailureAction', 'none'],
    ['SuccessAction', 'none'],
    ['InvocationID', scope.invocation],
    ['CollectMode', 'inactive'],
    ['TimeoutStopUSec', '1min 30s'],
    ['Result', scope.result],
    ['RuntimeMaxUSec', 'infinity'],
    ['RuntimeRandomizedExtraUSec', '0'],
    ['OOMPolicy', 'continue'],
    ['Slice', sliceOf(scope)],
    ['ControlGroup', scope.cgroup],
    ['MemoryCurrent', read('memory.current')],
    ['MemoryAvailable', String(Number(limit(read('memory.max'))) - Number(read('memory.current')))],
    ['CPUUsageNSec', String(usage(read('cpu.stat')) * 1000)],
    ['EffectiveCPUs', read('cpuset.cpus.effective')],
    ['EffectiveMemoryNodes', read('cpuset.mems.effective')],
    ['TasksCurrent', read('pids.current')],
    ['IPIngressBytes', '[no data]'],
    ['IPIngressPackets', '[no data]'],
    ['IPEgressBytes', '[no data]'],
    ['IPEgressPackets', '[no data]'],
    ['MemoryMax', read('memory.max').replace('max', 'infinity')],
    ['MemorySwapMax', read('memory.swap.max').replace('max', 'infinity')],
    ['TasksMax', read('pids.max').replace('max', 'infinity')],
    ['Delegate', 'yes'],
    ['KillMode', 'control-group'],
    ['KillSignal', '15'],
  ];
}

/** The lines of `systemctl status` below a scope's activity. */
export function scopeLines(context: Context, scope: Scope, field: (name: string) => string): readonly string[] {
  const read = reader(context, scope);
  const { look } = context;
  const limit = read('pids.max');
  const current = Number(read('memory.current'));
  const max = read('memory.max');
  const swap = read('memory.swap.max');
  const bounds =
    max === 'max'
      ? ''
      : ` (max: ${formatBytes(Number(max))}${swap === 'max' ? '' : ` swap max: ${formatBytes(Number(swap))}`} ` +
        `available: ${formatBytes(Math.max(0, Number(max) - current))})`;
  return [
    `${field('IO')}0B read, 0B written`,
    `${field('Tasks')}${read('pids.current')}${limit === 'max' ? '' : paint(look, 'grey', ` (limit: ${limit})`)}`,
    `${field('Memory')}${formatBytes(current)}${bounds}`,
    `${field('CPU')}${formatSpan(Math.max(usage(read('cpu.stat')) / 1000, 1))}`,
    `${field('CGroup')}${scope.cgroup}`,
    ...processTree(context, scope.cgroup, ' '.repeat(13)),
  ];
}
