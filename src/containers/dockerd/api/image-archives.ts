import { request as fetchUrl } from '../../../linux/net/http/client';
import { readBody } from '../../../linux/net/http/codec';
import { goFailureText } from '../../../linux/net/http/go-text';
import { Headers, type Response } from '../../../linux/net/http/message';
import { parseReference, withDefaultTag } from '../../images/reference';
import type { Engine } from '../engine';
import { importImage } from '../import-image';
import { load } from '../load';
import { progressBar } from '../progress';
import { save } from '../save';
import { ApiProblem, failure, flag, Stream, type Call, type Route } from './respond';

/** GET /images/get and /images/{name}/get. */
function get({ engine, query, params }: Call): Response {
  const [one] = params;
  const saved = save(engine, one === undefined ? query.getAll('names') : [decodeURIComponent(one)]);
  if (!saved.ok) return failure(saved.error);
  const chunks = saved.value[Symbol.iterator]();
  return {
    status: 200,
    headers: new Headers({ 'Content-Type': 'application/x-tar' }),
    body: {
      read: () => {
        const next = chunks.next();
        return Promise.resolve(next.done === true ? undefined : (next.value as Uint8Array));
      },
      cancel: () => undefined,
    },
  };
}

/** POST /images/load. What is wrong with the archive is told in the stream. */
async function loadImages({ engine, query, request }: Call): Promise<Response> {
  const archive = await readBody(request.body);
  const stream = new Stream(engine.options.clock);
  const quiet = query.get('quiet') === null || flag(query, 'quiet');
  const loaded = load(engine, archive, {
    layer: (id, size) => {
      if (quiet) return;
      const progressDetail = { current: size, total: size };
      stream.json({ status: 'Loading layer', progressDetail, progress: progressBar(size, size), id });
    },
    said: (text) => stream.json({ stream: text }),
  });
  if (!loaded.ok) stream.json({ errorDetail: { message: loaded.error }, error: loaded.error });
  stream.end();
  return stream.response();
}

/** An archive that the engine fetches itself (daemon/images/image_import.go); a source without a scheme is HTTP. */
async function download(engine: Engine, source: string): Promise<{ readonly url: string; readonly bytes: Uint8Array }> {
  const url = /^https?:\/\//.test(source) ? source : `http://${source}`;
  const answer = await fetchUrl(engine.options.dockerd, { url });
  if (!answer.ok) throw new ApiProblem(500, `Get "${url}": ${goFailureText(answer.error)}`);
  const { status, line, body } = answer.value;
  if (status >= 400) throw new ApiProblem(500, `Got HTTP status code >= 400: ${line.slice(line.indexOf(' ') + 1)}`);
  return { url, bytes: await readBody(body) };
}

/** POST /images/create?fromSrc=: an import. */
export async function importFromSource({ engine, query, request, build }: Call): Promise<Response> {
  const source = query.get('fromSrc') ?? '';
  const repo = query.get('repo') ?? '';
  const tag = query.get('tag') ?? '';
  const parsed = repo === '' ? undefined : parseReference(tag === '' ? repo : `${repo}:${tag}`);
  if (parsed?.ok === false) throw new ApiProblem(400, parsed.error);
  if (parsed?.ok === true && parsed.value.digest !== undefined)
    throw new ApiProblem(400, 'cannot import digest reference');
  const given = await readBody(request.body);
  const remote = source === '-' ? undefined : await download(engine, source);
  const archive = remote?.bytes ?? given;
  const message = query.get('message') ?? '';
  const imported = importImage(engine, archive, {
    reference: parsed === undefined ? undefined : withDefaultTag(parsed.value),
    message: message === '' ? `Imported from ${source}` : message,
    changes: query.getAll('changes'),
    version: build.version,
  });
  const stream = new Stream(engine.options.clock);
  if (remote !== undefined) stream.json({ status: `Downloading from ${remote.url}` });
  if (imported.ok) stream.json({ status: imported.value.id });
  else if (imported.error.status === 400) return failure(imported.error);
  else stream.json({ errorDetail: { message: imported.error.message }, error: imported.error.message });
  stream.end();
  return stream.response();
}

export const imageArchiveRoutes: readonly Route[] = [
  ['GET', /^\/images\/get$/, get],
  ['GET', /^\/images\/(.+)\/get$/, get],
  ['POST', /^\/images\/load$/, loadImages],
];
