import { filtersParam, query } from '../../cli/api';
import { CommandError, type Command, type Group, type Invocation } from '../../cli/command';
import { flags } from '../../cli/flags';
import { renderList } from '../../cli/table';
import { printServices } from '../service';
import type { ServiceJson } from '../service/json';
import { waitOnService } from '../service/progress';
import { filesOf, pinImage, type FileKind } from '../service/spec';
import { printTasks, taskFlags, type TaskJson } from '../service/tasks';
import { convertService, isExternal, namespaceLabel, networksOf, scopedName } from './convert';
import { loadStack, type Fields, type StackFile } from './load';
import { naturally } from '../../cli/naturally';

interface Named {
  readonly ID: string;
  readonly Version: { readonly Index: number };
  readonly Spec: { readonly Name: string };
}

interface NetworkJson {
  readonly Id: string;
  readonly Name: string;
  readonly Scope: string;
  readonly Labels: Readonly<Record<string, string>>;
}

const ofStack = (stack: string): string => query({ filters: filtersParam([`label=${namespaceLabel}=${stack}`]) });
const record = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries((value ?? {}) as Record<string, unknown>).map(([key, field]) => [key, String(field)]),
  );

async function createNetworks({ api, out }: Invocation, stack: string, file: StackFile): Promise<void> {
  const used = new Set(Object.values(file.services).flatMap((fields) => networksOf(fields).map(([name]) => name)));
  const known = await api.get<readonly NetworkJson[]>('/networks');
  for (const name of used) {
    const fields = file.networks[name];
    if (fields === undefined && name !== 'default') throw new CommandError(`undefined network ${JSON.stringify(name)}`);
    const Name = scopedName(stack, name, fields);
    const there = known.find((network) => network.Name === Name);
    if (isExternal(fields)) {
      if (there === undefined)
        throw new CommandError(
          `network ${JSON.stringify(Name)} is declared as external, but could not be found. You need to create a swarm-scoped network before the stack is deployed`,
        );
      if (there.Scope !== 'swarm' && !['host', 'bridge', 'none'].includes(Name))
        throw new CommandError(
          `network ${JSON.stringify(Name)} is declared as external, but it is not in the right scope: ${JSON.stringify(there.Scope)} instead of "swarm"`,
        );
      continue;
    }
    if (there !== undefined) continue;
    await out(`Creating network ${Name}\n`);
    const driver = fields?.['driver'];
    const ipam = fields?.['ipam'] as { config?: readonly { subnet?: string }[] } | undefined;
    await api.send('POST', '/networks/create', {
      Name,
      Driver: typeof driver === 'string' ? driver : 'overlay',
      Internal: fields?.['internal'] === true,
      Attachable: fields?.['attachable'] === true,
      Options: record(fields?.['driver_opts']),
      Labels: { ...record(fields?.['labels']), [namespaceLabel]: stack },
      ...(ipam?.config === undefined
        ? {}
        : { IPAM: { Config: ipam.config.map(({ subnet }) => ({ Subnet: subnet })) } }),
    });
  }
}

async function createFiles(
  { api, out, process }: Invocation,
  stack: string,
  file: StackFile,
  kind: FileKind,
): Promise<void> {
  const known = await api.get<readonly Named[]>(`/${kind}s`);
  for (const [name, fields] of Object.entries(kind === 'secret' ? file.secrets : file.configs)) {
    if (isExternal(fields)) continue;
    const Name = scopedName(stack, name, fields);
    const Labels = { ...record(fields['labels']), [namespaceLabel]: stack };
    let content = typeof fields['content'] === 'string' ? fields['content'] : '';
    const path = fields['file'];
    if (typeof path === 'string') {
      const read = process.fs.readText(path.startsWith('/') ? path : `${process.cwd}/${path}`);
      if (!read.ok) throw new CommandError(`open ${path}: ${read.error.message.toLowerCase()}`);
      content = read.value;
    }
    const there = known.find(({ Spec }) => Spec.Name === Name);
    const Data = btoa(String.fromCharCode(...new TextEncoder().encode(content)));
    if (there !== undefined) {
      await api.send('POST', `/${kind}s/${there.ID}/update${query({ version: String(there.Version.Index) })}`, {
        Name,
        Labels,
        Data,
      });
      continue;
    }
    await out(`Creating ${kind} ${Name}\n`);
    await api.send('POST', `/${kind}s/create`, { Name, Labels, Data });
  }
}

