import type { Cli } from '../../cli';
import { Failure } from '../../errors';

/** `kubectl get --raw PATH`: what the server says, as it is. */
export async function getRaw(cli: Cli): Promise<void> {
  const { flags, args } = cli;
  if (args.length > 0) throw new Failure('arguments may not be passed when --raw is specified');
  if (flags.bool('watch') || flags.bool('watch-only') || flags.string('selector') !== '') {
    throw new Failure('--raw may not be specified with other flags that filter the server request or alter the output');
  }
  if (flags.string('output') !== '') throw new Failure('--raw and --output are mutually exclusive');
  const path = rawPath(flags.string('raw'));
  await cli.out(await cli.factory.client.text('GET', path, { accept: 'application/json, */*' }));
}

/** A path for `--raw`, or url.ParseRequestURI's complaint. */
export function rawPath(raw: string): string {
  if (!raw.startsWith('/') && !/^[a-z]+:/.test(raw))
    throw new Failure(`--raw must be a valid URL path: parse ${JSON.stringify(raw)}: invalid URI for request`);
  const [path = '', query] = raw.replace(/^[a-z]+:\/\/[^/]*/, '').split(/\?(.*)/s);
  if (query === undefined || query === '') return path;
  // The words of the query are read and written anew: each has its sign of equality.
  const words = query.split('&').filter((word) => word !== '');
  return `${path}?${words.map((word) => (word.includes('=') ? word : `${word}=`)).join('&')}`;
}
