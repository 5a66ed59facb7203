import { err, ok, type Result } from '../../../sim/result';
import { parseSize } from './sizes';

/** One mount as the API takes it (api/types/mount). */
export interface Mount {
  Type: string;
  Source?: string;
  Target?: string;
  ReadOnly?: boolean;
  Consistency?: string;
  BindOptions?: Record<string, unknown>;
  VolumeOptions?: { Labels: Record<string, string>; DriverConfig: Record<string, unknown>; [key: string]: unknown };
  ImageOptions?: Record<string, unknown>;
  TmpfsOptions?: Record<string, unknown>;
}

/** Fields of a line of comma-separated values, as Go's encoding/csv reads them. */
function csv(line: string): Result<readonly string[], string> {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (line.charAt(at) === '"') {
      const close = /^"((?:[^"]|"")*)"(,|$)/.exec(line.slice(at));
      if (close === null)
        return err(`parse error on line 1, column ${line.length + 1}: extraneous or missing " in quoted-field`);
      fields.push((close[1] ?? '').replaceAll('""', '"'));
      at += close[0].length;
      if (close[2] !== ',') return ok(fields);
      continue;
    }
    const comma = line.indexOf(',', at);
    const field = line.slice(at, comma < 0 ? undefined : comma);
    const quote = field.indexOf('"');
    if (quote >= 0) return err(`parse error on line 1, column ${at + quote + 1}: bare " in non-quoted-field`);
    fields.push(field);
    if (comma < 0) return ok(fields);
    at = comma + 1;
  }
}

const truth = (value: string): boolean | undefined =>
  /^(1|t|true)$/i.test(value) ? true : /^(0|f|false)$/i.test(value) ? false : undefined;

const cut = (text: string): readonly [string, string, boolean] => {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, '', false] : [text.slice(0, equals), text.slice(equals + 1), true];
};

/** `--mount type=volume,source=data,target=/data,readonly` (docker/cli opts/mount.go). */
export function parseMount(text: string, absolute: (path: string) => string): Result<Mount, string> {
  const fields = csv(text);
  if (!fields.ok) return fields;
  const mount: Mount = { Type: 'volume' };
  const bind = () => (mount.BindOptions ??= {});
  const volume = () => (mount.VolumeOptions ??= { Labels: {}, DriverConfig: {} });
  for (const field of fields.value) {
    const [given, value, hasValue] = cut(field);
    const key = given.toLowerCase();
    if (!hasValue) {
      if (key === 'readonly' || key === 'ro') mount.ReadOnly = true;
      else if (key === 'volume-nocopy') volume()['NoCopy'] = true;
      else if (key === 'bind-nonrecursive') bind()['NonRecursive'] = true;
      else return err(`invalid field '${field}' must be a key=value pair`);
      continue;
    }
    const flag = truth(value);
    switch (key) {
      case 'type':
        mount.Type = value.toLowerCase();
        break;
      case 'source':
      case 'src':
        mount.Source = value.startsWith('.') ? absolute(value) : value;
        break;
      case 'target':
      case 'dst':
      case 'destination':
        mount.Target = value;
        break;
      case 'readonly':
      case 'ro':
        if (flag === undefined) return err(`invalid value for ${key}: ${value}`);
        mount.ReadOnly = flag;
        break;
      case 'consistency':
        mount.Consistency = value.toLowerCase();
        break;
      case 'bind-propagation':
        bind()['Propagation'] = value.toLowerCase();
        break;
      case 'bind-nonrecursive':
        if (flag === undefined) return err(`invalid value for ${key}: ${value}`);
        bind()['NonRecursive'] = flag;
        break;
      case 'bind-recursive': {
        const option = {
          enabled: '',
          disabled: 'NonRecursive',
          writable: 'ReadOnlyNonRecursive',
          readonly: 'ReadOnlyForceRecursive',
        };
        if (!Object.hasOwn(option, value))
          return err(`invalid value for ${key}: ${value} (must be "enabled", "disabled", "writable", or "readonly")`);
        const name = option[value as keyof typeof option];
        if (name !== '') bind()[name] = true;
        break;
      }
      case 'volume-subpath':
        volume()['Subpath'] = value;
        break;
      case 'volume-nocopy':
        if (flag === undefined) return err(`invalid value for volume-nocopy: ${value}`);
        volume()['NoCopy'] = flag;
        break;
      case 'volume-label': {
        const [name, label] = cut(value);
        if (name !== '') volume().Labels[name] = label;
        break;
      }
      case 'volume-driver':
        volume().DriverConfig['Name'] = value;
        break;
      case 'volume-opt': {
        const [name, option] = cut(value);
        const options = (volume().DriverConfig['Options'] ??= {}) as Record<string, string>;
        if (name !== '') options[name] = option;
        break;
      }
      case 'image-subpath':
        (mount.ImageOptions ??= {})['Subpath'] = value;
        break;
      case 'tmpfs-size': {
        const size = parseSize(value);
        if (!size.ok) return err(`invalid value for ${key}: ${value}`);
        (mount.TmpfsOptions ??= {})['SizeBytes'] = size.value;
        break;
      }
      case 'tmpfs-mode':
        if (!/^[0-7]+$/.test(value)) return err(`invalid value for ${key}: ${value}`);
        (mount.TmpfsOptions ??= {})['Mode'] = Number.parseInt(value, 8);
        break;
      default:
        return err(`unexpected key '${key}' in '${field}'`);
    }
  }
  const problem = wrongTogether(mount);
  return problem === undefined ? ok(mount) : err(problem);
}

function wrongTogether({ Type, Target = '', ReadOnly, ...options }: Mount): string | undefined {
  if (Type === '') return 'type is required';
  if (Target === '') return 'target is required';
  const { VolumeOptions, ImageOptions, BindOptions, TmpfsOptions } = options;
  for (const [kind, given] of Object.entries({
    volume: VolumeOptions,
    image: ImageOptions,
    bind: BindOptions,
    tmpfs: TmpfsOptions,
  }))
    if (given !== undefined && Type !== kind) return `cannot mix '${kind}-*' options with mount type '${Type}'`;
  if (BindOptions?.['ReadOnlyNonRecursive'] === true && ReadOnly !== true)
    return "option 'bind-recursive=writable' requires 'readonly' to be specified in conjunction";
  if (BindOptions?.['ReadOnlyForceRecursive'] === true) {
    if (ReadOnly !== true) return "option 'bind-recursive=readonly' requires 'readonly' to be specified in conjunction";
    if (BindOptions['Propagation'] !== 'rprivate')
      return "option 'bind-recursive=readonly' requires 'bind-propagation=rprivate' to be specified in conjunction";
  }
  return undefined;
}
