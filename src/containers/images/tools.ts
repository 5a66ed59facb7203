import { alpine } from './base/alpine';
import { busybox } from './base/busybox';
import { debian } from './base/debian';
import { bulk, program, programs, text } from './entries';
import { repository, type Repository } from './registry';
import { build, cmd, copy, entrypoint, env, expose, run, user, workdir, type Step } from './steps';

/** Images that people start for the programs in them: curl, dig, stress, a shell with every network tool. */

const network =
  'arp bash bridge conntrack curl dig ethtool file git host ip iptables iptables-save iptables-restore ip6tables ipset jq ' +
  'less nc netstat nslookup openssl ping ss tcpdump tracepath traceroute tree vi vim wget';

const curl = (created: string, version: string) =>
  build(created, alpine(), [
    run('apk add --no-cache curl', {
      '/usr/bin/curl': program('curl', 275_248),
      '/usr/lib/libcurl.so.4.8.0': bulk(`libcurl ${version}`, 690_000),
      '/entrypoint.sh': text(
        '#!/bin/sh\n\nset -e\n\nif [ "${1#-}" != "${1}" ] || [ -z "$(command -v "${1}")" ]; then\n  set -- curl "$@"\nfi\n\nexec "$@"\n',
        { mode: 0o755 },
      ),
      '/home/curl_user': { type: 'directory', mode: 0o755, uid: 100, gid: 101 },
    }),
    env('CURL_CA_BUNDLE', '/cacert.pem'),
    user('100'),
    workdir('/home/curl_user'),
    entrypoint('/entrypoint.sh'),
    cmd('curl'),
  ]);

const netshoot: readonly Step[] = [
  run('set -ex && apk add --no-cache bind-tools bash bridge-utils conntrack-tools curl iproute2 tcpdump …', {
    ...programs('/usr/bin', network),
    '/usr/lib/netshoot': bulk('tools of netshoot', 150_000_000),
    '/etc/motd': text('                    dP            dP                           dP\n  Welcome to Netshoot!\n'),
  }),
  workdir('/root'),
  env('HOSTNAME', 'netshoot'),
  cmd('zsh'),
  copy('zsh', '/usr/bin/zsh', { '/usr/bin/zsh': program('bash', 900_000), '/bin/bash': program('bash', 900_000) }),
];

const multitool: readonly Step[] = [
  run('apk add --no-cache apache2-utils bash bind-tools curl nginx openssl tcpdump …', {
    ...programs('/usr/bin', network),
    '/bin/bash': program('bash', 900_000),
    '/usr/lib/multitool': bulk('tools of network-multitool', 60_000_000),
    '/usr/sbin/nginx': program('nginx', 1_200_000),
    '/etc/nginx/nginx.conf': text(
      'worker_processes 1;\nevents { worker_connections 1024; }\nhttp {\n  server {\n    listen 80;\n    root /usr/share/nginx/html;\n    index index.html;\n  }\n}\n',
    ),
    '/usr/share/nginx/html/index.html': text('Praqma Network MultiTool (with NGINX)\n'),
    '/docker-entrypoint.sh': text(
      '#!/bin/sh\necho "WBITT Network MultiTool (with NGINX) - $(hostname) - $(hostname -i) - HTTP: 80 , HTTPS: 443" > /usr/share/nginx/html/index.html\nexec "$@"\n',
      { mode: 0o755 },
    ),
  }),
  expose('80/tcp', '443/tcp', '1180/tcp', '11443/tcp'),
  entrypoint('/docker-entrypoint.sh'),
  cmd('/usr/sbin/nginx', '-g', 'daemon off;'),
];

const stress: readonly Step[] = [
  run('apk add --no-cache stress', { '/usr/local/bin/stress': program('stress', 30_000) }),
];

const dnsutils: readonly Step[] = [
  run('apt-get update && apt-get install -y dnsutils', programs('/usr/bin', 'dig nslookup host curl')),
];

const kubectl: readonly Step[] = [run('install kubectl', { '/usr/local/bin/kubectl': program('kubectl', 60_100_000) })];

