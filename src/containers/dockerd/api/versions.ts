/** The highest and the lowest version of the Engine API that is spoken. */
export const apiVersion = '1.51';
export const minApiVersion = '1.24';

/** Why a client's version is refused (api/server/middleware/version.go). */
export function wrongVersion(version: string): string | undefined {
  if (version === apiVersion) return undefined;
  if (isLess(apiVersion, version))
    return `client version ${version} is too new. Maximum supported API version is ${apiVersion}`;
  if (isLess(version, minApiVersion))
    return `client version ${version} is too old. Minimum supported API version is ${minApiVersion}, please upgrade your client to a newer version`;
  return undefined;
}

/** Whether a version is lower than another. */
export function isLess(a: string, b: string): boolean {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA < majorB || (majorA === majorB && minorA < minorB);
}
