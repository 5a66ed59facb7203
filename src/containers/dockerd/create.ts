import { FewMap } from '../../sim/few-map';
import { ok, type Result } from '../../sim/result';
import type { Image } from '../images/image';
import { platformOf, type ImagePlatform } from '../images/platforms';
import { familiarString, parseReference, withDefaultTag } from '../images/reference';
import { cgroupVersion } from '../runc/cgroups';
import { refuse, type ApiError, type ContainerCreate, type EndpointSettings, type HostConfig } from './api-types';
import type { Settings } from './container';
import type { Engine } from './engine';
import { completeHostConfig } from './host-config';
import { completeLogConfig } from './log-options';
import { endpointConflict } from './network/check';
import { splitLink } from './network/links';
import { nameConflict } from './rename';
import { parseSecurityOptions } from './security';
import { verifyContainerSettings } from './verify';
import { wrongOnWindows } from '../windows/verify';

export interface Checked {
  readonly image: Image;
  readonly hostConfig: HostConfig;
  readonly networking: FewMap<string, EndpointSettings>;
  readonly warnings: readonly string[];
}

/** What `POST /containers/create` looks at before anything is made (daemon/create.go). */
export function checkCreate(
  engine: Engine,
  request: ContainerCreate,
  name: string,
  image: Image | undefined,
  platform?: Platform,
): Result<Checked, ApiError> {
  const { host, os } = engine.options;
  const windows = os === 'windows';
  const unknown = windows ? wrongOnWindows(request.HostConfig ?? {}) : undefined;
  if (unknown !== undefined) return refuse(400, unknown);
  const cgroups = cgroupVersion(host.fs);
  const settings = verifyContainerSettings(windows ? onLinux(request) : request, {
    cpus: host.init.host.cpus,
    cgroups,
    exists: (path) => host.fs.stat(path).ok,
  });
  if (!settings.ok) return refuse(400, settings.error);
  if (image === undefined) {
    const parsed = parseReference(request.Image ?? '');
    if (!parsed.ok) return refuse(400, parsed.error);
    return refuse(404, `No such image: ${familiarString(withDefaultTag(parsed.value))}`);
  }
  const mismatch = wrongPlatform(request.Image ?? '', image, platform);
  if (mismatch !== undefined) return refuse(404, mismatch);
  const complete = completeHostConfig(request.HostConfig ?? {}, cgroups);
  const shared = sharedById(engine, windows ? forWindows(complete, request.HostConfig ?? {}) : complete);
  if (!shared.ok) return shared;
  const hostConfig = shared.value;
  const networking = networkingOf(engine, request, hostConfig);
  if (!networking.ok) return networking;
  const command = [
    ...(request.Entrypoint ?? image.config.Entrypoint ?? []),
    ...(request.Cmd ??
      (request.Entrypoint === undefined || request.Entrypoint === null ? (image.config.Cmd ?? []) : [])),
  ];
  if (command.length === 0 || (command.length === 1 && command[0] === '')) return refuse(400, 'no command specified');
  const log = completeLogConfig(request.HostConfig?.LogConfig);
  if (!log.ok) return log;
  const plain = name.replace(/^\//, '');
  if (name !== '' && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(plain))
    return refuse(400, `Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`);
  const conflict = plain === '' ? undefined : nameConflict(engine, plain);
  if (conflict !== undefined) return refuse(409, conflict);
  const security = parseSecurityOptions(hostConfig.SecurityOpt);
  if (!security.ok) return refuse(500, security.error);
  if (Object.keys(hostConfig.StorageOpt ?? {}).length > 0)
    return refuse(500, "--storage-opt is supported only for overlay over xfs with 'pquota' mount option");
  for (const link of hostConfig.Links ?? []) {
    // daemon/daemon_unix.go, registerLinks
    const { name: linked } = splitLink(link);
    const child = engine.find(linked);
    if (!child.ok) return refuse(400, `could not get container for ${linked}: ${child.error.message}`);
  }
  const whole = common({ ...hostConfig, LogConfig: log.value });
  return ok({
    image,
    hostConfig: whole,
    networking: networking.value,
    warnings: [...settings.value, ...foreignPlatform(image, platform)],
  });
}

const lately = { text: '', value: undefined as HostConfig | undefined };

/** Containers that are made alike, one after the other, have one configuration: nobody changes it (see `update`). */
function common<T extends HostConfig>(made: T): T {
  const text = JSON.stringify(made);
  if (lately.text === text) return lately.value as T;
  lately.text = text;
  lately.value = made;
  return made;
}

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** What Windows checks in its own way is no concern of the checks of Linux. */
const onLinux = (request: ContainerCreate): ContainerCreate => ({
  ...request,
  WorkingDir: '',
  HostConfig: { ...request.HostConfig, Isolation: '' },
});

/** The network of Windows is `nat`; a silo is what isolates if nobody says otherwise. */
const forWindows = (complete: HostConfig, given: Partial<HostConfig>): HostConfig => ({
  ...complete,
  NetworkMode: ['', 'default'].includes(given.NetworkMode ?? '') ? 'nat' : complete.NetworkMode,
  Isolation: ['', 'default'].includes(given.Isolation ?? '') ? 'process' : complete.Isolation,
  Runtime: 'com.docker.hcsshim.v1',
});

const platformText = ({ os, architecture, variant }: ImagePlatform): string =>
  [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');

/** What is said when nobody asked for another platform than the host's (daemon/create.go). */
function foreignPlatform(image: Image, platform: Platform | undefined): readonly string[] {
  const made = platformOf(image);
  if (platform !== undefined || made.architecture === 'amd64') return [];
  return [
    `The requested image's platform (${platformText(made)}) does not match the detected host platform (${made.os}/amd64/v3) and no specific platform was requested`,
  ];
}

/** daemon/images/image.go. */
export function wrongPlatform(name: string, image: Image, platform: Platform | undefined): string | undefined {
  if (platform === undefined) return undefined;
  const { os, architecture, variant = '' } = platform;
  const made = platformOf(image);
  if ((os === '' || os === made.os) && architecture === made.architecture) return undefined;
  const wanted = [os, architecture, ...(variant === '' ? [] : [variant])].join('/');
  return `image with reference ${name} was found but its platform (${platformText(made)}) does not match the specified platform (${wanted})`;
}

/** Whose namespaces are shared is known by id from now on: names change (adaptSharedNamespaceContainer). */
function sharedById(engine: Engine, hostConfig: HostConfig): Result<HostConfig, ApiError> {
  const changed: { PidMode?: string; IpcMode?: string; NetworkMode?: string } = {};
  for (const key of ['IpcMode', 'PidMode', 'NetworkMode'] as const) {
    const mode = hostConfig[key];
    if (!mode.startsWith('container:')) continue;
    const found = engine.find(mode.slice('container:'.length));
    // Whose labels are to be shared has to be there; a network is looked for at the start.
    if (!found.ok && key !== 'NetworkMode') return refuse(400, found.error.message);
    if (found.ok) changed[key] = `container:${found.value.id}`;
  }
  return ok({ ...hostConfig, ...changed });
}

function networkingOf(
  engine: Engine,
  { NetworkingConfig }: ContainerCreate,
  { NetworkMode }: HostConfig,
): Result<FewMap<string, EndpointSettings>, ApiError> {
  const networking = new FewMap<string, EndpointSettings>();
  if (NetworkMode === 'host' || NetworkMode === 'none' || NetworkMode.startsWith('container:')) {
    if (!NetworkMode.startsWith('container:')) networking.set(NetworkMode, {});
    return ok(networking);
  }
  const named = Object.entries(NetworkingConfig?.EndpointsConfig ?? {});
  for (const [name, settings] of named.length === 0 ? [[NetworkMode, {}] as const] : named) {
    // The network itself is looked up when the container starts.
    const network = engine.networks.find(name);
    const key = network?.name ?? name;
    const conflict = network === undefined ? undefined : endpointConflict(network, settings ?? {});
    if (conflict !== undefined)
      return refuse(400, `invalid config for network ${key}: invalid endpoint settings:\n${conflict}`);
    networking.set(key, settings ?? {});
  }
  return ok(networking);
}

/** The request's settings with the image's below them (runconfig.Merge). */
export function mergeSettings(
  request: ContainerCreate,
  { config: image }: Image,
  id: string,
  { NetworkMode, UTSMode }: HostConfig,
  hostName: string,
): Settings {
  const { HostConfig: _host, NetworkingConfig: _networks, ...given } = request;
  const own = request.Env ?? [];
  const names = new Set(own.map((entry) => entry.split('=')[0]));
  const env = [...own, ...(image.Env ?? []).filter((entry) => !names.has(entry.split('=')[0]))];
  const entrypoint = request.Entrypoint ?? null;
  const noEntrypoint = entrypoint === null || entrypoint.length === 0;
  const cmd = request.Cmd ?? null;
  const hostname = request.Hostname !== undefined && request.Hostname !== '' ? request.Hostname : undefined;
  const shared = NetworkMode === 'host' || UTSMode === 'host';
  return {
    Hostname: hostname ?? (shared ? hostName : id.slice(0, 12)),
    Domainname: '',
    AttachStdin: false,
    AttachStdout: false,
    AttachStderr: false,
    ...given,
    ...(hostname === undefined ? { Hostname: shared ? hostName : id.slice(0, 12) } : {}),
    User: request.User !== undefined && request.User !== '' ? request.User : (image.User ?? ''),
    ...(request.ExposedPorts === undefined && image.ExposedPorts === undefined
      ? {}
      : { ExposedPorts: { ...image.ExposedPorts, ...request.ExposedPorts } }),
    Tty: request.Tty ?? false,
    OpenStdin: request.OpenStdin ?? false,
    StdinOnce: request.StdinOnce ?? false,
    Env: env.length === 0 ? null : env,
    // An entrypoint of its own drops the image's command.
    Cmd: cmd ?? (noEntrypoint ? (image.Cmd ?? null) : null),
    Image: request.Image ?? '',
    Volumes: image.Volumes === undefined ? null : { ...image.Volumes },
    WorkingDir:
      request.WorkingDir !== undefined && request.WorkingDir !== '' ? request.WorkingDir : (image.WorkingDir ?? ''),
    Entrypoint:
      entrypoint === null
        ? (image.Entrypoint ?? null)
        : entrypoint.length === 1 && entrypoint[0] === ''
          ? null
          : entrypoint,
    Labels: { ...image.Labels, ...request.Labels },
    ...(request.StopSignal === undefined && image.StopSignal === undefined
      ? {}
      : { StopSignal: request.StopSignal ?? image.StopSignal ?? '' }),
  };
}
