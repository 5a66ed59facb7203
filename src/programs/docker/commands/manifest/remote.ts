import { decode, encode } from '../../../../linux/io/bytes';
import { sha256HexOf } from '../../../../containers/images/digest';
import { familiarString, fullString, withDefaultTag, type Reference } from '../../../../containers/images/reference';
import { failureText, openRegistry, type RegistryClient } from '../../../../containers/registry/client';
import {
  acceptAll,
  parseManifest,
  typeOf,
  type Descriptor,
  type Manifest,
  type Platform,
} from '../../../../containers/registry/manifest';
import { ApiRefusal } from '../../cli/api';
import { CommandError, type Invocation } from '../../cli/command';
import { referenceOf } from '../../cli/pull';
import { storedAuth } from '../../cli/registry-auth';

/** A manifest as a registry gave it. */
export interface Fetched {
  readonly reference: Reference;
  readonly bytes: Uint8Array;
  readonly manifest: Manifest;
  readonly descriptor: Descriptor;
  /** Of the image, where it came along. */
  readonly config?: string;
}

/** The CLI asks the registry itself; plain http and unknown certificates only with `--insecure`. */
export async function openFor(invocation: Invocation, reference: Reference): Promise<RegistryClient> {
  const { process, session, flags } = invocation;
  const { domain } = reference;
  const host = domain === 'docker.io' ? 'registry-1.docker.io' : domain;
  const insecure = flags.on('insecure');
  const secure = { base: `https://${host}`, insecure };
  const endpoints = insecure ? [secure, { base: `http://${host}` }] : [secure];
  const agent = `Docker-Client/${session.build.version} (linux)`;
  const opened = await openRegistry(process, endpoints, agent, storedAuth(session.config, domain));
  if (!opened.ok) throw new CommandError(failureText(opened.error));
  return opened.value;
}

/** What a registry has under a name. */
export async function fetchManifest(invocation: Invocation, text: string): Promise<Fetched> {
  const reference = withDefaultTag(referenceOf(text));
  const known = await publicManifest(invocation, reference);
  if (known !== undefined) return known;
  const client = await openFor(invocation, reference);
  return fetchFrom(client, reference);
}

interface PublicDocument {
  readonly manifest: string;
  readonly config: string;
}

/** From a registry of this world's internet, which is no machine: the engine knows what it has. */
export async function publicManifest({ api }: Invocation, reference: Reference): Promise<Fetched | undefined> {
  let found: PublicDocument;
  try {
    found = await api.get<PublicDocument>(`/distribution/${fullString(reference)}/document`);
  } catch (thrown) {
    if (thrown instanceof ApiRefusal && thrown.httpStatus === 404)
      throw new CommandError(
        thrown.message.includes('denied: requested access')
          ? 'errors:\ndenied: requested access to the resource is denied\nunauthorized: authentication required\n'
          : `no such manifest: ${fullString(reference)}`,
      );
    if (thrown instanceof CommandError) return undefined;
    throw thrown;
  }
  return { ...fetched(reference, encode(found.manifest)), config: found.config };
}

export async function fetchFrom(client: Pick<RegistryClient, 'read'>, reference: Reference): Promise<Fetched> {
  const { path, tag, digest } = reference;
  const read = await client.read('GET', `/v2/${path}/manifests/${digest ?? tag ?? 'latest'}`, {
    headers: { Accept: acceptAll },
  });
  if (!read.ok) {
    if (read.error.kind === 'refused' && read.error.status === 404)
      throw new CommandError(`no such manifest: ${familiarString(reference)}`);
    throw new CommandError(failureText(read.error));
  }
  return fetched(reference, read.value.bytes);
}

function fetched(reference: Reference, bytes: Uint8Array): Fetched {
  const manifest = parseManifest(bytes);
  if (manifest === undefined) throw new CommandError('unsupported manifest format');
  const digestOf = `sha256:${sha256HexOf([bytes])}`;
  const descriptor = { mediaType: typeOf(manifest), digest: digestOf, size: bytes.length };
  return { reference, bytes, manifest, descriptor };
}

/** For which platform an image was built, as its configuration says. */
export async function platformOf(invocation: Invocation, { reference, manifest, config }: Fetched): Promise<Platform> {
  const { architecture, os, variant } = JSON.parse(
    config ?? (await configOf(invocation, reference, manifest)),
  ) as Platform;
  return { architecture, os, ...(variant === undefined ? {} : { variant }) };
}

async function configOf(invocation: Invocation, reference: Reference, { config }: Manifest): Promise<string> {
  const client = await openFor(invocation, reference);
  const read = await client.read('GET', `/v2/${reference.path}/blobs/${config?.digest ?? ''}`);
  if (!read.ok) throw new CommandError(failureText(read.error));
  return decode(read.value.bytes);
}

/** One of those that a list names. */
export async function fetchMember(invocation: Invocation, list: Fetched, digest: string): Promise<Fetched> {
  const { tag: _tag, ...rest } = list.reference;
  const reference = { ...rest, digest };
  return (await publicManifest(invocation, reference)) ?? fetchFrom(await openFor(invocation, reference), reference);
}