/** What a service has of the stack's secrets or configs, as `--secret` would say it. */
function references(stack: string, kind: FileKind, fields: Fields, file: StackFile): readonly string[] {
  const asked = fields[`${kind}s`];
  return (Array.isArray(asked) ? (asked as unknown[]) : []).map((entry) => {
    const { source, target, uid, gid, mode } = (
      typeof entry === 'string' ? { source: entry } : (entry as Fields)
    ) as Record<string, string | number | undefined>;
    const name = String(source ?? '');
    const declared = (kind === 'secret' ? file.secrets : file.configs)[name];
    if (declared === undefined) throw new CommandError(`undefined ${kind} ${JSON.stringify(name)}`);
    const octal = typeof mode === 'number' ? `0${mode.toString(8)}` : (mode ?? '0444');
    return `source=${scopedName(stack, name, declared)},target=${target ?? (kind === 'config' ? `/${name}` : name)},uid=${uid ?? 0},gid=${gid ?? 0},mode=${octal}`;
  });
}

const deploy: Command = {
  use: 'deploy [OPTIONS] STACK',
  short: 'Deploy a new stack or update an existing stack',
  aliases: ['docker stack deploy', 'docker stack up'],
  flags: flags(`
    -c, --compose-file strings | Path to a Compose file, or "-" to read from stdin
    -d, --detach | Exit immediately instead of waiting for the stack services to converge (default true)
    --prune | Prune services that are no longer referenced
    -q, --quiet | Suppress progress output
    --resolve-image string | Query the registry to resolve image digest and supported platforms ("always", "changed", "never") (default "always")
    --with-registry-auth | Send registry authentication details to Swarm agents
  `),
  operands: [1, 1],
  async run(invocation) {
    const { api, args, flags: given, out, error, process } = invocation;
    const [stack = ''] = args;
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_-]*$/.test(stack))
      throw new CommandError(`invalid stack name: ${JSON.stringify(stack)}`);
    const file = await loadStack(
      process,
      given.all('compose-file').flatMap((path) => path.split(',')),
      error,
    );
    if (!given.given('detach'))
      await error(
        'Since --detach=false was not specified, tasks will be created in the background.\nIn a future release, --detach=false will become the default.\n',
      );
    await api.get('/nodes');
    const before = await api.get<readonly ServiceJson[]>(`/services${ofStack(stack)}`);
    if (given.on('prune')) {
      const gone = before.filter(
        ({ Spec }) => !Object.keys(file.services).some((name) => Spec.Name === `${stack}_${name}`),
      );
      for (const { ID, Spec } of gone) {
        await error(`Removing service ${Spec.Name}\n`);
        await api.send('DELETE', `/services/${ID}`);
      }
    }
    await createNetworks(invocation, stack, file);
    await createFiles(invocation, stack, file, 'secret');
    await createFiles(invocation, stack, file, 'config');
    const deployed: string[] = [];
    for (const [name, fields] of Object.entries(file.services).sort(([a], [b]) => (a < b ? -1 : 1))) {
      const files = {
        Secrets: await filesOf(api, 'secret', references(stack, 'secret', fields, file)),
        Configs: await filesOf(api, 'config', references(stack, 'config', fields, file)),
      };
      const spec = convertService(process, stack, name, fields, file, files);
      const there = before.find(({ Spec }) => Spec.Name === spec.Name);
      if (given.text('resolve-image') !== 'never') await pinImage(invocation, spec);
      if (there === undefined) {
        await out(`Creating service ${spec.Name}\n`);
        deployed.push((await api.send('POST', '/services/create', spec)).json<{ ID: string }>().ID);
        continue;
      }
      await out(`Updating service ${spec.Name} (id: ${there.ID})\n`);
      spec.TaskTemplate.ForceUpdate = there.Spec.TaskTemplate.ForceUpdate ?? 0;
      await api.send('POST', `/services/${there.ID}/update${query({ version: String(there.Version.Index) })}`, spec);
      deployed.push(there.ID);
    }
    if (given.given('detach') && !given.on('detach'))
      for (const id of deployed) await waitOnService(invocation, id, given.on('quiet'));
    return 0;
  },
};

const ls: Command = {
  use: 'ls [OPTIONS]',
  short: 'List stacks',
  aliases: ['docker stack ls', 'docker stack list'],
  flags: flags(`--format string | {format}`),
  operands: [0, 0],
  async run({ api, flags: given, out }) {
    const services = await api.get<readonly ServiceJson[]>(
      `/services${query({ filters: filtersParam([`label=${namespaceLabel}`]) })}`,
    );
    const stacks = new Map<string, number>();
    for (const { Spec } of services) {
      const name = Spec.Labels?.[namespaceLabel] ?? '';
      stacks.set(name, (stacks.get(name) ?? 0) + 1);
    }
    const items = [...stacks].sort(([a], [b]) => naturally(a, b));
    await out(
      renderList({
        items,
        columns: [
          { key: 'Name', header: 'NAME', cell: ([name]: readonly [string, number]) => name },
          { key: 'Services', header: 'SERVICES', cell: ([, count]: readonly [string, number]) => String(count) },
        ],
        table: ['Name', 'Services'],
        format: given.text('format'),
      }),
    );
    return 0;
  },
};

