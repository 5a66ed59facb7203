import { decode } from '../../../../linux/io/bytes';
import { sha256HexOf } from '../../../../containers/images/digest';
import { familiarString, withDefaultTag, type Reference } from '../../../../containers/images/reference';
import { failureText, openRegistry, type RegistryClient } from '../../../../containers/registry/client';
import {
  acceptAll,
  parseManifest,
  typeOf,
  type Descriptor,
  type Manifest,
  type Platform,
} from '../../../../containers/registry/manifest';
import { CommandError, type Invocation } from '../../cli/command';
import { referenceOf } from '../../cli/pull';
import { storedAuth } from '../../cli/registry-auth';

/** A manifest as a registry gave it. */
export interface Fetched {
  readonly reference: Reference;
  readonly bytes: Uint8Array;
  readonly manifest: Manifest;
  readonly descriptor: Descriptor;
}

/** The CLI asks the registry itself; plain http and unknown certificates only with `--insecure`. */
export async function openFor({ process, session, flags }: Invocation, { domain }: Reference): Promise<RegistryClient> {
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
  const client = await openFor(invocation, reference);
  return fetchFrom(client, reference);
}

export async function fetchFrom(client: RegistryClient, reference: Reference): Promise<Fetched> {
  const { path, tag, digest } = reference;
  const read = await client.read('GET', `/v2/${path}/manifests/${digest ?? tag ?? 'latest'}`, {
    headers: { Accept: acceptAll },
  });
  if (!read.ok) {
    if (read.error.kind === 'refused' && read.error.status === 404)
      throw new CommandError(`no such manifest: ${familiarString(reference)}`);
    throw new CommandError(failureText(read.error));
  }
  const { bytes } = read.value;
  const manifest = parseManifest(bytes);
  if (manifest === undefined) throw new CommandError('unsupported manifest format');
  const digestOf = `sha256:${sha256HexOf([bytes])}`;
  const descriptor = { mediaType: typeOf(manifest), digest: digestOf, size: bytes.length };
  return { reference, bytes, manifest, descriptor };
}

/** For which platform an image was built, as its configuration says. */
export async function platformOf(client: RegistryClient, { reference, manifest }: Fetched): Promise<Platform> {
  const read = await client.read('GET', `/v2/${reference.path}/blobs/${manifest.config?.digest ?? ''}`);
  if (!read.ok) throw new CommandError(failureText(read.error));
  const { architecture, os, variant } = JSON.parse(decode(read.value.bytes)) as Platform;
  return { architecture, os, ...(variant === undefined ? {} : { variant }) };
}
