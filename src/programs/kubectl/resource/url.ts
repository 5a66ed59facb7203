import { decode } from '../../../linux/io/bytes';
import { reasonPhrase } from '../../../linux/net/http/reason';
import type { Cli } from '../cli';
import { ConnectionError, Failure } from '../errors';
import { readAll } from '../rest/client';
import { noCredentials } from '../rest/config';

const attempts = 3;

/** Reads a manifest from the web; again after a second where that may help. Source: cli-runtime resource/visitor.go. */
export async function readUrl(cli: Cli, url: string): Promise<string> {
  const { factory, process } = cli;
  const [, origin = '', host = '', path = ''] = /^([a-z]+:\/\/([^/]*))(.*)$/.exec(url) ?? [];
  const transport = factory.connect(process, { ...noCredentials, server: origin });
  let failure = new Failure('');
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await process.sleep(1000);
    const answer = await transport.send({ method: 'GET', path: path === '' ? '/' : path, headers: {} });
    if (!answer.ok) {
      failure = new ConnectionError('Get', url, host, answer.error.message);
      continue;
    }
    const { status, body } = answer.value;
    const content = await readAll(body);
    if (status === 200) return decode(content);
    failure = new Failure(
      `unable to read URL "${url}", server reported ${status} ${reasonPhrase(status)}, status code=${status}`,
    );
    if (status < 500 || status >= 600) break;
  }
  throw failure;
}
