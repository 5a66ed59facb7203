import { list, text, texts, type JsonObject } from '../../json';
import { fromBase64 } from '../create/base64';
import { decode } from '../../../../linux/io/bytes';
import { describeEvents, eventsOf, plain, quiet, type Describing } from './context';
import { DescribeWriter, head } from './writer';

// Go's map order is not defined; ours is by key.
const entries = (map: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
  Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));

export const describeConfigMap = plain((w, map) => {
  head(w, map);
  w.write(0, '\nData\n====\n');
  for (const [key, value] of entries(texts(map, 'data'))) w.write(0, `${key}:\n----\n${value}\n\n`);
  w.write(0, '\nBinaryData\n====\n');
  for (const [key, value] of entries(texts(map, 'binaryData')))
    w.write(0, `${key}: ${(fromBase64(value) ?? new Uint8Array()).length} bytes\n`);
  w.write(0, '\n');
});

const tokenType = 'kubernetes.io/service-account-token';

export const describeSecret = quiet((w, secret) => {
  const type = text(secret, 'type');
  head(w, secret);
  w.write(0, `\nType:\t${type}\n`);
  w.write(0, '\nData\n====\n');
  for (const [key, value] of entries(texts(secret, 'data'))) {
    const bytes = fromBase64(value) ?? new Uint8Array();
    w.field(0, key, key === 'token' && type === tokenType ? decode(bytes) : `${bytes.length} bytes`);
  }
});

/** A service account with its secrets. */
export async function describeServiceAccount(d: Describing, account: JsonObject): Promise<string> {
  let secrets: readonly JsonObject[] | undefined;
  try {
    secrets = await d.list(`/api/v1/namespaces/${d.namespace}/secrets`);
  } catch {
    // Shown all the same, with the names it has.
  }
  const events = await eventsOf(d, account);
  const names = (field: string): readonly string[] => list(account, field).map((each) => text(each, 'name'));
  const existing = new Set(secrets?.map((secret) => text(secret, 'metadata', 'name')));
  const tokens = (secrets ?? []).filter((secret) => {
    const annotations = texts(secret, 'metadata', 'annotations');
    return (
      text(secret, 'type') === tokenType &&
      annotations['kubernetes.io/service-account.name'] === d.name &&
      annotations['kubernetes.io/service-account.uid'] === text(account, 'metadata', 'uid')
    );
  });
  const w = new DescribeWriter();
  head(w, account);
  for (const [title, all] of [
    ['Image pull secrets:', names('imagePullSecrets')],
    ['Mountable secrets: ', names('secrets')],
    ['Tokens:            ', tokens.map((secret) => text(secret, 'metadata', 'name'))],
  ] as const) {
    if (all.length === 0) w.write(0, `${title}\t<none>\n`);
    all.forEach((name, index) => {
      const missing = secrets !== undefined && !existing.has(name) ? ' (not found)' : '';
      w.write(0, `${index === 0 ? title : ' '.repeat(title.length)}\t${name}${missing}\n`);
    });
  }
  if (events !== undefined) describeEvents(w, d, events);
  return w.text;
}
