import type { Unit } from '../../../linux/systemd/unit';
import { describeStatus } from '../../../linux/systemd/exit-status';
import { DEFAULT_TASKS } from '../../../linux/systemd/limits';
import type { Service } from '../../../linux/systemd/service';
import { unitFileState } from '../../../linux/systemd/install';
import { namesOf } from '../../../linux/systemd/unit-file';
import { strftime } from '../../toolkit/date-format';
import { entriesOfUnit, shortLine } from '../journal/format';
import { ago, formatBytes, formatSpan, paint, type Color, type Look } from '../systemd';
import { descriptionOf, mangle, serviceOf, type Context } from './context';
import { scopeLines, scopeOf } from './scope';
import { processTree } from './tree';

const field = (name: string): string => `${name}: `.padStart(13);

/** A date as systemd writes it: `Sat 2026-11-21 10:36:06 UTC`. */
export const timestamp = (ms: number): string => strftime('%a %Y-%m-%d %H:%M:%S UTC', ms);

const dots: Readonly<Record<string, readonly [string, string, Color]>> = {
  active: ['●', '*', 'green'],
  reloading: ['↻', 'C', 'green'],
  inactive: ['○', '*', 'none'],
  failed: ['×', 'x', 'red'],
  activating: ['●', '*', 'none'],
  deactivating: ['●', '*', 'none'],
};

/** The state's dot before a unit's name. */
export function dotOf(look: Look, { active, definition }: Unit): string {
  if (definition.load === 'masked' && active === 'inactive') return look.unicode ? '○' : '*';
  const [wide = '●', narrow = '*', color = 'none'] = dots[active] ?? [];
  return paint(look, color, look.unicode ? wide : narrow);
}

/** `systemctl status` of one unit. */
export function unitStatus(context: Context, unit: Unit): string {
  const { look, process, manager } = context;
  const { definition, active, sub, result } = unit;
  const { now } = process.clock;
  const lines: string[] = [];
  const description = descriptionOf(unit);
  lines.push(`${dotOf(look, unit)} ${unit.name}${description === unit.name ? '' : ` - ${description}`}`);
  lines.push(`${field('Loaded')}${loaded(context, unit)}`);
  const scope = scopeOf(unit);
  if (scope !== undefined) lines.push(`${field('Transient')}yes`);
  dropIns(definition.dropIns, look, lines);
  lines.push(`${field('Active')}${activity(context, unit, now)}`);
  if (
    ['active', 'reloading'].includes(active) === false &&
    unit.activeEnter !== undefined &&
    unit.activeExit !== undefined &&
    unit.activeExit >= unit.activeEnter &&
    sub !== 'auto-restart'
  )
    lines.push(`${field('Duration')}${formatSpan(Math.max(unit.activeExit - unit.activeEnter, 0.5))}`);
  const docs = namesOf(definition, 'Unit', 'Documentation');
  docs.forEach((doc, index) => lines.push(`${index === 0 ? field('Docs') : ' '.repeat(13)}${doc}`));
  const service = serviceOf(unit);
  if (service !== undefined) serviceLines(context, service, lines);
  if (scope !== undefined) lines.push(...scopeLines(context, scope, field));
  const text = `${lines.join('\n')}\n`;
  const shown = logLines(context, unit);
  const warning =
    manager.isStale(unit) && active !== 'inactive'
      ? `${paint(look, 'yellow', 'Warning:')} The unit file, source configuration file or drop-ins of ${unit.name} changed on disk. Run 'systemctl daemon-reload' to reload units.\n`
      : '';
  void result;
  return warning + text + (shown === '' ? '' : `\n${shown}`);
}

function loaded({ look, process }: Context, { name, definition }: Unit): string {
  const { load, path } = definition;
  if (load === 'masked') return `${paint(look, 'red', 'masked')} (Reason: Unit ${name} is masked.)`;
  if (load === 'bad-setting')
    return `${paint(look, 'red', 'bad-setting')} (Reason: Unit ${name} has a bad unit file setting.)`;
  if (load === 'not-found') return `${paint(look, 'red', 'not-found')} (Reason: Unit ${name} not found.)`;
  if (name.endsWith('.scope')) return `loaded (${path ?? ''}; transient)`;
  const state = unitFileState(process.fs, name) ?? 'static';
  const color: Color = state === 'enabled' ? 'green' : state === 'disabled' ? 'yellow' : 'none';
  const preset =
    state === 'static' || state === 'alias' || state === 'generated'
      ? ''
      : `; preset: ${paint(look, 'green', 'enabled')}`;
  return `loaded (${path ?? ''}; ${paint(look, color, state)}${preset})`;
}

function dropIns(paths: readonly string[], { unicode }: Look, lines: string[]): void {
  const byFolder = new Map<string, string[]>();
  for (const path of paths) {
    const folder = path.slice(0, path.lastIndexOf('/'));
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), path.slice(folder.length + 1)]);
  }
  let first = true;
  for (const [folder, files] of byFolder) {
    lines.push(`${first ? field('Drop-In') : ' '.repeat(13)}${folder}`);
    first = false;
    lines.push(`${' '.repeat(13)}${unicode ? '└─' : '`-'}${files.join(', ')}`);
  }
}

