import { BuildFailure } from '../source';
import { didYouMean } from '../suggest';

export type MountType = 'bind' | 'cache' | 'tmpfs' | 'secret' | 'ssh';

/** One `--mount` of RUN. */
export interface Mount {
  readonly type: MountType;
  readonly from: string;
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly size: number;
  readonly id: string;
  readonly sharing: string;
  readonly required: boolean;
  /** The variable a secret comes in. */
  readonly env: string | undefined;
  readonly mode: number | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

type Draft = { -readonly [K in keyof Mount]: Mount[K] };

const types: readonly string[] = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'];
const keys =
  'type from source target readonly id sharing required size mode uid gid src dst destination ro rw readwrite env'.split(
    ' ',
  );

/** What can be said of a mount before its variables are known. */
export function checkMount(text: string): void {
  for (const field of fields(text)) {
    const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(field) ?? [];
    const dollar = value.indexOf('$');
    if (key.toLowerCase() === 'from' && dollar >= 0 && dollar !== value.length - 1)
      throw new BuildFailure("'from' doesn't support variable expansion, define alias stage instead");
  }
}

/** The stage or image of `from=`, without the rest. */
export function mountSource(text: string): string {
  for (const field of fields(text)) if (/^from=/i.test(field)) return field.slice('from='.length);
  return '';
}

/** A mount with its variables expanded (instructions/commands_runmount.go). */
export function parseMount(text: string, expand: (word: string) => string): Mount {
  const mount: Draft = {
    type: 'bind',
    from: '',
    source: '',
    target: '',
    readOnly: false,
    size: 0,
    id: '',
    sharing: '',
    required: false,
    env: undefined,
    mode: undefined,
    uid: undefined,
    gid: undefined,
  };
  let automatic = true;
  for (const field of fields(text)) {
    const equals = field.indexOf('=');
    const key = (equals < 0 ? field : field.slice(0, equals)).toLowerCase();
    if (equals < 0 && !['readonly', 'ro', 'readwrite', 'rw', 'required'].includes(key))
      throw new BuildFailure(`invalid field '${field}' must be a key=value pair`);
    const value = equals < 0 ? 'true' : expand(field.slice(equals + 1));
    if (['readonly', 'ro', 'readwrite', 'rw'].includes(key)) automatic = false;
    set(mount, key, value, field);
  }
  checkOwner(mount);
  if (automatic) mount.readOnly = mount.type !== 'cache' && mount.type !== 'tmpfs';
  checkSecret(mount);
  if (mount.sharing !== '' && mount.type !== 'cache')
    throw new BuildFailure(`invalid cache sharing set for ${mount.type} mount`);
  return mount;
}

function set(mount: Draft, key: string, value: string, field: string): void {
  switch (key) {
    case 'type': {
      const type = value.toLowerCase();
      if (!types.includes(type))
        throw new BuildFailure(`unsupported mount type ${JSON.stringify(value)}${didYouMean(value, types)}`);
      mount.type = type as MountType;
      return;
    }
    case 'from':
    case 'source':
    case 'target':
    case 'env':
    case 'id':
      mount[key] = value;
      return;
    case 'src':
      mount.source = value;
      return;
    case 'dst':
    case 'destination':
      mount.target = value;
      return;
    case 'readonly':
    case 'ro':
      mount.readOnly = bool(key, value);
      return;
    case 'readwrite':
    case 'rw':
      mount.readOnly = !bool(key, value);
      return;
    case 'required':
      if (mount.type !== 'secret' && mount.type !== 'ssh') throw unexpected(key, mount);
      mount.required = bool(key, value);
      return;
    case 'size':
      if (mount.type !== 'tmpfs') throw unexpected(key, mount);
      mount.size = bytes(key, value);
      return;
    case 'sharing':
      if (!['shared', 'private', 'locked'].includes(value.toLowerCase()))
        throw new BuildFailure(
          `unsupported sharing value ${JSON.stringify(value)}${didYouMean(value, ['shared', 'private', 'locked'])}`,
        );
      mount.sharing = value.toLowerCase();
      return;
    case 'mode':
      mount.mode = number(key, value, 8);
      return;
    case 'uid':
    case 'gid':
      mount[key] = number(key, value, 10);
      return;
    default:
      throw new BuildFailure(`unexpected key '${key}' in '${field}'${didYouMean(key, keys)}`);
  }
}

function checkOwner({ type, mode, uid, gid }: Draft): void {
  if (type === 'secret' || type === 'ssh' || type === 'cache') return;
  for (const [name, value] of Object.entries({ mode, uid, gid }))
    if (value !== undefined) throw new BuildFailure(`${name} not allowed for ${JSON.stringify(type)} type mounts`);
}

function checkSecret({ type, from, sharing, source, target, id }: Draft): void {
  if (type !== 'secret') return;
  if (from !== '') throw new BuildFailure('secret mount should not have a from');
  if (sharing !== '') throw new BuildFailure('secret mount should not define sharing');
  if (source === '' && target === '' && id === '')
    throw new BuildFailure('invalid secret mount. one of source, target required');
  if (source !== '' && id !== '') throw new BuildFailure("both source and id can't be set");
}

const unexpected = (key: string, { type }: Draft): BuildFailure =>
  new BuildFailure(`unexpected key '${key}' for mount type '${type}'`);

function bool(key: string, value: string): boolean {
  if (/^(1|t|T|TRUE|true|True)$/.test(value)) return true;
  if (/^(0|f|F|FALSE|false|False)$/.test(value)) return false;
  throw new BuildFailure(`invalid value for ${key}: ${value}`);
}

function number(key: string, value: string, base: 8 | 10): number {
  if (!(base === 8 ? /^[0-7]+$/ : /^\d+$/).test(value)) throw new BuildFailure(`invalid value ${value} for ${key}`);
  return Number.parseInt(value, base);
}

function bytes(key: string, value: string): number {
  const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgtp]?)(?:i?b)?$/i.exec(value) ?? [];
  if (count === '') throw new BuildFailure(`invalid value for ${key}: ${value}`);
  return Math.floor(Number(count) * 1024 ** ' kmgtp'.indexOf(unit === '' ? ' ' : unit.toLowerCase()));
}

/** One line of CSV. */
function fields(text: string): readonly string[] {
  const found: string[] = [];
  for (const [, quoted, plain = ''] of text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
    found.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
  return found;
}
