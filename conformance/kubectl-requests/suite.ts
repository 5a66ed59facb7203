import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Request } from '../../src/linux/net/http/message';
import { textDifference } from '../difference';
import { normalise } from '../kubectl/normalise';
import { folder, replayWorld, worldsIn } from '../kubectl/replay';
import { readLines } from '../lines';
import { shared, type Comparison, type Suite } from '../runner';

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly contentType?: string;
}

interface Recorded {
  readonly id: string;
  readonly requests: { readonly cmd: string; readonly requests: readonly Sent[] };
}

const recordedIn = (recordings: string): ReadonlyMap<string, Recorded['requests']> => {
  const file = [recordings, join(shared, 'ground-truth', folder)]
    .map((place) => join(place, 'requests.jsonl'))
    .find((place) => existsSync(place));
  return new Map(file === undefined ? [] : readLines<Recorded>(file).map(({ id, requests }) => [id, requests]));
};

/** Typed clients of the real one speak protobuf; here all speak JSON. */
const contentOf = (type = ''): string => type.replace('application/vnd.kubernetes.protobuf', 'application/json');

/** Selectors are made of Go's maps, whose order is chance. */
const ordered = (path: string): string =>
  path.replace(/(fieldSelector=)([^&]*)/, (_, name: string, parts: string) => name + parts.split(',').sort().join(','));

/**
 * Method, path with query and type of content. Masked is what chance decides (uids, versions, made-up names, tokens of
 * chunks, how long a watch may last) and the hash of a schema, in which our own descriptions stand.
 */
const line = ({ method, path, contentType }: Sent): string =>
  normalise(`${method} ${ordered(decodeURIComponent(path))} ${contentOf(contentType)}`.trim()).replace(
    /\b(resourceVersion|timeoutSeconds|continue|hash)=[^& ]+/g,
    '$1=<any>',
  );

const lines = (requests: readonly Sent[]): string => requests.map((each) => `${line(each)}\n`).join('');

const sent = ({ method, url, headers }: Request): Sent => {
  const contentType = headers.get('Content-Type');
  return { method, path: url, ...(contentType === undefined ? {} : { contentType }) };
};

async function* replay(recordings: string, world: string): AsyncIterable<Comparison> {
  const recorded = recordedIn(recordings);
  for await (const { command, requests } of replayWorld(recordings, world)) {
    const wanted = recorded.get(command.id);
    if (wanted === undefined) continue;
    const [theirs, ours] = [lines(wanted.requests), lines(requests.map(sent))];
    yield {
      id: command.id,
      same: theirs === ours,
      difference: `$ ${command.cmd}\n${textDifference('requests', theirs, ours)}`,
    };
  }
}

/** What kubectl asks of the server, beside what the real one asked. */
export const suite: Suite = {
  name: 'kubectl-requests',
  folder,
  files: worldsIn,
  replay,
};
