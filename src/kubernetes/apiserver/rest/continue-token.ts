import { err, ok, type Result } from '../../../sim/result';

/** storage.EncodeContinue: base64url of `{"v":"meta.k8s.io/v1","rv":…,"start":"…\u0000"}`. */
export function continueToken(revision: number, start: string): string {
  const json = `{"v":"meta.k8s.io/v1","rv":${revision},"start":${JSON.stringify(start)}}`;
  return btoa(json).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

export function readContinueToken(
  token: string,
): Result<{ readonly revision: number; readonly start: string }, string> {
  let text: string;
  try {
    text = atob(token.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return err('continue key is not valid: illegal base64 data at input byte 0');
  }
  try {
    const { v, rv, start } = JSON.parse(text) as { v?: unknown; rv?: unknown; start?: unknown };
    if (v !== 'meta.k8s.io/v1')
      return err(
        `continue key is not valid: server does not recognize this encoded version ${JSON.stringify(v ?? '')}`,
      );
    if (typeof rv !== 'number' || rv === 0)
      return err('continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
    if (typeof start !== 'string' || start === '')
      return err('continue key is not valid: encoded start key empty (version meta.k8s.io/v1)');
    return ok({ revision: rv, start: start.replace(/^\//, '') });
  } catch {
    return err(`continue key is not valid: invalid character '${text.charAt(0)}' looking for beginning of value`);
  }
}
