import { projectOrName, type Command, type Context } from '../cli/context';
import { ComposeError } from '../cli/error';
import { query } from '../engine/api';
import { listContainers, nameOf, oneContainer, serviceOf, type Inspected } from '../engine/containers';
import { watchEvents } from '../engine/events';
import { eachLine } from '../engine/log-lines';
import { LogPrinter } from '../engine/log-printer';
import { together } from '../engine/order';
import { notRunning } from './lists';

/** Whether lines are to be coloured. */
export const isColored = ({ process, ansi, colors }: Context): boolean =>
  colors && (ansi === 'always' || (ansi === 'auto' && process.fds.get(1)?.kind === 'tty'));

/** A container's name without its project's. */
export const shortName = (name: string, project: string): string =>
  name.startsWith(`${project}-`) || name.startsWith(`${project}_`) ? name.slice(project.length + 1) : name;

export const logs: Command = async (context) => {
  const { api, flags, operands, process } = context;
  const index = flags.number('index') ?? 0;
  if (index > 0 && operands.length !== 1) throw new ComposeError('--index requires one service to be selected');
  const { project, name } = await projectOrName(context, operands);
  let services: readonly string[] = operands;
  if (project !== undefined && services.length === 0)
    services = Object.keys(project.services).filter((each) => project.services[each]?.attach !== false);
  const printer = new LogPrinter(process, {
    colors: isColored(context) && !flags.on('no-color'),
    prefix: !flags.on('no-log-prefix'),
    timestamps: false,
  });
  let containers = await listContainers(api, name, 'exclude', true, operands);
  if (index > 0) {
    const one = await oneContainer(api, name, operands[0] ?? '', index, 'exclude', true);
    if (one === undefined) throw notRunning(operands[0] ?? '', index);
    containers = [one];
  } else if (services.length > 0) containers = containers.filter((each) => services.includes(serviceOf(each)));
  const follow = flags.on('follow');
  const { now } = process.clock;
  const show = async (id: string, source: string, since: string | undefined): Promise<void> => {
    const { Config } = await api.send<Inspected>('GET', `/containers/${id}/json`);
    const response = await api.stream(
      'GET',
      `/containers/${id}/logs${query({
        follow: follow ? '1' : undefined,
        since,
        until: instant(flags.last('until'), now),
        stderr: '1',
        stdout: '1',
        tail: flags.last('tail') ?? 'all',
        timestamps: flags.on('timestamps') ? '1' : undefined,
      })}`,
    );
    await eachLine(response.body, Config.Tty, (line) => printer.log(source, line, 'stdout'));
  };
  for (const container of containers) printer.register(shortName(nameOf(container), name));
  const events = follow ? await watchEvents(api, name) : undefined;
  const all = together(containers, (container) =>
    show(container.Id, shortName(nameOf(container), name), instant(flags.last('since'), now)),
  );
  if (events !== undefined) {
    const left = new Set(containers.filter(({ State }) => State === 'running').map(({ Id }) => Id));
    if (left.size > 0)
      await events(async ({ Action, Actor: { ID, Attributes } }) => {
        const service = Attributes['com.docker.compose.service'] ?? '';
        if (services.length > 0 && !services.includes(service)) return 'go on';
        const source = shortName(Attributes['name'] ?? '', name);
        if (Action === 'start') {
          left.add(ID);
          const { State } = await api.send<{ State: { StartedAt: string } }>('GET', `/containers/${ID}/json`);
          void show(ID, source, String(Date.parse(State.StartedAt) / 1000));
        }
        if (Action === 'die') {
          left.delete(ID);
          await printer.status(source, `exited with code ${Attributes['exitCode'] ?? '0'}`);
        }
        return left.size === 0 ? 'enough' : 'go on';
      });
  }
  await all;
  return 0;
};

const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** A timestamp or a Go duration, to seconds since the epoch (api/types/time). */
export function instant(text: string | undefined, now: number): string | undefined {
  if (text === undefined || text === '') return undefined;
  if (/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) {
    let seconds = 0;
    for (const [, count = '0', unit = 's'] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g))
      seconds += Number(count) * (units[unit] ?? 1);
    return String(now / 1000 - seconds);
  }
  if (/^\d+(\.\d+)?$/.test(text)) return text;
  const whole = text.includes('T') ? text : `${text}T00:00:00`;
  const parsed = Date.parse(/Z|[+-]\d\d:\d\d$/.test(text) ? text : `${whole}Z`);
  if (Number.isNaN(parsed)) throw new ComposeError(`invalid value for "since": parsing time ${JSON.stringify(text)}`);
  return String(parsed / 1000);
}
