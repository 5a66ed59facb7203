import { Headers, type Handler, type Response } from '../../../../linux/net/http/message';
import { goErrnoText } from '../../../../linux/net/http/go-text';
import { readBody } from '../../../../linux/net/http/codec';
import { listenAndServe, textResponse } from '../../../../linux/net/http/server';
import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure } from '../../errors';
import { flag } from '../../flags/flag-set';

/** Regular expressions, separated by commas. */
function patterns(cli: Cli, name: string): readonly RegExp[] {
  const source = cli.flags.string(name);
  return source === '' ? [] : source.split(',').map((each) => new RegExp(each));
}

interface Filter {
  readonly hosts: readonly RegExp[];
  readonly paths: readonly RegExp[];
  readonly rejectedPaths: readonly RegExp[];
  readonly rejectedMethods: readonly RegExp[];
}

const filterOf = (cli: Cli): Filter | undefined =>
  cli.flags.bool('disable-filter')
    ? undefined
    : {
        hosts: patterns(cli, 'accept-hosts'),
        paths: patterns(cli, 'accept-paths'),
        rejectedPaths: patterns(cli, 'reject-paths'),
        rejectedMethods: patterns(cli, 'reject-methods'),
      };

const fits = (text: string, all: readonly RegExp[]): boolean => all.some((pattern) => pattern.test(text));

function accepts(filter: Filter | undefined, method: string, path: string, host: string): boolean {
  if (filter === undefined) return true;
  if (fits(path, filter.rejectedPaths) || fits(method, filter.rejectedMethods)) return false;
  return fits(path, filter.paths) && fits(host, filter.hosts);
}

/** Headers that belong to one connection only. */
const hopByHop = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'host',
  'content-length',
];

function handlerOf(cli: Cli): Handler {
  const filter = filterOf(cli);
  const prefix = cli.flags.string('api-prefix').replace(/\/*$/, '/');
  const { client } = cli.factory;
  return async ({ method, url, headers, body }): Promise<Response> => {
    const [path = ''] = url.split('?');
    const host = (headers.get('Host') ?? '').replace(/:\d+$/, '');
    if (!accepts(filter, method, path, host)) return textResponse(403, 'Forbidden\n');
    if (!url.startsWith(prefix)) return textResponse(404, '404 page not found\n');
    const passed: Record<string, string> = {};
    for (const [name, value] of headers) if (!hopByHop.includes(name.toLowerCase())) passed[name] = value;
    const bytes = body instanceof Uint8Array ? body : await readBody(body);
    const answer = await client.transport.send({
      method,
      path: `/${url.slice(prefix.length)}`,
      headers: passed,
      ...(bytes.length > 0 ? { body: bytes } : {}),
    });
    if (!answer.ok) return textResponse(502, '');
    const kept = new Headers();
    for (const [name, value] of answer.value.headers) if (!hopByHop.includes(name.toLowerCase())) kept.set(name, value);
    return { status: answer.value.status, headers: kept, body: answer.value.body };
  };
}

async function run(cli: Cli): Promise<void> {
  const { flags, process } = cli;
  const port = flags.number('port');
  const address = flags.string('address');
  if (flags.string('unix-socket') !== '' && port !== 8001 && flags.changed('port'))
    throw new Failure('cannot set --unix-socket and --port at the same time');
  if (port > 65_535) throw new Failure(`listen tcp: address ${port}: invalid port`);
  const socket = flags.string('unix-socket');
  const listener =
    socket === '' ? process.net.listen(process, { address, port }) : process.net.listenUnix(process, socket);
  if (!listener.ok) {
    const where = socket === '' ? `tcp ${address}:${port}` : `unix ${socket}`;
    throw new Failure(`listen ${where}: bind: ${goErrnoText(listener.error)}`);
  }
  const shown = socket === '' ? `${address}:${listener.value.local.port}` : socket;
  await cli.out(`Starting to serve on ${shown}\n`);
  const server = listenAndServe(process, listener, handlerOf(cli));
  if (server.ok) await server.value.serving;
}

export const proxy: Command = {
  use: 'proxy [--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]',
  short: 'Run a proxy to the Kubernetes API server',
  long: `Serve the API of the cluster on a local port. What comes in there goes to the server in your name.`,
  example: `# On port 8001
  kubectl proxy

  # On a free port
  kubectl proxy --port=0

  # The API below /custom/
  kubectl proxy --api-prefix=/custom/`,
  flags: [
    flag.string(
      'accept-hosts',
      '^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$',
      'Regular expressions of hosts that may be asked for.',
    ),
    flag.string('accept-paths', '^.*', 'Regular expressions of paths that may be asked for.'),
    flag.string('address', '127.0.0.1', 'Address to listen on.'),
    flag.string('api-prefix', '/', 'Path below which the API is served.'),
    flag.bool('append-server-path', false, 'Put the path of the server of the context before each path.'),
    flag.bool('disable-filter', false, 'Let everything through. Any web page could then use the cluster.'),
    flag.duration('keepalive', 0, 'How long idle connections are kept. 0 does not keep them.'),
    flag.int('port', 8001, 'Port to listen on; 0 takes a free one.', { short: 'p' }),
    flag.string('reject-methods', '^$', "Regular expressions of methods that are refused (as 'POST,PUT,PATCH')."),
    flag.string(
      'reject-paths',
      '^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach',
      'Regular expressions of paths that are refused, even if they would be accepted.',
    ),
    flag.string('unix-socket', '', 'Socket file to listen on instead.', { short: 'u' }),
    flag.string('www', '', 'Directory with files to serve too.', { short: 'w' }),
    flag.string('www-prefix', '/static/', 'Path below which those files are.', { short: 'P' }),
  ],
  run,
};
