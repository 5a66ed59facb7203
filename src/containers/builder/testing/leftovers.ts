import type { Image } from '../../images/image';
import type { buildLab } from './lab';

type Lab = Awaited<ReturnType<typeof buildLab>>;

/** What would be left behind: mounts, networks' places, cgroups, containers, and folders that are not layers. */
export function leftovers({ engine, world }: Lab): object {
  const { fs } = world.host;
  const names = (path: string) => {
    const listed = fs.readdir(path);
    return listed.ok ? listed.value.map(({ name }) => name) : [];
  };
  return {
    mounts: fs.mounts().filter(({ type }) => type === 'overlay').length,
    endpoints: engine.networks.list().reduce((sum, { endpoints }) => sum + endpoints.size, 0),
    links: world.host.net.links().filter(({ name }) => name.startsWith('veth')).length,
    cgroups: names('/sys/fs/cgroup/system.slice/docker.service/buildkit').filter((name) => !name.includes('.')).length,
    containers: engine.list().length,
    inUse: engine.builder.records().filter(({ inUse }) => inUse).length,
    // What became a layer has a link to it.
    work: names('/var/lib/docker/overlay2')
      .map((name) => names(`/var/lib/docker/overlay2/${name}`))
      .filter((files) => files.includes('work') && !files.includes('link')).length,
    temporary: [
      ...names('/var/lib/docker/buildkit/executor').filter((name) => name !== 'runc-log.json'),
      ...names('/var/lib/docker/tmp'),
    ],
  };
}

/** Nothing of that. */
export const nothing = {
  mounts: 0,
  endpoints: 0,
  links: 0,
  cgroups: 0,
  containers: 0,
  inUse: 0,
  work: 0,
  temporary: [],
};
/** What each layer above the base holds. */
export const paths = (image: Image | undefined): readonly string[][] =>
  (image?.layers ?? []).slice(1).map(({ entries }) => Object.keys(entries));

/** A context of a few files. */
export const app = {
  Dockerfile: 'FROM busybox\nWORKDIR /app\nCOPY . .\nRUN echo hi $PATH > out\nCMD ["cat", "out"]\n',
  a: 'A',
  'b/': '',
  'b/c': 'C',
};
