import { err, ok, type Result } from '../../sim/result';
import type { MountRequest } from './api-types';

const propagations = new Set(['private', 'rprivate', 'slave', 'rslave', 'shared', 'rshared']);
const kinds: readonly ReadonlySet<string>[] = [
  new Set(['rw', 'ro']),
  new Set(['z', 'Z']),
  propagations,
  new Set(['nocopy']),
  new Set(['consistent', 'cached', 'delegated']),
];

/** Words of a mode, of each kind one at most (volume/mounts/linux_parser.go, linuxValidMountMode). */
export function isMountMode(mode: string): boolean {
  if (mode === '') return true;
  const words = mode.split(',');
  return (
    words.every((word) => kinds.some((kind) => kind.has(word))) &&
    kinds.every((kind) => words.filter((word) => kind.has(word)).length <= 1)
  );
}

/** `path.Clean` for what is absolute. */
export function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** What a destination has wrong with it. */
export function wrongDestination(path: string): string | undefined {
  if (/^[./]*$/.test(path) && cleanPath(path) === '/') return "invalid specification: destination can't be '/'";
  return path.startsWith('/') ? undefined : `invalid mount path: '${path}' mount path must be absolute`;
}

/** validateMountConfigImpl. `exists` tells of a path of the host; absent: it is not asked. */
export function wrongMount(mount: MountRequest, exists?: (path: string) => boolean): string | undefined {
  const why = reason(mount, exists);
  return why === undefined ? undefined : `invalid mount config for type ${JSON.stringify(mount.Type)}: ${why}`;
}

const extra = (name: string): string => `field ${name} must not be specified`;

function reason(mount: MountRequest, exists?: (path: string) => boolean): string | undefined {
  const { Type, Source = '', Target = '', ReadOnly = false } = mount;
  const { BindOptions, VolumeOptions, ImageOptions, TmpfsOptions } = mount;
  if (Target === '') return 'field Target must not be empty';
  const destination = wrongDestination(Target);
  if (destination !== undefined) return destination;
  switch (Type) {
    case 'bind': {
      if (Source === '') return 'field Source must not be empty';
      const { Propagation = '', CreateMountpoint = false } = BindOptions ?? {};
      if (Propagation !== '' && !propagations.has(Propagation)) return `invalid propagation mode: ${Propagation}`;
      if (VolumeOptions !== undefined) return extra('VolumeOptions');
      if (ImageOptions !== undefined) return extra('ImageOptions');
      if (!Source.startsWith('/')) return `invalid mount path: '${Source}' mount path must be absolute`;
      return exists === undefined || exists(Source) || CreateMountpoint
        ? undefined
        : `bind source path does not exist: ${Source}`;
    }
    case 'volume': {
      if (BindOptions !== undefined) return extra('BindOptions');
      if (ImageOptions !== undefined) return extra('ImageOptions');
      const subpath = VolumeOptions?.Subpath ?? '';
      if (subpath !== '' && Source === '') return 'must not set Subpath when using anonymous volumes';
      if (subpath.startsWith('/') || subpath.split('/').includes('..'))
        return 'subpath must be a relative path within the volume';
      return ReadOnly && Source === '' ? 'must not set ReadOnly mode when using anonymous volumes' : undefined;
    }
    case 'tmpfs': {
      if (BindOptions !== undefined) return extra('BindOptions');
      if (ImageOptions !== undefined) return extra('ImageOptions');
      if (Source !== '') return extra('Source');
      const unknown = TmpfsOptions?.Options?.find(([name = '']) => name !== 'exec' && name !== 'noexec');
      return unknown === undefined ? undefined : `invalid option: ${unknown[0] ?? ''}`;
    }
    case 'image':
      if (BindOptions !== undefined) return extra('BindOptions');
      if (VolumeOptions !== undefined) return extra('VolumeOptions');
      return Source === '' ? 'field Source must not be empty' : undefined;
    default:
      return 'mount type unknown';
  }
}

/** `source:destination[:mode]` of `-v` as a mount (ParseMountRaw). */
export function parseBind(raw: string, driver: string): Result<{ mount: MountRequest; mode: string }, string> {
  const invalid = `invalid volume specification: '${raw}'`;
  const parts = raw.split(':');
  const [source = '', target = '', mode = ''] = parts;
  if (source === '' || parts.length > 3) return err(invalid);
  if (parts.length === 2 && isMountMode(target)) return err(invalid);
  if (!isMountMode(mode)) return err(`invalid mode: ${mode}`);
  const words = mode.split(',');
  const bind = source.startsWith('/');
  const propagation = words.find((word) => propagations.has(word));
  const mount: MountRequest = {
    Type: bind ? 'bind' : 'volume',
    Source: source,
    Target: target,
    ReadOnly: words.includes('ro'),
    ...(driver !== '' && !bind ? { VolumeOptions: { DriverConfig: { Name: driver } } } : {}),
    ...(words.includes('nocopy')
      ? { VolumeOptions: { NoCopy: true, ...(driver === '' ? {} : { DriverConfig: { Name: driver } }) } }
      : {}),
    ...(propagation === undefined ? {} : { BindOptions: { Propagation: propagation } }),
  };
  const wrong = wrongMount(mount);
  return wrong === undefined ? ok({ mount, mode }) : err(`${invalid}: ${wrong}`);
}

/** `--volumes-from container[:mode]`. */
export function parseVolumesFrom(text: string): Result<{ container: string; readOnly: boolean }, string> {
  if (text === '') return err('volumes-from specification cannot be an empty string');
  const colon = text.indexOf(':');
  const container = colon < 0 ? text : text.slice(0, colon);
  const mode = colon < 0 ? '' : text.slice(colon + 1);
  const words = mode.split(',');
  if (!isMountMode(mode) || words.some((word) => propagations.has(word) || word === 'nocopy'))
    return err(`invalid mode: ${mode}`);
  return ok({ container, readOnly: words.includes('ro') });
}

/** The options of a tmpfs of `--mount` as `mount -o` takes them (ConvertTmpfsOptions). */
export function tmpfsOptions({ TmpfsOptions, ReadOnly = false }: MountRequest): string {
  const { Mode = 0, SizeBytes = 0, Options = [] } = TmpfsOptions ?? {};
  const options: string[] = ReadOnly ? ['ro'] : [];
  if (Mode !== 0) options.push(`mode=${Mode.toString(8)}`);
  if (SizeBytes !== 0) {
    const [suffix, unit] = (
      [
        ['g', 2 ** 30],
        ['m', 2 ** 20],
        ['k', 2 ** 10],
        ['', 1],
      ] as const
    ).find(([, size]) => SizeBytes % size === 0) ?? ['', 1];
    options.push(`size=${SizeBytes / unit}${suffix}`);
  }
  return [...options, ...Options.map((option) => option.join('='))].join(',');
}
