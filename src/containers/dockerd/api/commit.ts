import type { RunConfig } from '../../images/image';
import { parseReference, withDefaultTag } from '../../images/reference';
import type { Response } from '../../../linux/net/http/message';
import { commit } from '../commit';
import { failure, flag, json, readJson, type Call, type Route } from './respond';

/** POST /commit. */
async function commitContainer(call: Call): Promise<Response> {
  const { engine, query, build } = call;
  const config = await readJson<RunConfig>(call);
  const repo = query.get('repo') ?? '';
  const tag = query.get('tag') ?? '';
  const parsed = repo === '' ? undefined : parseReference(tag === '' ? repo : `${repo}:${tag}`);
  if (parsed?.ok === false) return failure({ status: 400, message: parsed.error });
  const found = engine.find(query.get('container') ?? '');
  if (!found.ok) return failure(found.error);
  const image = commit(engine, found.value, {
    ...(parsed === undefined ? {} : { reference: withDefaultTag(parsed.value) }),
    author: query.get('author') ?? '',
    comment: query.get('comment') ?? '',
    changes: query.getAll('changes'),
    pause: query.get('pause') === null || flag(query, 'pause'),
    version: build.version,
    ...(config === undefined ? {} : { config }),
  });
  return image.ok ? json({ Id: image.value.id }, 201) : failure(image.error);
}

export const commitRoutes: readonly Route[] = [['POST', /^\/commit$/, commitContainer]];
