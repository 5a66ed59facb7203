import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findClients } from './live/clients';
import { useBridge } from './testing';

const run = promisify(execFile);
const { docker: client } = findClients();

/** The real docker client at the simulated engine's socket. */
describe.skipIf(client === undefined)('real docker (skipped where no docker client is found)', () => {
  const tested = useBridge({ topology: 'docker', speed: 10, docker: true });
  const { folder } = tested;
  const env = {
    ...process.env,
    HOME: folder,
    DOCKER_HOST: `unix://${tested.dockerSocket}`,
    DOCKER_BUILDKIT: '0',
  };
  const docker = async (...args: string[]): Promise<string> =>
    (await run(client ?? '', args, { env, timeout: 30_000 })).stdout;
  const refused = async (...args: string[]): Promise<{ code: number; stderr: string }> => {
    try {
      await docker(...args);
    } catch (error) {
      const { code, stderr } = error as { code: number; stderr: string };
      return { code, stderr };
    }
    throw new Error(`docker ${args.join(' ')} succeeded`);
  };

  it('runs, lists and inspects', async () => {
    expect(await docker('pull', '-q', 'nginx:alpine')).toBe('docker.io/library/nginx:alpine\n');
    expect(await docker('run', '--rm', 'busybox', 'echo', 'hi')).toBe('hi\n');
    expect(await docker('run', '-d', '--name', 'web', '-p', '8080:80', 'nginx:alpine')).toMatch(/^[0-9a-f]{64}\n$/);
    expect(await docker('ps', '--format', '{{.Names}} {{.Image}} {{.Ports}}')).toBe(
      'web nginx:alpine 0.0.0.0:8080->80/tcp, [::]:8080->80/tcp\n',
    );
    expect(await docker('inspect', '-f', '{{.State.Status}} {{json .Config.Cmd}}', 'web')).toBe(
      'running ["nginx","-g","daemon off;"]\n',
    );
    expect(await docker('stats', '--no-stream', '--format', '{{.Name}} {{.PIDs}}')).toMatch(/^web [1-9]\d*\n$/);
    expect(await docker('top', 'web', '-o', 'pid,args')).toContain('nginx: master process');
  }, 60_000);

  it('execs, copies both ways and tells the difference', async () => {
    writeFileSync(join(folder, 'up.txt'), 'from outside\n');
    await docker('cp', join(folder, 'up.txt'), 'web:/tmp/');
    expect(await docker('exec', 'web', 'cat', '/tmp/up.txt')).toBe('from outside\n');
    await docker('cp', 'web:/etc/alpine-release', join(folder, 'release'));
    expect(readFileSync(join(folder, 'release'), 'utf8')).toMatch(/^3\.\d+\.\d+\n$/);
    expect(await docker('diff', 'web')).toContain('A /tmp/up.txt\n');
    expect(await docker('logs', 'web')).toContain('/docker-entrypoint.sh');
    expect(await docker('commit', 'web', 'mine:1')).toMatch(/^sha256:[0-9a-f]{64}\n$/);
  }, 60_000);

  it('builds with the legacy builder, which every client has', async () => {
    const context = join(folder, 'app');
    mkdirSync(context);
    writeFileSync(join(context, 'Dockerfile'), 'FROM busybox\nRUN echo built > /x\nCMD ["cat", "/x"]\n');
    const said = await docker('build', '-t', 'app', context);
    expect(said).toContain('Step 2/3 : RUN echo built > /x\n');
    expect(said).toContain('Successfully tagged app:latest\n');
    expect(await docker('run', '--rm', 'app')).toBe('built\n');
  }, 60_000);

  it('makes networks and volumes, and resolves names in them', async () => {
    await docker('network', 'create', 'lan');
    await docker('volume', 'create', 'data');
    await docker('run', '-d', '--name', 'srv', '--network', 'lan', '-v', 'data:/usr/share/nginx/html', 'nginx:alpine');
    const asked = ['run', '--rm', '--network', 'lan', 'busybox', 'wget', '-qO-', 'http://srv/'];
    expect(await docker(...asked)).toContain('<title>Welcome to nginx!</title>');
    expect(await refused('network', 'rm', 'lan')).toMatchObject({ code: 1 });
    expect((await refused('volume', 'rm', 'data')).stderr).toContain('volume is in use');
    await docker('rm', '-f', 'srv');
    expect(await docker('network', 'rm', 'lan')).toBe('lan\n');
    expect(await docker('volume', 'rm', 'data')).toBe('data\n');
  }, 60_000);

  it('tells events of what happened, and refuses as the engine does', async () => {
    const until = String(Math.ceil(tested.bridge.world.lab.clock.now / 1000));
    const said = await docker(
      'events',
      '--since',
      '0',
      '--until',
      until,
      '--filter',
      'container=web',
      '--format',
      '{{.Action}}',
    );
    expect(said.split('\n').slice(0, 2)).toEqual(['create', 'start']);
    expect(await refused('run', '--name', 'web', 'busybox')).toMatchObject({ code: 125 });
    expect((await refused('rm', 'nobody')).stderr).toContain('No such container: nobody');
    expect(await docker('rm', '-f', 'web')).toBe('web\n');
  }, 60_000);
});
