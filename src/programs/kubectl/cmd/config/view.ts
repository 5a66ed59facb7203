import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure } from '../../errors';
import { flag } from '../../flags/flag-set';
import { text, type JsonObject } from '../../json';
import { objectPrinter, printFlags } from '../../printers/output';
import { goErrno } from '../../rest/kubeconfig';
import { base64 } from '../create/base64';
import { ConfigStore, external, sectionNames, type Editable } from './store';

const files = ['certificate-authority', 'client-certificate', 'client-key'];

const mapped = (config: Editable, change: (entry: JsonObject, name: string) => JsonObject): Editable => {
  const result = { ...config };
  for (const section of sectionNames)
    result[section] = new Map([...config[section]].map(([name, entry]) => [name, change(entry, name)]));
  return result;
};

/** Secrets and long data out of sight (clientcmdapi.RedactSecrets, ShortenConfig). */
const redacted = (config: Editable): Editable =>
  mapped(config, (entry) => {
    const shown: Record<string, unknown> = { ...entry };
    for (const field of ['token', 'password']) if (text(entry, field) !== '') shown[field] = 'REDACTED';
    for (const file of files) if (text(entry, `${file}-data`) !== '') shown[`${file}-data`] = 'DATA+OMITTED';
    return shown;
  });

/** Only what the current context needs. */
function minified(config: Editable): Editable {
  const { currentContext } = config;
  if (currentContext === '') throw new Failure('current-context must exist in order to minify');
  const context = config.contexts.get(currentContext);
  if (context === undefined) throw new Failure(`cannot locate context ${currentContext}`);
  const only = (entries: Map<string, JsonObject>, name: string, what: string): Map<string, JsonObject> => {
    if (name === '') return new Map();
    const entry = entries.get(name);
    if (entry === undefined) throw new Failure(`cannot locate ${what} ${name}`);
    return new Map([[name, entry]]);
  };
  return {
    ...config,
    users: only(config.users, text(context, 'user'), 'user'),
    clusters: only(config.clusters, text(context, 'cluster'), 'cluster'),
    contexts: new Map([[currentContext, context]]),
  };
}

/** Files become part of the document. */
const flattened = (cli: Cli, config: Editable): Editable =>
  mapped(config, (entry) => {
    const shown: Record<string, unknown> = { ...entry };
    for (const file of files) {
      const path = text(entry, file);
      if (path === '' || text(entry, `${file}-data`) !== '') continue;
      const read = cli.process.fs.readFile(path);
      if (!read.ok) throw new Failure(`open ${path}: ${goErrno(read.error.message)}`);
      shown[`${file}-data`] = base64(read.value);
      delete shown[file];
    }
    return shown;
  });

async function run(cli: Cli): Promise<void> {
  const { args, flags } = cli;
  if (args.length > 0) throw cli.usage(`unexpected arguments: [${args.join(' ')}]`);
  const printer = objectPrinter(cli);
  const store = new ConfigStore(cli);
  if (!flags.bool('merge') && store.paths.explicit === undefined)
    throw new Failure('if merge==false a precise file must be specified');
  let config = store.edit();
  if (flags.bool('minify')) {
    const context = flags.string('context');
    config = minified(context === '' ? config : { ...config, currentContext: context });
  }
  if (flags.bool('flatten')) config = flattened(cli, config);
  else if (!flags.bool('raw')) config = redacted(config);
  await cli.out(printer?.print(external(config), { typed: true }) ?? '');
}

export const view: Command = {
  use: 'view [flags]',
  short: 'Display merged kubeconfig settings or a specified kubeconfig file',
  long: `Show the kubeconfig as kubectl reads it: all its files together, or the one of --kubeconfig.

 With --output jsonpath={...} single values can be had.`,
  example: `# Without secrets
  kubectl config view

  # With everything
  kubectl config view --raw`,
  flags: [
    ...printFlags.map((each) => (each.name === 'output' ? { ...each, default: 'yaml' } : each)),
    flag.bool('flatten', false, 'Put the files that it names into it, so that it can be used elsewhere.'),
    flag.bool('merge', true, 'Put all kubeconfig files together.'),
    flag.bool('minify', false, 'Leave out what the current context does not need.'),
    flag.bool('raw', false, 'Show secrets and data.'),
  ],
  run,
};
