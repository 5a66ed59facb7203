import type { Engine } from '../../dockerd/engine';
import type { SpecMount } from '../../runc/spec';
import { BuildFailure } from '../dockerfile/source';
import type { BuildStore, CacheRecord } from '../store';
import { Copier } from './copy';
import type { Value } from './value';
import type { ExecMount, ExecOp, Vertex } from './types';
import { rooted } from './rooted';
import { workspace } from './workspace';

export interface StepMounts {
  readonly mounts: readonly SpecMount[];
  readonly env: readonly (readonly [string, string])[];
  readonly release: () => void;
}

export interface MountContext {
  readonly engine: Engine;
  readonly store: BuildStore;
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  /** Built without cache: cache mounts begin anew. */
  readonly fresh: boolean;
  readonly valueOf: (vertex: Vertex) => Value;
}

/** What RUN --mount asks for, made ready on the host. */
export function prepareMounts(op: ExecOp, context: MountContext): StepMounts {
  const mounts: SpecMount[] = [];
  const env: [string, string][] = [];
  const releases: (() => void)[] = [];
  const release = (): void => {
    for (const one of releases.reverse()) one();
  };
  try {
    for (const mount of op.mounts) {
      const made = prepare(mount, op, context, releases, env);
      if (made !== undefined) mounts.push(made);
    }
  } catch (error) {
    release();
    throw error;
  }
  mounts.sort((a, b) => a.destination.split('/').length - b.destination.split('/').length);
  return { mounts, env, release };
}

function prepare(
  mount: ExecMount,
  op: ExecOp,
  context: MountContext,
  releases: (() => void)[],
  env: [string, string][],
): SpecMount | undefined {
  const destination = mount.target.replace(/\/+$/, '');
  switch (mount.type) {
    case 'tmpfs': {
      const size = mount.size > 0 ? { size: String(mount.size) } : {};
      return { destination, type: 'tmpfs', source: 'tmpfs', options: { nosuid: true, mode: '755', ...size } };
    }
    case 'secret':
      return secret(mount, context, releases, env);
    case 'ssh':
      if (mount.required)
        throw new BuildFailure(`no SSH key ${JSON.stringify(mount.id || 'default')} forwarded from the client`);
      return undefined;
    case 'cache':
      return { destination, type: 'bind', source: cacheFolder(mount, op, context), readonly: mount.readOnly };
    case 'bind':
      return { destination, type: 'bind', source: boundFolder(mount, context, releases), readonly: mount.readOnly };
  }
}

function secret(
  { id, target, required, env: variable, mode = 0o400, uid = 0, gid = 0 }: ExecMount,
  { engine, secrets }: MountContext,
  releases: (() => void)[],
  env: [string, string][],
): SpecMount | undefined {
  const content = secrets.get(id);
  if (content === undefined) {
    if (required) throw new BuildFailure(`secret ${id}: not found`);
    return undefined;
  }
  if (variable !== undefined) env.push([variable === '' ? id : variable, new TextDecoder().decode(content)]);
  if (target === '') return undefined;
  const { host, random } = engine.options;
  // As in buildkit, on a tmpfs: it must not come to the disk.
  const folder = `/run/buildkit-secret-${random.hex(12)}`;
  host.fs.mkdirAll(folder, 0o700);
  host.fs.mount({ source: 'tmpfs', target: folder, type: 'tmpfs', options: { mode: '700' } });
  host.fs.writeFile(`${folder}/secret`, content, mode);
  host.fs.chmod(`${folder}/secret`, mode);
  host.fs.chown(`${folder}/secret`, uid, gid);
  releases.push(() => {
    host.fs.umount(folder, { lazy: true });
    host.fs.removeAll(folder);
  });
  return { destination: target, type: 'bind', source: `${folder}/secret`, readonly: true };
}

/** Kept from build to build, by id and by what it began with. */
function cacheFolder(mount: ExecMount, op: ExecOp, context: MountContext): string {
  const { engine, store, valueOf } = context;
  const { fs } = engine.options.host;
  const base = mount.from === undefined ? '' : ` from ${mount.from.digest}${mount.source}`;
  const description = `cached mount ${mount.target} from exec ${op.args.join(' ')} with id "/${mount.id}"`;
  const name = `${mount.id}${base}`;
  let record: CacheRecord | undefined = store.mounts.get(name);
  if (context.fresh && record !== undefined) store.prune(({ id }) => id === record?.id);
  if (record === undefined || store.records().every(({ id }) => id !== record?.id)) {
    const id = store.newId();
    const folder = `/var/lib/docker/overlay2/${id}`;
    fs.mkdirAll(`${folder}/diff`);
    const { mode = 0o755, uid = 0, gid = 0 } = mount;
    fs.chmod(`${folder}/diff`, mode);
    fs.chown(`${folder}/diff`, uid, gid);
    if (mount.from !== undefined) begin(engine, valueOf(mount.from), mount.source, `${folder}/diff`);
    record = {
      ...store.record({ kind: 'exec.cachemount', description, mutable: true, parents: [], size: 0, folder }),
      id,
    };
    store.mounts.set(name, record);
    store.add(record);
  } else store.use(record);
  return `${record.folder ?? ''}/diff`;
}

function begin(engine: Engine, value: Value, source: string, folder: string): void {
  const releases: (() => void)[] = [];
  const { host } = engine.options;
  const from = value.kind === 'folder' ? value.path : space(engine, value.layers, releases);
  const copier = new Copier(rooted(host, from), rooted(host, folder), {
    owner: undefined,
    chmod: '',
    keep: () => true,
    contentsOnly: true,
  });
  copier.copy(source, '/');
  for (const release of releases) release();
}

function space(engine: Engine, layers: Parameters<typeof workspace>[1], releases: (() => void)[]): string {
  const made = workspace(engine, layers);
  releases.push(made.release);
  return made.root;
}

function boundFolder({ from, source }: ExecMount, { engine, valueOf }: MountContext, releases: (() => void)[]): string {
  const { host } = engine.options;
  const value = from === undefined ? undefined : valueOf(from);
  const root = value?.kind === 'folder' ? value.path : space(engine, value?.layers ?? [], releases);
  const real = rooted(host, root).realpath(source);
  if (!real.ok) throw new BuildFailure(`failed to compute cache key: ${JSON.stringify(source)}: not found`);
  return real.value === '/' ? root : root + real.value;
}
