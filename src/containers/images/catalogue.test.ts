import { expect, test } from 'vitest';
import { registries } from './catalogue';
import { parseReference, withDefaultTag } from './reference';
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

test('layers are shared between images of one base', () => {
  const [nginx, httpd] = [resolve('nginx:1.29'), resolve('httpd')];
  expect(nginx.ok && httpd.ok && nginx.value.chainIds[0] === httpd.value.chainIds[0]).toBe(true);
  expect(resolve('nginx:1.29.3')).toEqual(resolve('nginx'));
});
