import { ComposeError } from '../cli/error';
import { readBody } from '../../../linux/net/http/codec';
import type { Hook } from '../load/types';
import { nameOf, serviceOf, type Container } from './containers';
import type { Session } from './session';

/** Runs a lifecycle hook in a container (runHook). */
export async function runHook({ api }: Session, container: Container, hook: Hook): Promise<void> {
  const { Id: id } = await api.send<{ Id: string }>('POST', `/containers/${container.Id}/exec`, {
    User: hook.user ?? '',
    Privileged: hook.privileged === true,
    Env: Object.entries(hook.environment ?? {}).map(([key, value]) => (value === null ? key : `${key}=${value}`)),
    WorkingDir: hook.working_dir ?? '',
    Cmd: hook.command ?? [],
    AttachStdout: true,
    AttachStderr: true,
  });
  const response = await api.stream('POST', `/exec/${id}/start`, { Detach: false, Tty: false });
  await readBody(response.body);
  const { ExitCode } = await api.send<{ ExitCode: number | null }>('GET', `/exec/${id}/json`);
  if ((ExitCode ?? 0) !== 0)
    throw new ComposeError(`${serviceOf(container)} hook exited with status ${ExitCode ?? 0} (${nameOf(container)})`);
}
