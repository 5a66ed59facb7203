import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { request as secureRequest, type RequestOptions } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findClients } from './live/clients';
import { useBridge } from './testing';

const run = promisify(execFile);
const clients = findClients();
const tested = useBridge({ kubeconfig: true, docker: true });
const { folder } = tested;

interface Answer {
  readonly status: number;
  readonly body: string;
}

async function textOf(message: IncomingMessage): Promise<Answer> {
  let body = '';
  for await (const chunk of message) body += String(chunk);
  return { status: message.statusCode ?? 0, body };
}

/** Asks the apiserver over TLS; `token: ''` asks as nobody. */
function open(path: string, options: RequestOptions & { token?: string; body?: string } = {}) {
  const { token = tested.bridge.token, body, ...rest } = options;
  return new Promise<{ message: IncomingMessage; destroy: () => void }>((resolve, reject) => {
    const asked = secureRequest(
      `${tested.bridge.server}${path}`,
      {
        ca: tested.bridge.authority,
        ...rest,
        headers: { ...(token === '' ? {} : { Authorization: `Bearer ${token}` }) },
      },
      (message) => resolve({ message, destroy: () => asked.destroy() }),
    );
    asked.on('error', reject);
    asked.end(body);
  });
}
const ask = async (...args: Parameters<typeof open>): Promise<Answer> => textOf((await open(...args)).message);

describe('the apiserver over TLS', () => {
  it('answers /version', async () => {
    const { status, body } = await ask('/version');
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ major: '1', minor: '33' });
  });

  it('lists pods', async () => {
    const { body } = await ask('/api/v1/namespaces/kube-system/pods');
    const list = JSON.parse(body) as { items: { metadata: { name: string } }[] };
    expect(list.items.map(({ metadata }) => metadata.name)).toContain('etcd-controlplane');
  });

  it('knows nobody without a token', async () => {
    expect((await ask('/api/v1/pods', { token: '' })).status).toBe(403);
    expect((await ask('/api/v1/pods', { token: 'wrong' })).status).toBe(401);
  });

  it('streams a watch, and hears the client go', async () => {
    const { message, destroy } = await open('/api/v1/namespaces/default/configmaps?watch=true&resourceVersion=0');
    expect(message.statusCode).toBe(200);
    const seen: string[] = [];
    const wanted = new Promise<void>((resolve) => {
      message.setEncoding('utf8').on('data', (chunk: string) => {
        seen.push(chunk);
        if (seen.join('').includes('"name":"news"')) resolve();
      });
    });
    message.on('error', () => undefined);
    const created = await ask('/api/v1/namespaces/default/configmaps', {
      method: 'POST',
      body: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'news' } }),
    });
    expect(created.status, created.body).toBe(201);
    await wanted;
    expect(seen.join('').trim().split('\n').at(-1)).toMatch(/^\{"type":"ADDED","object":\{.*"name":"news"/);
    destroy();
  });

  it('keeps to real time', async () => {
    const before = tested.bridge.world.lab.clock.now;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(tested.bridge.world.lab.clock.now - before).toBeGreaterThan(3000);
  });
});

describe('the docker engine on a unix socket', () => {
  it('answers /version', async () => {
    const answer = await new Promise<Answer>((resolve, reject) => {
      request({ socketPath: tested.dockerSocket, path: '/v1.50/version' }, (message) => resolve(textOf(message)))
        .on('error', reject)
        .end();
    });
    expect(JSON.parse(answer.body)).toMatchObject({ Os: 'linux', Version: expect.stringMatching(/^28\./) as string });
  });
});

describe.skipIf(clients.kubectl === undefined)('real kubectl (skipped where no kubectl 1.30–1.33 is found)', () => {
  const kubectl = async (...args: string[]): Promise<string> => {
    const env = { ...process.env, HOME: folder, KUBECONFIG: tested.kubeconfig };
    return (await run(clients.kubectl ?? '', args, { env, timeout: 20_000 })).stdout;
  };

  it('gets nodes', async () => {
    expect((await kubectl('get', 'nodes', '-o', 'name')).trim().split('\n')).toEqual([
      'node/controlplane',
      'node/node1',
      'node/node2',
    ]);
  });

  it('creates a deployment (in protobuf), and talks to a program in a pod', async () => {
    expect(await kubectl('create', 'deployment', 'web', '--image=nginx:1.27')).toBe('deployment.apps/web created\n');
    await kubectl('rollout', 'status', 'deployment/web', '--timeout=15s');
    expect(await kubectl('exec', 'deploy/web', '--', 'cat', '/etc/hostname')).toMatch(/^web-/);
  });

  it('applies over client-side validation', async () => {
    writeFileSync(join(folder, 'cm.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\n');
    expect(await kubectl('apply', '--validate=false', '-f', join(folder, 'cm.yaml'))).toBe(
      'configmap/applied created\n',
    );
  });
});

describe.skipIf(clients.docker === undefined)('real docker (skipped where no docker client is found)', () => {
  const docker = async (...args: string[]): Promise<string> => {
    const env = { ...process.env, HOME: folder, DOCKER_HOST: `unix://${tested.dockerSocket}` };
    return (await run(clients.docker ?? '', args, { env, timeout: 20_000 })).stdout;
  };

  it('runs a container, hijacking its streams', async () => {
    expect(await docker('run', '--rm', 'busybox', 'echo', 'hello')).toBe('hello\n');
  });
});