function activity({ look }: Context, unit: Unit, now: number): string {
  const { active, sub, result } = unit;
  const color: Color = active === 'active' || active === 'reloading' ? 'green' : active === 'failed' ? 'red' : 'none';
  const state = active === 'failed' ? active : `${active} (${sub})`;
  const why = result !== 'success' && (active === 'failed' || sub === 'auto-restart') ? ` (Result: ${result})` : '';
  const since =
    active === 'active' || active === 'reloading'
      ? unit.activeEnter
      : active === 'inactive' || active === 'failed'
        ? unit.inactiveEnter
        : active === 'activating'
          ? unit.inactiveExit
          : unit.activeExit;
  const exitedOneshot = active === 'inactive' && unit.activeEnter === undefined;
  if (since === undefined || exitedOneshot) return `${paint(look, color, state)}${why}`;
  return `${paint(look, color, state)}${why} since ${timestamp(since)}; ${ago(now, since)}`;
}

function serviceLines(context: Context, service: Service, lines: string[]): void {
  const { look, process } = context;
  const alive = service.main !== undefined && service.main.status === undefined;
  for (const { setting, pid, text, status } of service.ran) {
    const bad = !/status=0\/|signal=TERM|signal=HUP|signal=INT|signal=PIPE/.test(status);
    lines.push(
      `${field('Process')}${pid} ${setting}=${text} ${bad ? paint(look, 'red', `(${status})`) : `(${status})`}`,
    );
  }
  const { main } = service;
  const members = service.group.members();
  if (main !== undefined) {
    const comm = members.find(({ pid }) => pid === main.pid)?.comm ?? main.comm;
    const how = main.status === undefined ? comm : describeStatus(main.status);
    lines.push(`${field('Main PID')}${main.pid} (${how})`);
  }
  if (service.statusText !== undefined) lines.push(`${field('Status')}"${service.statusText}"`);
  if (members.length === 0) return;
  if (alive || members.length > 0) {
    const folder = `/sys/fs/cgroup${service.cgroup}`;
    const read = (file: string): string => {
      const value = process.host.systemd?.host.fs.readText(`${folder}/${file}`);
      return value?.ok === true ? value.value.trim() : '';
    };
    const max = read('pids.max');
    const limit = max === 'max' || max === '' ? DEFAULT_TASKS : Number(max);
    const unlimited = namesOf(service.definition, 'Service', 'TasksMax').at(-1) === 'infinity';
    lines.push(`${field('Tasks')}${members.length}${unlimited ? '' : paint(look, 'grey', ` (limit: ${limit})`)}`);
    const current = Number(read('memory.current'));
    const most = read('memory.max');
    const available =
      most === 'max' || most === ''
        ? ''
        : ` (max: ${formatBytes(Number(most))} available: ${formatBytes(Math.max(0, Number(most) - current))})`;
    lines.push(`${field('Memory')}${formatBytes(current)}${available}`);
    const usage = /usage_usec (\d+)/.exec(read('cpu.stat'))?.[1];
    if (usage !== undefined) lines.push(`${field('CPU')}${formatSpan(Math.max(Number(usage) / 1000, 1))}`);
  }
  lines.push(`${field('CGroup')}${service.cgroup}`);
  lines.push(...processTree(context, service.cgroup, ' '.repeat(13)));
}

/** The last lines of the journal on a unit; root and members of adm may see them. */
function logLines({ process, manager, options, look }: Context, { name, logFrom }: Unit): string {
  const wanted = Number(options.value('n') ?? 10);
  if (!maySeeJournal(process)) return '';
  const entries =
    wanted === 0
      ? []
      : entriesOfUnit(manager.journal.entries, [name])
          .filter(({ sequence }) => sequence >= logFrom)
          .slice(-wanted);
  const mode = options.value('o') ?? 'short';
  return entries
    .map(
      (entry) =>
        `${shortLine(entry, { mode, host: manager.host.name, look, bootedAt: manager.startedAt, bootId: manager.journal.bootId, machineId: '' })}\n`,
    )
    .join('');
}

/** Whether the journal's files can be read: root, adm, systemd-journal. */
export function maySeeJournal({ credentials, fs }: Context['process']): boolean {
  if (credentials.uid === 0) return true;
  const text = fs.readText('/etc/group');
  const lines = text.ok ? text.value.split('\n').map((line) => line.split(':')) : [];
  return lines.some(
    ([name, , gid]) => (name === 'adm' || name === 'systemd-journal') && credentials.groups.includes(Number(gid)),
  );
}

/** `systemctl status` without a unit: the host. */
export function systemStatus(context: Context): string {
  const { look, process, manager } = context;
  const failed = manager.units.filter(({ active }) => active === 'failed').length;
  const state = failed > 0 ? 'degraded' : 'running';
  const begun = manager.startedAt;
  const lines = [
    `${paint(look, failed > 0 ? 'red' : 'green', look.unicode ? '●' : '*')} ${process.namespaces.uts.hostname}`,
    `${'State: '.padStart(11)}${paint(look, failed > 0 ? 'red' : 'green', state)}`,
    `${'Units: '.padStart(11)}${manager.units.length} loaded (incl. loaded aliases)`,
    `${'Jobs: '.padStart(11)}0 queued`,
    `${'Failed: '.padStart(11)}${failed} units`,
    `${'Since: '.padStart(11)}${timestamp(begun)}; ${ago(process.clock.now, begun)}`,
    `${'systemd: '.padStart(11)}252.39-1~deb12u2`,
    `${'CGroup: '.padStart(11)}/`,
  ];
  lines.push(...processTree(context, '/', ' '.repeat(11)));
  return `${lines.join('\n')}\n`;
}

/** Operands of status may be pids. */
export function nameOfPid({ process, manager }: Context, operand: string): string {
  if (!/^\d+$/.test(operand)) return mangle(operand);
  const found = process.host.processes(process).find(({ pid }) => pid === Number(operand));
  return manager.unitOf(found?.cgroup ?? '') ?? mangle(operand);
}
