import { decode } from '../../../linux/io/bytes';
import { fullString, type Reference } from '../../images/reference';
import { openRegistry, type Credentials } from '../../registry/client';
import { dockerEndpoints } from '../../registry/endpoints';
import { dockerPullText, pullRemote, type Wanted } from '../../registry/pull';
import type { PullOutput } from './image-pull';
import type { Call } from './respond';

interface Refused {
  readonly status: number;
  readonly message: string;
}

/** How an engine presents itself to registries. */
export const agentOf = ({ build }: Call): string =>
  `docker/${build.version} go/${build.goVersion} git-commit/${build.gitCommit.slice(0, 7)} kernel/6.8.0-86-generic os/linux arch/amd64 UpstreamClient(Docker-Client/${build.version} \\(linux\\))`;

const open = (call: Call, { domain }: Reference, credentials: Credentials | undefined) => {
  const { dockerd } = call.engine.options;
  return openRegistry(dockerd, dockerEndpoints(dockerd, domain), agentOf(call), credentials);
};

/** Pulls from a registry that somebody runs in the simulated network. Whether there was anything new. */
export async function pullFromNetwork(
  call: Call,
  reference: Reference,
  output: PullOutput,
  { platform, credentials }: { readonly platform: Wanted | undefined; readonly credentials: Credentials | undefined },
): Promise<boolean | Refused> {
  const { engine } = call;
  const opened = await open(call, reference, credentials);
  if (!opened.ok) return dockerPullText(reference, { kind: 'registry', failure: opened.error });
  const id = reference.digest === undefined ? reference.tag : fullString(reference);
  const pulled = await pullRemote({
    actor: 'dockerd',
    process: engine.options.dockerd,
    images: engine.images,
    client: opened.value,
    reference,
    ...(platform === undefined ? {} : { platform }),
    found: () => output.say({ status: `Pulling from ${reference.path}`, id }),
    resolved: ({ layers, known }) => {
      if (known) return;
      for (const { layer, exists } of layers)
        if (exists) output.say({ status: 'Already exists', progressDetail: {}, id: layer.blobDigest.slice(7, 19) });
    },
    progress: ({ layer, phase, current }) => output.layer(phase, layer, current),
  });
  if (!pulled.ok) return dockerPullText(reference, pulled.error);
  const { digest, fresh } = pulled.value;
  output.say({ status: `Digest: ${digest}` });
  return fresh;
}

/** All tags of a repository. */
export async function tagsInNetwork(
  call: Call,
  reference: Reference,
  credentials: Credentials | undefined,
): Promise<readonly string[] | Refused> {
  const opened = await open(call, reference, credentials);
  if (!opened.ok) return dockerPullText(reference, { kind: 'registry', failure: opened.error });
  const read = await opened.value.read('GET', `/v2/${reference.path}/tags/list`);
  if (!read.ok) return dockerPullText(reference, { kind: 'registry', failure: read.error });
  const { tags } = JSON.parse(decode(read.value.bytes)) as { readonly tags: readonly string[] | null };
  return tags ?? [];
}
