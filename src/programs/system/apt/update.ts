import { gaiText, resolve } from '../../../linux/net/dns/resolve';
import type { Process } from '../../../linux/process/types';
import { listFile, lists, sourcesOf, type Source } from './sources';
import { sizeText } from './words';

/** Bytes of what `update` fetches of each source. */
const sizes = ({ origin, suite }: Source): readonly (readonly [string, number])[] => {
  if (origin === 'kubernetes')
    return [
      ['InRelease', 1_224],
      ['Packages', 12_100],
    ];
  if (origin === 'docker')
    return [
      ['InRelease', 46_600],
      ['amd64 Packages', 43_200],
    ];
  if (suite.endsWith('-security'))
    return [
      ['InRelease', 34_800],
      ['amd64 Packages', 377_000],
    ];
  if (suite.endsWith('-updates'))
    return [
      ['InRelease', 55_400],
      ['amd64 Packages', 6_924],
    ];
  return [
    ['InRelease', 151_000],
    ['amd64 Packages', 8_793_000],
  ];
};

/** `apt-get update`: asks every source, and keeps what it says. */
export async function update(
  process: Process,
  { quiet, terminal }: { readonly quiet: number; readonly terminal: boolean },
): Promise<number> {
  const { stdout, stderr, fs, credentials, clock } = process;
  const done = terminal ? ' Done' : '';
  if (credentials.uid !== 0) {
    if (quiet < 2) await stdout.write(`Reading package lists...${done}\n`);
    await stderr.write(
      'E: Could not open lock file /var/lib/apt/lists/lock - open (13: Permission denied)\n' +
        'E: Unable to lock directory /var/lib/apt/lists/\n',
    );
    return 100;
  }
  fs.mkdirAll(`${lists}/partial`);
  const begun = clock.now;
  let bytes = 0;
  let number = 0;
  const failed: string[] = [];
  const later: (readonly [Source, string, number])[] = [];
  const say = async (text: string): Promise<void> => {
    if (quiet < 1) await stdout.write(text);
  };
  const place = ({ uri, suite, components }: Source, what: string): string =>
    suite === '/'
      ? `${uri}  ${what}`
      : `${uri} ${what === 'InRelease' ? suite : `${suite}/${components[0] ?? 'main'}`} ${what}`;
  for (const source of sourcesOf(fs)) {
    const host = /^\w+:\/\/([^/]+)/.exec(source.uri)?.[1] ?? '';
    const found = await resolve(process, host);
    number++;
    if (!found.ok) {
      const why = gaiText(found.error).startsWith('Temporary')
        ? `Temporary failure resolving '${host}'`
        : `Could not resolve '${host}'`;
      await say(`Err:${number} ${place(source, 'InRelease')}\n  ${why}\n`);
      const url = source.suite === '/' ? `${source.uri}/InRelease` : `${source.uri}/dists/${source.suite}/InRelease`;
      failed.push(`W: Failed to fetch ${url}  ${why}\n`);
      continue;
    }
    const known = fs.stat(listFile(source)).ok;
    const [release, ...more] = sizes(source);
    await process.sleep(60);
    if (known) {
      await say(`Hit:${number} ${place(source, 'InRelease')}\n`);
      continue;
    }
    await say(`Get:${number} ${place(source, 'InRelease')} [${sizeText(release?.[1] ?? 0)}]\n`);
    bytes += release?.[1] ?? 0;
    for (const [what, size] of more) later.push([source, what, size]);
    fs.writeFile(listFile(source), '');
  }
  for (const [source, what, size] of later) {
    await process.sleep(size / 20_000);
    await say(`Get:${++number} ${place(source, what)} [${sizeText(size)}]\n`);
    bytes += size;
  }
  const seconds = (clock.now - begun) / 1000;
  if (bytes > 0)
    await say(
      `Fetched ${sizeText(bytes)} in ${Math.floor(seconds)}s (${sizeText(bytes / Math.max(seconds, 0.01))}/s)\n`,
    );
  if (quiet < 2) await stdout.write(`Reading package lists...${done}\n`);
  if (failed.length > 0)
    await stderr.write(
      `${failed.join('')}W: Some index files failed to download. They have been ignored, or old ones used instead.\n`,
    );
  return 0;
}
