import { apiVersion } from '../cli/build';
import { swarmText, type SwarmInfo } from './swarm/info';
import { CommandError, type Command } from '../cli/command';
import { bytesSize } from '../cli/format';
import { flags } from '../cli/flags';
import type { Session } from '../cli/session';
import { findPlugin, type InstalledPlugin } from '../cli/plugins';
import { printFormatted, structured, type TypeNames } from '../cli/struct';
import { pluginsOf } from './plugins';

interface Component {
  readonly Name: string;
  readonly Version: string;
  readonly Details: Readonly<Record<string, string>>;
}

interface ServerVersion {
  readonly Platform: { readonly Name: string };
  readonly Components: readonly Component[];
  readonly [key: string]: unknown;
}

const buildTime = (text: string): string => {
  const at = new Date(text);
  const parts = at.toUTCString().split(' ');
  const [weekday = '', day = '', month = '', year = '', time = ''] = parts;
  return `${weekday.replace(',', '')} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`;
};

const versionTypes: TypeNames = {
  '': 'system.versionInfo',
  Client: 'system.clientVersion',
  Server: '*types.Version',
  'Server.Components[]': 'types.ComponentVersion',
  'Server.Components[].Details': 'map',
};
const infoTypes: TypeNames = {
  '': 'system.dockerInfo',
  ClientInfo: '*system.clientInfo',
  Runtimes: 'map',
  'Runtimes.runc.status': 'map',
  'RegistryConfig.IndexConfigs': 'map',
  Swarm: 'swarm.Info',
};

/** What `version` says of the CLI itself, in Go's order of fields. */
const clientOf = ({ build, contextName }: Session) => ({
  ...(build.platform === '' ? {} : { Platform: { Name: build.platform } }),
  Version: build.version,
  ApiVersion: apiVersion,
  DefaultAPIVersion: apiVersion,
  GitCommit: build.gitCommit,
  GoVersion: build.goVersion,
  Os: 'linux',
  Arch: 'amd64',
  BuildTime: buildTime(build.buildTime),
  Context: contextName,
});

export const version: Command = {
  use: 'version [OPTIONS]',
  short: 'Show the Docker version information',
  flags: flags(`-f, --format string | {inspect}`),
  operands: [0, 0],
  async run(invocation) {
    const { api, session, flags: given, out, error } = invocation;
    const format = given.text('format');
    const client = clientOf(session);
    let server: ServerVersion | undefined;
    let problem: CommandError | undefined;
    try {
      server = await api.get<ServerVersion>('/version');
    } catch (thrown) {
      if (!(thrown instanceof CommandError)) throw thrown;
      problem = thrown;
    }
    if (format !== '') {
      const shown = server === undefined ? null : { ...server, Components: server.Components.map(readable) };
      const methods = { APIVersion: client.ApiVersion };
      const data = { Client: format === 'json' ? client : { ...client, ...methods }, Server: shown };
      const status = await printFormatted(invocation, format, structured(data, versionTypes));
      if (status !== 0) return status;
    } else {
      await out(
        `Client:${session.build.platform === '' ? '' : ` ${session.build.platform}`}\n` +
          [
            ['Version:', client.Version],
            ['API version:', client.ApiVersion],
            ['Go version:', client.GoVersion],
            ['Git commit:', client.GitCommit],
            ['Built:', client.BuildTime],
            ['OS/Arch:', `${client.Os}/${client.Arch}`],
            ['Context:', client.Context],
          ]
            .map(([label = '', value = '']) => ` ${label.padEnd(18)}${value}\n`)
            .join(''),
      );
      if (server !== undefined) await out(serverText(server));
    }
    if (problem === undefined) return 0;
    await error(`${problem.message}\n`);
    return 1;
  },
};

const readable = (component: Component): Component => {
  const { BuildTime } = component.Details;
  return BuildTime === undefined
    ? component
    : { ...component, Details: { ...component.Details, BuildTime: buildTime(BuildTime) } };
};

