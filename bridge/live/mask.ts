const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, 'u'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)/g, 't'],
  [/(?<=resourceVersion"?: ?"?)\d+/gi, 'r'],
  [/(?<=Resource Version: +)\d+/g, 'r'],
  [/\b[0-9a-f]{64}\b/g, 'i'],
  // Dates of a client (`Mon, 02 Jan 2006 15:04:05 +0000`).
  [/\b\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000/g, 't'],
];

/** Replaces what differs between two runs by tokens of the same length, so that columns stay where they are. */
export function mask(text: string): string {
  let masked = text;
  // Processes of the emulated client count too.
  masked = masked.replace(/"Pid": [1-9]\d*/g, '"Pid": p');
  for (const [pattern, letter] of patterns) masked = masked.replace(pattern, (found) => letter.repeat(found.length));
  return masked;
}
