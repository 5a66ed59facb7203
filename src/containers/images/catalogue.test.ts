import { expect, test } from 'vitest';
import { registries } from './catalogue';
import { parseReference, withDefaultTag } from './reference';
import { opaqueImage, opaqueLabel } from './opaque';
import { Registries } from './registry';

const all = new Registries(registries);
const resolve = (text: string) => {
  const reference = parseReference(text);
  if (!reference.ok) throw new Error(reference.error);
  return all.resolve(withDefaultTag(reference.value));
};

test('images say how they run', () => {
  const run = (name: string) => {
    const image = resolve(name);
    return image.ok ? [image.value.config.Entrypoint, image.value.config.Cmd, image.value.layers.length] : image.error;
  };
  expect(run('nginx')).toEqual([['/docker-entrypoint.sh'], ['nginx', '-g', 'daemon off;'], 7]);
  expect(run('busybox')).toEqual([undefined, ['sh'], 1]);
  expect(run('hello-world')).toEqual([undefined, ['/hello'], 1]);
  expect(run('registry.k8s.io/pause:3.10')).toEqual([['/pause'], undefined, 1]);
  expect(run('nope/nope')).toEqual('denied');
  expect(run('nginx:nope')).toEqual('manifest unknown');
  expect(run('example.org/x')).toEqual('no such host');
});

test('images that nobody described are opaque, and say so; what nobody published is not there', () => {
  const world = new Registries(registries, opaqueImage);
  const run = (text: string) => {
    const reference = parseReference(text);
    if (!reference.ok) throw new Error(reference.error);
    const image = world.resolve(withDefaultTag(reference.value));
    if (!image.ok) return image.error;
    const { Cmd, ExposedPorts = {}, Labels = {}, User } = image.value.config;
    return {
      Cmd,
      ports: Object.keys(ExposedPorts),
      opaque: Labels[opaqueLabel],
      ...(User === undefined ? {} : { User }),
    };
  };
  expect(run('nginx:1.161')).toEqual('manifest unknown');
  expect(run('nginx')).toEqual({
    Cmd: ['nginx', '-g', 'daemon off;'],
    ports: ['80/tcp'],
    opaque: undefined,
  });
  expect(run('grafana/grafana:11.2.0')).toEqual({ Cmd: ['grafana'], ports: ['3000/tcp'], opaque: 'true', User: '472' });
  expect(run('me/app:v2')).toEqual({ Cmd: ['app'], ports: ['8080/tcp'], opaque: 'true' });
  expect(run('wordpress:6')).toEqual({ Cmd: ['apache2-foreground'], ports: ['80/tcp'], opaque: 'true' });
  expect(run('wordpress:6.999')).toEqual('manifest unknown');
  expect(run('nosuchimage')).toEqual('denied');
  expect(run('me/does-not-exist')).toEqual('denied');
  expect(run('quay.io/me/nonexistent')).toEqual('denied');
  expect(run('registry.example.com/app')).toEqual('no such host');
});

test('the index of Docker Hub knows what can be pulled, official names first', () => {
  const hub = new Registries(registries, opaqueImage, ['docker.io/bitnami/redis', 'quay.io/me/redis']);
  expect(hub.search('redis')).toEqual(['redis', 'bitnami/redis']);
  expect(new Registries(registries).search('redis')).toBeUndefined();
});

test('layers are shared between images of one base', () => {
  const [nginx, httpd] = [resolve('nginx:1.29'), resolve('httpd')];
  expect(nginx.ok && httpd.ok && nginx.value.chainIds[0] === httpd.value.chainIds[0]).toBe(true);
  expect(resolve('nginx:1.29.3')).toEqual(resolve('nginx'));
});
