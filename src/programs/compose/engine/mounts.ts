import { ComposeError } from '../cli/error';
import type { Project, Service, ServiceVolume } from '../load/types';
import type { Container } from './containers';

/** An entry of HostConfig.Mounts. */
export interface MountRequest {
  readonly Type: string;
  readonly Source?: string;
  readonly Target: string;
  readonly ReadOnly?: boolean;
  readonly Consistency?: string;
  readonly BindOptions?: object;
  readonly VolumeOptions?: object;
  readonly TmpfsOptions?: object;
  readonly ImageOptions?: object;
}

/** What a container mounts: as `Binds` where they can say it all, else as `Mounts` (buildContainerVolumes). */
export function mountsOf(
  project: Project,
  service: Service,
  inherit: { readonly container: Container; readonly imageVolumes: readonly string[] } | undefined,
  warn: (message: string) => void,
): { binds: readonly string[]; mounts: readonly MountRequest[] } {
  const requests = new Map<string, MountRequest>();
  let volumes = service.volumes ?? [];
  for (const mount of inherit?.container.Mounts ?? []) {
    if (mount.Type === 'tmpfs') continue;
    const anonymous = volumes.some(({ target, source }) => target === mount.Destination && source === undefined);
    if (!anonymous && inherit?.imageVolumes.includes(mount.Destination) !== true) continue;
    requests.set(mount.Destination, {
      Type: mount.Type,
      Source: mount.Type === 'volume' ? (mount.Name ?? '') : mount.Source,
      Target: mount.Destination,
      ...(mount.RW ? {} : { ReadOnly: true }),
    });
    volumes = volumes.filter(({ target, source }) => target !== mount.Destination || source !== undefined);
  }
  for (const volume of volumes) requests.set(volume.target, requestOf(project, volume, warn));
  for (const mount of [...secretMounts(project, service, warn), ...configMounts(project, service, warn)])
    if (!requests.has(mount.Target)) requests.set(mount.Target, mount);
  const binds: string[] = [];
  const mounts: MountRequest[] = [];
  for (const request of requests.values()) {
    const volume = service.volumes?.find(({ target }) => target === request.Target);
    const bind = volume === undefined ? undefined : asBind(project, request, volume);
    if (bind === undefined) mounts.push(request);
    else binds.push(bind);
  }
  return { binds, mounts };
}

function asBind(project: Project, { Type, Source = '' }: MountRequest, volume: ServiceVolume): string | undefined {
  const { bind, volume: named } = volume;
  if (Type === 'bind') {
    if (
      bind !== undefined &&
      (bind.create_host_path !== true || bind.propagation !== undefined || bind.recursive !== undefined)
    )
      return undefined;
    return bindText(Source, volume);
  }
  if (Type !== 'volume') return undefined;
  const known = Object.values(project.volumes).some(({ name }) => name === Source);
  if (!known || named?.labels !== undefined || named?.subpath !== undefined || named?.nocopy === true) return undefined;
  return bindText(Source, volume);
}

function bindText(source: string, { target, read_only: readOnly, bind, volume }: ServiceVolume): string {
  const options = [readOnly === true ? 'ro' : 'rw'];
  if (bind?.selinux !== undefined) options.push(bind.selinux);
  if (bind?.propagation !== undefined) options.push(bind.propagation);
  if (volume?.nocopy === true) options.push('nocopy');
  return `${source}:${target}:${options.join(',')}`;
}

function requestOf(project: Project, volume: ServiceVolume, warn: (message: string) => void): MountRequest {
  const { type, source, target, read_only: readOnly, consistency, bind, volume: named, tmpfs, image } = volume;
  for (const [kind, options] of Object.entries({ bind, volume: named, tmpfs, image }))
    if (options !== undefined && kind !== type) warn(`mount of type \`${type}\` should not define \`${kind}\` option`);
  const from = type === 'volume' && source !== undefined ? (project.volumes[source]?.name ?? source) : source;
  return {
    Type: type,
    ...(from === undefined ? {} : { Source: from }),
    Target: target,
    ...(readOnly === true ? { ReadOnly: true } : {}),
    ...(consistency === undefined ? {} : { Consistency: consistency }),
    ...(type !== 'bind' || bind === undefined
      ? {}
      : {
          BindOptions: {
            ...(bind.propagation === undefined ? {} : { Propagation: bind.propagation }),
            ...(bind.create_host_path === true ? { CreateMountpoint: true } : {}),
            ...(bind.recursive === 'disabled' ? { NonRecursive: true } : {}),
            ...(bind.recursive === 'writable' ? { ReadOnlyNonRecursive: true } : {}),
            ...(bind.recursive === 'readonly' ? { ReadOnlyForceRecursive: true } : {}),
          },
        }),
    ...(type !== 'volume' || named === undefined
      ? {}
      : {
          VolumeOptions: {
            ...(named.nocopy === true ? { NoCopy: true } : {}),
            ...(named.labels === undefined ? {} : { Labels: named.labels }),
            ...(named.subpath === undefined ? {} : { Subpath: named.subpath }),
          },
        }),
    ...(type !== 'tmpfs' || tmpfs === undefined
      ? {}
      : { TmpfsOptions: { SizeBytes: Number(tmpfs.size ?? 0), Mode: tmpfs.mode ?? 0 } }),
    ...(type !== 'image' || image === undefined
      ? {}
      : { ImageOptions: image.subpath === undefined ? {} : { Subpath: image.subpath } }),
  };
}

/** Where a reference to a secret or config is found in the container. */
export const targetOf = (target: string | undefined, source: string, folder: string): string =>
  target === undefined ? `${folder}${source}` : target.startsWith('/') ? target : `${folder}${target}`;

function secretMounts(project: Project, service: Service, warn: (message: string) => void): readonly MountRequest[] {
  return (service.secrets ?? []).flatMap((reference) => {
    const secret = project.secrets[reference.source];
    if (secret?.external === true) throw new ComposeError(`unsupported external secret ${secret.name}`);
    if (secret?.file === undefined || secret.environment !== undefined) return [];
    if (reference.uid !== undefined || reference.gid !== undefined || reference.mode !== undefined)
      warn('secrets `uid`, `gid` and `mode` are not supported, they will be ignored');
    const target = targetOf(reference.target, reference.source, '/run/secrets/');
    return [{ Type: 'bind', Source: secret.file, Target: target, ReadOnly: true, BindOptions: {} }];
  });
}

function configMounts(project: Project, service: Service, warn: (message: string) => void): readonly MountRequest[] {
  return (service.configs ?? []).flatMap((reference) => {
    const config = project.configs[reference.source];
    if (config?.external === true) throw new ComposeError(`unsupported external config ${config.name}`);
    if (config?.file === undefined || config.environment !== undefined || config.content !== undefined) return [];
    if (reference.uid !== undefined || reference.gid !== undefined || reference.mode !== undefined)
      warn('config `uid`, `gid` and `mode` are not supported, they will be ignored');
    return [
      { Type: 'bind', Source: config.file, Target: targetOf(reference.target, reference.source, '/'), ReadOnly: true },
    ];
  });
}
