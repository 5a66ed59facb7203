import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure, throwAll } from '../../errors';
import { flag } from '../../flags/flag-set';
import { text, withAt, type JsonObject } from '../../json';
import { TabWriter } from '../../../toolkit/tabwriter';
import { ConfigStore, unexpected } from './store';

async function runGet(cli: Cli): Promise<void> {
  const { args, flags } = cli;
  const output = flags.string('output');
  if (output !== '' && output !== 'name')
    throw new Failure(
      `--output ${output} is not available in kubectl config get-contexts; resetting to default output format`,
    );
  const { contexts, currentContext } = new ConfigStore(cli).loaded;
  const missing = args.filter((name) => !contexts.has(name));
  const names = args.length === 0 ? [...contexts.keys()] : args.filter((name) => contexts.has(name));
  const writer = new TabWriter();
  if (!flags.bool('no-headers') && output === '') writer.write('CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE\n');
  for (const name of names.toSorted()) {
    const value = contexts.get(name)?.value;
    const cells = [name, text(value, 'cluster'), text(value, 'user'), text(value, 'namespace')];
    writer.write(output === 'name' ? `${name}\n` : `${name === currentContext ? '*' : ' '}\t${cells.join('\t')}\n`);
  }
  await cli.out(writer.flush());
  throwAll(missing.map((name) => new Failure(`context ${name} not found`)));
}

async function runCurrent(cli: Cli): Promise<void> {
  const { currentContext } = new ConfigStore(cli).loaded;
  if (currentContext === '') throw new Failure('current-context is not set');
  await cli.out(`${currentContext}\n`);
}

async function runUse(cli: Cli): Promise<void> {
  const [name = ''] = cli.args;
  if (cli.args.length !== 1) throw await unexpected(cli);
  const store = new ConfigStore(cli);
  if (name === '') throw new Failure('empty context names are not allowed');
  if (!store.loaded.contexts.has(name)) throw new Failure(`no context exists with the name: "${name}"`);
  store.save({ ...store.edit(), currentContext: name });
  await cli.out(`Switched to context "${name}".\n`);
}

async function runSet(cli: Cli): Promise<void> {
  const { args, flags } = cli;
  if (args.length > 1) throw await unexpected(cli);
  const [given = ''] = args;
  const current = flags.bool('current');
  if (given === '' && !current) throw new Failure('you must specify a non-empty context name or --current');
  if (given !== '' && current) throw new Failure('you cannot specify both a context name and --current');
  const store = new ConfigStore(cli);
  const config = store.edit();
  const name = current ? config.currentContext : given;
  if (name === '') throw new Failure('no current context is set');
  const known = config.contexts.get(name);
  let value: JsonObject = known ?? {};
  for (const field of ['cluster', 'user', 'namespace'])
    if (flags.changed(field)) value = withAt(value, [field], flags.string(field)) as JsonObject;
  config.contexts.set(name, value);
  store.save(config);
  await cli.out(`Context "${name}" ${known === undefined ? 'created' : 'modified'}.\n`);
}

async function runRename(cli: Cli): Promise<void> {
  const [from = '', to = ''] = cli.args;
  if (cli.args.length !== 2) throw await unexpected(cli);
  if (to === '') throw new Failure('You must specify a new non-empty context name');
  const store = new ConfigStore(cli);
  const config = store.edit();
  const context = config.contexts.get(from);
  const file = store.defaultFile;
  if (context === undefined) throw new Failure(`cannot rename the context "${from}", it's not in ${file}`);
  if (config.contexts.has(to))
    throw new Failure(`cannot rename the context "${from}", the context "${to}" already exists in ${file}`);
  config.contexts.set(to, context);
  config.contexts.delete(from);
  if (config.currentContext === from) config.currentContext = to;
  store.save(config);
  await cli.out(`Context "${from}" renamed to "${to}".\n`);
}

async function runDelete(cli: Cli): Promise<void> {
  const store = new ConfigStore(cli);
  const [name = ''] = cli.args;
  if (cli.args.length !== 1) return cli.help();
  const config = store.edit();
  if (!config.contexts.has(name)) throw new Failure(`cannot delete context ${name}, not in ${store.defaultFile}`);
  if (config.currentContext === name)
    await cli.err(
      'warning: this removed your active context, use "kubectl config use-context" to select a different one\n',
    );
  config.contexts.delete(name);
  store.save(config);
  await cli.out(`deleted context ${name} from ${store.defaultFile}\n`);
}

export const contextCommands: readonly Command[] = [
  {
    use: 'get-contexts [(-o|--output=)name)]',
    short: 'Describe one or many contexts',
    long: 'Show the contexts of the kubeconfig, or those that are named.',
    example: `# All contexts
    kubectl config get-contexts

    # One context
    kubectl config get-contexts my-context`,
    flags: [
      flag.bool('no-headers', false, 'Leave out the line of headers.'),
      flag.string('output', '', 'How to print. One of: (name).', { short: 'o' }),
    ],
    run: runGet,
  },
  {
    use: 'current-context [flags]',
    short: 'Display the current-context',
    long: 'Print the name of the current context.',
    example: `# The current context
    kubectl config current-context`,
    run: runCurrent,
  },
  {
    use: 'use-context CONTEXT_NAME',
    aliases: ['use'],
    short: 'Set the current-context in a kubeconfig file',
    long: 'Make a context the current one.',
    example: `# From now on the cluster of the context dev
    kubectl config use-context dev`,
    run: runUse,
  },
  {
    use: 'set-context [NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]',
    short: 'Set a context entry in kubeconfig',
    long: 'Make a context, or change members of one that is there.',
    example: `# Another namespace for the current context
    kubectl config set-context --current --namespace=team`,
    flags: [
      flag.string('cluster', '', 'Cluster of the context.'),
      flag.bool('current', false, 'Change the current context.'),
      flag.string('namespace', '', 'Namespace of the context.'),
      flag.string('user', '', 'User of the context.'),
    ],
    run: runSet,
  },
  {
    use: 'rename-context CONTEXT_NAME NEW_NAME',
    short: 'Rename a context from the kubeconfig file',
    long: 'Give a context another name. If it is the current one, it stays that.',
    example: `# The context old becomes new
    kubectl config rename-context old new`,
    run: runRename,
  },
  {
    use: 'delete-context NAME',
    short: 'Delete the specified context from the kubeconfig',
    long: 'Remove a context from the kubeconfig.',
    example: `# Remove the context dev
    kubectl config delete-context dev`,
    run: runDelete,
  },
];
