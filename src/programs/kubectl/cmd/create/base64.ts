/** base64.StdEncoding of bytes. */
export function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}

/** The bytes; undefined where it is no base64. */
export function fromBase64(source: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(source), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