function serverText({ Platform, Components }: ServerVersion): string {
  let text = `\nServer:${Platform.Name === '' ? '' : ` ${Platform.Name}`}\n`;
  for (const { Name, Version, Details } of Components.map(readable)) {
    text += ` ${Name}:\n`;
    const rows =
      Name === 'Engine'
        ? [
            ['Version:', Version],
            ['API version:', `${Details['ApiVersion'] ?? ''} (minimum version ${Details['MinAPIVersion'] ?? ''})`],
            ['Go version:', Details['GoVersion'] ?? ''],
            ['Git commit:', Details['GitCommit'] ?? ''],
            ['Built:', Details['BuildTime'] ?? ''],
            ['OS/Arch:', `${Details['Os'] ?? ''}/${Details['Arch'] ?? ''}`],
            ['Experimental:', Details['Experimental'] ?? 'false'],
          ]
        : [
            ['Version:', Version],
            ['GitCommit:', Details['GitCommit'] ?? ''],
          ];
    text += rows.map(([label = '', value = '']) => `  ${label.padEnd(17)}${value}\n`).join('');
  }
  return text;
}

const installed = ({ process, configDir, build }: Session): readonly InstalledPlugin[] =>
  pluginsOf(build)
    .map((plugin) => findPlugin(process, configDir, plugin))
    .filter((plugin) => plugin !== undefined);

type Info = Readonly<Record<string, unknown>>;

export const info: Command = {
  use: 'info [OPTIONS]',
  short: 'Display system-wide information',
  aliases: ['docker system info', 'docker info'],
  flags: flags(`-f, --format string | {inspect}`),
  operands: [0, 0],
  async run(invocation) {
    const { api, session, flags: given, out, error } = invocation;
    const { Version, DefaultAPIVersion, GitCommit, GoVersion, Os, Arch, BuildTime, Context } = clientOf(session);
    const found = installed(session);
    const format = given.text('format');
    const clientText =
      `Client:${session.build.platform === '' ? '' : ` ${session.build.platform}`}\n Version:    ${Version}\n` +
      ` Context:    ${Context}\n Debug Mode: ${String(session.debug)}\n` +
      (found.length === 0 ? '' : ' Plugins:\n') +
      found
        .map(
          (plugin) =>
            `  ${plugin.Name}: ${plugin.ShortDescription} (${plugin.Vendor})\n    Version:  ${plugin.Version}\n    Path:     ${plugin.Path}\n`,
        )
        .join('');
    try {
      const server = await api.get<Info>('/info');
      if (format !== '') {
        const ClientInfo = {
          Debug: session.debug,
          ...(session.build.platform === '' ? {} : { Platform: { Name: session.build.platform } }),
          Version,
          DefaultAPIVersion,
          GitCommit,
          GoVersion,
          Os,
          Arch,
          BuildTime,
          Context,
          Plugins: found,
          Warnings: null,
        };
        return await printFormatted(invocation, format, structured({ ...server, ClientInfo }, infoTypes));
      }
      await out(`${clientText}\nServer:\n${infoText(server)}`);
      return 0;
    } catch (thrown) {
      if (!(thrown instanceof CommandError)) throw thrown;
      if (format === '') await out(`${clientText}\nServer:\n`);
      await error(`${thrown.message}\n`);
      return 1;
    }
  },
};

