import { ok, type Result } from '../../sim/result';
import { layerOfUpper } from '../archive/upper';
import { goTimestamp } from '../shim/timestamp';
import { Image, type History, type RunConfig } from '../images/image';
import type { Reference } from '../images/reference';
import { familiarString } from '../images/reference';
import { refuse, type ApiError } from './api-types';
import { commandOf, type Container } from './container';
import type { Engine } from './engine';
import { freeze, thaw } from './freeze';
import { applyChanges } from './image-changes';

export interface CommitOptions {
  readonly reference?: Reference;
  readonly author: string;
  readonly comment: string;
  readonly changes: readonly string[];
  readonly pause: boolean;
  readonly version: string;
  /** Settings that replace the container's. */
  readonly config?: RunConfig;
}

/** A container's changes as a new layer on its image (daemon/commit.go). */
export function commit(engine: Engine, container: Container, options: CommitOptions): Result<Image, ApiError> {
  if (container.removing || container.status === 'removing')
    return refuse(409, `You cannot commit container ${container.id} which is being removed`);
  if (container.status === 'dead') return refuse(409, `You cannot commit container ${container.id} which is Dead`);
  const changed = applyChanges(merged(options.config ?? {}, settingsOf(container)), options.changes);
  if (!changed.ok) return refuse(400, changed.error);
  const pause = options.pause && container.status === 'running';
  if (pause) freeze(engine, container);
  const layer = layerOfUpper(engine.options.host.fs, container.snapshot.upper);
  if (pause) thaw(engine, container);
  const { image: base } = container;
  const created = goTimestamp(engine.now);
  const history: History = {
    created,
    created_by: commandOf(container).join(' '),
    ...(options.author === '' ? {} : { author: options.author }),
    ...(options.comment === '' ? {} : { comment: options.comment }),
    ...(Object.keys(layer.entries).length === 0 ? { empty_layer: true as const } : {}),
  };
  const layers = history.empty_layer === true ? base.layers : [...base.layers, layer];
  const image = new Image(layers, changed.value, [...base.history, history], created, {
    ...(options.author === '' ? {} : { author: options.author }),
    dockerVersion: options.version,
    container: container.id,
    parent: base.id,
  });
  engine.images.add(image);
  if (options.reference !== undefined) {
    engine.images.tag(image, options.reference);
    const name = familiarString(options.reference);
    engine.events.emit('image', 'tag', image.id, { ...image.config.Labels, name });
  }
  engine.tell(container, 'commit', {
    comment: options.comment,
    imageID: image.id,
    imageRef: options.reference === undefined ? '' : familiarString(options.reference),
  });
  return ok(image);
}

/** What of a container's settings an image has. */
function settingsOf({ config }: Container): RunConfig {
  const { Cmd, Entrypoint, Env, ExposedPorts, Healthcheck, Labels, StopSignal, User, Volumes, WorkingDir } = config;
  const ports = ExposedPorts as RunConfig['ExposedPorts'];
  const volumes = Volumes as RunConfig['Volumes'] | null;
  const health = Healthcheck as RunConfig['Healthcheck'] | null;
  return {
    ...(User === '' ? {} : { User }),
    ...(ports === undefined || Object.keys(ports).length === 0 ? {} : { ExposedPorts: ports }),
    ...(Env === null ? {} : { Env }),
    ...(Entrypoint === null ? {} : { Entrypoint }),
    ...(Cmd === null ? {} : { Cmd }),
    ...(volumes === null || volumes === undefined ? {} : { Volumes: volumes }),
    ...(WorkingDir === '' ? {} : { WorkingDir }),
    ...(Object.keys(Labels).length === 0 ? {} : { Labels }),
    ...(StopSignal === undefined ? {} : { StopSignal }),
    ...(health === null || health === undefined ? {} : { Healthcheck: health }),
  };
}

/** What the user gave, completed by what the container has (daemon/commit.go, merge). */
function merged(user: RunConfig, container: RunConfig): RunConfig {
  const names = new Set((user.Env ?? []).map((entry) => entry.split('=')[0]));
  const env = [...(user.Env ?? []), ...(container.Env ?? []).filter((entry) => !names.has(entry.split('=')[0]))];
  return {
    ...container,
    ...user,
    ...(env.length === 0 ? {} : { Env: env }),
    ...(user.Labels === undefined && container.Labels === undefined
      ? {}
      : { Labels: { ...container.Labels, ...user.Labels } }),
  };
}
