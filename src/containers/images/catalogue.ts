import { alpine } from './base/alpine';
import { busybox } from './base/busybox';
import { debian, ubuntu } from './base/debian';
import { helloWorld } from './hello-world';
import { demos } from './demos';
import { dockerRegistry } from './docker-registry';
import { httpd } from './httpd';
import { kubernetesImages } from './kubernetes';
import { mongo } from './mongo';
import { mariadb, mysql } from './mysql';
import { nginx } from './nginx';
import { postgres } from './postgres';
import { node } from './node';
import { python } from './python';
import { redis } from './redis';
import { repository, type Repository } from './registry';
import { tools } from './tools';
import { windowsImages } from '../windows/images';

/** Every image there is to pull. Adding one is a file beside this and a line here. */
export const registries: readonly Repository[] = [
  repository('docker.io/library/busybox', [
    [['latest', '1', '1.37', '1.37.0', 'stable', 'glibc', 'musl'], busybox],
    [['1.36', '1.36.1', '1.35', '1.34', '1.28', '1.28.4'], busybox],
  ]),
  repository('docker.io/library/alpine', [[['latest', '3', '3.22', '3.22.2', '3.21', '3.20', '3.19', '3.18'], alpine]]),
  repository('docker.io/library/debian', [
    [['latest', '13', 'trixie', 'trixie-slim', 'stable', 'stable-slim', '12', 'bookworm', 'bookworm-slim'], debian],
  ]),
  repository('docker.io/library/ubuntu', [[['latest', '24.04', 'noble', '22.04', 'jammy'], ubuntu]]),
  helloWorld,
  nginx,
  httpd,
  postgres,
  mysql,
  mariadb,
  mongo,
  redis,
  node,
  python,
  dockerRegistry,
  ...tools,
  ...demos,
  ...kubernetesImages,
  ...windowsImages,
];
