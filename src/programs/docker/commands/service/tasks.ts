import type { Api } from '../../cli/api';
import type { Invocation } from '../../cli/command';
import { flags } from '../../cli/flags';
import { ellipsis, humanDuration } from '../../cli/format';
import { renderList } from '../../cli/table';

export interface TaskJson {
  readonly ID: string;
  readonly CreatedAt: string;
  readonly Spec: { readonly ContainerSpec?: { readonly Image: string } };
  readonly ServiceID: string;
  readonly Slot?: number;
  readonly NodeID?: string;
  readonly JobIteration?: { readonly Index: number };
  readonly DesiredState: string;
  readonly Status: {
    readonly Timestamp: string;
    readonly State: string;
    readonly Err?: string;
    readonly PortStatus?: { readonly Ports?: readonly PortJson[] };
  };
}

export interface PortJson {
  readonly Protocol: string;
  readonly TargetPort: number;
  readonly PublishedPort?: number;
  readonly PublishMode: string;
}

export const taskFlags = flags(`
    -f, --filter filter | Filter output based on conditions provided
    --format string | Pretty-print tasks using a Go template
    --no-resolve | Do not map IDs to Names
    --no-trunc | Do not truncate output
    -q, --quiet | Only display task IDs
  `);

export const title = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Images are shown without the digest that was found for them. */
export const withoutDigest = (image: string): string =>
  image.includes(':') && /^[^@]+:[^@/]+@/.test(image) ? image.replace(/@.*$/, '') : image;

/** Names of services and nodes, asked for once (command/idresolver). */
export class IdResolver {
  readonly #known = new Map<string, string>();

  constructor(
    readonly api: Api,
    readonly off: boolean,
  ) {}

  async service(id: string): Promise<string> {
    return this.#resolve(`/services/${id}?insertDefaults=false`, id, ({ Spec }) => Spec?.Name);
  }

  async node(id: string): Promise<string> {
    return this.#resolve(`/nodes/${id}`, id, ({ Spec, Description }) => (Spec?.Name ?? '') || Description?.Hostname);
  }

  async #resolve(
    path: string,
    id: string,
    nameOf: (found: { Spec?: { Name?: string }; Description?: { Hostname?: string } }) => string | undefined,
  ): Promise<string> {
    if (this.off || id === '') return id;
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    let name = id;
    try {
      name = nameOf(await this.api.get(path)) ?? id;
    } catch {
      // What is gone goes by its id.
    }
    this.#known.set(path, name);
    return name;
  }
}

/** Tasks as `service ps`, `node ps` and `stack ps` list them: by service and slot, the newest first (command/task/print.go). */
export async function printTasks(invocation: Invocation, tasks: readonly TaskJson[]): Promise<number> {
  const { api, flags: given, out, process } = invocation;
  const resolver = new IdResolver(api, given.on('no-resolve'));
  const whole = given.on('no-trunc');
  const sorted = [...tasks].sort(
    (a, b) =>
      (a.ServiceID < b.ServiceID ? -1 : a.ServiceID > b.ServiceID ? 1 : 0) ||
      (a.Slot ?? 0) - (b.Slot ?? 0) ||
      (a.CreatedAt < b.CreatedAt ? 1 : -1),
  );
  const rows: { task: TaskJson; name: string; node: string }[] = [];
  let before = '';
  for (const task of sorted) {
    const service = await resolver.service(task.ServiceID);
    const name = `${service}.${(task.Slot ?? 0) === 0 ? (task.NodeID ?? '') : task.Slot}`;
    const indented = name === before ? ` \\_ ${name}` : name;
    before = name;
    const plain = ['', 'table'].includes(given.text('format'));
    rows.push({ task, name: plain ? indented : name, node: await resolver.node(task.NodeID ?? '') });
  }
  type Row = (typeof rows)[number];
  const column = (key: string, header: string, cell: (row: Row) => string) => ({ key, header, cell });
  await out(
    renderList({
      items: rows,
      columns: [
        column('ID', 'ID', ({ task }) => (whole ? task.ID : task.ID.slice(0, 12))),
        column('Name', 'NAME', ({ name }) => name),
        column('Image', 'IMAGE', ({ task }) => {
          const image = task.Spec.ContainerSpec?.Image ?? '';
          return whole ? image : withoutDigest(image);
        }),
        column('Node', 'NODE', ({ node }) => node),
        column('DesiredState', 'DESIRED STATE', ({ task }) => title(task.DesiredState)),
        column('CurrentState', 'CURRENT STATE', ({ task: { Status } }) => {
          const passed = humanDuration(process.clock.now - Date.parse(Status.Timestamp)).toLowerCase();
          return `${title(Status.State)} ${passed} ago`;
        }),
        column('Error', 'ERROR', ({ task: { Status } }) => {
          const problem = Status.Err ?? '';
          return problem === '' ? '' : `"${whole ? problem : ellipsis(problem, 30)}"`;
        }),
        column('Ports', 'PORTS', ({ task: { Status } }) =>
          (Status.PortStatus?.Ports ?? [])
            .map(({ PublishedPort, TargetPort, Protocol }) => `*:${PublishedPort}->${TargetPort}/${Protocol}`)
            .join(','),
        ),
      ],
      table: ['ID', 'Name', 'Image', 'Node', 'DesiredState', 'CurrentState', 'Error', 'Ports'],
      format: given.text('format'),
      ...(given.on('quiet') ? { quiet: ({ task }: Row) => task.ID } : {}),
    }),
  );
  return 0;
}
