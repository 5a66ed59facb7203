import { concat } from '../../../linux/io/bytes';
import type { Process } from '../../../linux/process/types';
import { deserialize, doc, isArray, isDoc, serialize, type Doc, type Value } from '../bson';
import { equal, reached } from './compare';
import { CommandError } from './error';

/** An index: what it is over, and whether it may have a value twice. */
export interface Index {
  readonly name: string;
  readonly key: Doc;
  readonly unique: boolean;
  readonly rest: Doc;
}

const idIndex: Index = { name: '_id_', key: doc({ _id: 1 }), unique: true, rest: new Map() };

/** One collection; its file holds its documents in the order in which they came, changes after changes. */
export class Collection {
  readonly documents = new Map<string, Doc>();
  indexes: Index[] = [idIndex];

  constructor(
    readonly namespace: string,
    readonly file: string,
    private readonly process: Process,
  ) {}

  static keyOf(id: Value): string {
    return Array.from(serialize(new Map([['', id]])), (byte) => String.fromCharCode(byte)).join('');
  }

  put(document: Doc): void {
    const key = Collection.keyOf(document.get('_id'));
    this.#check(document, key);
    this.documents.set(key, document);
    this.#log(doc({ p: document }));
  }

  remove(document: Doc): void {
    this.documents.delete(Collection.keyOf(document.get('_id')));
    this.#log(doc({ r: document.get('_id') }));
  }

  insert(document: Doc): void {
    const key = Collection.keyOf(document.get('_id'));
    if (this.documents.has(key)) throw duplicate(this.namespace, '_id_', idIndex.key, document);
    this.put(document);
  }

  #check(document: Doc, key: string): void {
    for (const index of this.indexes) {
      if (!index.unique || index.name === '_id_') continue;
      const paths = [...index.key.keys()].map((path) => path.split('.'));
      const own = paths.map((path) => reached(document, path)[0] ?? null);
      const sparse = index.rest.get('sparse') === true;
      if (sparse && own.every((value) => value === null)) continue;
      for (const [other, there] of this.documents) {
        if (other === key) continue;
        if (paths.every((path, at) => equal(reached(there, path)[0] ?? null, own[at])))
          throw duplicate(this.namespace, index.name, index.key, document);
      }
    }
  }

  addIndex(index: Index): void {
    this.indexes.push(index);
    if (!index.unique) return;
    try {
      for (const [key, document] of this.documents) this.#check(document, key);
    } catch (error) {
      this.indexes.pop();
      throw error;
    }
  }

  #log(change: Doc): void {
    this.process.fs.appendFile(this.file, serialize(change));
  }

  /** Reads the file's changes again. */
  load(): void {
    const read = this.process.fs.readFile(this.file);
    if (!read.ok) return;
    const bytes = read.value;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at + 4 < bytes.length; at += view.getInt32(at, true)) {
      const change = deserialize(bytes, at);
      const put = change.get('p');
      if (isDoc(put)) this.documents.set(Collection.keyOf(put.get('_id')), put);
      else this.documents.delete(Collection.keyOf(change.get('r')));
    }
  }

  /** A checkpoint: the file has nothing but what is there. */
  compact(): void {
    this.process.fs.writeFile(
      this.file,
      concat([...this.documents.values()].map((document) => serialize(doc({ p: document })))),
      0o600,
    );
  }

  get size(): number {
    let size = 0;
    for (const document of this.documents.values()) size += serialize(document).length;
    return size;
  }
}

function duplicate(namespace: string, index: string, key: Doc, document: Doc): CommandError {
  const values = [...key.keys()].map((path) => `${path}: ${shown(reached(document, path.split('.'))[0] ?? null)}`);
  return new CommandError(
    11000,
    'DuplicateKey',
    `E11000 duplicate key error collection: ${namespace} index: ${index} dup key: { ${values.join(', ')} }`,
  );
}

/** A value as the server's own messages write it. */
export function shown(value: Value): string {
  if (typeof value === 'string') return `"${value}"`;
  if (typeof value === 'object' && value !== null && 'hex' in value) return `ObjectId('${String(value.hex)}')`;
  if (isArray(value)) return `[ ${value.map(shown).join(', ')} ]`;
  if (isDoc(value)) return `{ ${[...value].map(([key, one]) => `${key}: ${shown(one)}`).join(', ')} }`;
  return String(value);
}

