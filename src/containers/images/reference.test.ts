import { expect, test } from 'vitest';
import { familiarString, fullString, parseReference, withDefaultTag } from './reference';

test.each([
  ['nginx', 'docker.io/library/nginx:latest', 'nginx:latest'],
  ['nginx:1.27', 'docker.io/library/nginx:1.27', 'nginx:1.27'],
  ['me/app:v1', 'docker.io/me/app:v1', 'me/app:v1'],
  ['docker.io/nginx', 'docker.io/library/nginx:latest', 'nginx:latest'],
  ['localhost:5000/me/app', 'localhost:5000/me/app:latest', 'localhost:5000/me/app:latest'],
  [
    'registry.k8s.io/coredns/coredns:v1.12.0',
    'registry.k8s.io/coredns/coredns:v1.12.0',
    'registry.k8s.io/coredns/coredns:v1.12.0',
  ],
])('%s', (text, full, familiar) => {
  const parsed = parseReference(text);
  const reference = parsed.ok ? withDefaultTag(parsed.value) : undefined;
  expect(reference && [fullString(reference), familiarString(reference)]).toEqual([full, familiar]);
});

test.each([
  ['::', 'invalid reference format'],
  ['', 'invalid reference format'],
  ['UPPER:1', 'invalid reference format: repository name (library/UPPER) must be lowercase'],
  ['a@sha256:12', 'invalid reference format'],
])('%s is refused', (text, message) => {
  expect(parseReference(text)).toEqual({ ok: false, error: message });
});
