/** Chunks of a file (lines, or 64 bytes) with how many bytes each makes up (diffcore-delta.c). */
function chunks(bytes: Uint8Array): Map<string, number> {
  const found = new Map<string, number>();
  const text = bytes.subarray(0, 8000).includes(0) ? undefined : 'text';
  let chunk = '';
  let length = 0;
  const take = (): void => {
    if (length > 0) found.set(chunk, (found.get(chunk) ?? 0) + length);
    chunk = '';
    length = 0;
  };
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    // A CR before LF does not count in text.
    if (text !== undefined && byte === 13 && bytes[at + 1] === 10) continue;
    chunk += String.fromCharCode(byte);
    length++;
    if (length === 64 || byte === 10) take();
  }
  take();
  return found;
}

/** How much of two files is alike, in per cent with its fraction (diffcore-rename.c, estimate_similarity). */
export function similarity(before: Uint8Array, after: Uint8Array): number {
  const larger = Math.max(before.length, after.length);
  const smaller = Math.min(before.length, after.length);
  if (larger === 0 || smaller === 0) return 0;
  const source = chunks(before);
  let copied = 0;
  for (const [chunk, count] of chunks(after)) copied += Math.min(count, source.get(chunk) ?? 0);
  return (Math.floor((copied * 60_000) / larger) * 100) / 60_000;
}
