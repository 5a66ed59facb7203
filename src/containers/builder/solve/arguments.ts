import type { Dockerfile } from '../dockerfile/file';
import { expand } from '../dockerfile/expand';
import { located } from '../dockerfile/source';

/** The platform of every host in this world. */
export const hostPlatform = 'linux/amd64';

/** ARGs before the first FROM, with those that are always there (buildMetaArgs, defaultArgs). */
export function globalArguments(
  { metaArgs, escape }: Dockerfile,
  given: ReadonlyMap<string, string>,
  target: string,
  platform: string,
): ReadonlyMap<string, string> {
  const wanted = platform === '' ? hostPlatform : platform;
  const [os = '', architecture = '', variant = ''] = wanted.split('/');
  const values = new Map(
    Object.entries({
      BUILDPLATFORM: hostPlatform,
      BUILDOS: 'linux',
      BUILDOSVERSION: '',
      BUILDARCH: 'amd64',
      BUILDVARIANT: '',
      TARGETPLATFORM: wanted,
      TARGETOS: os,
      TARGETOSVERSION: '',
      TARGETARCH: architecture,
      TARGETVARIANT: variant,
      TARGETSTAGE: target === '' ? 'default' : target,
    }).map(([key, value]) => [key, given.get(key) ?? value]),
  );
  for (const { pairs, ranges } of metaArgs) {
    for (const { key, value } of pairs) {
      const chosen =
        given.get(key) ??
        (value === undefined ? undefined : located(ranges, () => expand(value, values, { escape }).text));
      if (chosen !== undefined) values.set(key, chosen);
    }
  }
  return values;
}
