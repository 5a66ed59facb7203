import type { Clock } from '../sim/clock';
import type { Program } from '../linux/process/types';
import type { DockerOptions } from '../programs/dockerd/dockerd';
import type { Role } from './topology';

export interface ProgramsOptions {
  /** containerd of the nodes. */
  readonly containerd: Program;
  /** The cluster's own programs, if there is a cluster. */
  readonly kubernetes: Readonly<Record<string, Program>>;
  readonly docker: DockerOptions;
}

interface ProgramsModule {
  readonly programs: Readonly<Record<string, Program>>;
}

/** Every folder of programs says their names at once and is loaded when one of them runs for the first time. */
const names = import.meta.glob<readonly string[]>('../programs/*/names.ts', { eager: true, import: 'names' });
const modules = import.meta.glob<ProgramsModule>(['../programs/*/index.ts', '!../programs/kubernetes/*']);

/** Every program that an executable of this world may name. */
export function programsFor({ containerd, kubernetes, docker }: ProgramsOptions): ReadonlyMap<string, Program> {
  const table = new Map<string, Program>();
  for (const [path, listed] of Object.entries(names)) {
    const load = modules[path.replace('names.ts', 'index.ts')];
    if (load === undefined) continue;
    for (const name of listed)
      table.set(
        name,
        lazy(async () => (await load()).programs[name]),
      );
  }
  table.set(
    'dockerd',
    lazy(async () => (await import('../programs/dockerd/dockerd')).dockerd(docker)),
  );
  table.set(
    'dockerd.io',
    lazy(async () => (await import('../programs/dockerd/dockerd')).dockerdOfDebian(docker)),
  );
  table.set('containerd', containerd);
  for (const [name, program] of Object.entries(kubernetes)) table.set(name, program);
  table.set(
    'busybox',
    lazy(async () => (await import('../programs/busybox/busybox')).busybox(table)),
  );
  table.set(
    'busybox-debian',
    lazy(async () => (await import('../programs/busybox/busybox')).busybox(table, 'debian-testing')),
  );
  return table;
}

/**
 * A program whose code comes when it is first needed; virtual time stands still meanwhile. Whether it is there already
 * must not show: the turn is taken from the clock before anything is waited for, so it is the same one either way.
 */
function lazy(load: () => Promise<Program | undefined>): Program {
  let loaded: Program | undefined;
  const first = async (process: Parameters<Program>[0]): Promise<number> => {
    const loading = process.clock.external(load);
    await turn(process.clock, process);
    loaded = await loading;
    if (loaded === undefined) throw new Error(`${process.argv[0] ?? ''}: its folder has no such program`);
    return loaded(process);
  };
  // Later ones hand on: a program that runs for long would keep this function waiting, too.
  return (process) => {
    const program = loaded;
    return program === undefined ? first(process) : turn(process.clock, process).then(() => program(process));
  };
}

const turn = (clock: Clock, process: Parameters<Program>[0]): Promise<unknown> =>
  process.block<void>((wake) => {
    const timer = clock.setTimer(0, wake);
    return () => clock.cancel(timer);
  });

/** Programs that live in images only. */
const imagesOnly = new Set(
  (
    'etcd kube-apiserver kube-controller-manager kube-scheduler kube-proxy coredns flanneld cni-flannel kindnetd pause ' +
    'postgres initdb pg_ctl gosu psql pg_dump pg_isready createdb dropdb createuser dropuser mysqld mysql mysqladmin mysqldump mariadb-install-db mongod mongosh mongo nginx apk htpasswd apache-httpd httpd redis-server python3 pip3 node npm npx yarn hello go-runner metrics-server busybox ash opaque-server echoserver hello-app http-echo podinfo whoami-server registry'
  ).split(' '),
);
const nodesOnly = new Set(['kubelet', 'crictl', 'kubeadm', 'etcdctl', 'etcdutl']);
const workstationOnly = new Set(['dockerd', 'docker', 'docker-compose', 'docker-init']);

/** What is installed on a host with these roles. */
export function hostTools(programs: ReadonlyMap<string, Program>, roles: readonly Role[]): readonly string[] {
  const isNode = roles.some((role) => role !== 'workstation');
  const isWorkstation = roles.includes('workstation');
  return [...programs.keys()].filter(
    (name) =>
      !imagesOnly.has(name) &&
      !name.startsWith('busybox-') &&
      !name.startsWith('windows-') &&
      !name.endsWith('.io') &&
      (isNode || !nodesOnly.has(name)) &&
      (isWorkstation || !workstationOnly.has(name)),
  );
}
