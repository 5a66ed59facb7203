import { capabilityNames } from '../../linux/capabilities';
import { ok, type Result } from '../../sim/result';
import { startExitCode } from '../runc/look-path';
import { resolveUser } from '../runc/user';
import { siloExec } from '../windows/silo';
import { refuse, type ApiError } from './api-types';
import { isRunning, type Container, type Exec } from './container';
import type { Engine } from './engine';

/** Why nothing can be executed in a container (daemon/exec.go, containerExecCreate); undefined if it can. */
export function execRefusal({ id, status }: Container, name: string): ApiError | undefined {
  if (status === 'paused')
    return { status: 409, message: `Container ${name} is paused, unpause the container before exec` };
  if (status === 'restarting')
    return { status: 409, message: `Container ${id} is restarting, wait until the container is running` };
  return isRunning({ status }) ? undefined : { status: 409, message: `container ${id} is not running` };
}

type ExecRequest = Pick<Exec, 'command' | 'options' | 'user' | 'env' | 'workingDir' | 'privileged'> & {
  readonly detachKeys?: string;
};

/** Registers a command to be executed in a running container. */
export function createExec(engine: Engine, container: Container, request: ExecRequest): Exec {
  const exec: Exec = {
    detachKeys: '',
    ...request,
    id: engine.options.random.hex(64),
    container,
    process: undefined,
    exit: undefined,
    failed: undefined,
    started: false,
  };
  engine.execs.set(exec.id, exec);
  container.execs.set(exec.id, exec);
  tellExec(engine, exec, 'exec_create');
  return exec;
}

/** As moby says it, with a blank also where there are no arguments. */
export function tellExec(engine: Engine, exec: Exec, action: 'exec_create' | 'exec_start'): void {
  const [entrypoint = '', ...args] = exec.command;
  engine.tell(exec.container, `${action}: ${entrypoint} ${args.join(' ')}`, { execID: exec.id });
}

/** The user that it is to run as, or why there is none. */
export function execUser(engine: Engine, { user, container }: Pick<Exec, 'user' | 'container'>) {
  const wanted = user === '' ? container.config.User : user;
  const { GroupAdd } = container.hostConfig;
  // Users of Windows are not those of /etc/passwd.
  if (engine.options.os === 'windows') return ok({ uid: 0, gid: 0, groups: [], home: '' });
  const resolved = resolveUser(engine.options.host.fs, container.snapshot.target, wanted, GroupAdd ?? []);
  return resolved.ok ? resolved : refuse(400, resolved.error);
}

/** Runs it: its process is the exec's from then on. `died` comes after its event. */
export function startExec(engine: Engine, exec: Exec, died: () => void = () => undefined): Result<void, ApiError> {
  const { container, command, options, env, workingDir } = exec;
  const { shim, process, spec } = container;
  if (shim === undefined || process === undefined || spec === undefined)
    return refuse(409, `container ${container.id} is not running`);
  const user = execUser(engine, exec);
  if (!user.ok) {
    // What fails before a code is known counts as EACCES (daemon/exec.go).
    exec.failed = 126;
    container.execs.delete(exec.id);
    return user;
  }
  const environment = new Map(spec.process.env);
  if (exec.user !== '') environment.set('HOME', user.value.home);
  if (options.terminal) environment.set('TERM', 'xterm');
  for (const entry of env) {
    const equals = entry.indexOf('=');
    if (equals > 0) environment.set(entry.slice(0, equals), entry.slice(equals + 1));
    else if (equals < 0) environment.delete(entry);
  }
  const silo = engine.options.os === 'windows' ? siloExec(container, exec, engine.options.host) : undefined;
  if (silo?.ok === false) {
    exec.failed = startExitCode(silo.error);
    container.execs.delete(exec.id);
    return refuse(400, silo.error);
  }
  const started = shim.exec(
    process,
    spec.cgroupsPath,
    silo === undefined
      ? {
          ...spec.process,
          ...(exec.privileged ? { capabilities: capabilityNames, seccomp: false, apparmor: 'unconfined' } : {}),
          args: command,
          env: environment,
          cwd: workingDir === '' ? spec.process.cwd : workingDir,
          user: user.value,
          terminal: options.terminal,
        }
      : { ...silo.value, terminal: options.terminal },
    options,
  );
  if (!started.ok) {
    exec.failed = startExitCode(started.error);
    container.execs.delete(exec.id);
    return refuse(400, `OCI runtime exec failed: ${started.error}`);
  }
  exec.process = started.value;
  started.value.onExit((exit) => {
    exec.exit = exit;
    container.execs.delete(exec.id);
    engine.tell(container, 'exec_die', { execID: exec.id, exitCode: String(exit.code) });
    died();
  });
  return ok(undefined);
}
