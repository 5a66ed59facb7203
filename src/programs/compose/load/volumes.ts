import { LoadError, type Dict } from './value';

const propagations = new Set(['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave']);

/** `source:target:options` of a service's volumes (compose-go's format.ParseVolume). */
export function parseVolume(spec: string): Dict {
  if (spec === '') throw new LoadError('invalid empty volume spec');
  if (spec.length <= 2) return { type: 'volume', target: spec };
  const parts = split(spec);
  const bad = (problem: string): never => {
    throw new LoadError(`invalid spec: ${spec}: ${problem}`);
  };
  if (parts.includes('')) bad('empty section between colons');
  if (parts.length > 3) bad('too many colons');
  const [first = '', target = first, options] = parts;
  const source = parts.length > 1 ? first : '';
  const volume: Dict = { type: 'volume', ...(source === '' ? {} : { source }), target };
  let bind: Dict | undefined;
  let named: Dict | undefined;
  for (const option of options?.split(',') ?? []) {
    if (option === 'ro') volume['read_only'] = true;
    else if (option === 'rw') delete volume['read_only'];
    else if (option === 'nocopy') named = { nocopy: true };
    else if (option === 'z' || option === 'Z') bind = { ...bind, selinux: option };
    else if (propagations.has(option)) bind = { ...bind, propagation: option };
  }
  if (/^[./~]|^\\\\|^[a-zA-Z]:/.test(source)) {
    volume['type'] = 'bind';
    volume['bind'] = { ...bind, create_host_path: true };
  } else volume['volume'] = named ?? {};
  volume['target'] = clean(target);
  return volume;
}

/** At colons, but for those of `${X:-y}` and of Windows drives. */
function split(spec: string): string[] {
  const parts = [''];
  let depth = 0;
  for (let index = 0; index < spec.length; index++) {
    const char = spec.charAt(index);
    const last = parts.at(-1) ?? '';
    if (char === '$' && spec[index + 1] === '{') depth++;
    else if (char === '}' && depth > 0) depth--;
    if (char === ':' && depth === 0 && !/^[a-zA-Z]$/.test(last)) parts.push('');
    else parts[parts.length - 1] = last + char;
  }
  return parts;
}

/** path.Clean. */
export function clean(path: string): string {
  const rooted = path.startsWith('/');
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') out.push(part);
    else if (out.length > 0 && out.at(-1) !== '..') out.pop();
    else if (!rooted) out.push('..');
  }
  return (rooted ? '/' : '') + out.join('/') || '.';
}

/** filepath.Join. */
export const join = (...parts: readonly string[]): string => clean(parts.filter((part) => part !== '').join('/'));

/** filepath.Dir. */
export const dirname = (path: string): string => {
  const slash = path.lastIndexOf('/');
  return clean(path.slice(0, slash + 1));
};

/** filepath.Base. */
export const basename = (path: string): string => path.replace(/\/+$/, '').split('/').at(-1) || '/';
