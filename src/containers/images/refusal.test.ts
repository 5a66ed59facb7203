import { expect, test } from 'vitest';
import { opaqueImage } from './opaque';
import { parseReference, withDefaultTag, type Reference } from './reference';
import { containerdRefusal, dockerRefusal } from './refusal';
import { Registries } from './registry';
import { registries } from './catalogue';

const named = (text: string): Reference => {
  const parsed = parseReference(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return withDefaultTag(parsed.value);
};

test('what registries say of names that nobody may read', () => {
  const said = [
    'acme/private',
    'ghcr.io/acme/private',
    'quay.io/acme/private:1',
    'gcr.io/acme/private',
    'registry.k8s.io/private',
  ]
    .map(named)
    .map((reference) => {
      const found = opaqueImage(reference);
      return found.ok ? 'found' : [dockerRefusal(reference, found.error), containerdRefusal(reference, found.error)];
    });
  expect(said).toMatchInlineSnapshot(`
    [
      [
        "pull access denied for acme/private, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
        "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
      ],
      [
        "Head "https://ghcr.io/v2/acme/private/manifests/latest": unauthorized",
        "failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3Aacme%2Fprivate%3Apull&service=ghcr.io: 401 Unauthorized",
      ],
      [
        "unauthorized: access to the requested resource is not authorized",
        "unexpected status from HEAD request to https://quay.io/v2/acme/private/manifests/1: 401 UNAUTHORIZED",
      ],
      [
        "Head "https://gcr.io/v2/acme/private/manifests/latest": denied: Unauthenticated request. Unauthenticated requests do not have permission "artifactregistry.repositories.downloadArtifacts" on resource "projects/acme/locations/us/repositories/gcr.io" (or it may not exist)",
        "unexpected status from HEAD request to https://gcr.io/v2/acme/private/manifests/latest: 403 Forbidden",
      ],
      [
        "manifest for registry.k8s.io/private:latest not found: manifest unknown: manifest unknown",
        "registry.k8s.io/private:latest: not found",
      ],
    ]
  `);
});

test('Docker Hub counts the pulls of six hours', () => {
  const world = new Registries(registries);
  const [nginx, podinfo] = [named('nginx'), named('ghcr.io/stefanprodan/podinfo')];
  world.anonymousPulls = 2;
  const hours = 3_600_000;
  const outcome = [0, 1, 2, 5, 6.5].map((time) => {
    const found = world.request(nginx, time * hours);
    return found.ok ? 'pulled' : dockerRefusal(nginx, found.error);
  });
  const limit =
    'toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit';
  expect(outcome).toEqual(['pulled', 'pulled', limit, limit, 'pulled']);
  // Others have no limit.
  const other = world.request(podinfo, 0);
  expect(other.ok || other.error).not.toBe('too many requests');
});
