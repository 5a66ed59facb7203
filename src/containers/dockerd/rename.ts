import { ok, type Result } from '../../sim/result';
import { refuse, type ApiError } from './api-types';
import type { Container } from './container';
import type { Engine } from './engine';

/** Why a name cannot be had; undefined if it is free. */
export function nameConflict(engine: Engine, name: string): string | undefined {
  const taken = engine.list().find((container) => container.name === name);
  if (taken === undefined) return undefined;
  return `Conflict. The container name "/${name}" is already in use by container "${taken.id}". You have to remove (or rename) that container to be able to reuse that name.`;
}

/** `docker rename`. */
export function rename(engine: Engine, container: Container, wanted: string): Result<void, ApiError> {
  const name = wanted.replace(/^\//, '');
  if (name === container.name) return refuse(400, 'Renaming a container with the same name as its current name');
  const conflict = nameConflict(engine, name);
  if (conflict !== undefined) return refuse(409, `Error when allocating new name: ${conflict}`);
  const old = container.name;
  container.name = name;
  engine.tell(container, 'rename', { oldName: `/${old}` });
  return ok(undefined);
}