/** All databases of a data directory. */
export class Storage {
  readonly databases = new Map<string, Map<string, Collection>>();
  #next = 0;

  constructor(
    private readonly process: Process,
    readonly path: string,
  ) {
    const catalog = process.fs.readFile(`${path}/_mdb_catalog.wt`);
    if (!catalog.ok || catalog.value.length < 5) return;
    const listed = deserialize(catalog.value).get('collections');
    for (const one of isArray(listed) ? listed : []) {
      if (!isDoc(one)) continue;
      const namespace = String(one.get('ns'));
      const file = String(one.get('file'));
      const collection = new Collection(namespace, `${path}/${file}`, process);
      collection.load();
      const indexes = one.get('indexes');
      for (const index of isArray(indexes) ? indexes : []) if (isDoc(index)) collection.indexes.push(indexOf(index));
      this.#next = Math.max(this.#next, Number(/^collection-(\d+)/.exec(file)?.[1] ?? 0) + 1);
      const [database = '', ...rest] = namespace.split('.');
      this.#database(database).set(rest.join('.'), collection);
    }
  }

  #database(name: string): Map<string, Collection> {
    let database = this.databases.get(name);
    if (database === undefined) this.databases.set(name, (database = new Map()));
    return database;
  }

  find(database: string, name: string): Collection | undefined {
    return this.databases.get(database)?.get(name);
  }

  open(database: string, name: string): Collection {
    const known = this.find(database, name);
    if (known !== undefined) return known;
    const id = this.process.random.uint32();
    const file = `collection-${this.#next++}-${id}${this.process.random.uint32()}.wt`;
    const made = new Collection(`${database}.${name}`, `${this.path}/${file}`, this.process);
    this.process.fs.writeFile(made.file, new Uint8Array(0), 0o600);
    this.process.fs.writeFile(`${this.path}/index-${this.#next++}-${id}.wt`, new Uint8Array(0), 0o600);
    this.#database(database).set(name, made);
    this.saveCatalog();
    return made;
  }

  drop(database: string, name: string): boolean {
    const collection = this.find(database, name);
    if (collection === undefined) return false;
    this.process.fs.unlink(collection.file);
    this.#database(database).delete(name);
    if (this.#database(database).size === 0) this.databases.delete(database);
    this.saveCatalog();
    return true;
  }

  rename(from: readonly [string, string], to: readonly [string, string]): void {
    const old = this.find(...from);
    if (old === undefined) return;
    const made = new Collection(to.join('.'), old.file, this.process);
    for (const [key, document] of old.documents) made.documents.set(key, document);
    made.indexes = old.indexes;
    this.#database(from[0]).delete(from[1]);
    if (this.#database(from[0]).size === 0) this.databases.delete(from[0]);
    this.#database(to[0]).set(to[1], made);
    this.saveCatalog();
  }

  saveCatalog(): void {
    const collections: Value[] = [];
    for (const database of this.databases.values()) {
      for (const collection of database.values())
        collections.push(
          doc({
            ns: collection.namespace,
            file: collection.file.slice(this.path.length + 1),
            indexes: collection.indexes.slice(1).map(documentOf),
          }),
        );
    }
    this.process.fs.writeFile(`${this.path}/_mdb_catalog.wt`, serialize(doc({ collections })), 0o600);
  }

  checkpoint(): void {
    for (const database of this.databases.values()) for (const collection of database.values()) collection.compact();
    this.saveCatalog();
  }
}

export const documentOf = (index: Index): Doc =>
  new Map<string, Value>([
    ['v', 2],
    ['key', index.key],
    ['name', index.name],
    ...(index.unique && index.name !== '_id_' ? ([['unique', true]] as const) : []),
    ...index.rest,
  ]);

export function indexOf(given: Doc): Index {
  const key = given.get('key');
  const keys = isDoc(key) ? key : new Map<string, Value>();
  const name = given.get('name') ?? [...keys].map(([field, direction]) => `${field}_${String(direction)}`).join('_');
  const rest = new Map([...given].filter(([field]) => !['v', 'key', 'name', 'unique'].includes(field)));
  return { name: String(name), key: keys, unique: given.get('unique') === true, rest };
}
