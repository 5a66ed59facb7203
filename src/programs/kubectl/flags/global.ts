import { flag, type Flag } from './flag-set';
import { parseDuration } from './values';

/** Flags of every command (`kubectl options`). */
export const globalFlags: readonly Flag[] = [
  flag.string('as', '', 'User to act as for this command: a plain name, or a service account in a namespace.'),
  flag.array('as-group', [], 'Group to act as for this command; may be given several times.'),
  flag.string('as-uid', '', 'UID to act as for this command.'),
  flag.string('cache-dir', '', 'Directory where what the server told about itself is kept.', {
    defaultText: "'/root/.kube/cache'",
  }),
  flag.string(
    'certificate-authority',
    '',
    'File with the certificate of the authority that signed the server certificate.',
  ),
  flag.string('client-certificate', '', 'File with a client certificate for TLS.'),
  flag.string('client-key', '', 'File with the key of the client certificate.'),
  flag.string('cluster', '', 'Name of the kubeconfig cluster to use.'),
  flag.string('context', '', 'Name of the kubeconfig context to use.'),
  flag.bool('disable-compression', false, 'Do not ask the server for compressed answers.'),
  flag.bool(
    'insecure-skip-tls-verify',
    false,
    'Accept any server certificate. The connection is then open to impostors.',
  ),
  flag.string('kubeconfig', '', 'Kubeconfig file to use for this command.'),
  flag.duration('log-flush-frequency', 5000, 'Longest time between two flushes of the log.', {
    check: (text) => (parseDuration(text).ok ? undefined : 'parse error'),
  }),
  flag.bool('match-server-version', false, 'Refuse to work with a server of another version.'),
  flag.string('namespace', '', 'Namespace of this request.', { short: 'n' }),
  flag.string('password', '', 'Password for basic authentication.'),
  flag.string('profile', 'none', 'Profile to record: none, cpu, heap, goroutine, threadcreate, block or mutex.'),
  flag.string('profile-output', 'profile.pprof', 'File to write the profile to.'),
  flag.string(
    'request-timeout',
    '0',
    'How long to wait for one answer of the server, with a unit (1s, 2m, 3h). Zero waits for ever.',
  ),
  flag.string('server', '', 'Address and port of the API server.', { short: 's' }),
  flag.string(
    'tls-server-name',
    '',
    'Server name to check the server certificate against. Default: the host name used to reach it.',
  ),
  flag.string('token', '', 'Bearer token to authenticate with.'),
  flag.string('user', '', 'Name of the kubeconfig user to use.'),
  flag.string('username', '', 'User name for basic authentication.'),
  flag.int('v', 0, 'Verbosity of the log.', { short: 'v' }),
  flag.string('vmodule', '', 'Verbosity per file, as pattern=N, comma separated (text log only).', { unquoted: true }),
  flag.bool('warnings-as-errors', false, 'End with an error if the server warned.'),
];
