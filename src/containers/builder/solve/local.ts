import type { FileSystem } from '../../../linux/fs/types';
import type { Engine } from '../../dockerd/engine';
import type { ContextMember } from '../request';
import type { BuildStore, CacheRecord } from '../store';
import { transferred } from './transfer';

const overlay = '/var/lib/docker/overlay2';

/** Files from the client on the host, kept from build to build: only what changed is sent again (source/local). */
export class LocalSource {
  constructor(
    readonly engine: Engine,
    readonly store: BuildStore,
  ) {}

  /** Makes the folder hold just these. `bytes`: what had to be sent for it. */
  receive(
    name: string,
    members: readonly ContextMember[],
  ): { readonly record: CacheRecord; readonly folder: string; readonly bytes: number } {
    const { record, folder, changed } = this.#sync(name, members);
    return { record, folder, bytes: transferred(members, (member) => changed.has(member)) };
  }

  #sync(
    name: string,
    members: readonly ContextMember[],
  ): { readonly record: CacheRecord; readonly folder: string; readonly changed: ReadonlySet<ContextMember> } {
    const { fs } = this.engine.options.host;
    let record = this.store.named('source.local', name);
    if (record === undefined) {
      const id = this.store.newId();
      const folder = `${overlay}/${id}`;
      fs.mkdirAll(`${folder}/diff`);
      // Its size is measured once.
      const size = members.reduce((sum, { type, body }) => sum + (type === 'file' ? body.length : 0), 0);
      const description = 'local source for context';
      record = {
        ...this.store.record({ kind: 'source.local', name, description, mutable: true, parents: [], size, folder }),
        id,
      };
      this.store.add(record);
    } else this.store.use(record);
    const folder = `${record.folder ?? ''}/diff`;
    const changed = new Set<ContextMember>();
    const wanted = new Set(members.map(({ name }) => pathOf(name)));
    removeOthers(fs, folder, '', wanted);
    for (const member of members) if (place(fs, folder, member)) changed.add(member);
    return { record, folder, changed };
  }
}

const pathOf = (name: string): string => `/${name.replace(/^(\.\/)+/, '').replace(/\/+$/, '')}`;

function removeOthers(fs: FileSystem, folder: string, below: string, wanted: ReadonlySet<string>): void {
  const listed = fs.readdir(folder + below);
  if (!listed.ok) return;
  for (const { name, type } of listed.value) {
    const path = `${below}/${name}`;
    if (!wanted.has(path)) fs.removeAll(folder + path);
    else if (type === 'directory') removeOthers(fs, folder, path, wanted);
  }
}

/** Puts one file there; false where it was there already, as it is. */
function place(fs: FileSystem, folder: string, member: ContextMember): boolean {
  const { type, mode, mtime, body, link = '' } = member;
  const path = folder + pathOf(member.name);
  const old = fs.lstat(path);
  const stat = old.ok ? old.value : undefined;
  if (type === 'directory') {
    if (stat?.type === 'directory') {
      if (stat.mode !== mode) fs.chmod(path, mode);
      return false;
    }
    if (stat !== undefined) fs.unlink(path);
    fs.mkdirAll(path);
    fs.chmod(path, mode);
    fs.utimes(path, mtime, mtime);
    return true;
  }
  if (stat !== undefined && stat.type === type && stat.mode === (type === 'symlink' ? stat.mode : mode)) {
    if (type === 'symlink') {
      const target = fs.readlink(path);
      if (target.ok && target.value === link) return false;
    } else if (type === 'file' && stat.size === body.length && stat.mtime === mtime) {
      const content = fs.readFile(path);
      if (content.ok && same(content.value, body)) return false;
    }
  }
  if (stat !== undefined) fs.removeAll(path);
  fs.mkdirAll(path.slice(0, path.lastIndexOf('/')));
  if (type === 'symlink') fs.symlink(link, path);
  else if (type === 'hardlink') fs.link(folder + pathOf(link), path);
  else if (type === 'fifo') fs.mknod(path, 'fifo', mode);
  else {
    fs.writeFile(path, body, mode);
    fs.chmod(path, mode);
    fs.utimes(path, mtime, mtime);
  }
  return true;
}

const same = (a: Uint8Array, b: Uint8Array): boolean =>
  a === b || (a.length === b.length && a.every((byte, index) => byte === b[index]));
