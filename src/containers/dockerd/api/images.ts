import { goTimestamp } from '../../shim/timestamp';
import type { StoredImage } from '../../containerd/image-store';
import type { Image } from '../../images/image';
import { familiarString, parseReference, withDefaultTag } from '../../images/reference';
import type { Reference } from '../../images/reference';
import type { Response } from '../../../linux/net/http/message';
import type { ApiError } from '../api-types';
import type { Engine } from '../engine';
import { matchesLabels, pruneUntil } from '../filters';
import { pruneImages } from '../prune-images';
import { removeImage } from '../remove-image';
import { pull } from './image-pull';
import { push } from './image-push';
import { olderImage, olderSummary } from './older';
import { failure, filtersOf, flag, json, noContent, type Call, type Route } from './respond';

const name = '(.+?)';

/** Images as `docker images` lists them: newest first. */
function list({ engine, query, version }: Call): Response {
  const filters = filtersOf(query);
  const known = new Set(['before', 'dangling', 'label', 'reference', 'since', 'until']);
  for (const filter of filters.keys())
    if (!known.has(filter)) return failure({ status: 400, message: `invalid filter '${filter}'` });
  const created = (stored: StoredImage): number => Date.parse(stored.image.created);
  const edge = (filter: 'before' | 'since'): number | ApiError | undefined => {
    const wanted = filters.get(filter)?.[0];
    if (wanted === undefined) return undefined;
    const found = engine.images.find(wanted);
    return found === undefined ? notFound(wanted) : created(found);
  };
  const [before, since] = [edge('before'), edge('since')];
  if (typeof before === 'object') return failure(before);
  if (typeof since === 'object') return failure(since);
  const patterns = filters.get('reference') ?? [];
  // What a build left on its way to another image is shown only with `all`.
  const parents = new Set(engine.images.list().flatMap(({ image }) => image.details.parent ?? []));
  const images = engine.images
    .list()
    .filter((stored) => {
      if (!flag(query, 'all') && stored.tags.size + stored.digests.size === 0 && parents.has(stored.image.id))
        return false;
      const dangling = filters.get('dangling')?.[0];
      if (dangling !== undefined && (stored.tags.size === 0) !== ['true', '1'].includes(dangling)) return false;
      if (before !== undefined && created(stored) >= before) return false;
      if (since !== undefined && created(stored) <= since) return false;
      const labels = stored.image.config.Labels ?? {};
      for (const label of filters.get('label') ?? []) {
        const [key = '', value] = label.split('=');
        if (labels[key] === undefined || (value !== undefined && labels[key] !== value)) return false;
      }
      return (
        patterns.length === 0 ||
        tagsOf(stored).some((tag) => patterns.some((pattern) => matchesReference(tag, pattern)))
      );
    })
    .sort((a, b) => created(b) - created(a));
  return json(
    images.map((stored) => {
      const matching = tagsOf(stored).filter(
        (tag) => patterns.length === 0 || patterns.some((pattern) => matchesReference(tag, pattern)),
      );
      const summary = {
        Containers: engine.list().filter(({ image }) => image === stored.image).length,
        Created: Math.floor(created(stored) / 1000),
        Id: stored.image.id,
        Labels: stored.image.config.Labels ?? null,
        ParentId: stored.image.details.parent ?? '',
        RepoDigests: digestsOf(stored).filter(
          (digest) => patterns.length === 0 || patterns.some((pattern) => matchesReference(digest, pattern)),
        ),
        RepoTags: matching,
        SharedSize: -1,
        Size: stored.image.size,
      };
      return olderSummary(summary, version);
    }),
  );
}

/** path.Match of the familiar name, with or without its tag. */
function matchesReference(tag: string, pattern: string): boolean {
  const glob = new RegExp(
    `^${pattern
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replace(/\*/g, '[^/]*')
      .replace(/\?/g, '[^/]')}$`,
  );
  const name = tag.includes('@') ? tag.slice(0, tag.indexOf('@')) : tag.slice(0, tag.lastIndexOf(':'));
  return glob.test(tag) || glob.test(name);
}

const familiar = (full: string): string => {
  const parsed = parseReference(full);
  return parsed.ok ? familiarString(parsed.value) : full;
};

export const tagsOf = ({ tags }: StoredImage): readonly string[] => [...tags].map(familiar).sort();
export const digestsOf = ({ digests }: StoredImage): readonly string[] => [...digests].map(familiar).sort();

function notFound(text: string): ApiError {
  const parsed = parseReference(text);
  if (!parsed.ok) return { status: 400, message: parsed.error };
  return { status: 404, message: `No such image: ${familiarString(withDefaultTag(parsed.value))}` };
}

const withImage =
  (handle: (call: Call, stored: StoredImage) => Response) =>
  (call: Call): Response => {
    const text = decodeURIComponent(call.params[0] ?? '');
    const stored = call.engine.images.find(text);
    return stored === undefined ? failure(notFound(text)) : handle(call, stored);
  };

