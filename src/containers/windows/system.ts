import { community, type EngineBuild } from '../dockerd/build-info';

/** Windows Server 2022, as of November 2025. */
export const hostBuild = '20348.4405';

/** What `ver` and `docker info` call it. */
export const windowsVersion = `10.0.${hostBuild}`;

/** dockerd.exe of download.docker.com/win/static on Windows Server 2022. */
export const windowsEngine: EngineBuild = {
  ...community,
  logDrivers: ['awslogs', 'etwlogs', 'fluentd', 'gcplogs', 'gelf', 'json-file', 'local', 'splunk', 'syslog'],
  system: {
    os: 'windows',
    kernelVersion: `10.0 20348 (20348.1.amd64fre.fe_release.210507-1500)`,
    pullPlatform: 'windows/amd64 10.0.20348',
    components: false,
    info: {
      Driver: 'windowsfilter',
      DriverStatus: [['Windows', '']],
      Plugins: {
        Volume: ['local'],
        Network: ['ics', 'internal', 'l2bridge', 'l2tunnel', 'nat', 'null', 'overlay', 'private', 'transparent'],
        Authorization: null,
        Log: ['awslogs', 'etwlogs', 'fluentd', 'gcplogs', 'gelf', 'json-file', 'local', 'splunk', 'syslog'],
      },
      MemoryLimit: false,
      SwapLimit: false,
      CpuCfsPeriod: false,
      CpuCfsQuota: false,
      CPUShares: false,
      CPUSet: false,
      PidsLimit: false,
      IPv4Forwarding: true,
      CgroupDriver: '',
      CgroupVersion: undefined,
      KernelVersion: `10.0 20348 (20348.1.amd64fre.fe_release.210507-1500)`,
      OperatingSystem: `Microsoft Windows Server Version 21H2 (OS Build ${hostBuild})`,
      OSVersion: '10.0.20348',
      OSType: 'windows',
      DockerRootDir: 'C:\\ProgramData\\docker',
      Runtimes: {
        'com.docker.hcsshim.v1': { path: '' },
        'io.containerd.runhcs.v1': { path: '' },
      },
      DefaultRuntime: '',
      Isolation: 'process',
      InitBinary: '',
      ContainerdCommit: { ID: '' },
      RuncCommit: { ID: '' },
      InitCommit: { ID: '' },
      SecurityOptions: [],
      FirewallBackend: undefined,
      CDISpecDirs: [],
      Containerd: undefined,
    },
  },
};
