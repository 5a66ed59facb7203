import type { Command } from '../cli/context';
import { labelFilter, query } from '../engine/api';
import { isOneOff, type Container } from '../engine/containers';
import { labels } from '../engine/labels';
import { goJson, tabulate } from './table';

export const ls: Command = async ({ api, flags, out }) => {
  const all = flags.on('all');
  const filters = labelFilter(labels.project, labels.configHash);
  const containers = await api.send<Container[]>(
    'GET',
    `/containers/json${query({ all: all ? '1' : undefined, filters })}`,
  );
  const projects = new Map<string, Container[]>();
  for (const container of containers) {
    const name = container.Labels[labels.project] ?? '';
    projects.set(name, [...(projects.get(name) ?? []), container]);
  }
  const wanted = flags.all('filter').filter((filter) => filter.startsWith('name='));
  const rows = [...projects]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, own]) => ({ Name: name, Status: statusOf(own), ConfigFiles: filesOf(own) }))
    .filter(({ Name }) => wanted.length === 0 || wanted.some((filter) => new RegExp(filter.slice(5)).test(Name)));
  if (flags.on('quiet')) await out(rows.map(({ Name }) => `${Name}\n`).join(''));
  else if (flags.text('format') === 'json') await out(`${goJson(rows)}\n`);
  else
    await out(
      tabulate([['NAME', 'STATUS', 'CONFIG FILES'], ...rows.map((row) => [row.Name, row.Status, row.ConfigFiles])], 20),
    );
  return 0;
};

/** `exited(1), running(2)`. */
export function statusOf(containers: readonly Container[]): string {
  const counts = new Map<string, number>();
  for (const { State } of containers) counts.set(State, (counts.get(State) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([state, count]) => `${state}(${count})`)
    .join(', ');
}

function filesOf(containers: readonly Container[]): string {
  const files = containers
    .filter((container) => !isOneOff(container))
    .flatMap(({ Labels }) => (Labels[labels.configFiles] ?? '').split(','))
    .filter((file) => file !== '');
  return files.length === 0 ? 'N/A' : [...new Set(files)].join(',');
}