function infoText(info: Info): string {
  const text = (key: string): string => String(info[key] ?? '');
  const plugins = info['Plugins'] as Record<string, string[] | null>;
  const commit = (key: string): string => (info[key] as { ID: string }).ID;
  const linux = info['OSType'] !== 'windows';
  const given = (label: string, key: string): readonly string[] =>
    text(key) === '' ? [] : [` ${label}: ${text(key)}`];
  const labels = info['Labels'] as readonly string[] | null;
  const folders = info['CDISpecDirs'] as readonly string[];
  const lines = [
    ` Containers: ${text('Containers')}`,
    `  Running: ${text('ContainersRunning')}`,
    `  Paused: ${text('ContainersPaused')}`,
    `  Stopped: ${text('ContainersStopped')}`,
    ` Images: ${text('Images')}`,
    ` Server Version: ${text('ServerVersion')}`,
    ` Storage Driver: ${text('Driver')}`,
    ...(info['DriverStatus'] as [string, string][]).map(([name, value]) => `  ${name}: ${value}`),
    ` Logging Driver: ${text('LoggingDriver')}`,
    ...(linux ? [` Cgroup Driver: ${text('CgroupDriver')}`, ` Cgroup Version: ${text('CgroupVersion')}`] : []),
    ' Plugins:',
    `  Volume: ${(plugins['Volume'] ?? []).join(' ')}`,
    `  Network: ${(plugins['Network'] ?? []).join(' ')}`,
    `  Log: ${(plugins['Log'] ?? []).join(' ')}`,
    ...(folders.length === 0 ? [] : [' CDI spec directories:', ...folders.map((path) => `  ${path}`)]),
    ...swarmText(info['Swarm'] as SwarmInfo),
    ...(linux ? linuxParts(info, commit) : []),
    ...given('Default Isolation', 'Isolation'),
    ` Kernel Version: ${text('KernelVersion')}`,
    ` Operating System: ${text('OperatingSystem')}`,
    ` OSType: ${text('OSType')}`,
    ` Architecture: ${text('Architecture')}`,
    ` CPUs: ${text('NCPU')}`,
    ` Total Memory: ${bytesSize(Number(info['MemTotal']))}`,
    ` Name: ${text('Name')}`,
    ` ID: ${text('ID')}`,
    ` Docker Root Dir: ${text('DockerRootDir')}`,
    ` Debug Mode: ${text('Debug')}`,
    ...given('HTTP Proxy', 'HttpProxy'),
    ...given('HTTPS Proxy', 'HttpsProxy'),
    ...given('No Proxy', 'NoProxy'),
    ...(labels === null || labels.length === 0 ? [] : [' Labels:', ...labels.map((label) => `  ${label}`)]),
    ` Experimental: ${text('ExperimentalBuild')}`,
    ' Insecure Registries:',
    ...insecure(info).map((name) => `  ${name}`),
    ` Live Restore Enabled: ${text('LiveRestoreEnabled')}`,
  ];
  return `${lines.join('\n')}\n\n`;
}

/** What only engines of Linux have. */
function linuxParts(info: Info, commit: (key: string) => string): readonly string[] {
  const text = (key: string): string => String(info[key] ?? '');
  return [
    ` Runtimes: ${Object.keys(info['Runtimes'] as object)
      .sort()
      .join(' ')}`,
    ` Default Runtime: ${text('DefaultRuntime')}`,
    ` Init Binary: ${text('InitBinary')}`,
    ` containerd version: ${commit('ContainerdCommit')}`,
    ` runc version: ${commit('RuncCommit')}`,
    ` init version: ${commit('InitCommit')}`,
    ' Security Options:',
    ...(info['SecurityOptions'] as string[]).flatMap((option) => {
      const fields = option.split(',').map((field) => field.split('='));
      const name = fields.find(([key]) => key === 'name')?.[1] ?? '';
      const profile = fields.find(([key]) => key === 'profile')?.[1];
      return [`  ${name}`, ...(profile === undefined ? [] : [`   Profile: ${profile}`])];
    }),
  ];
}

/** Registries that are spoken to without TLS: by name, then by address. */
function insecure(info: Info): readonly string[] {
  const { IndexConfigs, InsecureRegistryCIDRs } = info['RegistryConfig'] as {
    readonly IndexConfigs: Readonly<Record<string, { readonly Name: string; readonly Secure: boolean }>>;
    readonly InsecureRegistryCIDRs: readonly string[];
  };
  const named = Object.values(IndexConfigs).filter(({ Secure }) => !Secure);
  return [...named.map(({ Name }) => Name), ...InsecureRegistryCIDRs];
}
