import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure } from '../../errors';
import { flag } from '../../flags/flag-set';
import { TabWriter } from '../../../toolkit/tabwriter';
import { groupVersion, type ApiResource, type Discovery } from '../../rest/discovery';

/** The resources of each group's preferred version, and those that only other versions have. */
export function preferredResources({ versions }: Discovery): readonly ApiResource[] {
  const found = new Map<string, ApiResource>();
  for (const resource of versions.flatMap(({ resources }) => resources)) {
    const key = `${resource.group}/${resource.name}`;
    if (!found.has(key)) found.set(key, resource);
  }
  return [...found.values()].filter(({ name }) => !name.includes('/'));
}

function rows(cli: Cli, all: readonly ApiResource[]): readonly ApiResource[] {
  const { flags } = cli;
  const verbs = flags.list('verbs');
  const categories = flags.list('categories');
  const by = flags.string('sort-by');
  const key = ({ name, kind, group }: ApiResource): string => (by === 'name' ? name : by === 'kind' ? kind : group);
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return all
    .filter(
      (each) =>
        each.verbs.length > 0 &&
        (!flags.changed('api-group') || each.group === flags.string('api-group')) &&
        (!flags.changed('namespaced') || each.namespaced === flags.bool('namespaced')) &&
        verbs.every((verb) => each.verbs.includes(verb)) &&
        categories.every((category) => each.categories.includes(category)),
    )
    .toSorted((a, b) => compare(key(a), key(b)) || compare(a.name, b.name));
}

function line(resource: ApiResource, output: string): string {
  const { name, group, version, short, namespaced, kind, verbs, categories } = resource;
  if (output === 'name') return group === '' ? name : `${name}.${group}`;
  const cells = [name, short.join(','), groupVersion(group, version), String(namespaced), kind];
  return [...cells, ...(output === 'wide' ? [verbs.join(','), categories.join(',')] : [])].join('\t');
}

async function run(cli: Cli): Promise<void> {
  const { args, flags, factory } = cli;
  const output = flags.string('output');
  if (args.length > 0) throw cli.usage(`unexpected arguments: [${args.join(' ')}]`);
  if (!['', 'wide', 'name'].includes(output)) throw new Failure(`--output ${output} is not available`);
  if (!['', 'name', 'kind'].includes(flags.string('sort-by'))) throw new Failure('--sort-by accepts only name or kind');
  let all: readonly ApiResource[] = [];
  let failure: Failure | undefined;
  try {
    all = preferredResources(await factory.discovery({ fresh: !flags.bool('cached') }));
  } catch (reason) {
    if (!(reason instanceof Failure)) throw reason;
    failure = reason;
  }
  const writer = new TabWriter();
  const heads = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND'];
  if (output === 'wide') heads.push('VERBS', 'CATEGORIES');
  if (!flags.bool('no-headers') && output !== 'name') writer.write(`${heads.join('\t')}\n`);
  for (const resource of rows(cli, all)) writer.write(`${line(resource, output)}\n`);
  await cli.out(writer.flush());
  if (failure !== undefined) throw failure;
}

export const apiResources: Command = {
  use: 'api-resources [flags]',
  discoveryAttempts: 1,
  short: 'Print the supported API resources on the server',
  long: 'Show the kinds of objects that the server knows, with their short names.',
  example: `# All of them
  kubectl api-resources

  # With verbs and categories
  kubectl api-resources -o wide

  # Those that are in no namespace
  kubectl api-resources --namespaced=false

  # Those of one group
  kubectl api-resources --api-group=rbac.authorization.k8s.io`,
  flags: [
    flag.string('api-group', '', 'Only resources of this group.'),
    flag.bool('cached', false, 'Take the list from the disk if it is there.'),
    flag.strings('categories', [], 'Only resources that are in these categories.'),
    flag.bool('namespaced', true, 'Only resources within namespaces, or with false only those outside.'),
    flag.bool('no-headers', false, 'Leave out the line of headers.'),
    flag.string('output', '', 'How to print. One of: (wide, name).', { short: 'o' }),
    flag.string('sort-by', '', "Order by 'name' or by 'kind'."),
    flag.strings('verbs', [], 'Only resources that know these verbs.'),
  ],
  run,
};

async function runVersions(cli: Cli): Promise<void> {
  if (cli.args.length > 0) throw cli.usage(`unexpected arguments: [${cli.args.join(' ')}]`);
  let found: Discovery;
  try {
    found = await cli.factory.discovery({ fresh: true });
  } catch (reason) {
    if (!(reason instanceof Failure)) throw reason;
    throw new Failure(`couldn't get available api versions from server: ${reason.message}`);
  }
  const names = found.versions.map(({ group, version }) => groupVersion(group, version)).sort();
  await cli.out(names.map((name) => `${name}\n`).join(''));
}

export const apiVersions: Command = {
  use: 'api-versions',
  discoveryAttempts: 1,
  short: 'Print the supported API versions on the server, in the form of "group/version"',
  long: 'Show the groups and versions that the server knows, as "group/version".',
  example: `# All of them
  kubectl api-versions`,
  run: runVersions,
};
