import { expect, test } from 'vitest';
import { towerOf } from '../../app/tower/tower';
import { Typist } from '../../world/testing/typist';

test('Windows containers: the same command, another engine, its own refusals', { timeout: 120_000 }, async () => {
  const typist = await Typist.sit({ columns: 160 });
  const said = async (line: string, wait?: number): Promise<string> =>
    (await typist.line(line, wait)).split('\n').slice(1, -1).join('\n');
  const nano = 'mcr.microsoft.com/windows/nanoserver:ltsc2022';
  expect(await said(`docker pull ${nano}`)).toMatchInlineSnapshot(`
    "ltsc2022: Pulling from windows/nanoserver
    no matching manifest for linux/amd64 in the manifest list entries"
  `);
  await typist.line('docker context use windows');
  expect(await said("docker version -f '{{.Server.Os}} {{.Server.KernelVersion}}'")).toMatchInlineSnapshot(
    `"windows 10.0 20348 (20348.1.amd64fre.fe_release.210507-1500)"`,
  );
  expect(await said("docker network ls --format '{{.Name}} {{.Driver}}'")).toMatchInlineSnapshot(`
    "nat nat
    none null"
  `);
  expect(await said('docker pull alpine')).toMatchInlineSnapshot(`
    "Using default tag: latest
    latest: Pulling from library/alpine
    no matching manifest for windows/amd64 10.0.20348 in the manifest list entries"
  `);
  await typist.line(`docker pull -q ${nano}`, 60_000);
  const spans: { readonly actor: string }[] = [];
  const unsubscribe = typist.world.lab.trace.subscribe((span) => void spans.push(span));
  expect(await said(`docker run --rm ${nano} cmd /c "echo %OS% && ver"`)).toMatchInlineSnapshot(`
    "Windows_NT

    Microsoft Windows [Version 10.0.20348.4405]"
  `);
  unsubscribe();
  expect(towerOf(spans)).toBe('windows');
  expect(await said(`docker run --rm --cap-add NET_ADMIN ${nano} cmd`)).toMatchInlineSnapshot(`
    "docker: Error response from daemon: invalid CapAdd: unknown capability: "CAP_NET_ADMIN"

    Run 'docker run --help' for more information"
  `);
  expect(await said(`docker run --rm --isolation vm ${nano} cmd`)).toMatchInlineSnapshot(`
    "docker: Error response from daemon: invalid isolation (vm): windows supports 'default' (platform default), 'process', or 'hyperv'

    Run 'docker run --help' for more information"
  `);
  await typist.line(`docker run -d --name pinger ${nano} ping -t localhost`);
  expect(await said('docker logs pinger | head -3')).toMatchInlineSnapshot(`
    "
    Pinging localhost [127.0.0.1] with 32 bytes of data:
    Reply from 127.0.0.1: bytes=32 time<1ms TTL=64"
  `);
  const exec = 'docker exec pinger cmd /c "echo one> C:\\\\Users\\\\a.txt & type \\\\users\\\\A.TXT"';
  expect(await said(exec)).toMatchInlineSnapshot(`"one"`);
  const fields = '{{.Platform}} {{.HostConfig.Isolation}} {{.HostConfig.NetworkMode}}';
  expect(await said(`docker inspect pinger -f '${fields}'`)).toMatchInlineSnapshot(`"windows process nat"`);
  expect(await said('docker rm -f pinger; docker ps -aq')).toMatchInlineSnapshot(`"pinger"`);
});
