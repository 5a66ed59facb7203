import { err, ok, type Result } from '../../sim/result';
import type { Engine } from '../dockerd/engine';
import type { Image } from '../images/image';
import { containerdRefusal } from '../images/refusal';
import { fullString, type Reference } from '../images/reference';
import { openRegistry, type Credentials, type RegistryFailure } from './client';
import { dockerEndpoints } from './endpoints';
import { dockerPullText, pullRemote, type PullFailure } from './pull';

interface Wish {
  readonly reference: Reference;
  readonly credentials?: Credentials | undefined;
}

interface Found {
  readonly image: Image;
  /** Under which the registry has it. */
  readonly digest: string;
}

/** Runs in dockerd, as the process that asks. */
function inDockerd<T>({ options: { clock, dockerd } }: Engine, act: () => Promise<T>): Promise<T> {
  const outcome = clock.deferred<T>();
  dockerd.thread(async () => outcome.resolve(await act()));
  return outcome.promise;
}

/** A pull as `docker pull` does it, for the classic builder and for tasks of services: the image is kept. */
export function pullFromNetwork(
  engine: Engine,
  { reference, credentials }: Wish,
): Promise<Result<Found, { readonly status: number; readonly message: string }>> {
  return inDockerd(engine, async () => {
    const { dockerd: process } = engine.options;
    const endpoints = dockerEndpoints(process, reference.domain);
    const opened = await openRegistry(process, endpoints, 'docker', credentials);
    if (!opened.ok) return err(dockerPullText(reference, { kind: 'registry', failure: opened.error }));
    const { images } = engine;
    const pulled = await pullRemote({ actor: 'dockerd', process, images, client: opened.value, reference });
    return pulled.ok ? pulled : err(dockerPullText(reference, pulled.error));
  });
}

/** An image for BuildKit, which does not become one of the engine's; with the words of containerd's resolver. */
export function fetchForBuild(engine: Engine, { reference, credentials }: Wish): Promise<Result<Found, string>> {
  return inDockerd(engine, async () => {
    const { dockerd: process } = engine.options;
    // Where plain http may be used it is a way out of https, whose failure is what is told (util/resolver: httpFallback).
    const endpoints = [...dockerEndpoints(process, reference.domain)].reverse();
    const opened = await openRegistry(process, endpoints, 'buildkit/v0.25', credentials);
    if (!opened.ok) return err(resolverText(reference, opened.error));
    const { images } = engine;
    const pulled = await pullRemote({
      actor: 'buildkit',
      process,
      images,
      client: opened.value,
      reference,
      keep: false,
    });
    return pulled.ok ? ok(pulled.value) : err(fetchText(reference, pulled.error));
  });
}

function fetchText(reference: Reference, failure: PullFailure): string {
  if (failure.kind === 'content') return failure.text;
  if (failure.kind === 'platform') return containerdRefusal(reference, 'no matching manifest');
  return resolverText(reference, failure.failure);
}

/** core/remotes/docker: it asks for the manifest at once, without looking whether there is a registry at all. */
function resolverText(reference: Reference, failure: RegistryFailure): string {
  const denied = 'pull access denied, repository does not exist or may require authorization: authorization failed';
  if (failure.kind === 'transport') {
    if (failure.text.endsWith('no basic auth credentials')) return `${denied}: no basic auth credentials`;
    const asked = `/v2/${reference.path}/manifests/${reference.digest ?? reference.tag ?? 'latest'}`;
    return `failed to do request: ${failure.text.replace(/^Get "(.*)\/v2\/"/, `Head "$1${asked}"`)}`;
  }
  if (failure.status === 404) return `${fullString(reference)}: not found`;
  if (failure.status === 401 || failure.status === 403) return denied;
  return `unexpected status from HEAD request to ${failure.url}: ${failure.status}`;
}
