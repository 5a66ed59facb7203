import type { FileSystem } from '../../../linux/fs/types';
import { fatal } from '../error';
import { zeroOid, type Oid } from '../objects/object';
import type { ObjectStore } from '../objects/store';

/** A line of a reflog. */
export interface ReflogEntry {
  readonly from: Oid;
  readonly to: Oid;
  readonly person: string;
  readonly message: string;
}

/** Names of commits: HEAD, branches, tags, remotes' branches; as files, and those in packed-refs. */
export class Refs {
  constructor(
    readonly fs: FileSystem,
    readonly gitDir: string,
    readonly objects: ObjectStore,
  ) {}

  /** A file's text: `ref: …` or a name of an object. */
  #raw(name: string): string | undefined {
    const text = this.fs.readText(`${this.gitDir}/${name}`);
    return text.ok ? text.value.trim() : this.#packed().get(name);
  }

  #packed(): ReadonlyMap<string, string> {
    const text = this.fs.readText(`${this.gitDir}/packed-refs`);
    const found = new Map<string, string>();
    for (const line of text.ok ? text.value.split('\n') : []) {
      const [, oid = '', name = ''] = /^([0-9a-f]{40}) (\S+)$/.exec(line) ?? [];
      if (name !== '') found.set(name, oid);
    }
    return found;
  }

  /** What a symbolic ref points to: `refs/heads/main` for HEAD. */
  symbolic(name: string): string | undefined {
    return /^ref: (.*)$/.exec(this.#raw(name) ?? '')?.[1];
  }

  /** The object that a full name stands for. */
  read(name: string): Oid | undefined {
    const raw = this.#raw(name);
    const target = /^ref: (.*)$/.exec(raw ?? '')?.[1];
    if (target !== undefined) return this.read(target);
    return raw !== undefined && /^[0-9a-f]{40}$/.test(raw) ? raw : undefined;
  }

  get head(): Oid | undefined {
    return this.read('HEAD');
  }

  /** `main`; undefined if HEAD is detached. */
  get branch(): string | undefined {
    return this.symbolic('HEAD')?.replace(/^refs\/heads\//, '');
  }

  /** All names below a prefix, in order. */
  list(prefix = 'refs/'): readonly { readonly name: string; readonly oid: Oid }[] {
    const names = new Set([...this.#packed().keys()].filter((name) => name.startsWith(prefix)));
    const walk = (folder: string): void => {
      const files = this.fs.readdir(`${this.gitDir}/${folder}`);
      for (const { name, type } of files.ok ? files.value : []) {
        if (type === 'directory') walk(`${folder}/${name}`);
        else if (!name.endsWith('.lock') && `${folder}/${name}`.startsWith(prefix)) names.add(`${folder}/${name}`);
      }
    };
    walk('refs');
    return [...names].sort().flatMap((name) => {
      const oid = this.read(name);
      return oid === undefined ? [] : [{ name, oid }];
    });
  }

  write(name: string, oid: Oid): void {
    const taken = this.list('refs/').find(
      (each) => each.name.startsWith(`${name}/`) || name.startsWith(`${each.name}/`),
    );
    if (taken !== undefined) fatal(`cannot lock ref '${name}': '${taken.name}' exists; cannot create '${name}'`);
    this.fs.mkdirAll(`${this.gitDir}/${name.slice(0, name.lastIndexOf('/'))}`);
    this.fs.writeFile(`${this.gitDir}/${name}`, `${oid}\n`);
  }

  setSymbolic(name: string, target: string): void {
    const slash = name.lastIndexOf('/');
    if (slash > 0) this.fs.mkdirAll(`${this.gitDir}/${name.slice(0, slash)}`);
    this.fs.writeFile(`${this.gitDir}/${name}`, `ref: ${target}\n`);
  }

  detach(oid: Oid): void {
    this.fs.writeFile(`${this.gitDir}/HEAD`, `${oid}\n`);
  }

  delete(name: string): void {
    this.fs.unlink(`${this.gitDir}/${name}`);
    this.fs.unlink(`${this.gitDir}/logs/${name}`);
    const packed = this.fs.readText(`${this.gitDir}/packed-refs`);
    if (packed.ok && packed.value.includes(` ${name}\n`)) {
      const kept = packed.value.split('\n').filter((line) => !line.endsWith(` ${name}`));
      this.fs.writeFile(`${this.gitDir}/packed-refs`, kept.join('\n'));
    }
    // Folders that this leaves empty go too, but not refs/heads itself.
    for (const top of ['', 'logs/']) {
      let folder = name.slice(0, name.lastIndexOf('/'));
      while (folder.split('/').length > 2 && this.fs.rmdir(`${this.gitDir}/${top}${folder}`).ok) {
        folder = folder.slice(0, folder.lastIndexOf('/'));
      }
    }
  }

  log(name: string): readonly ReflogEntry[] {
    const text = this.fs.readText(`${this.gitDir}/logs/${name}`);
    if (!text.ok) return [];
    return text.value
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ({
        from: line.slice(0, 40),
        to: line.slice(41, 81),
        person: line.slice(82).split('\t')[0] ?? '',
        message: line.split('\t').slice(1).join('\t'),
      }));
  }

  writeLog(name: string, entries: readonly ReflogEntry[]): void {
    const lines = entries.map(({ from, to, person, message }) => `${from} ${to} ${person}\t${message}\n`);
    this.fs.writeFile(`${this.gitDir}/logs/${name}`, lines.join(''));
  }

  appendLog(name: string, from: Oid | undefined, to: Oid, person: string, message: string): void {
    const path = `${this.gitDir}/logs/${name}`;
    if (!/^(HEAD$|refs\/(heads|remotes)\/)/.test(name) && name !== 'refs/stash') return;
    this.fs.mkdirAll(path.slice(0, path.lastIndexOf('/')));
    const line = message.replace(/\s+/g, ' ').trim();
    this.fs.appendFile(path, `${from ?? zeroOid} ${to} ${person}${line === '' ? '' : `\t${line}`}\n`);
  }

  /** Moves HEAD (and the branch it is on) and says so in the logs. */
  advance(to: Oid, person: string, message: string): void {
    const from = this.head;
    const target = this.symbolic('HEAD');
    if (target === undefined) this.detach(to);
    else {
      this.write(target, to);
      this.appendLog(target, from, to, person, message);
    }
    this.appendLog('HEAD', from, to, person, message);
  }

  update(name: string, to: Oid, person: string, message: string): void {
    const from = this.read(name);
    this.write(name, to);
    this.appendLog(name, from, to, person, message);
  }
}

/** git-check-ref-format(1). */
export const isRefName = (name: string): boolean =>
  name !== '' &&
  name !== '@' &&
  !/(^|\/)\.|\.\.|[\u0000-\u0020~^:?*[\\\u007f]|\/\/|^\/|\/$|\.lock(\/|$)|@\{|\.$/.test(name) &&
  !name.startsWith('-');
