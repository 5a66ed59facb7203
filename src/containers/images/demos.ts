import { directories, program, text } from './entries';
import { repository, type Repository } from './registry';
import { build, cmd, copy, entrypoint, env, expose, user, workdir, type Step } from './steps';
import { alpine } from './base/alpine';

/** Small servers of courses: each says who it is, so that one sees who answered. */

const scratch = (steps: readonly Step[]) => build('2025-04-01T10:00:00Z', undefined, steps);
const image = (name: string, tags: string, make: () => ReturnType<typeof build>): Repository =>
  repository(name, [[tags.split(' '), make]]);

const whoami = () =>
  scratch([
    copy('whoami', '.', { '/whoami': program('whoami-server', 6_700_000), ...directories('/tmp', { mode: 0o1777 }) }),
    entrypoint('/whoami'),
    expose('80/tcp'),
  ]);

const httpEcho = () =>
  scratch([
    copy('http-echo', '/http-echo', {
      '/http-echo': program('http-echo', 5_200_000),
      '/etc/passwd': text('nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n'),
      '/etc/group': text('nonroot:x:65532:\n'),
    }),
    user('65532:65532'),
    expose('5678/tcp'),
    entrypoint('/http-echo'),
  ]);

const helloApp = (version: string) => () =>
  scratch([
    copy('/hello-app', '/hello-app', { '/hello-app': program('hello-app', 6_500_000) }),
    env('PORT', '8080'),
    env('HELLO_VERSION', version),
    entrypoint('/hello-app'),
  ]);

const echoserver = () =>
  build('2016-03-04T10:00:00Z', alpine(), [
    copy('echoserver', '/usr/local/bin/', { '/usr/local/bin/echoserver': program('echoserver', 1_900_000) }),
    expose('8080/tcp'),
    cmd('echoserver'),
  ]);

const podinfo = () =>
  build('2025-09-22T10:00:00Z', alpine(), [
    copy('podinfo', '/home/app/', {
      '/home/app/podinfo': program('podinfo', 28_000_000),
      '/etc/passwd': text('root:x:0:0:root:/root:/bin/sh\napp:x:100:101:Linux User,,,:/home/app:/sbin/nologin\n'),
    }),
    workdir('/home/app'),
    user('app'),
    cmd('./podinfo'),
  ]);

export const demos: readonly Repository[] = [
  ...['docker.io/traefik/whoami', 'docker.io/containous/whoami', 'ghcr.io/traefik/whoami'].map((name) =>
    image(name, 'latest v1.11 v1.10 v1.10.1 v1.10.3 v1.9 v1.8 v1.5.0', whoami),
  ),
  ...['docker.io/hashicorp/http-echo', 'ghcr.io/hashicorp/http-echo'].map((name) =>
    image(name, 'latest 1.0 1.0.0 0.2.3 0.2.1', httpEcho),
  ),
  ...['gcr.io/google-samples/hello-app', 'us-docker.pkg.dev/google-samples/containers/gke/hello-app'].map((name) =>
    repository(name, [
      [['1.0', 'latest'], helloApp('1.0.0')],
      [['2.0'], helloApp('2.0.0')],
    ]),
  ),
  ...[
    'k8s.gcr.io/echoserver',
    'registry.k8s.io/echoserver',
    'gcr.io/google_containers/echoserver',
    'registry.k8s.io/e2e-test-images/echoserver',
    'kicbase/echo-server',
  ].map((name) =>
    image(name.startsWith('kicbase') ? `docker.io/${name}` : name, 'latest 1.0 1.4 1.5 1.8 1.10 2.2 2.5', echoserver),
  ),
  ...['docker.io/stefanprodan/podinfo', 'ghcr.io/stefanprodan/podinfo'].map((name) =>
    image(name, 'latest 6.9.2 6.9.1 6.8.0 6.7.1 6.6.0 6.5.4 6.5.0 6.3.5 6.0.0 5.0.0', podinfo),
  ),
];
