import { bad } from './container-options';

/** A path below the caller's directory, without its `.` and `..`. */
export function absolutePath(path: string, cwd: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/**
 * `-v`: a path in the container, or what to mount there (docker/cli internal/volumespec). Options are the engine's to
 * judge; only the shape is looked at here. A relative path is the caller's.
 */
export function parseVolume(text: string, cwd: string): { readonly bind?: string; readonly anonymous: string } {
  if (text === '') throw bad('invalid empty volume spec');
  if (text.length <= 2) return { anonymous: text };
  // A single letter before a colon is a drive of Windows.
  const parts = (/^[a-zA-Z]:/.test(text) ? text.slice(2) : text).split(':');
  if (/^[a-zA-Z]:/.test(text)) parts[0] = text.slice(0, 2) + (parts[0] ?? '');
  if (parts.some((part) => part === '')) throw bad(`invalid spec: ${text}: empty section between colons`);
  if (parts.length > 3) throw bad(`invalid spec: ${text}: too many colons`);
  if (parts.length === 1) return { anonymous: text };
  const [source = ''] = parts;
  const rest = text.slice(text.indexOf(':') + 1);
  return source.startsWith('.')
    ? { bind: `${absolutePath(source, cwd)}:${rest}`, anonymous: '' }
    : { bind: text, anonymous: '' };
}
