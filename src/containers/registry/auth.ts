import { decode } from '../../linux/io/bytes';
import type { FileSystem } from '../../linux/fs/types';
import { fromBase64 } from '../../linux/net/tls/pem';
import { bcryptMatches } from './bcrypt';
import type { RegistryOptions } from './handle';

/** Who may come in: users of a file made by `htpasswd -B` (registry/auth/htpasswd takes bcrypt only). */
export function basicAuthentication(
  realm: string,
  fs: Pick<FileSystem, 'readText'>,
  path: string,
): NonNullable<RegistryOptions['authenticate']> {
  // To hash a password is slow on purpose: an answer is kept while file and password are the same.
  const known = new Map<string, boolean>();
  return {
    realm,
    allows(header) {
      const [, encoded = ''] = /^Basic (.*)$/i.exec(header ?? '') ?? [];
      const [, user = '', password = ''] =
        /^([^:]*):(.*)$/s.exec(decode(fromBase64(encoded) ?? new Uint8Array())) ?? [];
      const text = fs.readText(path);
      if (user === '' || !text.ok) return false;
      const entry = text.value
        .split('\n')
        .map((line) => line.trim())
        .find((line) => line.startsWith(`${user}:`));
      if (entry === undefined) return false;
      const key = `${entry}\n${password}`;
      let matches = known.get(key);
      if (matches === undefined) known.set(key, (matches = bcryptMatches(password, entry.slice(user.length + 1))));
      return matches;
    },
  };
}
