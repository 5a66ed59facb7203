/** What differs between two runs of the real thing on other hosts, as patterns and what stands for it. */
const rules: readonly (readonly [RegExp, string])[] = [
  // Control sequences of terminals.
  [new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`, 'g'), ''],
  [/sha256:[0-9a-f]{64}/g, 'sha256:<ID64>'],
  [/\b[0-9a-f]{64}\b/g, '<ID64>'],
  [/\b[0-9a-f]{32}\b/g, '<ID32>'],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?: \+0000 UTC|Z|\+00:00)?/g, '<TS>'],
  // When it was, as HTTP and the API say it; the host's kernel; the installation's id.
  [/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/g, '<DATE>'],
  [/"Created":\d{10}/g, '"Created":<EPOCH>'],
  [/("KernelVersion":")[^"]*/g, '$1<KERNEL>'],
  [/(Kernel Version: ).*/g, '$1<KERNEL>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<UUID>'],
  [/\b[0-9a-f]{12}\b/g, '<ID12>'],
  [/(?:[0-9a-f]{2}:){5}[0-9a-f]{2}/g, '<MAC>'],
  [/(?:Less than a second|About an? (?:minute|hour)|\d+ (?:seconds?|minutes?|hours?|days?|weeks?))(?: ago)?/g, '<AGO>'],
  [/\b[a-z]+_[a-z]+\b(?=\s*$|")/gm, '<NAME>'],
  [/\b(veth|br-)[0-9a-f]{7,12}\b/g, '$1<IF>'],
  [/\b(?:3[2-9]\d{3}|[4-6]\d{4})\b/g, '<EPORT>'],
  [/\b[A-Z][a-z]{2} [ \d]\d \d\d:\d\d\b/g, '<LSTIME>'],
  [/\b\d+\.\d+s\b/g, '<DUR>'],
  // Round trips, the number of an interface, random unique local networks.
  [/\btime=\d+\.\d+ ms/g, 'time=<MS>'],
  [/(round-trip min\/avg\/max = )[\d./]+ ms/g, '$1<MS>'],
  [/@if\d+\b/g, '@if<N>'],
  [/\bfd[0-9a-f]{2}:[0-9a-f]{1,4}:[0-9a-f]{1,4}::/g, '<ULA>::'],
  // Widths follow what stood there before.
  [/ {2,}/g, '  '],
  [/[ \t\r]+$/gm, ''],
];

export const normalise = (text: string): string =>
  rules.reduce((rest, [pattern, token]) => rest.replace(pattern, token), text);
