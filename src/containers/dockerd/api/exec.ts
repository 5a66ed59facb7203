import { ok, type Result } from '../../../sim/result';
import { latencies } from '../../../sim/latencies';
import { resolveUser } from '../../runc/user';
import type { ApiError } from '../api-types';
import { isRunning, type Exec } from '../container';
import type { Engine } from '../engine';
import { startExitCode } from '../../runc/look-path';
import { hijack, pump } from './attach';
import { sizeOf } from './containers';
import { encode } from '../../../linux/io/bytes';
import { failure, frame, json, noContent, readJson, type Route } from './respond';

interface ExecCreate {
  readonly User?: string;
  readonly Privileged?: boolean;
  readonly Tty?: boolean;
  readonly AttachStdin?: boolean;
  readonly AttachStdout?: boolean;
  readonly AttachStderr?: boolean;
  readonly Env?: readonly string[] | null;
  readonly WorkingDir?: string;
  readonly Cmd?: readonly string[] | null;
  readonly ConsoleSize?: readonly [number, number] | null;
}

export const execRoutes: readonly Route[] = [
  [
    'POST',
    /^\/containers\/([^/]+)\/exec$/,
    async (call) => {
      const { engine } = call;
      const found = engine.find(decodeURIComponent(call.params[0] ?? ''));
      if (!found.ok) return failure(found.error);
      const container = found.value;
      if (container.status === 'paused')
        return failure({
          status: 409,
          message: `container ${container.id} is paused, unpause the container before exec`,
        });
      if (container.status === 'restarting')
        return failure({
          status: 409,
          message: `container ${container.id} is restarting, wait until the container is running`,
        });
      if (!isRunning(container)) return failure({ status: 409, message: `container ${container.id} is not running` });
      const request = (await readJson<ExecCreate>(call)) ?? {};
      const command = request.Cmd ?? [];
      if (command.length === 0) return failure({ status: 400, message: 'no exec command specified' });
      const [rows = 0, columns = 0] = request.ConsoleSize ?? [];
      const exec: Exec = {
        id: engine.options.random.hex(64),
        container,
        command,
        options: {
          terminal: request.Tty === true,
          stdin: request.AttachStdin === true,
          stdout: request.AttachStdout === true,
          stderr: request.AttachStderr === true,
          ...(rows > 0 ? { size: { rows, columns } } : {}),
        },
        user: request.User ?? '',
        env: request.Env ?? [],
        workingDir: request.WorkingDir ?? '',
        privileged: request.Privileged === true,
        process: undefined,
        exit: undefined,
        failed: undefined,
      };
      engine.execs.set(exec.id, exec);
      container.execs.set(exec.id, exec);
      engine.tell(container, `exec_create: ${command.join(' ')}`, { execID: exec.id });
      return json({ Id: exec.id }, 201);
    },
  ],
  [
    'POST',
    /^\/exec\/([^/]+)\/start$/,
    async (call) => {
      const { engine, context } = call;
      const exec = engine.execs.get(call.params[0] ?? '');
      if (exec === undefined)
        return failure({ status: 404, message: `No such exec instance: ${call.params[0] ?? ''}` });
      const { Detach = false } = (await readJson<{ Detach?: boolean }>(call)) ?? {};
      if (!isRunning(exec.container))
        return failure({ status: 409, message: `container ${exec.container.id} is not running` });
      engine.tell(exec.container, `exec_start: ${exec.command.join(' ')}`, { execID: exec.id });
      const tty = exec.options.terminal;
      if (Detach) {
        await engine.options.clock.sleep(latencies.runcCreate);
        const started = startExec(engine, exec);
        return started.ok ? noContent(200) : failure(started.error);
      }
      const user = checkUser(engine, exec);
      if (!user.ok) return failure(user.error);
      const duplex = hijack(context, tty);
      if (duplex === undefined) return failure({ status: 400, message: 'error attaching to exec: not upgraded' });
      await engine.options.clock.sleep(latencies.runcCreate);
      const { stdin, stdout, stderr } = exec.options;
      const { plug, close } = pump(duplex, { stdin, stdout, stderr, tty, closeStdin: true });
      const started = startExec(engine, exec);
      if (started.ok && exec.process !== undefined) plug(exec.process);
      else if (!started.ok) {
        // The connection is a stream already: the complaint comes as output (398-exec-127).
        const text = encode(`${started.error.message}\r\n`);
        await duplex.write(tty ? text : frame(1, text));
        close();
      }
      return noContent(101);
    },
  ],
  [
    'POST',
    /^\/exec\/([^/]+)\/resize$/,
    ({ engine, params, query }) => {
      const exec = engine.execs.get(params[0] ?? '');
      if (exec === undefined) return failure({ status: 404, message: `No such exec instance: ${params[0] ?? ''}` });
      exec.process?.streams.pty?.resize(sizeOf(query));
      return noContent(200);
    },
  ],
  [
    'GET',
    /^\/exec\/([^/]+)\/json$/,
    ({ engine, params }) => {
      const exec = engine.execs.get(params[0] ?? '');
      if (exec === undefined) return failure({ status: 404, message: `No such exec instance: ${params[0] ?? ''}` });
      const { options, command, container, process, failed } = exec;
      const [entrypoint = '', ...args] = command;
      return json({
        ID: exec.id,
        Running: process !== undefined && process.exit === undefined,
        ExitCode: failed ?? process?.exit?.code ?? null,
        ProcessConfig: {
          tty: options.terminal,
          entrypoint,
          arguments: args,
          privileged: exec.privileged,
          ...(exec.user === '' ? {} : { user: exec.user }),
        },
        OpenStdin: options.stdin,
        OpenStderr: options.stderr,
        OpenStdout: options.stdout,
        CanRemove: false,
        ContainerID: container.id,
        DetachKeys: '',
        Pid: process?.pid ?? 0,
      });
    },
  ],
];

function checkUser(engine: Engine, { user, container }: Exec) {
  const wanted = user === '' ? container.config.User : user;
  const resolved = resolveUser(engine.options.host.fs, container.snapshot.target, wanted);
  return resolved.ok ? resolved : { ok: false as const, error: { status: 400, message: resolved.error } };
}

function startExec(engine: Engine, exec: Exec): Result<void, ApiError> {
  const { container, command, options, env, workingDir } = exec;
  const { shim, process, spec } = container;
  if (shim === undefined || process === undefined || spec === undefined)
    return { ok: false, error: { status: 409, message: `container ${container.id} is not running` } };
  const user = checkUser(engine, exec);
  if (!user.ok) return user;
  const environment = new Map(spec.process.env);
  if (exec.user !== '') environment.set('HOME', user.value.home);
  if (options.terminal) environment.set('TERM', 'xterm');
  for (const entry of env) {
    const equals = entry.indexOf('=');
    if (equals > 0) environment.set(entry.slice(0, equals), entry.slice(equals + 1));
  }
  const started = shim.exec(
    process,
    spec.cgroupsPath,
    {
      args: command,
      env: environment,
      cwd: workingDir === '' ? spec.process.cwd : workingDir,
      user: user.value,
      terminal: options.terminal,
    },
    options,
  );
  if (!started.ok) {
    exec.failed = startExitCode(started.error);
    return { ok: false, error: { status: 400, message: `OCI runtime exec failed: ${started.error}` } };
  }
  exec.process = started.value;
  started.value.onExit(({ code }) => {
    container.execs.delete(exec.id);
    engine.tell(container, 'exec_die', { execID: exec.id, exitCode: String(code) });
  });
  return ok(undefined);
}
