import type { FileContent } from '../../../linux/fs/types';
import { encode } from '../../../linux/io/bytes';
import { sha256Hex } from '../../images/digest';
import { configJson } from '../config-order';
import { isRunning, type Container } from '../container';
import type { Engine } from '../engine';
import { inspect } from '../inspect';
import { containerFolder } from '../spec';

type Json = Readonly<Record<string, unknown>>;

/** As encoding/json's Encoder writes it: `<`, `>` and `&` escaped, a line. */
const goText = (value: unknown): string =>
  `${JSON.stringify(value).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`)}\n`;

/** What a new container's folder holds besides its files. */
export function makeFolders(engine: Engine, { id }: Container): void {
  const { fs } = engine.options.host;
  const folder = containerFolder(id);
  fs.mkdirAll(`${folder}/checkpoints`, 0o700);
  fs.mkdirAll(`${folder}/mounts`, 0o710);
  fs.chmod(`${folder}/mounts`, 0o710);
}

/** The files of /var/lib/docker/containers/<id> that say what a container is (container.CheckpointTo). */
export function writeContainer(engine: Engine, container: Container): void {
  const { fs } = engine.options.host;
  const folder = containerFolder(container.id);
  fs.writeFile(
    `${folder}/config.v2.json`,
    looked(() => goText(configOf(engine, container))),
    0o600,
  );
  fs.writeFile(
    `${folder}/hostconfig.json`,
    looked(() => goText(container.hostConfig)),
    0o600,
  );
  if (container.everStarted) container.log.create();
  const resolver = fs.readText(`${folder}/resolv.conf`);
  if (resolver.ok)
    fs.writeFile(
      `${folder}/resolv.conf.hash`,
      looked(() => `sha256:${sha256Hex(resolver.value)}`),
    );
}

/** Made when somebody looks, which is seldom: a container changes only when it is written anew. */
const looked = (text: () => string): FileContent => ({ size: 2048, exact: false, make: () => encode(text()) });

/** config.v2.json: the fields of container.Container in their order. */
function configOf(engine: Engine, container: Container): Json {
  const shown = inspect(engine, container, false) as Json;
  const state = shown['State'] as Json;
  const { Status: _status, Health = null, ...flags } = state;
  const folder = containerFolder(container.id);
  const { everStarted, hostConfig } = container;
  const file = (name: string): string => (everStarted || isRunning(container) ? `${folder}/${name}` : '');
  return {
    StreamConfig: {},
    State: { ...flags, Health },
    ID: container.id,
    Created: shown['Created'],
    Managed: false,
    Path: shown['Path'],
    Args: shown['Args'],
    Config: configJson(container.config),
    Image: container.image.id,
    ImageManifest: null,
    NetworkSettings: networkSettings(shown['NetworkSettings'] as Json),
    LogPath: hostConfig.LogConfig.Type === 'json-file' ? file(`${container.id}-json.log`) : '',
    Name: `/${container.name}`,
    Driver: 'overlay2',
    OS: 'linux',
    ImagePlatform: { architecture: 'amd64', os: 'linux' },
    RestartCount: container.restartCount,
    HasBeenStartedBefore: everStarted,
    HasBeenManuallyStopped: container.stoppedByHand,
    MountPoints: Object.fromEntries(container.mounts.map((mount) => [mount.destination, mountPoint(mount)])),
    SecretReferences: null,
    ConfigReferences: null,
    MountLabel: '',
    ProcessLabel: '',
    AppArmorProfile: container.spec?.process.apparmor ?? '',
    SeccompProfile: '',
    NoNewPrivileges: false,
    WritableCgroups: null,
    HostnamePath: file('hostname'),
    HostsPath: file('hosts'),
    ShmPath: '',
    ResolvConfPath: file('resolv.conf'),
    LocalLogCacheMeta: { HaveNotifyEnabled: false },
  };
}

function networkSettings(shown: Json): Json {
  const networks = Object.entries((shown['Networks'] ?? {}) as Readonly<Record<string, Json>>).map(
    ([name, endpoint]) => [name, { ...endpoint, IPAMOperational: false, DesiredMacAddress: '' }] as const,
  );
  return {
    Bridge: '',
    SandboxID: shown['SandboxID'],
    SandboxKey: shown['SandboxKey'],
    HairpinMode: false,
    LinkLocalIPv6Address: '',
    LinkLocalIPv6PrefixLen: 0,
    Networks: Object.fromEntries(networks),
    Service: null,
    Ports: shown['Ports'],
    SecondaryIPAddresses: null,
    SecondaryIPv6Addresses: null,
    HasSwarmEndpoint: false,
  };
}

function mountPoint({ type, volume, source, destination, mode, writable }: Container['mounts'][number]): Json {
  return {
    Source: type === 'tmpfs' ? '' : source,
    Destination: destination,
    RW: writable,
    Name: volume?.name ?? '',
    Driver: type === 'volume' ? 'local' : '',
    Type: type,
    ...(mode === '' ? {} : { Relabel: mode }),
    ...(type === 'bind' ? { Propagation: 'rprivate' } : {}),
    Spec: { Type: type, ...(type === 'tmpfs' ? {} : { Source: volume?.name ?? source }), Target: destination },
    SkipMountpointCreation: false,
  };
}
