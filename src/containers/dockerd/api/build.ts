import { readBody } from '../../../linux/net/http/codec';
import type { Response } from '../../../linux/net/http/message';
import { readTar } from '../../archive/untar';
import type { BuildRequest } from '../../builder/request';
import { failure, flag, Stream, type Call, type Route } from './respond';

/** `POST /build`: the builder is loaded when something is built for the first time. */
async function build(call: Call): Promise<Response> {
  const { engine, request, query } = call;
  const { clock } = engine.options;
  const body = await readBody(request.body);
  const members = readTar(body);
  if (!members.ok) return failure({ status: 400, message: `failed to read the build context: ${members.error}` });
  const parsed = requestOf(query, members.value);
  if (typeof parsed === 'string') return failure({ status: 400, message: parsed });
  const { startBuild } = await clock.external(() => import('../../builder'));
  const stream = new Stream(clock);
  const running = startBuild(engine, engine.builder, parsed, {
    status: (aux) => stream.json({ id: 'moby.buildkit.trace', aux }),
    lint: (aux) => stream.json({ id: 'moby.buildkit.lint', aux }),
  });
  stream.onCancel(() => running.cancel());
  void running.done.then((outcome) => {
    if (!outcome.ok) stream.json({ errorDetail: outcome.error, error: outcome.error.message });
    else if (outcome.image !== undefined) stream.json({ id: 'moby.image.id', aux: { ID: outcome.image.id } });
    stream.end();
  });
  return stream.response();
}

function requestOf(query: URLSearchParams, context: BuildRequest['context']): BuildRequest | string {
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

export const buildRoutes: readonly Route[] = [['POST', /^\/build$/, build]];
