import { bulk, directories, directory, program, text, words, type Entries } from '../images/entries';
import { Image, type RunConfig } from '../images/image';
import { ImageLayer } from '../images/layer';
import { repository, type Repository } from '../images/registry';
import { once } from '../images/steps';
import { hostBuild } from './system';

/** Programs of System32 that containers here can run; the world's programs have their names. */
const system32 = words('cmd hostname ipconfig ping whoami');

const nanoFiles = (version: string): Entries => ({
  ...Object.fromEntries(
    system32.map((name) => [
      `/Windows/System32/${name}.exe`,
      program(`windows-${name}`, name === 'cmd' ? 331_776 : 61_440),
    ]),
  ),
  '/Windows/System32/drivers/etc/hosts': text('# Copyright (c) 1993-2009 Microsoft Corp.\r\n'),
  '/Windows/System32/ntdll.dll': bulk(`ntdll ${version}`, 2_010_000),
  '/Windows/System32/kernel32.dll': bulk(`kernel32 ${version}`, 760_000),
  '/Windows/System32/config/SOFTWARE': bulk(`hives ${version}`, 9_000_000),
  [`/Windows/servicing/Version/10.0.${version}`]: directory(),
  '/License.txt': text('To use this container image you accept the license of its base.\r\n'),
  ...directories('/Users /Users/ContainerUser /Users/ContainerAdministrator /Users/Public /Windows /Windows/Temp'),
});

const coreFiles = (version: string): Entries => ({
  ...nanoFiles(version),
  '/Windows/System32/WindowsPowerShell/v1.0/powershell.exe': program('windows-powershell', 452_608),
  '/Windows/System32/config/COMPONENTS': bulk(`components ${version}`, 30_000_000),
  '/Program Files': directory(),
  '/Program Files (x86)': directory(),
  '/inetpub': directory(),
});

/** Base images have one layer, whose history says nothing but when it was applied. */
function base(files: Entries, version: string, config: RunConfig): Image {
  const created = '2025-11-11T06:10:00Z';
  const history = [{ created, created_by: 'Apply image 10.0.' + version }];
  return new Image([new ImageLayer(files)], config, history, created, { windows: `10.0.${version}` });
}

/** Docker's own variables of Windows images are set when the container is created; these have none. */
const shell: RunConfig = { Cmd: ['c:\\windows\\system32\\cmd.exe'], Env: [] };

const nano = (version: string) => once(() => base(nanoFiles(version), version, { ...shell, User: 'ContainerUser' }));
const core = (version: string) => once(() => base(coreFiles(version), version, shell));

/** Builds of Windows by the tags that Microsoft gives them. */
const builds = { ltsc2025: '26100.7171', ltsc2022: hostBuild, ltsc2019: '17763.8027' } as const;

const made = Object.fromEntries(Object.values(builds).map((version) => [version, nano(version)]));
const nanoOf = (version: string) => made[version] ?? nano(version);

const hello = once(() => {
  const { layers, history, details } = nanoOf(builds.ltsc2022)();
  const created = '2025-11-12T00:18:31Z';
  const words = [
    ['COPY hello.txt C:\\ # buildkit', { '/hello.txt': text(helloText) }],
    ['CMD ["cmd" "/C" "type C:\\\\hello.txt"]', undefined],
  ] as const;
  return new Image(
    [...layers, ...words.flatMap(([, files]) => (files === undefined ? [] : [new ImageLayer(files)]))],
    { ...shell, User: 'ContainerUser', Cmd: ['cmd', '/C', 'type C:\\hello.txt'] },
    [
      ...history,
      ...words.map(([created_by, files]) => ({
        created,
        created_by,
        comment: 'buildkit.dockerfile.v0',
        ...(files === undefined ? { empty_layer: true as const } : {}),
      })),
    ],
    created,
    details,
  );
});

const helloText = `
Hello from Docker!
This message shows that your installation appears to be working correctly.

To generate this message, Docker took the following steps:
 1. The Docker client contacted the Docker daemon.
 2. The Docker daemon pulled the "hello-world" image from the Docker Hub.
    (windows-amd64, nanoserver-ltsc2022)
 3. The Docker daemon created a new container from that image which runs the
    executable that produces the output you are currently reading.
 4. The Docker daemon streamed that output to the Docker client, which sent it
    to your terminal.

To try something more ambitious, you can run a Windows Server container with:
 PS C:\\> docker run -it mcr.microsoft.com/windows/servercore:ltsc2022 powershell

Share images, automate workflows, and more with a free Docker ID:
 https://hub.docker.com/

For more examples and ideas, visit:
 https://docs.docker.com/get-started/

`.replaceAll('\n', '\r\n');

/** `hello-world` on Windows; its name is the Linux image's too. */
export const helloWorldOfWindows: Parameters<typeof repository>[2] = [
  [['latest', 'nanoserver', 'nanoserver-ltsc2022'], hello],
];

const tagged = (make: (version: string) => () => Image, tags: readonly (keyof typeof builds)[]) =>
  tags.map((tag) => [[tag, `10.0.${builds[tag]}`], make(builds[tag])] as const);

/** What Microsoft's registry has for Windows only. */
export const windowsImages: readonly Repository[] = [
  repository('mcr.microsoft.com/windows/nanoserver', [], tagged(nanoOf, ['ltsc2025', 'ltsc2022', 'ltsc2019'])),
  repository('mcr.microsoft.com/windows/servercore', [], tagged(core, ['ltsc2025', 'ltsc2022'])),
  repository('mcr.microsoft.com/windows/server', [], tagged(core, ['ltsc2025', 'ltsc2022'])),
];
