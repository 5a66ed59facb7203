import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure } from '../../errors';
import { flag } from '../../flags/flag-set';
import { type JsonObject } from '../../json';
import { credentialsFlags, modifiedUser } from './credentials';
import { assertFile, certificate } from './files';
import { ConfigStore, unexpected, type Section } from './store';

const names =
  (section: Section) =>
  async (cli: Cli): Promise<void> => {
    const all = [...new ConfigStore(cli).loaded[section].keys()].sort();
    await cli.out(['NAME', ...all].map((name) => `${name}\n`).join(''));
  };

const remove =
  (section: Section, word: string) =>
  async (cli: Cli): Promise<void> => {
    const store = new ConfigStore(cli);
    const [name = ''] = cli.args;
    if (cli.args.length !== 1) {
      if (section === 'users') throw cli.usage('user to delete is required');
      return cli.help();
    }
    const config = store.edit();
    if (!config[section].delete(name)) throw new Failure(`cannot delete ${word} ${name}, not in ${store.defaultFile}`);
    store.save(config);
    await cli.out(`deleted ${word} ${name} from ${store.defaultFile}\n`);
  };

async function runSetCluster(cli: Cli): Promise<void> {
  const { args, flags } = cli;
  if (args.length !== 1) throw await unexpected(cli);
  const [name = ''] = args;
  const authority = flags.string('certificate-authority');
  const embed = flags.bool('embed-certs');
  const insecure = flags.bool('insecure-skip-tls-verify');
  if (name === '') throw new Failure('you must specify a non-empty cluster name');
  if (insecure && authority !== '')
    throw new Failure('you cannot specify a certificate authority and insecure mode at the same time');
  if (embed && authority === '') throw new Failure('you must specify a --certificate-authority to embed');
  if (embed) assertFile(cli, 'certificate-authority');
  const store = new ConfigStore(cli);
  const config = store.edit();
  let cluster: JsonObject = config.clusters.get(name) ?? {};
  if (flags.changed('server')) cluster = { ...cluster, server: flags.string('server'), 'tls-server-name': undefined };
  if (flags.changed('tls-server-name')) cluster = { ...cluster, 'tls-server-name': flags.string('tls-server-name') };
  if (flags.changed('insecure-skip-tls-verify')) {
    cluster = { ...cluster, 'insecure-skip-tls-verify': insecure };
    if (insecure) cluster = { ...cluster, 'certificate-authority': undefined, 'certificate-authority-data': undefined };
  }
  if (flags.changed('certificate-authority'))
    cluster = { ...cluster, ...certificate(cli, 'certificate-authority', embed), 'insecure-skip-tls-verify': false };
  if (flags.changed('proxy-url')) cluster = { ...cluster, 'proxy-url': flags.string('proxy-url') };
  config.clusters.set(name, cluster);
  store.save(config);
  await cli.out(`Cluster "${name}" set.\n`);
}

async function runSetCredentials(cli: Cli): Promise<void> {
  if (cli.args.length !== 1) throw await unexpected(cli, 'unexpected args');
  const [name = ''] = cli.args;
  const store = new ConfigStore(cli);
  const config = store.edit();
  config.users.set(name, modifiedUser(cli, name, config.users.get(name) ?? {}));
  store.save(config);
  await cli.out(`User "${name}" set.\n`);
}

export const entryCommands: readonly Command[] = [
  {
    use: 'get-clusters [flags]',
    short: 'Display clusters defined in the kubeconfig',
    long: 'Print the names of the clusters of the kubeconfig.',
    example: `# All clusters
    kubectl config get-clusters`,
    run: names('clusters'),
  },
  {
    use: 'get-users [flags]',
    short: 'Display users defined in the kubeconfig',
    long: 'Print the names of the users of the kubeconfig.',
    example: `# All users
    kubectl config get-users`,
    run: names('users'),
  },
  {
    use: 'delete-cluster NAME',
    short: 'Delete the specified cluster from the kubeconfig',
    long: 'Remove a cluster from the kubeconfig.',
    example: `# Remove the cluster dev
    kubectl config delete-cluster dev`,
    run: remove('clusters', 'cluster'),
  },
  {
    use: 'delete-user NAME',
    short: 'Delete the specified user from the kubeconfig',
    long: 'Remove a user from the kubeconfig.',
    example: `# Remove the user jane
    kubectl config delete-user jane`,
    run: remove('users', 'user'),
  },
  {
    use: 'set-cluster NAME [--server=server] [--certificate-authority=path/to/certificate/authority] [--insecure-skip-tls-verify=true] [--tls-server-name=example.com]',
    short: 'Set a cluster entry in kubeconfig',
    long: 'Make a cluster, or change members of one that is there.',
    example: `# Only the address
    kubectl config set-cluster dev --server=https://10.0.0.1:6443

    # With the certificate of the authority inside the file
    kubectl config set-cluster dev --embed-certs --certificate-authority=/etc/kubernetes/pki/ca.crt`,
    flags: [
      flag.string('certificate-authority', '', 'File with the certificate of the authority.'),
      flag.bool('embed-certs', false, 'Put the certificate itself into the kubeconfig.'),
      flag.bool('insecure-skip-tls-verify', false, 'Do not check certificates.'),
      flag.string('proxy-url', '', 'Proxy to go through.'),
      flag.string('server', '', 'Address of the server.'),
      flag.string('tls-server-name', '', 'Name that the certificate must have.'),
    ],
    run: runSetCluster,
  },
  {
    use: 'set-credentials NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] [--username=basic_user] [--password=basic_password] [--auth-provider=provider_name] [--auth-provider-arg=key=value] [--exec-command=exec_command] [--exec-api-version=exec_api_version] [--exec-arg=arg] [--exec-env=key=value]',
    short: 'Set a user entry in kubeconfig',
    long: `Make a user, or change members of one that is there.

 A user has a certificate with its key, a token, or a name with a password; a token and a password do not go together.`,
    example: `# A key
    kubectl config set-credentials jane --client-key=jane.key --client-certificate=jane.crt

    # A token
    kubectl config set-credentials jane --token=secret`,
    flags: credentialsFlags,
    run: runSetCredentials,
  },
];
