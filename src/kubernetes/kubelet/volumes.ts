import { err, ok, type Result } from '../../sim/result';
import type { ContainerMount } from '../../containers/containerd/cri';
import type { FileSystem } from '../../linux/fs/types';
import { encode } from '../../linux/io/bytes';
import { configMap, type ConfigMap } from '../api/core/configmap';
import type { Quantity } from '../apimachinery/object';
import type { Pod } from '../api/core/pod';
import type { Container, DownwardApiFile, KeyToPath, Volume, VolumeProjection } from '../api/core/pod-spec';
import { secret } from '../api/core/secret';
import { amount } from '../scheduler/resources';
import { base64Bytes } from './base64';
import { expand, fieldOf, resourceOf, type Variable } from './environment';
import { podDirectory, type KubeletContext } from './types';

/** A file of a volume. */
interface VolumeFile {
  readonly bytes: Uint8Array;
  readonly mode: number;
}
type Files = ReadonlyMap<string, VolumeFile>;

const DAY = 24 * 3_600_000;

const plugins = {
  emptyDir: 'kubernetes.io~empty-dir',
  configMap: 'kubernetes.io~configmap',
  secret: 'kubernetes.io~secret',
  downwardAPI: 'kubernetes.io~downward-api',
  projected: 'kubernetes.io~projected',
} as const;

/** Where a volume lies on the host; undefined for kinds that this kubelet cannot mount. */
export function volumePath(uid: string, volume: Volume): string | undefined {
  if (volume.hostPath !== undefined) return volume.hostPath.path;
  for (const key of Object.keys(plugins) as (keyof typeof plugins)[]) {
    if (volume[key] !== undefined) return `${podDirectory(uid)}/volumes/${plugins[key]}/${volume.name}`;
  }
  return undefined;
}

/** Sets up what a pod's volumes hold, and keeps it up to date. Upstream: pkg/volume/{emptydir,configmap,secret,projected,hostpath} */
export class PodVolumes {
  /** What was last written, to leave unchanged volumes alone. */
  readonly #written = new Map<string, Files>();
  /** Tokens of service accounts, by audience and lifetime. */
  readonly #tokens = new Map<string, { readonly bytes: Uint8Array; readonly refreshAt: number }>();

  constructor(
    readonly context: KubeletContext,
    readonly nodeIP: string,
  ) {}

  /** All volumes, or the first that cannot be. */
  setUp(pod: Pod): Result<void, { readonly volume: string; readonly message: string }> {
    for (const volume of pod.spec.volumes ?? []) {
      const done = this.#setUp(pod, volume);
      if (!done.ok) return err({ volume: volume.name, message: done.error });
    }
    return ok(undefined);
  }

  /** True where contents may change under a running pod. */
  static mayChange({ spec }: Pod): boolean {
    return (spec.volumes ?? []).some(
      ({ name, configMap: map, secret: held, downwardAPI, projected }) =>
        map !== undefined ||
        held !== undefined ||
        downwardAPI !== undefined ||
        (projected !== undefined && !name.startsWith('kube-api-access-')),
    );
  }

