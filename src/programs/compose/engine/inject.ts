import { ComposeError } from '../cli/error';
import type { FileReference, Project, Service } from '../load/types';
import { query } from './api';
import { targetOf } from './mounts';
import type { Session } from './session';
import { tarOf } from './tar';

/** Puts secrets and configs that are no files into the container, before it starts (injectSecrets, injectConfigs). */
export async function injectFiles(session: Session, project: Project, service: Service, id: string): Promise<void> {
  const put = async (reference: FileReference, content: string, folder: string): Promise<void> => {
    const { target, source, mode, uid, gid } = reference;
    const archive = tarOf([
      {
        path: targetOf(target, source, folder).slice(1),
        content,
        mode: mode === undefined ? 0o444 : parseInt(mode, 8),
        uid: Number(uid ?? 0) || 0,
        gid: Number(gid ?? 0) || 0,
        mtime: session.process.clock.now,
      },
    ]);
    await session.api.send(
      'PUT',
      `/containers/${id}/archive${query({ path: '/', copyUIDGID: (uid ?? gid) ? '1' : undefined })}`,
      archive,
    );
  };
  for (const reference of service.secrets ?? []) {
    const secret = project.secrets[reference.source];
    if (secret?.environment === undefined) continue;
    const content = project.environment.get(secret.environment);
    if (content === undefined)
      throw new ComposeError(
        `environment variable "${secret.environment}" required by secret "${secret.name}" is not set`,
      );
    await put(reference, content, '/run/secrets/');
  }
  for (const reference of service.configs ?? []) {
    const config = project.configs[reference.source];
    if (config === undefined) continue;
    if (config.environment !== undefined) {
      const content = project.environment.get(config.environment);
      if (content === undefined)
        throw new ComposeError(
          `environment variable "${config.environment}" required by config "${config.name}" is not set`,
        );
      await put(reference, content, '/');
    } else if (config.content !== undefined) await put(reference, config.content, '/');
  }
}
