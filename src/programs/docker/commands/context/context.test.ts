import { expect, test } from 'vitest';
import { lab } from '../../../../containers/testing/lab';
import { Output, OutputFile } from '../../../../containers/shim/output';
import { decode } from '../../../../linux/io/bytes';
import { elf } from '../../../../linux/process/executable';
import { docker } from '../..';

/** A host with the CLI and no engine; gives what both streams said, and the status. */
function cli() {
  const { host, clock } = lab({ docker });
  host.fs.mkdirAll('/usr/bin');
  host.fs.mkdirAll('/root');
  host.fs.writeFile('/usr/bin/docker', elf('docker'), 0o755);
  const run = async (...args: string[]): Promise<string> => {
    let said = '';
    const out = new Output(clock);
    out.listen((bytes) => void (said += decode(bytes)));
    const child = host.spawn({
      file: '/usr/bin/docker',
      argv: ['docker', ...args],
      env: new Map([['HOME', '/root']]),
      fds: new Map([
        [1, new OutputFile('out', out)],
        [2, new OutputFile('err', out)],
      ]),
    });
    if (!child.ok) throw new Error(child.error.message);
    let ended = false;
    void child.value.wait().then(() => (ended = true));
    await clock.runUntil(() => ended, { limit: 60_000 });
    return said;
  };
  return { host, run };
}

test('a context is made, used, listed, changed and removed', async () => {
  const { host, run } = cli();
  expect(
    await run('context', 'create', 'far', '--description', 'over there', '--docker', 'host=tcp://10.0.0.9:2375'),
  ).toBe('far\nSuccessfully created context "far"\n');
  expect(await run('context', 'create', 'far')).toBe('context "far" already exists\n');
  expect(await run('context', 'use', 'far')).toBe('far\nCurrent context is now "far"\n');
  expect(await run('context', 'ls')).toBe(
    'NAME      DESCRIPTION                               DOCKER ENDPOINT               ERROR\n' +
      'default   Current DOCKER_HOST based configuration   unix:///var/run/docker.sock   \n' +
      'far *     over there                                tcp://10.0.0.9:2375           \n',
  );
  expect(await run('context', 'show')).toBe('far\n');
  expect(await run('context', 'rm', 'far')).toBe('context "far" is in use, set -f flag to force remove\n');
  const config = host.fs.readText('/root/.docker/config.json');
  expect(config.ok && config.value).toBe('{\n\t"auths": {},\n\t"currentContext": "far"\n}');
  expect(await run('context', 'export', 'far', '/root/far.tar')).toBe('Written file "/root/far.tar"\n');
  expect(await run('context', 'import', 'near', '/root/far.tar')).toBe('near\nSuccessfully imported context "near"\n');
  expect(await run('context', 'inspect', '-f', '{{.Name}} {{.Endpoints.docker.Host}}', 'near')).toBe(
    'near tcp://10.0.0.9:2375\n',
  );
  expect(await run('context', 'rm', '-f', 'far', 'near')).toBe('far\nnear\n');
  expect(await run('context', 'ls', '-q')).toBe('default\n');
});

test('where no engine answers, and where no context is', async () => {
  const { run } = cli();
  expect(await run('-H', 'unix:///none.sock', 'ps')).toBe(
    'Cannot connect to the Docker daemon at unix:///none.sock. Is the docker daemon running?\n',
  );
  expect(await run('-c', 'nope', 'ps')).toMatch(
    /^Failed to initialize: unable to resolve docker endpoint: context "nope": context not found: open \/root\/\.docker\/contexts\/meta\/[0-9a-f]{64}\/meta\.json: no such file or directory\n$/,
  );
  expect(await run('--tlsverify', 'ps')).toBe(
    'Failed to initialize: unable to resolve docker endpoint: open /root/.docker/ca.pem: no such file or directory\n',
  );
  expect(await run('-H', 'a', '-c', 'b', 'ps')).toBe('conflicting options: cannot specify both --host and --context\n');
});
