/** The letters of names that the server makes up. */
const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** What legitimately differs between two runs of the real thing, as patterns and what stands for it. */
const rules: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<uid>'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<token>'],
  [/\bX509SHA256=[0-9a-f]+/g, 'X509SHA256=<hash>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, '<time>'],
  [/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, '<date>'],
  [/^[EIW]\d{4} \d\d:\d\d:\d\d\.\d+\s+\d+ /gm, '<klog> '],
  [/("?(?:resourceVersion|resource_version)"?: ?"?)\d+/g, '$1<rv>'],
  [/Resource Version:\s+\d+/g, 'Resource Version:<rv>'],
  [/kubectl-edit-\d+/g, 'kubectl-edit-<n>'],
  [/\b(LIVE|MERGED)-\d+/g, '$1-<n>'],
  [new RegExp(`-[${letters}]{5}\\b`, 'g'), '-<rand>'],
  [/\.18[0-9a-f]{14}\b/g, '.<event>'],
  [/\b10\.244\.\d+\.\d+/g, '<podip>'],
  // The service network, but for the addresses of the API and of DNS.
  [/\b10\.(?:9[6-9]|10\d|11[01])\.(?!0\.1\b|0\.10\b)\d+\.\d+/g, '<clusterip>'],
  [/\b3[0-2]\d{3}\b/g, '<nodeport>'],
  [/(^|[\s(])(?:\d+[dhms]){1,3}(?=$|[\s)])/gm, '$1<age>'],
  [/<invalid>/g, '<age>'],
  [/0x[0-9a-f]{8,}/g, '<ptr>'],
  // Widths follow what stood there before.
  [/ {2,}/g, '  '],
  [/ +$/gm, ''],
  [/-{4,}/g, '----'],
];

/** Which part of a pipeline complains first is chance. */
const complaints = /(?:^bash: line \d+: .+: (?:command not found|No such file or directory)\n){2,}/gm;
const inOrder = (lines: string): string => `${lines.trimEnd().split('\n').sort().join('\n')}\n`;

/** A text of kubectl's without what differs between any two runs. */
export const normalise = (text: string): string =>
  rules.reduce((rest, [pattern, token]) => rest.replace(pattern, token), text).replace(complaints, inOrder);
