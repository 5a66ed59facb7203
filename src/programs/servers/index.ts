import type { Program } from '../../linux/process/types';
import { busyboxHttpd } from './busybox-httpd';
import { echoserver, helloApp, httpEcho, podinfo, whoami } from './demos';
import { envsubst } from './envsubst';
import { hello } from './hello';
import { htpasswd } from './httpd/htpasswd';
import { httpd } from './httpd/httpd';
import { nginx } from './nginx/nginx';
import { opaque } from './opaque';
import { pause } from './pause';
import { redisCli } from './redis/cli';
import { redisServer } from './redis/server';

/** By the names that the images' executables give. */
export const programs: Readonly<Record<string, Program>> = {
  'apache-httpd': httpd,
  'busybox-httpd': busyboxHttpd,
  echoserver,
  envsubst,
  hello,
  'hello-app': helloApp,
  'http-echo': httpEcho,
  htpasswd,
  nginx,
  'opaque-server': opaque,
  pause,
  podinfo,
  'redis-cli': redisCli,
  'redis-server': redisServer,
  'whoami-server': whoami,
};