const ps: Command = {
  use: 'ps [OPTIONS] STACK',
  short: 'List the tasks in the stack',
  flags: taskFlags,
  operands: [1, 1],
  async run(invocation) {
    const { api, args, flags: given } = invocation;
    const [stack = ''] = args;
    const filters = filtersParam([...given.all('filter'), `label=${namespaceLabel}=${stack}`]);
    const tasks = await api.get<readonly TaskJson[]>(`/tasks${query({ filters })}`);
    if (tasks.length === 0) throw new CommandError(`nothing found in stack: ${stack}`);
    return printTasks(invocation, tasks);
  },
};

const services: Command = {
  use: 'services [OPTIONS] STACK',
  short: 'List the services in the stack',
  flags: flags(`
    -f, --filter filter | Filter output based on conditions provided
    --format string | {format}
    -q, --quiet | Only display IDs
  `),
  operands: [1, 1],
  async run(invocation) {
    const { api, args, flags: given, error } = invocation;
    const [stack = ''] = args;
    const filters = filtersParam([...given.all('filter'), `label=${namespaceLabel}=${stack}`]);
    const found = await api.get<readonly ServiceJson[]>(`/services${query({ filters, status: 'true' })}`);
    if (found.length > 0) return printServices(invocation, found);
    await error(`Nothing found in stack: ${stack}\n`);
    return 0;
  },
};

const rm: Command = {
  use: 'rm [OPTIONS] STACK [STACK...]',
  short: 'Remove one or more stacks',
  aliases: ['docker stack rm', 'docker stack remove', 'docker stack down'],
  flags: flags(`-d, --detach | Do not wait for stack removal (default true)`),
  operands: [1, Infinity],
  async run({ api, args, error, process }) {
    const problems: string[] = [];
    for (const stack of args) {
      const own = await api.get<readonly ServiceJson[]>(`/services${ofStack(stack)}`);
      const secrets = await api.get<readonly Named[]>(`/secrets${ofStack(stack)}`);
      const configs = await api.get<readonly Named[]>(`/configs${ofStack(stack)}`);
      const networks = await api.get<readonly NetworkJson[]>(`/networks${ofStack(stack)}`);
      if (own.length + secrets.length + configs.length + networks.length === 0) {
        await error(`Nothing found in stack: ${stack}\n`);
        continue;
      }
      const remove = async (what: string, path: string, id: string, name: string): Promise<void> => {
        await error(`Removing ${what} ${name}\n`);
        try {
          await api.send('DELETE', `/${path}/${id}`);
        } catch (thrown) {
          if (!(thrown instanceof CommandError)) throw thrown;
          problems.push(`Failed to remove ${what} ${id}: ${thrown.message}`);
        }
      };
      for (const { ID, Spec } of [...own].sort((a, b) => (a.Spec.Name < b.Spec.Name ? -1 : 1)))
        await remove('service', 'services', ID, Spec.Name);
      for (const { ID, Spec } of secrets) await remove('secret', 'secrets', ID, Spec.Name);
      for (const { ID, Spec } of configs) await remove('config', 'configs', ID, Spec.Name);
      for (const { Id, Name } of networks) await remove('network', 'networks', Id, Name);
      if (problems.length > 0) problems.push(`Failed to remove some resources from stack: ${stack}`);
    }
    await process.sleep(1);
    if (problems.length > 0) throw new CommandError(problems.join('\n'));
    return 0;
  },
};

const config: Command = {
  use: 'config [OPTIONS]',
  short: 'Outputs the final config file, after doing merges and interpolations',
  flags: flags(`
    -c, --compose-file strings | Path to a Compose file, or "-" to read from stdin
    --skip-interpolation | Skip interpolation and output only merged config
  `),
  operands: [0, 0],
  offline: true,
  async run({ flags: given, out, error, process }) {
    const paths = given.all('compose-file').flatMap((path) => path.split(','));
    const { version, ...sections } = await loadStack(process, paths, error);
    const { stringify } = await process.clock.external(() => import('yaml'));
    const present = Object.entries(sections).filter(([, value]) => Object.keys(value).length > 0);
    await out(stringify({ ...(version === undefined ? {} : { version }), ...Object.fromEntries(present) }));
    return 0;
  },
};

export const stack: Group = {
  name: 'stack',
  short: 'Manage Swarm stacks',
  swarm: 'manager',
  commands: [config, deploy, ls, ps, rm, services],
};
