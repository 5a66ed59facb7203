import type { Response } from '../../../linux/net/http/message';
import type { Image } from '../../images/image';
import {
  familiarName,
  familiarString,
  fullString,
  parseReference,
  repositoryOf,
  withDefaultTag,
  type Reference,
} from '../../images/reference';
import { progressBar } from '../progress';
import { credentialsOf } from './auth';
import { failure, Stream, type Call } from './respond';

/** POST /images/{name}/push: what goes wrong after it has begun is told in the stream. */
export async function push(call: Call): Promise<Response> {
  const { engine, query, params } = call;
  const name = decodeURIComponent(params[0] ?? '');
  const tag = query.get('tag') ?? '';
  const parsed = parseReference(tag === '' ? name : `${name}:${tag}`);
  if (!parsed.ok) return failure({ status: 400, message: parsed.error });
  if (parsed.value.digest !== undefined) return failure({ status: 400, message: 'cannot push a digest reference' });
  const credentials = credentialsOf(call);
  const { clock, dockerd } = engine.options;
  const stream = new Stream(clock);
  const fail = (message: string): void => {
    stream.json({ errorDetail: { message }, error: message });
    stream.end();
  };
  const repository = parsed.value;
  dockerd.thread(async () => {
    stream.json({ status: `The push refers to repository [${repositoryOf(repository)}]` });
    const wanted = tagged(call, repository);
    if (wanted.length === 0) {
      const others = tagged(call, { domain: repository.domain, path: repository.path });
      fail(
        others.length === 0
          ? `An image does not exist locally with the tag: ${familiarName(repository)}`
          : `tag does not exist: ${familiarString(repository)}`,
      );
      return;
    }
    if (engine.images.isPublic(repository)) {
      announce(wanted, stream);
      fail('denied: requested access to the resource is denied');
      return;
    }
    const { pushToNetwork } = await clock.external(() => import('./network-push'));
    for (const { reference, image } of wanted) {
      const told = (
        id: string,
        status: string,
        progress?: { readonly current: number; readonly total: number },
      ): void =>
        stream.json({
          status,
          progressDetail: progress === undefined ? {} : { current: progress.current, total: progress.total },
          ...(progress === undefined ? {} : { progress: progressBar(progress.current, progress.total) }),
          id,
        });
      const refused = await pushToNetwork(call, { reference, image, credentials }, told, (message) =>
        stream.json(message),
      );
      if (refused !== undefined) {
        fail(refused);
        return;
      }
      const full = familiarString(reference);
      engine.events.emit('image', 'push', full, { ...image.config.Labels, name: familiarName(reference) });
    }
    stream.end();
  });
  return Promise.resolve(stream.response());
}

interface Tagged {
  readonly reference: Reference;
  readonly image: Image;
}

/** One tag, or all that the repository has here. */
function tagged({ engine }: Call, repository: Reference): readonly Tagged[] {
  if (repository.tag !== undefined) {
    const stored = engine.images.named(fullString(withDefaultTag(repository)));
    return stored === undefined ? [] : [{ reference: repository, image: stored.image }];
  }
  return engine.images.list().flatMap(({ tags, image }) =>
    [...tags].flatMap((full) => {
      const parsed = parseReference(full);
      if (!parsed.ok || repositoryOf(parsed.value) !== repositoryOf(repository)) return [];
      return [{ reference: parsed.value, image }];
    }),
  );
}

function announce([first]: readonly Tagged[], stream: Stream): void {
  const layers = [...new Set(first?.image.layers ?? [])].reverse();
  const say = (status: string, from: number): void => {
    for (const { diffId } of layers.slice(from)) stream.json({ status, progressDetail: {}, id: diffId.slice(7, 19) });
  };
  say('Preparing', 0);
  say('Waiting', 5);
}
