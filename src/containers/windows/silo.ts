import { err, ok, type Result } from '../../sim/result';
import type { FileSystem } from '../../linux/fs/types';
import type { ContainerHost } from '../host';
import type { ContainerSpec, ProcessSpec } from '../runc/spec';
import { needsHyperV } from './verify';
import { cgroupOf, commandOf, type Container } from '../dockerd/container';

/** Where programs are looked for without a path. */
const searched = [
  '/Windows/System32',
  '/Windows',
  '/Windows/System32/Wbem',
  '/Windows/System32/WindowsPowerShell/v1.0',
];

const administrator = { uid: 0, gid: 0, groups: [] };

/**
 * A container on Windows: its processes are in a job object, which a server silo makes the root of names, of the file system
 * and of the network (hcsshim). There is nothing to mount but its own layers.
 */
export function siloSpec(container: Container, host: ContainerHost): Result<ContainerSpec, string> {
  const { config, snapshot, image, hostConfig, id } = container;
  if (needsHyperV(image.details.windows, hostConfig.Isolation))
    return err(
      `hcs::CreateComputeSystem ${id}: The container operating system does not match the host operating system.`,
    );
  const cwd = withoutDrive(config.WorkingDir === '' ? '/' : config.WorkingDir);
  const env = new Map<string, string>(environment(config.Hostname, config.User));
  for (const entry of config.Env ?? []) {
    const equals = entry.indexOf('=');
    if (equals > 0) setVariable(env, entry.slice(0, equals), entry.slice(equals + 1));
  }
  const args = siloCommand(host.fs, snapshot.target, container.id, commandOf(container), cwd);
  if (!args.ok) return args;
  return ok({
    process: { args: args.value, env, cwd, user: administrator, terminal: config.Tty === true },
    root: { path: snapshot.target },
    hostname: config.Hostname,
    mounts: [],
    cgroupsPath: cgroupOf(container),
    namespaces: { mnt: 'new', pid: 'new', net: 'new', uts: 'new', ipc: 'new', cgroup: 'new' },
    maskedPaths: [],
    readonlyPaths: [],
    privileged: true,
  });
}

/** A further process in a silo. */
export function siloExec(
  { id, spec, process }: Container,
  exec: { readonly command: readonly string[]; readonly env: readonly string[]; readonly workingDir: string },
  host: ContainerHost,
): Result<ProcessSpec, string> {
  if (spec === undefined || process === undefined) return err(`container ${id} is not running`);
  const cwd = exec.workingDir === '' ? spec.process.cwd : withoutDrive(exec.workingDir);
  const env = new Map(spec.process.env);
  for (const entry of exec.env) {
    const equals = entry.indexOf('=');
    if (equals > 0) setVariable(env, entry.slice(0, equals), entry.slice(equals + 1));
  }
  const args = siloCommand(host.fs, spec.root.path, id, exec.command, cwd);
  return args.ok ? ok({ ...spec.process, args: args.value, env, cwd }) : args;
}

/** CreateProcess looks for `NAME` and `NAME.exe`, whatever the case, where it is told or along the path. */
function siloCommand(
  fs: FileSystem,
  root: string,
  id: string,
  [command = '', ...args]: readonly string[],
  cwd: string,
): Result<readonly string[], string> {
  const wanted = withoutDrive(command);
  const candidates = wanted.startsWith('/') ? [wanted] : [cwd, ...searched].map((folder) => `${folder}/${wanted}`);
  for (const candidate of candidates) {
    const found = findFile(fs, root, candidate) ?? findFile(fs, root, `${candidate}.exe`);
    if (found !== undefined) return ok([found, ...args]);
  }
  return err(`hcs::System::CreateProcess ${id}: The system cannot find the file specified.`);
}

/** The path as it is written on the disk. */
function findFile(fs: FileSystem, root: string, path: string): string | undefined {
  let found = '';
  for (const name of path.split('/').filter((part) => part !== '')) {
    const entries = fs.readdir(root + found);
    const entry = entries.ok ? entries.value.find((each) => same(each.name, name)) : undefined;
    if (entry === undefined) return undefined;
    found += `/${entry.name}`;
  }
  const stat = fs.stat(root + found);
  return stat.ok && stat.value.type === 'file' ? found : undefined;
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** `C:\Windows` is `/Windows` of the container's tree. */
export const withoutDrive = (path: string): string => path.replace(/^[a-z]:/i, '').replaceAll('\\', '/') || '/';

function setVariable(env: Map<string, string>, name: string, value: string): void {
  const known = [...env.keys()].find((each) => same(each, name)) ?? name;
  env.set(known, value);
}

function environment(hostname: string, user: string): readonly (readonly [string, string])[] {
  const name = user === '' ? 'ContainerAdministrator' : user;
  return [
    ['ALLUSERSPROFILE', 'C:\\ProgramData'],
    ['APPDATA', `C:\\Users\\${name}\\AppData\\Roaming`],
    ['CommonProgramFiles', 'C:\\Program Files\\Common Files'],
    ['COMPUTERNAME', hostname.toUpperCase()],
    ['ComSpec', 'C:\\Windows\\system32\\cmd.exe'],
    ['LOCALAPPDATA', `C:\\Users\\${name}\\AppData\\Local`],
    ['NUMBER_OF_PROCESSORS', '4'],
    ['OS', 'Windows_NT'],
    [
      'Path',
      'C:\\Windows\\system32;C:\\Windows;C:\\Windows\\System32\\Wbem;C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\',
    ],
    ['PATHEXT', '.COM;.EXE;.BAT;.CMD'],
    ['PROCESSOR_ARCHITECTURE', 'AMD64'],
    ['ProgramData', 'C:\\ProgramData'],
    ['ProgramFiles', 'C:\\Program Files'],
    ['PROMPT', '$P$G'],
    ['PUBLIC', 'C:\\Users\\Public'],
    ['SystemDrive', 'C:'],
    ['SystemRoot', 'C:\\Windows'],
    ['TEMP', `C:\\Users\\${name}\\AppData\\Local\\Temp`],
    ['TMP', `C:\\Users\\${name}\\AppData\\Local\\Temp`],
    ['USERDOMAIN', 'User Manager'],
    ['USERNAME', name],
    ['USERPROFILE', `C:\\Users\\${name}`],
    ['windir', 'C:\\Windows'],
  ];
}
