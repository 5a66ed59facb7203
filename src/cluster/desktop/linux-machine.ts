import { community } from '../../containers/dockerd/build-info';
import type { Host } from '../../linux/host';
import { shareFolder } from '../../linux/fs';
import type { Process } from '../../linux/process/types';
import type { HostPlan, Topology } from '../topology';
import { desktopSocket } from './contexts';
import type { DesktopOptions, MachineEngine } from './desktop';
import { forwardPort } from './forward-port';
import type { Hop } from './machine';
import { Vpnkit } from './vpnkit';

const kernel = '6.6.87.2-microsoft-standard-WSL2';

const plan: HostPlan = {
  name: 'docker-desktop',
  address: '192.168.65.3',
  roles: ['workstation'],
  cpus: 4,
  memory: 8_136_486_912,
  release: kernel,
};

/** The VM's own network: it ends in the backend on the user's machine. */
const wired: Topology = { name: 'desktop', hosts: [plan], prefix: 24, network: '192.168.65.0', prompt: '\\h:\\w\\$ ' };

/** Folders of the user's machine that the VM has at the same place. */
const shared = ['/home', '/root', '/srv', '/opt', '/mnt', '/media', '/tmp'];

export interface Made {
  readonly plan: HostPlan;
  readonly host: Host;
  readonly engine: MachineEngine;
  readonly hop: Hop;
}

/** The small VM in which Docker Desktop runs its engine. */
export function linuxMachine(backend: Process, options: DesktopOptions): Made {
  const host = options.makeHost(plan, wired);
  const { fs } = host;
  fs.writeFile('/etc/os-release', 'PRETTY_NAME="Docker Desktop"\nNAME="Docker Desktop"\n');
  for (const path of shared) {
    fs.mkdirAll(path);
    shareFolder(options.workstation.fs, path, fs, 'virtiofs');
  }
  const vpnkit = new Vpnkit(backend, host, options);
  fs.writeFile('/etc/resolv.conf', `nameserver ${vpnkit.resolver}\n`);
  const engine: MachineEngine = {
    build: {
      ...community,
      platform: 'Docker Desktop 4.52.0 (210994)',
      system: { os: 'linux', kernelVersion: kernel, pullPlatform: 'linux/amd64', components: true, info },
    },
    expose: (port) => forwardPort(backend, host, port),
  };
  const hop = {
    argv: ['/usr/bin/vsudd', '-inport', '2376:unix:/run/docker.sock'],
    actor: 'vsudd',
    from: desktopSocket,
    over: 'vsock 3:2376',
    to: '/run/docker.sock',
  };
  return { plan, host, engine, hop };
}

/** What `docker info` says of Docker Desktop and of no other engine. */
const info: Readonly<Record<string, unknown>> = {
  CgroupDriver: 'cgroupfs',
  KernelVersion: kernel,
  OperatingSystem: 'Docker Desktop',
  OSVersion: '',
  HttpProxy: 'http.docker.internal:3128',
  HttpsProxy: 'http.docker.internal:3128',
  NoProxy: 'hubproxy.docker.internal',
  Labels: [`com.docker.desktop.address=unix:///root/.docker/desktop/docker-cli.sock`],
  RegistryConfig: {
    IndexConfigs: {
      'docker.io': { Mirrors: [], Name: 'docker.io', Official: true, Secure: true },
      'hubproxy.docker.internal:5555': {
        Mirrors: [],
        Name: 'hubproxy.docker.internal:5555',
        Official: false,
        Secure: false,
      },
    },
    InsecureRegistryCIDRs: ['::1/128', '127.0.0.0/8'],
    Mirrors: null,
  },
  SecurityOptions: ['name=seccomp,profile=unconfined', 'name=cgroupns'],
};
