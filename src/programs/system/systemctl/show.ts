import type { Unit } from '../../../linux/systemd/unit';
import { DEFAULT_TASKS } from '../../../linux/systemd/limits';
import { unitFileState } from '../../../linux/systemd/install';
import { signalNumber } from '../../../linux/process/signals';
import { namesOf, valueOf, valuesOf } from '../../../linux/systemd/unit-file';
import { parseCommands, parseSpan } from '../../../linux/systemd/words';
import { formatSpan, systemdVersion } from '../systemd';
import { descriptionOf, serviceOf, type Context } from './context';
import { scopeOf, scopeProperties } from './scope';
import { timestamp } from './status';

type Properties = readonly (readonly [string, string])[];

const time = (ms: number | undefined): string => (ms === undefined ? '' : timestamp(ms));
const yesNo = (on: boolean): string => (on ? 'yes' : 'no');
const span = (text: string | undefined, fallback: string): string => {
  const ms = parseSpan(text);
  return ms === undefined ? fallback : ms === 0 ? '0' : formatSpan(ms);
};

/** The properties of a unit as `systemctl show` lists them: what this manager knows. */
export function unitProperties(context: Context, unit: Unit): Properties {
  const { definition, name } = unit;
  const service = serviceOf(unit);
  const monotonic = (ms: number | undefined): string =>
    ms === undefined ? '0' : String(Math.round((ms - context.process.host.bootedAt) * 1000));
  const stamps = (title: string, ms: number | undefined): Properties => [
    [`${title}Timestamp`, time(ms)],
    [`${title}TimestampMonotonic`, monotonic(ms)],
  ];
  const scope = scopeOf(unit);
  if (scope !== undefined)
    return scopeProperties(context, scope, [
      ...stamps('StateChange', unit.stateChanged),
      ...stamps('InactiveExit', unit.inactiveExit),
      ...stamps('ActiveEnter', unit.activeEnter),
      ...stamps('ActiveExit', unit.activeExit),
      ...stamps('InactiveEnter', unit.inactiveEnter),
    ]);
  const own: Properties = service === undefined ? [] : serviceProperties(context, unit);
  const requires = [
    ...namesOf(definition, 'Unit', 'Requires'),
    ...(service === undefined ? [] : ['sysinit.target', 'system.slice']),
  ];
  const after = namesOf(definition, 'Unit', 'After');
  return [
    ...own,
    ['Id', name],
    ['Names', name],
    ['Requires', requires.join(' ')],
    ['Wants', namesOf(definition, 'Unit', 'Wants').join(' ')],
    ['Conflicts', 'shutdown.target'],
    ['Before', ['shutdown.target', ...namesOf(definition, 'Unit', 'Before')].join(' ')],
    ['After', ['sysinit.target', ...after, 'basic.target', 'system.slice', 'systemd-journald.socket'].join(' ')],
    [
      'Documentation',
      namesOf(definition, 'Unit', 'Documentation')
        .map((doc) => (/[()]/.test(doc) ? `"${doc}"` : doc))
        .join(' '),
    ],
    ['Description', descriptionOf(unit)],
    ['LoadState', definition.load],
    ...(definition.load === 'not-found'
      ? ([['LoadError', `org.freedesktop.systemd1.NoSuchUnit "Unit ${name} not found."`]] as const)
      : []),
    ['ActiveState', unit.active],
    ['FreezerState', 'running'],
    ['SubState', unit.sub],
    ['FragmentPath', definition.path ?? ''],
    ['DropInPaths', definition.dropIns.join(' ')],
    ['UnitFileState', unitFileState(context.process.fs, name) ?? ''],
    ['UnitFilePreset', definition.load === 'not-found' ? '' : 'enabled'],
    ...stamps('StateChange', unit.stateChanged),
    ...stamps('InactiveExit', unit.inactiveExit),
    ...stamps('ActiveEnter', unit.activeEnter),
    ...stamps('ActiveExit', unit.activeExit),
    ...stamps('InactiveEnter', unit.inactiveEnter),
    ['CanStart', yesNo(definition.load === 'loaded')],
    ['CanStop', yesNo(definition.load === 'loaded')],
    ['CanReload', yesNo(service?.canReload === true)],
    ['NeedDaemonReload', yesNo(context.manager.isStale(unit))],
    ['DefaultDependencies', 'yes'],
    ['InvocationID', service?.invocation ?? ''],
    ['CollectMode', 'inactive'],
  ];
}

