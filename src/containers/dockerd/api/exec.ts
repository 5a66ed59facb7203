import { latencies } from '../../../sim/latencies';
import { createExec, execRefusal, execUser, startExec, tellExec } from '../exec';
import { hijack, pump } from './attach';
import { whoAnswers } from './headers';
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
  readonly DetachKeys?: string;
  readonly Cmd?: readonly string[] | null;
  readonly ConsoleSize?: readonly [number, number] | null;
}

export const execRoutes: readonly Route[] = [
  [
    'POST',
    /^\/containers\/([^/]+)\/exec$/,
    async (call) => {
      const { engine } = call;
      const name = decodeURIComponent(call.params[0] ?? '');
      const found = engine.find(name);
      if (!found.ok) return failure(found.error);
      const container = found.value;
      const refused = execRefusal(container, name);
      if (refused !== undefined) return failure(refused);
      const request = (await readJson<ExecCreate>(call)) ?? {};
      const command = request.Cmd ?? [];
      if (command.length === 0) return failure({ status: 400, message: 'no exec command specified' });
      const [rows = 0, columns = 0] = request.ConsoleSize ?? [];
      const again = execRefusal(container, name);
      if (again !== undefined) return failure(again);
      const user = request.User ?? '';
      if (user !== '') {
        const known = execUser(engine, { user, container });
        if (!known.ok) return failure(known.error);
      }
      const exec = createExec(engine, container, {
        command,
        options: {
          terminal: request.Tty === true,
          stdin: request.AttachStdin === true,
          stdout: request.AttachStdout === true,
          stderr: request.AttachStderr === true,
          ...(rows > 0 ? { size: { rows, columns } } : {}),
        },
        user,
        env: request.Env ?? [],
        workingDir: request.WorkingDir ?? '',
        privileged: request.Privileged === true,
        detachKeys: request.DetachKeys ?? '',
      });
      return json({ Id: exec.id }, 201);
    },
  ],
  [
    'POST',
    /^\/exec\/([^/]+)\/start$/,
    async (call) => {
      const { engine } = call;
      const exec = engine.execs.get(call.params[0] ?? '');
      if (exec === undefined)
        return failure({ status: 404, message: `No such exec instance: ${call.params[0] ?? ''}` });
      const { Detach = false } = (await readJson<{ Detach?: boolean }>(call)) ?? {};
      if (exec.exit !== undefined || exec.failed !== undefined)
        return failure({ status: 409, message: `exec command ${exec.id} has already run` });
      if (exec.started) return failure({ status: 409, message: `exec command ${exec.id} is already running` });
      const refused = execRefusal(exec.container, exec.container.id);
      if (refused !== undefined) return failure(refused);
      exec.started = true;
      tellExec(engine, exec, 'exec_start');
      const tty = exec.options.terminal;
      if (Detach) {
        await engine.options.clock.sleep(latencies.runcCreate);
        const started = startExec(engine, exec);
        return started.ok ? noContent(200) : failure(started.error);
      }
      const duplex = hijack(call, tty, whoAnswers(call.build));
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
