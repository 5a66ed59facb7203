import { readBody } from '../../../linux/net/http/codec';
import type { Response } from '../../../linux/net/http/message';
import { readTar } from '../../archive/untar';
import type { BuildRequest } from '../../builder/request';
import { buildJson, pruneCache } from '../../builder/usage';
import { allCredentialsOf } from './auth';
import { failure, filtersOf, flag, json, noContent, Stream, type Call, type Route } from './respond';

/** `POST /build`: the builder is loaded when something is built for the first time. */
async function build(call: Call): Promise<Response> {
  const { engine, request, query } = call;
  const { clock } = engine.options;
  const body = await readBody(request.body);
  const members = readTar(body);
  if (!members.ok) return failure({ status: 400, message: `failed to read the build context: ${members.error}` });
  const parsed = requestOf(query, members.value, allCredentialsOf(call));
  if (typeof parsed === 'string') return failure({ status: 400, message: parsed });
  const { classicBuild, startBuild } = await clock.external(() => import('../../builder'));
  if (query.get('version') !== '2') {
    const stream = new Stream(clock);
    const rm = query.get('rm') ?? '';
    const classic = classicBuild(
      engine,
      engine.builder,
      {
        ...parsed,
        quiet: flag(query, 'q'),
        remove: rm === '' || flag(query, 'rm'),
        forceRemove: flag(query, 'forcerm'),
        version: call.build.version,
      },
      (message) => stream.json(message),
    );
    if (classic.refused !== undefined) return failure({ status: 400, message: classic.refused });
    stream.onCancel(() => classic.cancel());
    void classic.run().finally(() => stream.end());
    return stream.response();
  }
  const stream = new Stream(clock);
  const running = startBuild(engine, engine.builder, parsed, {
    status: (aux) => stream.json({ id: 'moby.buildkit.trace', aux }),
    lint: (aux) => stream.json({ id: 'moby.buildkit.lint', aux }),
  });
  stream.onCancel(() => running.cancel());
  void running.done
    .then((outcome) => {
      if (!outcome.ok) stream.json({ errorDetail: outcome.error, error: outcome.error.message });
      else if (outcome.image !== undefined) stream.json({ id: 'moby.image.id', aux: { ID: outcome.image.id } });
    })
    .finally(() => stream.end());
  return stream.response();
}

function requestOf(
  query: URLSearchParams,
  context: BuildRequest['context'],
  credentials: BuildRequest['credentials'],
): BuildRequest | string {
  const json = <T>(name: string, otherwise: T): T => {
    const text = query.get(name);
    return text === null || text === '' ? otherwise : (JSON.parse(text) as T);
  };
  try {
    const buildArgs = json<Readonly<Record<string, string | null>>>('buildargs', {});
    const secrets = json<Readonly<Record<string, string>>>('secrets', {});
    const network = query.get('networkmode') ?? '';
    return {
      context,
      dockerfile: clean(query.get('dockerfile') ?? ''),
      tags: query.getAll('t').filter((tag) => tag !== ''),
      buildArgs: new Map(Object.entries(buildArgs).flatMap(([key, value]) => (value === null ? [] : [[key, value]]))),
      target: query.get('target') ?? '',
      noCache: flag(query, 'nocache'),
      noCacheFilter: json<readonly string[]>('nocachefilter', []),
      labels: json<Readonly<Record<string, string>>>('labels', {}),
      platform: query.get('platform') ?? '',
      network: network === '' ? 'default' : network,
      extraHosts: query
        .getAll('extrahosts')
        .flatMap((hosts) => hosts.split(','))
        .filter((host) => host !== ''),
      pull: flag(query, 'pull'),
      secrets: new Map(Object.entries(secrets).map(([id, text]) => [id, fromBase64(text)])),
      credentials,
      check: flag(query, 'check'),
      name: query.get('buildname') ?? '',
    };
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}

const clean = (path: string): string =>
  path === '' ? 'Dockerfile' : path.replace(/^(\.?\/)+/, '').replace(/\/+/g, '/');

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

/** `POST /build/prune`: the build cache. */
function prune({ engine, query }: Call): Response {
  const reserved = Number(query.get('reserved-space') ?? query.get('keep-storage') ?? 0);
  const pruned = pruneCache(engine.builder, { all: flag(query, 'all'), filters: filtersOf(query), reserved });
  if (!pruned.ok) return failure({ status: 400, message: pruned.error });
  const { deleted, reclaimed } = pruned.value;
  engine.images.sweep();
  engine.events.emit('builder', 'prune', '', { reclaimed: String(reclaimed) });
  return json({ CachesDeleted: deleted.length === 0 ? null : deleted.map(({ id }) => id), SpaceReclaimed: reclaimed });
}

/** Not docker's own: what clients ask BuildKit over /grpc for. */
function history({ engine, params }: Call): Response {
  const [ref, what] = params;
  if (ref === undefined) return json(engine.builder.builds().map(buildJson));
  const record = engine.builder.build(ref);
  if (record === undefined) return failure({ status: 404, message: `no record found for ref ${JSON.stringify(ref)}` });
  return json(what === undefined ? buildJson(record) : record.log);
}

function forget({ engine, params }: Call): Response {
  const [ref = ''] = params;
  return engine.builder.removeBuild(ref)
    ? noContent()
    : failure({ status: 404, message: `no record found for ref ${JSON.stringify(ref)}` });
}

export const buildRoutes: readonly Route[] = [
  ['POST', /^\/build$/, build],
  ['POST', /^\/build\/prune$/, prune],
  ['GET', /^\/build\/history$/, history],
  ['GET', /^\/build\/history\/([^/]+)(?:\/(logs))?$/, history],
  ['DELETE', /^\/build\/history\/([^/]+)$/, forget],
];
