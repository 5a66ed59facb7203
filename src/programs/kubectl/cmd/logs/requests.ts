import { concat, decode } from '../../../../linux/io/bytes';
import type { Cli } from '../../cli';
import { nameOfObject, namespaceOf, type JsonObject } from '../../json';
import { accepts, readAll, statusError, type Query } from '../../rest/client';

export interface LogSource {
  readonly pod: JsonObject;
  readonly container: string;
}

/** Reads one container's log and hands on each line as it comes, with its newline. */
export async function podLog(
  cli: Cli,
  { pod, container }: LogSource,
  query: Query,
  take: (line: Uint8Array) => Promise<unknown>,
): Promise<void> {
  const path = `/api/v1/namespaces/${namespaceOf(pod)}/pods/${nameOfObject(pod)}/log`;
  const response = await cli.factory.client.send('GET', path, { accept: accepts.any, query: { ...query, container } });
  if (response.status >= 400) throw statusError(response, decode(await readAll(response.body)));
  await cli.flushWarnings();
  const { body } = response;
  let rest: Uint8Array = new Uint8Array(0);
  const push = async (chunk: Uint8Array): Promise<void> => {
    const all = rest.length === 0 ? chunk : concat([rest, chunk]);
    let from = 0;
    for (let end = all.indexOf(10, from); end >= 0; end = all.indexOf(10, from)) {
      await take(all.subarray(from, end + 1));
      from = end + 1;
    }
    rest = all.subarray(from);
  };
  if (body instanceof Uint8Array) await push(body);
  else for (let chunk = await body.read(); chunk !== undefined; chunk = await body.read()) await push(chunk);
  if (rest.length > 0) await take(rest);
}
