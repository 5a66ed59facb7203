import type { Cli } from '../../cli';
import { Failure } from '../../errors';
import { flag, type Flag } from '../../flags/flag-set';
import { isObject, list, object, text, type JsonObject } from '../../json';
import { parsePairs } from '../pairs';
import { assertFile, certificate } from './files';

export const credentialsFlags: readonly Flag[] = [
  flag.string('auth-provider', '', 'Provider that authenticates the user.'),
  flag.strings('auth-provider-arg', [], "'key=value' for the provider; 'key-' removes."),
  flag.string('client-certificate', '', 'File with the certificate.'),
  flag.string('client-key', '', 'File with the key.'),
  flag.bool('embed-certs', false, 'Put certificate and key themselves into the kubeconfig.'),
  flag.string('exec-api-version', '', 'API version that the credential plugin speaks.'),
  flag.strings('exec-arg', [], 'Arguments of the credential plugin.'),
  flag.string('exec-command', '', 'Command of the credential plugin.'),
  flag.array('exec-env', [], "'key=value' for the environment of the credential plugin; 'key-' removes."),
  flag.string('exec-interactive-mode', '', 'Whether the credential plugin may ask: IfAvailable, Never or Always.'),
  flag.bool('exec-provide-cluster-info', false, 'Tell the credential plugin about the cluster.'),
  flag.string('password', '', 'Password.'),
  flag.string('token', '', 'Bearer token.'),
  flag.string('username', '', 'User name.'),
];

function assertValid(cli: Cli, name: string): void {
  const { flags } = cli;
  if (name === '') throw new Failure('you must specify a non-empty user name');
  const methods = [
    ...(flags.string('token') === '' ? [] : ['--token']),
    ...(flags.string('username') === '' && flags.string('password') === '' ? [] : ['--username/--password']),
  ];
  if (methods.length > 1)
    throw new Failure(`you cannot specify more than one authentication method at the same time: ${methods.join(', ')}`);
  if (flags.bool('embed-certs')) {
    const files = ['client-certificate', 'client-key'].filter((each) => flags.string(each) !== '');
    if (files.length === 0) throw new Failure('you must specify a --client-certificate or --client-key to embed');
    for (const each of files) assertFile(cli, each);
  }
  const mode = flags.string('exec-interactive-mode');
  if (flags.changed('exec-interactive-mode') && !['IfAvailable', 'Never', 'Always'].includes(mode))
    throw new Failure('invalid interactive mode type, can be only IfAvailable, Never, Always');
}

/** The user with what the flags say. Source: kubectl pkg/cmd/config/set_credentials.go. */
export function modifiedUser(cli: Cli, name: string, before: JsonObject): JsonObject {
  const { flags } = cli;
  const providerArgs = parsePairs(flags.list('auth-provider-arg'), 'auth-provider-arg', true);
  const environment = parsePairs(flags.list('exec-env'), 'exec-env', true);
  assertValid(cli, name);
  let user = before;
  for (const file of ['client-certificate', 'client-key'])
    if (flags.changed(file)) user = { ...user, ...certificate(cli, file, flags.bool('embed-certs')) };
  for (const field of ['token', 'username', 'password'])
    if (flags.changed(field)) user = { ...user, [field]: flags.string(field) };
  if (flags.changed('auth-provider') && text(user, 'auth-provider', 'name') !== flags.string('auth-provider'))
    user = { ...user, 'auth-provider': { name: flags.string('auth-provider') } };
  if (isObject(user['auth-provider'])) {
    const config = { ...object(user, 'auth-provider', 'config'), ...Object.fromEntries(providerArgs.set) };
    for (const key of providerArgs.remove) delete config[key];
    user = { ...user, 'auth-provider': { ...user['auth-provider'], config } };
  }
  user = withExec(cli, user, environment);
  const hasToken = flags.string('token') !== '';
  const hasPassword = flags.string('username') !== '' || flags.string('password') !== '';
  if (hasToken) user = { ...user, username: undefined, password: undefined };
  if (hasPassword) user = { ...user, token: undefined };
  return user;
}

function withExec(cli: Cli, user: JsonObject, environment: ReturnType<typeof parsePairs>): JsonObject {
  const { flags } = cli;
  let exec = isObject(user['exec']) ? user['exec'] : undefined;
  if (flags.changed('exec-command')) {
    const command = flags.string('exec-command');
    exec = exec === undefined ? { command } : { ...exec, command, args: undefined };
  }
  if (exec === undefined) return user;
  if (flags.changed('exec-api-version')) exec = { ...exec, apiVersion: flags.string('exec-api-version') };
  if (flags.list('exec-arg').length > 0) exec = { ...exec, args: flags.list('exec-arg') };
  if (flags.changed('exec-interactive-mode'))
    exec = { ...exec, interactiveMode: flags.string('exec-interactive-mode') };
  if (flags.changed('exec-provide-cluster-info'))
    exec = { ...exec, provideClusterInfo: flags.bool('exec-provide-cluster-info') };
  const kept = new Map(
    list(exec, 'env')
      .map((each) => [text(each, 'name'), text(each, 'value')] as const)
      .filter(([key]) => !environment.remove.includes(key)),
  );
  for (const [key, value] of environment.set) kept.set(key, value);
  const env = [...kept].map(([key, value]) => ({ name: key, value }));
  return { ...user, exec: { ...exec, env: env.length > 0 ? env : null } };
}