  #setUp(pod: Pod, volume: Volume): Result<void, string> {
    const path = volumePath(pod.metadata.uid, volume);
    if (path === undefined) return err(`no volume plugin matched name: ${volume.name}`);
    if (volume.hostPath !== undefined) return this.#checkHostPath(path, volume.hostPath.type ?? '');
    if (volume.emptyDir !== undefined) {
      this.context.fs.mkdirAll(path);
      if (volume.emptyDir.medium === 'Memory') this.#mountMemory(pod, volume.emptyDir.sizeLimit, path);
      this.context.fs.chmod(path, 0o777);
      return ok(undefined);
    }
    const files = this.#contents(pod, volume);
    if (!files.ok) return files;
    const before = this.#written.get(volume.name);
    if (before !== undefined && sameFiles(before, files.value)) return ok(undefined);
    this.#written.set(volume.name, files.value);
    this.#write(path, files.value, before);
    return ok(undefined);
  }

  /** As large as the node, the pod's limits and its own limit allow (emptydir, calculateEmptyDirMemorySize). */
  #mountMemory({ spec }: Pod, limit: Quantity | undefined, path: string): void {
    const { fs, config } = this.context;
    const mounted = fs.stat(path);
    const around = fs.stat(path.slice(0, path.lastIndexOf('/')));
    // A kubelet that started anew finds it mounted.
    if (mounted.ok && around.ok && mounted.value.dev !== around.value.dev) return;
    const ofContainers = spec.containers.map(({ resources }) => resources?.limits?.['memory']);
    let size = config.memory;
    if (ofContainers.every((each) => each !== undefined))
      size = Math.min(
        size,
        ofContainers.reduce<number>((sum, each) => sum + amount(each), 0),
      );
    if (limit !== undefined) size = Math.min(size, amount(limit) || size);
    fs.mount({ source: 'tmpfs', target: path, type: 'tmpfs', options: { size: String(size) } });
  }

  /** What is mounted goes, before its folder does. */
  static tearDown({ fs }: KubeletContext, pod: Pod): void {
    for (const volume of pod.spec.volumes ?? []) {
      const path = volume.emptyDir?.medium === 'Memory' ? volumePath(pod.metadata.uid, volume) : undefined;
      if (path !== undefined) fs.umount(path, { lazy: true });
    }
  }

  #checkHostPath(path: string, type: string): Result<void, string> {
    const { fs } = this.context;
    const found = fs.stat(path);
    const kind = found.ok ? found.value.type : undefined;
    const failed = (what: string): Result<void, string> => err(`hostPath type check failed: ${path} is not a ${what}`);
    switch (type) {
      case 'DirectoryOrCreate':
        if (kind === undefined) fs.mkdirAll(path);
        return kind === undefined || kind === 'directory' ? ok(undefined) : failed('directory');
      case 'Directory':
        return kind === 'directory' ? ok(undefined) : failed('directory');
      case 'FileOrCreate':
        if (kind === undefined) fs.writeFile(path, '', 0o644);
        return kind === undefined || kind === 'file' ? ok(undefined) : failed('file');
      case 'File':
        return kind === 'file' ? ok(undefined) : failed('file');
      case 'Socket':
        return kind === 'socket' ? ok(undefined) : failed('socket file');
      case 'CharDevice':
        return kind === 'char' ? ok(undefined) : failed('character device');
      case 'BlockDevice':
        return kind === 'block' ? ok(undefined) : failed('block device');
      default:
        if (kind === undefined) fs.mkdirAll(path);
        return ok(undefined);
    }
  }

  #contents(pod: Pod, volume: Volume): Result<Files, string> {
    const files = new Map<string, VolumeFile>();
    const { configMap: map, secret: held, downwardAPI, projected } = volume;
    const add = (found: Result<Files, string>): Result<void, string> => {
      if (!found.ok) return found;
      for (const [path, file] of found.value) files.set(path, file);
      return ok(undefined);
    };
    let done: Result<void, string> = ok(undefined);
    if (map !== undefined) done = add(this.#configMap(pod, map.name ?? '', map.items, map.defaultMode, map.optional));
    if (held !== undefined)
      done = add(this.#secret(pod, held.secretName ?? '', held.items, held.defaultMode, held.optional));
    if (downwardAPI !== undefined)
      done = add(ok(this.#downward(pod, downwardAPI.items ?? [], downwardAPI.defaultMode)));
    for (const source of projected?.sources ?? []) {
      done = add(this.#project(pod, source, projected?.defaultMode ?? 0o644));
      if (!done.ok) break;
    }
    return done.ok ? ok(files) : done;
  }

  #project(pod: Pod, source: VolumeProjection, mode: number): Result<Files, string> {
    const { configMap: map, secret: held, downwardAPI, serviceAccountToken } = source;
    if (map !== undefined) return this.#configMap(pod, map.name ?? '', map.items, mode, map.optional);
    if (held !== undefined) return this.#secret(pod, held.name ?? '', held.items, mode, held.optional);
    if (downwardAPI !== undefined) return ok(this.#downward(pod, downwardAPI.items ?? [], mode));
    if (serviceAccountToken === undefined) return ok(new Map());
    return ok(new Map([[serviceAccountToken.path, { bytes: this.#token(pod, serviceAccountToken), mode }]]));
  }

  /** The same token until a fifth of its life is left (pkg/kubelet/token, requiresRefresh). */
  #token(pod: Pod, { expirationSeconds, audience }: NonNullable<VolumeProjection['serviceAccountToken']>): Uint8Array {
    const { clock } = this.context;
    const key = `${expirationSeconds} ${audience ?? ''}`;
    const known = this.#tokens.get(key);
    if (known !== undefined && clock.now < known.refreshAt) return known.bytes;
    const token = this.context.token?.({
      namespace: pod.metadata.namespace,
      serviceAccount: pod.spec.serviceAccountName ?? 'default',
      pod,
      expirationSeconds,
      ...(audience === undefined ? {} : { audience }),
    });
    const bytes = encode(token ?? '');
    this.#tokens.set(key, { bytes, refreshAt: clock.now + Math.min(expirationSeconds * 800, DAY) });
    return bytes;
  }

  #configMap(
    pod: Pod,
    name: string,
    items: readonly KeyToPath[] | undefined,
    mode: number,
    optional = false,
  ): Result<Files, string> {
    const found = this.context.client.get(configMap, pod.metadata.namespace, name);
    if (found === undefined) return optional ? ok(new Map()) : err(`configmap "${name}" not found`);
    let data = contents.get(found);
    if (data === undefined) {
      data = new Map<string, Uint8Array>();
      for (const [key, value] of Object.entries(found.data ?? {})) data.set(key, encode(value));
      for (const [key, value] of Object.entries(found.binaryData ?? {})) data.set(key, base64Bytes(value));
      contents.set(found, data);
    }
    return pick(data, items, mode, optional, 'config');
  }

  #secret(
    pod: Pod,
    name: string,
    items: readonly KeyToPath[] | undefined,
    mode: number,
    optional = false,
  ): Result<Files, string> {
    const found = this.context.client.get(secret, pod.metadata.namespace, name);
    if (found === undefined) return optional ? ok(new Map()) : err(`secret "${name}" not found`);
    const data = new Map(Object.entries(found.data ?? {}).map(([key, value]) => [key, base64Bytes(value)]));
    return pick(data, items, mode, optional, 'secret');
  }

  #downward(pod: Pod, items: readonly DownwardApiFile[], mode: number): Files {
    const { config } = this.context;
    const input = { pod, podIP: pod.status.podIP ?? '', nodeName: config.nodeName, nodeIP: this.nodeIP };
    return new Map(
      items.map(({ path, fieldRef, resourceFieldRef, mode: own }): [string, VolumeFile] => {
        const text =
          fieldRef !== undefined
            ? fieldOf(fieldRef, input)
            : resourceFieldRef !== undefined
              ? resourceOf(resourceFieldRef, pod, undefined, { cpu: config.cpus, memory: config.memory })
              : '';
        return [path, { bytes: encode(text), mode: own ?? mode }];
      }),
    );
  }

  /** volumeutil.AtomicWriter: all files change at once, by one symbolic link. */
  #write(path: string, files: Files, before: Files | undefined): void {
    const { fs, clock } = this.context;
    const stamp = new Date(clock.now).toISOString().slice(0, 19).replace(/[-:T]/g, '_');
    const fresh = `..${stamp}.${String(Math.floor(clock.now * 1e6) % 1e9).padStart(9, '0')}`;
    fs.mkdirAll(`${path}/${fresh}`);
    for (const [name, { bytes, mode }] of files) {
      const slash = name.lastIndexOf('/');
      if (slash > 0) fs.mkdirAll(`${path}/${fresh}/${name.slice(0, slash)}`);
      fs.writeFile(`${path}/${fresh}/${name}`, bytes, mode);
    }
    const old = fs.readlink(`${path}/..data`);
    fs.symlink(fresh, `${path}/..data_tmp`);
    fs.rename(`${path}/..data_tmp`, `${path}/..data`);
    const tops = (of: Files): Set<string> => new Set([...of.keys()].map((name) => name.split('/', 1)[0] ?? name));
    const wanted = tops(files);
    const had = before === undefined ? new Set<string>() : tops(before);
    for (const top of wanted) if (!had.has(top)) fs.symlink(`..data/${top}`, `${path}/${top}`);
    for (const top of had) if (!wanted.has(top)) fs.unlink(`${path}/${top}`);
    if (old.ok) fs.removeAll(`${path}/${old.value}`);
  }
}

/** What a config map holds in bytes, once for all pods that have this version of it. */
const contents = new WeakMap<ConfigMap, Map<string, Uint8Array>>();

function pick(
  data: ReadonlyMap<string, Uint8Array>,
  items: readonly KeyToPath[] | undefined,
  mode: number,
  optional: boolean,
  what: string,
): Result<Files, string> {
  if (items === undefined) return ok(new Map([...data].map(([key, bytes]) => [key, { bytes, mode }])));
  const files = new Map<string, VolumeFile>();
  for (const { key, path, mode: own } of items) {
    const bytes = data.get(key);
    if (bytes !== undefined) files.set(path, { bytes, mode: own ?? mode });
    else if (!optional) return err(`references non-existent ${what} key: ${key}`);
  }
  return ok(files);
}

function sameFiles(a: Files, b: Files): boolean {
  if (a.size !== b.size) return false;
  for (const [path, { bytes, mode }] of a) {
    const other = b.get(path);
    if (other?.mode !== mode || other.bytes.length !== bytes.length) return false;
    if (other.bytes !== bytes && !bytes.every((byte, index) => other.bytes[index] === byte)) return false;
  }
  return true;
}

/** The mounts of one container: its volumeMounts. */
export function mountsOf(
  fs: FileSystem,
  pod: Pod,
  { volumeMounts = [] }: Container,
  variables: readonly Variable[],
): Result<readonly ContainerMount[], string> {
  const mounts: ContainerMount[] = [];
  for (const { name, mountPath, readOnly, subPath, subPathExpr, mountPropagation } of volumeMounts) {
    const volume = pod.spec.volumes?.find((candidate) => candidate.name === name);
    const base = volume === undefined ? undefined : volumePath(pod.metadata.uid, volume);
    if (volume === undefined || base === undefined) return err(`cannot find volume "${name}" to mount into container`);
    const path = hostPathOf(fs, base, subPath, subPathExpr, variables);
    if (!path.ok) return path;
    mounts.push({
      containerPath: mountPath,
      hostPath: path.value,
      readonly: readOnly === true,
      propagation:
        mountPropagation === 'Bidirectional'
          ? 'BIDIRECTIONAL'
          : mountPropagation === 'HostToContainer'
            ? 'HOST_TO_CONTAINER'
            : 'PRIVATE',
    });
  }
  return ok(mounts);
}

/** A volume, or a folder in it, which is made with the volume's own permissions. Upstream: kubelet_pods.go makeMounts */
function hostPathOf(
  fs: FileSystem,
  base: string,
  subPath: string | undefined,
  expression: string | undefined,
  variables: readonly Variable[],
): Result<string, string> {
  let below = subPath ?? '';
  if (expression !== undefined && expression !== '') {
    const missing: string[] = [];
    below = expand(expression, (name) => {
      const value = variables.find(({ key }) => key === name)?.value;
      if (value === undefined) missing.push(name);
      return value;
    });
    if (missing.length > 0) return err(`missing value for ${missing.map((name) => JSON.stringify(name)).join(', ')}`);
  }
  if (below === '') return ok(base);
  if (below.startsWith('/')) return err(`error SubPath \`${below}\` must not be an absolute path`);
  if (below.split('/').includes('..')) return err(`unable to provision SubPath \`${below}\`: must not contain '..'`);
  const path = `${base}/${below}`;
  const volume = fs.stat(base);
  if (!fs.stat(path).ok) {
    let made = base;
    for (const part of below.split('/')) {
      made = `${made}/${part}`;
      if (!fs.stat(made).ok && fs.mkdirAll(made).ok && volume.ok) fs.chmod(made, volume.value.mode);
    }
  }
  return ok(path);
}
