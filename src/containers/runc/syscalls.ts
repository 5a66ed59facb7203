import { cgroupSettings, type ContainerSpec, type SpecMount } from './spec';

/** clone(2)'s flag of each namespace, in the order of its manual page. */
const cloneFlags: readonly (readonly [keyof ContainerSpec['namespaces'], string])[] = [
  ['cgroup', 'CLONE_NEWCGROUP'],
  ['ipc', 'CLONE_NEWIPC'],
  ['mnt', 'CLONE_NEWNS'],
  ['net', 'CLONE_NEWNET'],
  ['pid', 'CLONE_NEWPID'],
  ['user', 'CLONE_NEWUSER'],
  ['uts', 'CLONE_NEWUTS'],
];

/**
 * The system calls by which a container comes to be, as strace(1) would show them: what `runContainer`, `prepareRootfs`
 * and `applyResources` do with this specification, one line each. For who looks; nothing is run by it.
 */
export function syscallsOf(spec: ContainerSpec, pid: number): readonly string[] {
  const { namespaces, process, root, hostname, cgroupsPath, resources = {} } = spec;
  const fresh = cloneFlags.filter(([name]) => namespaces[name] === 'new').map(([, flag]) => flag);
  const joined = cloneFlags.filter(([name]) => namespaces[name] !== undefined && namespaces[name] !== 'new');
  const { uid, gid } = process.user;
  return [
    `mkdir("/sys/fs/cgroup${cgroupsPath}", 0755) = 0`,
    ...joined.map(([name, flag]) => `setns(/proc/…/ns/${name}, ${flag}) = 0`),
    `clone(${[...fresh, 'SIGCHLD'].join('|')}) = ${pid}`,
    `write("/sys/fs/cgroup${cgroupsPath}/cgroup.procs", "${pid}") = ${String(pid).length}`,
    ...cgroupSettings(resources).map(
      ([file, value]) => `write("/sys/fs/cgroup${cgroupsPath}/${file}", "${value}") = ${value.length}`,
    ),
    ...spec.mounts.map((mount) => mountCall(root.path, mount)),
    `pivot_root("${root.path}", ".") = 0`,
    ...(root.readonly === true ? ['mount(NULL, "/", NULL, MS_BIND|MS_REMOUNT|MS_RDONLY, NULL) = 0'] : []),
    ...(hostname !== undefined && namespaces.uts === 'new'
      ? [`sethostname("${hostname}", ${hostname.length}) = 0`]
      : []),
    `chdir("${process.cwd}") = 0`,
    `setresgid(${gid}, ${gid}, ${gid}) = 0`,
    `setresuid(${uid}, ${uid}, ${uid}) = 0`,
    `execve("${process.args[0] ?? ''}", ${JSON.stringify(process.args)}) = 0`,
  ];
}

function mountCall(root: string, { source, destination, type, readonly }: SpecMount): string {
  const flags = [...(type === 'bind' ? ['MS_BIND', 'MS_REC'] : []), ...(readonly === true ? ['MS_RDONLY'] : [])];
  const kind = type === 'bind' ? 'NULL' : `"${type}"`;
  return `mount("${source}", "${root}${destination}", ${kind}, ${flags.join('|') || '0'}, …) = 0`;
}
