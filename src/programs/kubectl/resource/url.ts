import { decode } from '../../../linux/io/bytes';
import { reasonPhrase } from '../../../linux/net/http/reason';
import type { Cli } from '../cli';
import { ConnectionError, Failure } from '../errors';
import { readAll } from '../rest/client';
import type { TransportResponse } from '../rest/transport';
import { noCredentials } from '../rest/config';

const attempts = 3;

/** Reads a manifest from the web; again after a second where that may help. Source: cli-runtime resource/visitor.go. */
export async function readUrl(cli: Cli, url: string): Promise<string> {
  const { process } = cli;
  let failure = new Failure('');
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await process.sleep(1000);
    const answer = await get(cli, url);
    if (answer instanceof Failure) {
      failure = answer;
      continue;
    }
    const { status, body } = answer;
    const content = await readAll(body);
    if (status === 200) return decode(content);
    failure = new Failure(
      `unable to read URL "${url}", server reported ${status} ${reasonPhrase(status)}, status code=${status}`,
    );
    if (status < 500 || status >= 600) break;
  }
  throw failure;
}

/** net/http's client gives up after as many redirects. */
const redirectLimit = 10;

async function get({ factory, process }: Cli, url: string): Promise<TransportResponse | Failure> {
  let at = url;
  for (let redirects = 0; ; redirects++) {
    const [, origin = '', host = '', path = ''] = /^([a-z]+:\/\/([^/?]*))(.*)$/.exec(at) ?? [];
    const transport = factory.connect(process, { ...noCredentials, server: origin });
    const target = path.startsWith('/') ? path : `/${path}`;
    const answer = await transport.send({ method: 'GET', path: target, headers: {} });
    if (!answer.ok) return new ConnectionError('Get', at, host, answer.error.message);
    const { status, headers } = answer.value;
    const location = headers.get('Location');
    if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return answer.value;
    if (redirects === redirectLimit) return new Failure(`Get "${location}": stopped after 10 redirects`);
    at = /^[a-z]+:/.test(location) ? location : `${origin}${location}`;
  }
}
