import { decode } from '../../linux/io/bytes';

/** The bytes of standard base64. */
export function base64Bytes(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

export const decodeBase64 = (text: string): string => decode(base64Bytes(text));