function serviceProperties(context: Context, unit: Unit): Properties {
  const { definition } = unit;
  const service = serviceOf(unit);
  if (service === undefined) return [];
  const value = (key: string): string | undefined => valueOf(definition, 'Service', key);
  const { main } = service;
  const members = service.group.members();
  const read = (file: string): string => {
    const text = context.manager.host.fs.readText(`/sys/fs/cgroup${service.cgroup}/${file}`);
    return text.ok ? text.value.trim() : '';
  };
  const commands = (key: string): Properties =>
    valuesOf(definition, 'Service', key)
      .flatMap((text) => parseCommands(text))
      .map(({ path, argv, ignoreFailure }) => [
        key,
        `{ path=${path} ; argv[]=${argv.join(' ')} ; ignore_errors=${yesNo(ignoreFailure)} ; ` +
          `start_time=[${main === undefined ? 'n/a' : timestamp(main.startedAt)}] ; stop_time=[n/a] ; pid=${main?.pid ?? 0} ; code=(null) ; status=0/0 }`,
      ]);
  const alive = main !== undefined && main.status === undefined;
  const code = main?.status === undefined ? '0' : main.status.kind === 'exited' ? '1' : '2';
  const status =
    main?.status === undefined
      ? 0
      : main.status.kind === 'exited'
        ? main.status.code
        : main.status.kind === 'signaled'
          ? signalNumber(main.status.signal)
          : 0;
  const memory = value('MemoryMax');
  return [
    ['Type', service.kind],
    ['Restart', value('Restart') ?? 'no'],
    ['NotifyAccess', service.kind === 'notify' ? 'main' : 'none'],
    ['RestartUSec', span(value('RestartSec'), '100ms')],
    ['TimeoutStartUSec', service.kind === 'oneshot' ? 'infinity' : span(value('TimeoutStartSec'), '1min 30s')],
    ['TimeoutStopUSec', span(value('TimeoutStopSec'), '1min 30s')],
    ['RemainAfterExit', yesNo(value('RemainAfterExit') === 'yes')],
    ['GuessMainPID', 'yes'],
    ['MainPID', alive ? String(main.pid) : '0'],
    ['ControlPID', String(service.controlPid)],
    ...(service.statusText === undefined ? [] : ([['StatusText', service.statusText]] as const)),
    ['Result', unit.result],
    ['NRestarts', String(service.restarts)],
    ['OOMPolicy', 'stop'],
    ['ExecMainStartTimestamp', time(main?.startedAt)],
    ['ExecMainExitTimestamp', time(main?.exitedAt)],
    ['ExecMainPID', String(main?.pid ?? 0)],
    ['ExecMainCode', code],
    ['ExecMainStatus', String(status)],
    ...commands('ExecStartPre'),
    ...commands('ExecStart'),
    ...commands('ExecReload'),
    ...commands('ExecStop'),
    ['Slice', value('Slice') ?? 'system.slice'],
    ['ControlGroup', members.length > 0 ? service.cgroup : ''],
    ['MemoryCurrent', members.length > 0 ? read('memory.current') : '[not set]'],
    ['TasksCurrent', members.length > 0 ? String(members.length) : '[not set]'],
    ['TasksMax', value('TasksMax') ?? String(DEFAULT_TASKS)],
    ['MemoryMax', memory === undefined ? 'infinity' : read('memory.max')],
    [
      'Environment',
      valuesOf(definition, 'Service', 'Environment')
        .map((text) => text.replaceAll('"', ''))
        .join(' '),
    ],
    ...valuesOf(definition, 'Service', 'EnvironmentFile').map(
      (file) =>
        ['EnvironmentFiles', `${file.replace(/^-/, '')} (ignore_errors=${yesNo(file.startsWith('-'))})`] as const,
    ),
    ['User', value('User') ?? ''],
    ['Group', value('Group') ?? ''],
    ['WorkingDirectory', value('WorkingDirectory') ?? ''],
    ['StandardOutput', value('StandardOutput') ?? 'journal'],
    ['StandardError', value('StandardError') ?? 'inherit'],
    ['KillMode', value('KillMode') ?? 'control-group'],
    ['KillSignal', '15'],
  ];
}

function managerProperties({ manager }: Context): Properties {
  const failed = manager.units.filter(({ active }) => active === 'failed').length;
  return [
    ['Version', '252.39-1~deb12u2'],
    ['Features', systemdVersion.split('\n')[1] ?? ''],
    ['Architecture', 'x86-64'],
    ['UserspaceTimestamp', timestamp(manager.startedAt)],
    ['NNames', String(manager.units.length)],
    ['NFailedUnits', String(failed)],
    ['NJobs', '0'],
    ['Environment', 'LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    ['UnitPath', '/etc/systemd/system /run/systemd/system /usr/local/lib/systemd/system /lib/systemd/system'],
    ['SystemState', failed > 0 ? 'degraded' : 'running'],
    ['DefaultTimeoutStartUSec', '1min 30s'],
    ['DefaultTimeoutStopUSec', '1min 30s'],
    ['DefaultRestartUSec', '100ms'],
    ['DefaultTasksMax', String(DEFAULT_TASKS)],
  ];
}

/** `systemctl show`: of units, or of the manager. */
export function show(context: Context, units: readonly Unit[]): string {
  const { options } = context;
  const wanted = [...options.values('p'), ...options.values('P')].flatMap((value) => value.split(','));
  const values = options.has('value') || options.has('P');
  const print = (properties: Properties): string =>
    properties
      .filter(([key, value]) => (wanted.length === 0 ? value !== '' || options.has('a') : wanted.includes(key)))
      .map(([key, value]) => (values ? `${value}\n` : `${key}=${value}\n`))
      .join('');
  if (units.length === 0) return print(managerProperties(context));
  return units.map((unit) => print(unitProperties(context, unit))).join('\n');
}
