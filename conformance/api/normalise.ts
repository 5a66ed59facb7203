/** What legitimately differs between two answers of the real server, as patterns and what stands for it. */
const rules: readonly (readonly [RegExp, string | ((found: string) => string)])[] = [
  [/\u00a0/g, ' '],
  [/ {2,}/g, ' '],
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UID'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g, 'TIME'],
  [/kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}/g, 'kube-api-access-xxxxx'],
  [/"(resourceVersion|selfLink)":"\d+"/g, '"$1":"RV"'],
  [/resourceVersion: "?\d+"?/g, 'resourceVersion: RV'],
  [/((?:current|requested|least|resource version)[^0-9"]{0,20})\d{2,}/g, '$1RV'],
  [/"continue":"[^"]+"/g, '"continue":"TOKEN"'],
  [/continue=[^&"]+/g, 'continue=TOKEN'],
  [
    /10\.(?:9[6-9]|10\d|11[01])\.\d+\.\d+/g,
    (address) => (address === '10.96.0.1' || address === '10.96.0.10' ? address : 'CLUSTERIP'),
  ],
  [/"(nodePort|healthCheckNodePort)":3[0-2]\d{3}/g, '"$1":"NODEPORT"'],
  [/0x[0-9a-f]{8,16}/g, '0xPTR'],
  // As the recorder hid them.
  [/<TOKEN>/g, 'JWT'],
  [/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, 'JWT'],
  [/("cells":\[[^\]]*")\d+[smhd](?:\d+[smh])?"/g, '$1AGE"'],
];

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      // Which address a client reaches, and prose, are no behaviour.
      .filter(([key]) => key !== 'serverAddressByClientCIDRs' && key !== 'description')
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}

/** A JSON value as text, keys sorted, without what differs between any two runs. `generateName`: the request's. */
export function normalise(value: unknown, generateName?: string): string {
  let text = JSON.stringify(sorted(value)) ?? '';
  for (const [pattern, token] of rules) {
    text = typeof token === 'string' ? text.replace(pattern, token) : text.replace(pattern, token);
  }
  const prefixes = [...text.matchAll(/"generateName":"([^"]+)"/g)].map(([, prefix = '']) => prefix);
  if (typeof generateName === 'string' && generateName !== '') prefixes.push(generateName);
  for (const prefix of prefixes) {
    const name = new RegExp(
      `${prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}[bcdfghjklmnpqrstvwxz2456789]{5}(?![a-z0-9])`,
      'g',
    );
    text = text.replaceAll(name, `${prefix}xxxxx`);
  }
  return text;
}