function inspectImage(engine: Engine, stored: StoredImage): Readonly<Record<string, unknown>> {
  const { image } = stored;
  const { config } = image;
  const paths = image.layers.map((layer) => engine.snapshotter.pathOf(layer) ?? '').reverse();
  const [top = '', ...below] = paths;
  const last = image.history.at(-1);
  return {
    Id: image.id,
    RepoTags: tagsOf(stored),
    RepoDigests: digestsOf(stored),
    Parent: image.details.parent ?? '',
    Comment: last?.comment ?? '',
    Created: goTimestamp(Date.parse(image.created)),
    DockerVersion: image.details.dockerVersion ?? '',
    Author: image.details.author ?? '',
    Architecture: image.details.architecture ?? 'amd64',
    ...(image.details.variant === undefined ? {} : { Variant: image.details.variant }),
    Os: image.os,
    ...(image.details.windows === undefined ? {} : { OsVersion: image.details.windows }),
    Size: image.size,
    GraphDriver: {
      Data: {
        ...(below.length === 0 ? {} : { LowerDir: below.map((path) => `${path}/diff`).join(':') }),
        MergedDir: `${top}/merged`,
        UpperDir: `${top}/diff`,
        WorkDir: `${top}/work`,
      },
      Name: 'overlay2',
    },
    RootFS: { Type: 'layers', Layers: image.layers.map(({ diffId }) => diffId) },
    Metadata: {
      LastTagTime: stored.lastTagged === undefined ? '0001-01-01T00:00:00Z' : goTimestamp(stored.lastTagged),
    },
    Config: {
      ...(config.ArgsEscaped === undefined ? {} : { ArgsEscaped: config.ArgsEscaped }),
      Cmd: config.Cmd ?? null,
      Entrypoint: config.Entrypoint ?? null,
      Env: config.Env ?? null,
      ...(config.ExposedPorts === undefined ? {} : { ExposedPorts: config.ExposedPorts }),
      // The whole configuration goes through a map.
      ...(config.Healthcheck === undefined
        ? {}
        : { Healthcheck: Object.fromEntries(Object.entries(config.Healthcheck).sort()) }),
      Labels: config.Labels ?? null,
      OnBuild: config.OnBuild ?? null,
      ...(config.Shell === undefined ? {} : { Shell: config.Shell }),
      ...(config.StopSignal === undefined ? {} : { StopSignal: config.StopSignal }),
      User: config.User ?? '',
      Volumes: config.Volumes ?? null,
      WorkingDir: config.WorkingDir ?? '',
    },
  };
}

function history(stored: StoredImage): readonly object[] {
  const { image } = stored;
  let layer = 0;
  const entries = image.history.map((entry) => {
    const size = entry.empty_layer === true ? 0 : (image.layers[layer++]?.size ?? 0);
    return {
      Comment: entry.comment ?? '',
      Created: Math.floor(Date.parse(entry.created) / 1000),
      CreatedBy: entry.created_by ?? '',
      Size: size,
    };
  });
  return entries
    .reverse()
    .map(({ Size, ...entry }, index) =>
      index === 0
        ? { ...entry, Id: image.id, Size, Tags: stored.tags.size === 0 ? null : tagsOf(stored) }
        : { ...entry, Id: '<missing>', Size, Tags: null },
    );
}

function prune({ engine, query }: Call): Response {
  const filters = filtersOf(query);
  const until = pruneUntil(filters, engine.now, ['dangling', 'label', 'label!', 'until']);
  if (!until.ok) return failure(until.error);
  const [dangling = 'true'] = filters.get('dangling') ?? [];
  if (!['0', '1', 'true', 'false'].includes(dangling))
    return failure({ status: 400, message: `invalid filter 'dangling=[${dangling}]'` });
  const { removed, reclaimed } = pruneImages(engine, {
    danglingOnly: ['true', '1'].includes(dangling),
    accepts: ({ image }) => {
      const { Labels } = image.config;
      if (Date.parse(image.created) > until.value || !matchesLabels(Labels, filters.get('label') ?? [])) return false;
      const without = filters.get('label!') ?? [];
      return without.length === 0 || !matchesLabels(Labels, without);
    },
  });
  return json({ ImagesDeleted: removed.length === 0 ? null : removed, SpaceReclaimed: reclaimed });
}

function tagImage(engine: Engine, image: Image, query: URLSearchParams): Response {
  const repo = query.get('repo') ?? '';
  const tag = query.get('tag') ?? '';
  const parsed = parseReference(tag === '' ? repo : `${repo}:${tag}`);
  if (!parsed.ok) return failure({ status: 400, message: parsed.error });
  const reference: Reference = withDefaultTag(parsed.value);
  engine.images.tag(image, reference);
  engine.events.emit('image', 'tag', image.id, { ...image.config.Labels, name: familiarString(reference) });
  return noContent(201);
}

export const imageRoutes: readonly Route[] = [
  ['GET', /^\/images\/json$/, list],
  ['POST', /^\/images\/create$/, pull],
  ['POST', new RegExp(`^/images/${name}/push$`), push],
  ['POST', /^\/images\/prune$/, prune],
  [
    'GET',
    new RegExp(`^/images/${name}/json$`),
    withImage(({ engine, version }, stored) => json(olderImage(inspectImage(engine, stored), version))),
  ],
  ['GET', new RegExp(`^/images/${name}/history$`), withImage((_call, stored) => json(history(stored)))],
  [
    'POST',
    new RegExp(`^/images/${name}/tag$`),
    withImage(({ engine, query }, { image }) => tagImage(engine, image, query)),
  ],
  [
    'DELETE',
    new RegExp(`^/images/${name}$`),
    withImage(({ engine, query, params }, stored) => {
      const removed = removeImage(engine, stored, decodeURIComponent(params[0] ?? ''), {
        force: flag(query, 'force'),
        prune: !flag(query, 'noprune'),
      });
      return removed.ok ? json(removed.value) : failure(removed.error);
    }),
  ],
];
