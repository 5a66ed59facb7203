import type { Request } from '../../linux/net/http/message';
import type { Program } from '../../linux/process/types';
import { addressesOf, flagOf, plain, runDemoServer } from './demo-server';

/** Go's log package: `2025/11/21 09:00:00 `. */
const logged = (now: number, text: string): string =>
  `${new Date(now).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')} ${text}\n`;

const headerLines = ({ headers }: Request): readonly string[] =>
  [...headers]
    .filter(([name]) => name.toLowerCase() !== 'host')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}: ${value}`);

const json = (value: unknown, status = 200) =>
  plain(`${JSON.stringify(value, null, 2)}`, status, 'application/json; charset=utf-8');

/** traefik/whoami: who answered, from which addresses, and what was asked. */
export const whoami: Program = (process) => {
  const port = Number(flagOf(process, 'port') ?? process.env.get('WHOAMI_PORT_NUMBER') ?? 80);
  const name = flagOf(process, 'name') ?? process.env.get('WHOAMI_NAME') ?? '';
  const { hostname } = process.namespaces.uts;
  return runDemoServer(process, {
    port,
    started: logged(process.clock.now, `Starting up on port ${port}`),
    answer: (request, { remote }) => {
      const path = request.url.split('?')[0] ?? '/';
      if (path === '/bench') return plain('1');
      if (path === '/health') return plain('');
      const headers = Object.fromEntries([...request.headers].map(([key, value]) => [key, [value]]));
      const host = request.headers.get('host') ?? '';
      if (path === '/api')
        return plain(
          `${JSON.stringify({ ...(name === '' ? {} : { name }), hostname, ip: addressesOf(process), headers, url: request.url, host, method: request.method, remoteAddr: remote })}\n`,
          200,
          'application/json',
        );
      return plain(
        [
          ...(name === '' ? [] : [`Name: ${name}`]),
          `Hostname: ${hostname}`,
          ...addressesOf(process).map((address) => `IP: ${address}`),
          `RemoteAddr: ${remote}`,
          `${request.method} ${request.url} HTTP/1.1`,
          `Host: ${host}`,
          ...headerLines(request),
          '',
          '',
        ].join('\n'),
      );
    },
  });
};

/** hashicorp/http-echo: says what it was told to say. */
export const httpEcho: Program = async (process) => {
  const text = flagOf(process, 'text') ?? process.env.get('ECHO_TEXT') ?? '';
  if (text === '') {
    await process.stderr.write('Missing -text option!\n');
    return 127;
  }
  const listen = flagOf(process, 'listen') ?? ':5678';
  const status = Number(flagOf(process, 'status-code') ?? 200);
  return runDemoServer(process, {
    port: Number(listen.split(':').at(-1)),
    started: logged(process.clock.now, `[INFO] server is listening on ${listen}`),
    answer: (request, { remote }) => {
      const health = request.url === '/health';
      const response = health ? plain('{"status":"ok"}', 200, 'application/json') : plain(`${text}\n`, status);
      response.headers.set('X-App-Name', 'http-echo');
      response.headers.set('X-App-Version', '1.0.0');
      const agent = request.headers.get('user-agent') ?? '';
      const size = response.body instanceof Uint8Array ? response.body.length : 0;
      const host = request.headers.get('host') ?? '';
      const line = `${host} ${remote} "${request.method} ${request.url} HTTP/1.1" ${response.status} ${size} "${agent}" 0s`;
      if (!health) void process.stdout.write(logged(process.clock.now, line));
      return response;
    },
  });
};

/** google-samples/hello-app. */
export const helloApp: Program = (process) => {
  const port = Number(process.env.get('PORT') ?? 8080);
  return runDemoServer(process, {
    port,
    started: logged(process.clock.now, `Server listening on port ${port}`),
    answer: ({ url }) => {
      void process.stderr.write(logged(process.clock.now, `Serving request: ${url}`));
      const version = process.env.get('HELLO_VERSION') ?? '1.0.0';
      return plain(`Hello, world!\nVersion: ${version}\nHostname: ${process.namespaces.uts.hostname}\n`);
    },
  });
};

/** k8s.gcr.io/echoserver: nginx with a little Lua that writes the request down. */
export const echoserver: Program = (process) =>
  runDemoServer(process, {
    port: Number(process.env.get('PORT') ?? 8080),
    answer: (request, { remote }) => {
      const [path = '/', query] = request.url.split('?');
      const host = request.headers.get('host') ?? '';
      const received = [...request.headers].map(([name, value]) => `${name.toLowerCase()}=${value}`).sort();
      return plain(
        [
          'CLIENT VALUES:',
          `client_address=${remote.replace(/:\d+$/, '')}`,
          `command=${request.method}`,
          `real path=${path}`,
          `query=${query ?? 'nil'}`,
          'request_version=1.1',
          `request_uri=http://${host}${path}`,
          '',
          'SERVER VALUES:',
          'server_version=nginx: 1.10.0 - lua: 10001',
          '',
          'HEADERS RECEIVED:',
          ...received,
          'BODY:',
          '-no body in request-',
        ].join('\n'),
        200,
        'text/plain',
      );
    },
  });

/** stefanprodan/podinfo: what GitOps courses deploy; readiness can be switched off and on. */
export const podinfo: Program = (process) => {
  const port = Number(flagOf(process, 'port') ?? process.env.get('PODINFO_PORT') ?? 9898);
  const { hostname } = process.namespaces.uts;
  const version = '6.9.2';
  let ready = true;
  return runDemoServer(process, {
    port,
    started: `{"level":"info","ts":"${new Date(process.clock.now).toISOString()}","caller":"podinfo/main.go:153","msg":"Starting podinfo","version":"${version}","revision":"e86405a8674ecab990d0a389824c7ebbd82973b5","port":"${port}"}\n`,
    answer: (request) => {
      const path = request.url.split('?')[0] ?? '/';
      const code = /^\/status\/(\d+)$/.exec(path)?.[1];
      if (code !== undefined) return json({ status: Number(code) }, Number(code));
      switch (path) {
        case '/healthz':
          return json({ status: 'OK' });
        case '/readyz':
          return ready ? json({ status: 'OK' }) : json({ status: 'Not Ready' }, 503);
        case '/readyz/disable':
        case '/readyz/enable':
          ready = path.endsWith('enable');
          return plain('', 202);
        case '/version':
          return json({ commit: 'e86405a8674ecab990d0a389824c7ebbd82973b5', version });
        case '/env':
          return json([...process.env].map(([name, value]) => `${name}=${value}`));
        case '/':
        case '/api/info':
          return json({
            hostname,
            version,
            revision: 'e86405a8674ecab990d0a389824c7ebbd82973b5',
            color: process.env.get('PODINFO_UI_COLOR') ?? '#34577c',
            logo: 'https://raw.githubusercontent.com/stefanprodan/podinfo/gh-pages/cuddle_clap.gif',
            message: process.env.get('PODINFO_UI_MESSAGE') ?? `greetings from podinfo v${version}`,
            goos: 'linux',
            goarch: 'amd64',
            runtime: 'go1.25.1',
            num_goroutine: '8',
            num_cpu: String(process.host.cpus),
          });
        default:
          return plain('404 page not found\n', 404);
      }
    },
  });
};
