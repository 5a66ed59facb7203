import { expect, test } from 'vitest';
import { Typist } from '../../world/testing/typist';

/** What a line prints, without itself and the prompt after it. */
const said = async (typist: Typist, line: string, wait?: number): Promise<string> => {
  const rows = (await typist.line(line, wait)).split('\n');
  return rows.slice(1, -1).join('\n');
};

test(
  'Docker Desktop: another engine in a machine of its own, behind the same command',
  { timeout: 60_000 },
  async () => {
    const typist = await Typist.sit({ columns: 160 });
    const hosts = (): readonly string[] => typist.world.lab.hosts.map(({ name }) => name);
    expect(hosts()).toEqual(['workstation', 'controlplane', 'node1', 'node2']);
    expect(await said(typist, 'docker context ls')).toMatchInlineSnapshot(`
      "NAME            DESCRIPTION                               DOCKER ENDPOINT                            ERROR
      default *       Current DOCKER_HOST based configuration   unix:///var/run/docker.sock                
      desktop-linux   Docker Desktop                            unix:///root/.docker/desktop/docker.sock   
      windows         Windows containers                        npipe:////./pipe/docker_engine             "
    `);
    expect(await said(typist, 'docker context use desktop-linux')).toMatchInlineSnapshot(`
      "desktop-linux
      Current context is now "desktop-linux""
    `);
    const names = "docker info -f '{{.Name}}, {{.OperatingSystem}}, {{.OSType}}, {{.KernelVersion}}'";
    expect(await said(typist, names)).toMatchInlineSnapshot(
      `"docker-desktop, Docker Desktop, linux, 6.6.87.2-microsoft-standard-WSL2"`,
    );
    expect(hosts().at(-1)).toBe('docker-desktop');
    // Published ports are the backend's; no rule of the workstation knows of them.
    await typist.line('docker run -d --name web -p 8080:80 nginx', 30_000);
    expect(await said(typist, 'curl -s localhost:8080 | grep title')).toMatchInlineSnapshot(
      `"<title>Welcome to nginx!</title>"`,
    );
    expect(await said(typist, "docker ps --format '{{.Names}} {{.Image}} {{.Ports}}'")).toMatchInlineSnapshot(
      `"web nginx 0.0.0.0:8080->80/tcp, [::]:8080->80/tcp"`,
    );
    expect(await said(typist, 'iptables-save -t nat | grep 8080; ss -Hltnp | grep 8080')).toMatchInlineSnapshot(`
      "LISTEN 0      4096         0.0.0.0:8080      0.0.0.0:*    users:(("com.docker.back",pid=5,fd=3))
      LISTEN 0      4096            [::]:8080         [::]:*    users:(("com.docker.back",pid=5,fd=3))"
    `);
    // Its host network is the machine's, not the user's.
    await typist.line('docker pull -q alpine', 20_000);
    expect(await said(typist, 'docker run --rm --net host alpine ip -4 -br addr show eth0')).toMatchInlineSnapshot(
      `"eth0             UP             192.168.65.3/24 "`,
    );
    expect(await said(typist, 'docker run --rm --net host alpine uname -r')).toMatchInlineSnapshot(
      `"6.8.0-51-generic"`,
    );
    // Folders of the user are there, both ways.
    await typist.line('mkdir site; echo mine > site/page');
    const bind = "docker run --rm -v $PWD/site:/site alpine sh -c 'cat /site/page; echo theirs > /site/page'";
    expect(await said(typist, `${bind}; cat site/page`)).toMatchInlineSnapshot(`
      "mine
      theirs"
    `);
    // What listens on the user's localhost is host.docker.internal.
    await typist.line('docker --context default run -d --name api -p 127.0.0.1:9090:80 nginx', 30_000);
    const fetched = 'docker run --rm alpine wget -qO- http://host.docker.internal:9090 | grep title';
    expect(await said(typist, fetched)).toMatchInlineSnapshot(`"<title>Welcome to nginx!</title>"`);
    expect(await said(typist, 'docker run -d -p 9090:80 nginx')).toMatchInlineSnapshot(`
      "5e62d0921dc73e9699132f07de28ce72e4de89322643065893b450bb22321d25
      docker: Error response from daemon: failed to set up container networking: driver failed programming external connectivity on endpoint modest_darwin (859510d22219cdd79b38e231459280ad12ef1313d67519cf2c2af2185df5f0d4): ports are not available: exposing port TCP 0.0.0.0:9090 -> 127.0.0.1:0: listen tcp 0.0.0.0:9090: bind: address already in use

      Run 'docker run --help' for more information"
    `);
    expect(await said(typist, 'docker context use default; docker ps --format {{.Names}}')).toMatchInlineSnapshot(`
      "default
      Current context is now "default"
      api"
    `);
  },
);
