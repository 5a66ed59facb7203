import type { Entries } from './entries';
import { Image, type History, type RunConfig } from './image';
import { ImageLayer } from './layer';

/** One instruction of the recipe by which an image was built: what it says in the history, and what it changes. */
export interface Step {
  readonly says: string;
  readonly layer?: ImageLayer;
  readonly change?: (config: RunConfig) => RunConfig;
}

const buildkit = 'buildkit.dockerfile.v0';

/** An image from its steps, on top of another one whose layers it shares. `created` is when it was published. */
export function build(created: string, base: Image | undefined, steps: readonly Step[]): Image {
  const history: History[] = [...(base?.history ?? [])];
  const layers: ImageLayer[] = [...(base?.layers ?? [])];
  let config: RunConfig = base?.config ?? { Env: [defaultPath] };
  for (const { says, layer, change } of steps) {
    const entry = { created, created_by: says, comment: buildkit };
    history.push(layer === undefined ? { ...entry, empty_layer: true } : entry);
    if (layer !== undefined) layers.push(layer);
    if (change !== undefined) config = change(config);
  }
  return new Image(layers, config, history, created);
}

const defaultPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** ADD of the root file system archive that base images begin with. */
export const rootfs = (archive: string, files: Entries): Step => ({
  says: `ADD ${archive} / # buildkit`,
  layer: new ImageLayer(files),
});

export const run = (command: string, files: Entries): Step => ({
  says: `RUN /bin/sh -c ${command} # buildkit`,
  layer: new ImageLayer(files),
});

export const copy = (what: string, target: string, files: Entries): Step => ({
  says: `COPY ${what} ${target} # buildkit`,
  layer: new ImageLayer(files),
});

export const env = (name: string, value: string): Step => ({
  says: `ENV ${name}=${value}`,
  change: (config) => ({
    ...config,
    Env: [...(config.Env ?? []).filter((entry) => !entry.startsWith(`${name}=`)), `${name}=${value}`],
  }),
});

export const label = (name: string, value: string): Step => ({
  says: `LABEL ${name}=${value}`,
  change: (config) => ({ ...config, Labels: { ...config.Labels, [name]: value } }),
});

/** `80/tcp`. */
export const expose = (...ports: readonly string[]): Step => ({
  says: `EXPOSE ${ports.length === 1 ? `map[${ports[0] ?? ''}:{}]` : `map[${ports.map((port) => `${port}:{}`).join(' ')}]`}`,
  change: (config) => ({ ...config, ExposedPorts: { ...config.ExposedPorts, ...emptySet(ports) } }),
});

export const volume = (...paths: readonly string[]): Step => ({
  says: `VOLUME [${paths.join(' ')}]`,
  change: (config) => ({ ...config, Volumes: { ...config.Volumes, ...emptySet(paths) } }),
});

export const entrypoint = (...words: readonly string[]): Step => ({
  says: `ENTRYPOINT ${list(words)}`,
  change: ({ Cmd: _, ...config }) => ({ ...config, Entrypoint: words }),
});

export const cmd = (...words: readonly string[]): Step => ({
  says: `CMD ${list(words)}`,
  change: (config) => ({ ...config, Cmd: words }),
});

export const workdir = (path: string): Step => ({
  says: `WORKDIR ${path}`,
  change: (config) => ({ ...config, WorkingDir: path }),
});
export const user = (name: string): Step => ({ says: `USER ${name}`, change: (config) => ({ ...config, User: name }) });
export const stopSignal = (signal: string): Step => ({
  says: `STOPSIGNAL ${signal}`,
  change: (config) => ({ ...config, StopSignal: signal }),
});

const list = (words: readonly string[]): string => `[${words.map((word) => JSON.stringify(word)).join(' ')}]`;
const emptySet = (names: readonly string[]): Readonly<Record<string, Readonly<Record<string, never>>>> =>
  Object.fromEntries(names.map((name) => [name, {}]));

/** Makes an image when first asked, and then gives the same again: bases share their layers by identity. */
export function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