const any = (versions: string, make: () => ReturnType<typeof build>): Parameters<typeof repository>[1] => [
  [versions.split(' '), make],
];

export const tools: readonly Repository[] = [
  repository('docker.io/curlimages/curl', [
    [
      ['latest', '8.17.0', '8.16.0', '8.15.0', '8.12.1', '8.10.1', '8.9.1', '8.8.0', '8.7.1', '8.6.0', '8.5.0'],
      () => curl('2025-11-05T08:10:20Z', '8.17.0'),
    ],
    [
      ['7.88.1', '7.87.0', '7.85.0', '7.83.1', '7.82.0', '7.78.0', '7.73.0', '7.70.0'],
      () => curl('2023-02-20T10:31:55Z', '7.88.1'),
    ],
  ]),
  repository(
    'docker.io/alpine/curl',
    any('latest 8.14.1 8.12.1 8.9.1', () =>
      build('2025-06-04T09:00:00Z', alpine(), [
        run('apk add --no-cache curl', programs('/usr/bin', 'curl')),
        entrypoint('curl'),
      ]),
    ),
  ),
  ...['docker.io/nicolaka/netshoot', 'ghcr.io/nicolaka/netshoot'].map((name) =>
    repository(
      name,
      any('latest v0.14 v0.13 v0.12 v0.11', () => build('2025-04-21T18:05:11Z', alpine(), netshoot)),
    ),
  ),
  ...['praqma/network-multitool', 'wbitt/network-multitool'].map((name) =>
    repository(
      `docker.io/${name}`,
      any('latest alpine-minimal extra minimal alpine-extra', () => build('2024-07-15T10:11:12Z', alpine(), multitool)),
    ),
  ),
  ...['polinux/stress', 'vish/stress', 'progrium/stress'].map((name) =>
    repository(
      `docker.io/${name}`,
      any('latest', () =>
        build('2021-02-01T10:00:00Z', alpine(), [
          ...stress,
          name === 'polinux/stress' ? cmd('/bin/sh') : entrypoint('/usr/local/bin/stress'),
        ]),
      ),
    ),
  ),
  repository(
    'docker.io/radial/busyboxplus',
    any('latest curl', () =>
      build('2014-08-04T10:00:00Z', alpine(), [run('opkg-install curl', programs('/usr/bin', 'curl')), cmd('/bin/sh')]),
    ),
  ),
  repository(
    'docker.io/tutum/dnsutils',
    any('latest', () => build('2015-06-15T10:00:00Z', debian(), dnsutils)),
  ),
  ...['registry.k8s.io/e2e-test-images/jessie-dnsutils', 'gcr.io/kubernetes-e2e-test-images/dnsutils'].map((name) =>
    repository(
      name,
      any('1.3 1.7 latest', () => build('2021-07-01T10:00:00Z', debian(), dnsutils)),
    ),
  ),
  ...['docker.io/bitnami/kubectl', 'registry.k8s.io/kubectl', 'docker.io/rancher/kubectl', 'docker.io/alpine/k8s'].map(
    (name) =>
      repository(
        name,
        any('latest 1.33 1.33.1 v1.33.1 1.33.3 1.32 1.31 1.30 1.29 1.28', () =>
          build('2025-07-01T10:00:00Z', alpine(), [
            ...kubectl,
            name === 'docker.io/alpine/k8s' ? cmd('bash') : entrypoint('kubectl'),
          ]),
        ),
      ),
  ),
  ...[
    'gcr.io/google-containers/busybox',
    'gcr.io/google_containers/busybox',
    'k8s.gcr.io/busybox',
    'registry.k8s.io/busybox',
    'registry.k8s.io/e2e-test-images/busybox',
    'quay.io/prometheus/busybox',
    'ghcr.io/containerd/busybox',
    'public.ecr.aws/docker/library/busybox',
  ].map((name) =>
    repository(
      name,
      any('latest 1.24 1.27 1.27.2 1.28 1.29 1.29-4 1.36 glibc', () => busybox()),
    ),
  ),
];
