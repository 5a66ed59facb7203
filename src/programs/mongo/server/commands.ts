import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { encode } from '../../../linux/io/bytes';
import type { Process } from '../../../linux/process/types';
import { DateTime, doc, isArray, isDoc, Long, ObjectId, Pattern, type Doc, type Value } from '../bson';
import { aggregate, added } from './aggregate';
import { equal, isNumber, reached, sorter, toNumber } from './compare';
import { CommandError } from './error';
import { matches } from './match';
import { project } from './project';
import { documentOf, indexOf, type Collection, type Storage } from './storage';
import { updated } from './update';

/** Whom a connection has proved to be. */
export interface Session {
  user: { readonly name: string; readonly database: string; readonly roles: readonly Value[] } | undefined;
  readonly cursors: Map<string, { namespace: string; rest: readonly Doc[] }>;
}

/** What the commands work on. */
export interface Context {
  readonly process: Process;
  readonly storage: Storage;
  readonly version: string;
  readonly auth: boolean;
  readonly startedAt: number;
  readonly counters: { connections: number; current: number };
  readonly shutdown: () => void;
  readonly log: (
    component: string,
    id: number,
    message: string,
    attributes?: Readonly<Record<string, unknown>>,
  ) => void;
}

const ok = (fields: Readonly<Record<string, Value>> = {}): Doc => doc({ ...fields, ok: 1 });
const text = (value: Value): string => (typeof value === 'string' ? value : '');
const list = (value: Value): readonly Value[] => (isArray(value) ? value : []);
const docs = (value: Value): readonly Doc[] => list(value).filter(isDoc);
const asDoc = (value: Value): Doc => (isDoc(value) ? value : new Map());

const open = new Set([
  'hello',
  'ismaster',
  'isMaster',
  'ping',
  'buildInfo',
  'buildinfo',
  'saslStart',
  'connectionStatus',
  'getLog',
  'endSessions',
  'whatsmyuri',
  'hostInfo',
  'logout',
]);

/** Runs one command; failures become `{ ok: 0, errmsg, code, codeName }`. */
export async function runCommand(context: Context, session: Session, command: Doc): Promise<Doc> {
  const [name = ''] = command.keys();
  const database = text(command.get('$db')) || 'test';
  try {
    const handler = handlers[name];
    if (handler === undefined) throw new CommandError(59, 'CommandNotFound', `no such command: '${name}'`);
    if (
      context.auth &&
      session.user === undefined &&
      !open.has(name) &&
      !(name === 'createUser' && usersOf(context).size === 0)
    )
      throw new CommandError(13, 'Unauthorized', `Command ${name} requires authentication`);
    return await handler(context, command, database, session);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return doc({ ok: 0, errmsg: error.message, code: error.code, codeName: error.codeName });
  }
}

type Handler = (context: Context, command: Doc, database: string, session: Session) => Doc | Promise<Doc>;

const usersOf = ({ storage }: Context): ReadonlyMap<string, Doc> =>
  storage.find('admin', 'system.users')?.documents ?? new Map();
const users = (context: Context): readonly Doc[] => [...usersOf(context).values()];

function hash(password: string, salt: string): string {
  return Array.from(hmac(sha256, encode(salt), encode(password)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
}

function collectionOf({ storage }: Context, command: Doc, database: string): Collection | undefined {
  const [first] = command.values();
  const name = text(first);
  if (name === '') throw new CommandError(73, 'InvalidNamespace', `Invalid namespace specified '${database}.'`);
  return storage.find(database, name);
}

const all = (collection: Collection | undefined): readonly Doc[] =>
  collection === undefined ? [] : [...collection.documents.values()];

/** A query by `_id` alone needs no walk. */
function found(collection: Collection | undefined, query: Doc): readonly Doc[] {
  return all(collection).filter((document) => matches(document, query));
}

let cursors = 1n;

function firstBatch(session: Session, namespace: string, documents: readonly Doc[], size: Value): Doc {
  const count = isNumber(size) && toNumber(size) >= 0 ? toNumber(size) : 101;
  const rest = documents.slice(count);
  let id = 0n;
  if (rest.length > 0) {
    id = 7_000_000_000_000_000_000n + cursors++;
    session.cursors.set(String(id), { namespace, rest });
  }
  return ok({ cursor: doc({ firstBatch: documents.slice(0, count), id: new Long(id), ns: namespace }) });
}

const withId = (document: Doc, { process }: Context): Doc =>
  document.has('_id') ? document : new Map([['_id', newId(process)], ...document]);

let counter = 0;
const newId = ({ clock, random }: Process): ObjectId => {
  const part = (value: number, digits: number): string => value.toString(16).padStart(digits, '0').slice(-digits);
  return new ObjectId(
    `${part(Math.floor(clock.now / 1000), 8)}${part(random.uint32(), 8)}${part(random.uint32(), 2)}${part(counter++, 6)}`,
  );
};

const writeError = (index: number, error: CommandError): Doc => doc({ index, code: error.code, errmsg: error.message });

function insert(context: Context, command: Doc, database: string): Doc {
  const name = text(command.get('insert'));
  const collection = context.storage.open(database, name);
  const errors: Doc[] = [];
  let n = 0;
  for (const [index, document] of docs(command.get('documents')).entries()) {
    try {
      collection.insert(withId(document, context));
      n++;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      errors.push(writeError(index, error));
      if (command.get('ordered') !== false) break;
    }
  }
  return ok({ n, ...(errors.length === 0 ? {} : { writeErrors: errors }) });
}

/** A document that an upsert begins with: what the query says is equal. */
function seed(query: Doc): Doc {
  const made: Doc = new Map();
  const take = (fields: Doc): void => {
    for (const [key, value] of fields) {
      if (key === '$and') docs(value).forEach(take);
      else if (key.startsWith('$') || value instanceof Pattern) continue;
      else if (isDoc(value) && [...value.keys()].some((one) => one.startsWith('$'))) {
        if (value.has('$eq')) made.set(key, value.get('$eq'));
      } else made.set(key, value);
    }
  };
  take(query);
  return added(new Map(), new Map([...made].map(([key, value]) => [key, doc({ $literal: value })])));
}

function change(context: Context, document: Doc, change: Value, inserting: boolean): Doc {
  if (isDoc(change)) return updated(document, change, context.process.clock.now, inserting);
  return aggregate([document], list(change), nothing)[0] ?? document;
}
const nothing = { all: () => [], replace: () => undefined, random: () => 0 };

function update(context: Context, command: Doc, database: string): Doc {
  const name = text(command.get('update'));
  const upserted: Doc[] = [];
  const errors: Doc[] = [];
  let n = 0;
  let nModified = 0;
  for (const [index, one] of docs(command.get('updates')).entries()) {
    try {
      const query = asDoc(one.get('q'));
      const collection = context.storage.find(database, name);
      const hits = found(collection, query);
      const taken = one.get('multi') === true ? hits : hits.slice(0, 1);
      if (taken.length === 0 && one.get('upsert') === true) {
        const made = withId(change(context, seed(query), one.get('u') ?? new Map(), true), context);
        context.storage.open(database, name).insert(made);
        upserted.push(doc({ index, _id: made.get('_id') }));
        n++;
        continue;
      }
      for (const document of taken) {
        const next = change(context, document, one.get('u') ?? new Map(), false);
        n++;
        if (equal(next, document)) continue;
        collection?.put(next);
        nModified++;
      }
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      errors.push(writeError(index, error));
      if (command.get('ordered') !== false) break;
    }
  }
  return ok({
    n,
    ...(upserted.length === 0 ? {} : { upserted }),
    nModified,
    ...(errors.length === 0 ? {} : { writeErrors: errors }),
  });
}

function remove(context: Context, command: Doc, database: string): Doc {
  const collection = context.storage.find(database, text(command.get('delete')));
  let n = 0;
  for (const one of docs(command.get('deletes'))) {
    const hits = found(collection, asDoc(one.get('q')));
    for (const document of toNumber(one.get('limit')) === 1 ? hits.slice(0, 1) : hits) {
      collection?.remove(document);
      n++;
    }
  }
  return ok({ n });
}

function findAndModify(context: Context, command: Doc, database: string): Doc {
  const name = text(command.get('findAndModify') ?? command.get('findandmodify'));
  const collection = context.storage.find(database, name);
  const sort = command.get('sort');
  const query = asDoc(command.get('query'));
  let hits = found(collection, query);
  if (isDoc(sort)) hits = [...hits].sort(sorter(sort));
  const [document] = hits;
  const fields = asDoc(command.get('fields'));
  const shown = (value: Doc | undefined): Value => (value === undefined ? null : project(value, fields));
  if (command.get('remove') === true) {
    if (document !== undefined) collection?.remove(document);
    return ok({ lastErrorObject: doc({ n: document === undefined ? 0 : 1 }), value: shown(document) });
  }
  const then = command.get('update') ?? new Map();
  if (document === undefined) {
    if (command.get('upsert') !== true)
      return ok({ lastErrorObject: doc({ n: 0, updatedExisting: false }), value: null });
    const made = withId(change(context, seed(query), then, true), context);
    context.storage.open(database, name).insert(made);
    return ok({
      lastErrorObject: doc({ n: 1, updatedExisting: false, upserted: made.get('_id') }),
      value: command.get('new') === true ? shown(made) : null,
    });
  }
  const next = change(context, document, then, false);
  collection?.put(next);
  return ok({
    lastErrorObject: doc({ n: 1, updatedExisting: true }),
    value: shown(command.get('new') === true ? next : document),
  });
}

const hello: Handler = ({ process }) =>
  ok({
    isWritablePrimary: true,
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new DateTime(process.clock.now),
    logicalSessionTimeoutMinutes: 30,
    minWireVersion: 0,
    maxWireVersion: 25,
    readOnly: false,
  });

const handlers: Readonly<Record<string, Handler>> = {
  hello,
  isMaster: hello,
  ismaster: hello,
  ping: () => ok(),
  logout: (_context, _command, _database, session) => {
    session.user = undefined;
    return ok();
  },
  endSessions: () => ok(),
  buildInfo: ({ version }) =>
    ok({
      version,
      gitVersion: '0'.repeat(40),
      modules: [],
      allocator: 'tcmalloc-google',
      javascriptEngine: 'mozjs',
      sysInfo: 'deprecated',
      versionArray: [...version.split('.').map(Number), 0],
      bits: 64,
      debug: false,
      maxBsonObjectSize: 16_777_216,
      storageEngines: ['devnull', 'wiredTiger'],
    }),
  insert,
  update,
  delete: remove,
  findAndModify,
  find: (context, command, database, session) => {
    const collection = collectionOf(context, command, database);
    let hits = found(collection, asDoc(command.get('filter')));
    const sort = command.get('sort');
    if (isDoc(sort) && sort.size > 0) hits = [...hits].sort(sorter(sort));
    const skip = toNumber(command.get('skip') ?? 0);
    const limit = Math.abs(toNumber(command.get('limit') ?? 0));
    hits = hits.slice(skip, limit === 0 ? undefined : skip + limit);
    const fields = command.get('projection');
    if (isDoc(fields)) hits = hits.map((document) => project(document, fields));
    const single = command.get('singleBatch') === true ? hits.length : command.get('batchSize');
    return firstBatch(session, `${database}.${text(command.get('find'))}`, hits, single);
  },
  getMore: (_context, command, _database, session) => {
    const given = command.get('getMore');
    const id = given instanceof Long ? given.value : BigInt(Math.trunc(toNumber(given)));
    const cursor = session.cursors.get(String(id));
    if (cursor === undefined) throw new CommandError(43, 'CursorNotFound', `cursor id ${id} not found`);
    const size = isNumber(command.get('batchSize')) ? toNumber(command.get('batchSize')) : cursor.rest.length;
    const batch = cursor.rest.slice(0, size);
    cursor.rest = cursor.rest.slice(size);
    const over = cursor.rest.length === 0;
    if (over) session.cursors.delete(String(id));
    return ok({ cursor: doc({ nextBatch: batch, id: new Long(over ? 0n : id), ns: cursor.namespace }) });
  },
  count: (context, command, database) => {
    const skip = toNumber(command.get('skip') ?? 0);
    const limit = toNumber(command.get('limit') ?? 0);
    const count = found(collectionOf(context, command, database), asDoc(command.get('query'))).length - skip;
    return ok({ n: Math.max(0, limit > 0 ? Math.min(count, limit) : count) });
  },
  distinct: (context, command, database) => {
    const values: Value[] = [];
    for (const document of found(collectionOf(context, command, database), asDoc(command.get('query')))) {
      for (const value of reached(document, text(command.get('key')).split('.')).flatMap((one) =>
        isArray(one) ? one : [one],
      ))
        if (!values.some((one) => equal(one, value))) values.push(value);
    }
    const sorted = values.map((value) => new Map([['v', value]])).sort(sorter(doc({ v: 1 })));
    return ok({ values: sorted.map((one) => one.get('v')) });
  },
  aggregate: (context, command, database, session) => {
    const name = text(command.get('aggregate'));
    const { storage, process } = context;
    const result = aggregate(all(storage.find(database, name)), list(command.get('pipeline')), {
      all: (one) => all(storage.find(database, one)),
      replace: (one, documents) => {
        storage.drop(database, one);
        const made = storage.open(database, one);
        for (const document of documents) made.insert(withId(document, context));
      },
      random: () => process.random.uint32() / 2 ** 32,
    });
    return firstBatch(session, `${database}.${name}`, result, asDoc(command.get('cursor')).get('batchSize'));
  },
  create: ({ storage }, command, database) => {
    const name = text(command.get('create'));
    if (storage.find(database, name) !== undefined)
      throw new CommandError(48, 'NamespaceExists', `Collection ${database}.${name} already exists.`);
    storage.open(database, name);
    return ok();
  },
  drop: ({ storage }, command, database) => {
    const name = text(command.get('drop'));
    const there = storage.find(database, name);
    if (there === undefined) return ok();
    storage.drop(database, name);
    return ok({ nIndexesWas: there.indexes.length, ns: there.namespace });
  },
  dropDatabase: ({ storage }, _command, database) => {
    const there = storage.databases.get(database);
    for (const name of [...(there?.keys() ?? [])]) storage.drop(database, name);
    return ok(there === undefined ? {} : { dropped: database });
  },
  renameCollection: ({ storage }, command) => {
    const split = (name: string): readonly [string, string] => [
      name.split('.')[0] ?? '',
      name.split('.').slice(1).join('.'),
    ];
    const [from, to] = [split(text(command.get('renameCollection'))), split(text(command.get('to')))];
    if (storage.find(...from) === undefined)
      throw new CommandError(26, 'NamespaceNotFound', `Source collection ${from.join('.')} does not exist`);
    if (storage.find(...to) !== undefined) {
      if (command.get('dropTarget') !== true) throw new CommandError(48, 'NamespaceExists', 'target namespace exists');
      storage.drop(...to);
    }
    storage.rename(from, to);
    return ok();
  },
  listDatabases: ({ storage, auth }, command, _database, session) => {
    if (auth && session.user === undefined)
      throw new CommandError(13, 'Unauthorized', 'Command listDatabases requires authentication');
    const databases = [...storage.databases].map(([name, collections]) => {
      const sizes = [...collections.values()].map(
        ({ size, indexes }) => 8192 + Math.ceil(size / 4096) * 4096 + indexes.length * 20_480,
      );
      return doc({ name, sizeOnDisk: sizes.reduce((a, b) => a + b, 0), empty: false });
    });
    databases.sort(sorter(doc({ name: 1 })));
    const names = command.get('nameOnly') === true ? databases.map((one) => doc({ name: one.get('name') })) : databases;
    const total = databases.reduce((sum, one) => sum + toNumber(one.get('sizeOnDisk')), 0);
    return ok({ databases: names, totalSize: total, totalSizeMb: Math.floor(total / 2 ** 20) });
  },
  listCollections: ({ storage }, _command, database, session) => {
    const names = [...(storage.databases.get(database)?.keys() ?? [])].sort();
    const infos = names.map((name) =>
      doc({
        name,
        type: 'collection',
        options: new Map(),
        info: doc({ readOnly: false }),
        idIndex: doc({ v: 2, key: doc({ _id: 1 }), name: '_id_' }),
      }),
    );
    return firstBatch(session, `${database}.$cmd.listCollections`, infos, infos.length);
  },
  createIndexes: ({ storage }, command, database) => {
    const name = text(command.get('createIndexes'));
    const isNew = storage.find(database, name) === undefined;
    const collection = storage.open(database, name);
    const before = collection.indexes.length;
    for (const index of docs(command.get('indexes')).map(indexOf)) {
      const same = collection.indexes.find((one) => one.name === index.name);
      if (same === undefined) collection.addIndex(index);
      else if (!equal(same.key, index.key) || same.unique !== index.unique)
        throw new CommandError(
          86,
          'IndexKeySpecsConflict',
          `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${JSON.stringify(index.name)}, existing index: ${JSON.stringify(same.name)}`,
        );
    }
    storage.saveCatalog();
    const after = collection.indexes.length;
    return ok({
      numIndexesBefore: before,
      numIndexesAfter: after,
      createdCollectionAutomatically: isNew,
      ...(after === before ? { note: 'all indexes already exist' } : {}),
    });
  },
  listIndexes: (context, command, database, session) => {
    const collection = collectionOf(context, command, database);
    const namespace = `${database}.${text(command.get('listIndexes'))}`;
    if (collection === undefined) throw new CommandError(26, 'NamespaceNotFound', `ns does not exist: ${namespace}`);
    return firstBatch(session, namespace, collection.indexes.map(documentOf), undefined);
  },
  dropIndexes: (context, command, database) => {
    const collection = collectionOf(context, command, database);
    if (collection === undefined)
      throw new CommandError(26, 'NamespaceNotFound', `ns not found ${database}.${text(command.get('dropIndexes'))}`);
    const before = collection.indexes.length;
    const which = command.get('index');
    if (which === '*') collection.indexes = collection.indexes.slice(0, 1);
    else {
      const index = collection.indexes.find((one) => (isDoc(which) ? equal(one.key, which) : one.name === which));
      if (index === undefined)
        throw new CommandError(
          27,
          'IndexNotFound',
          isDoc(which)
            ? `can't find index with key: ${JSON.stringify([...which])}`
            : `index not found with name [${text(which)}]`,
        );
      if (index.name === '_id_') throw new CommandError(72, 'InvalidOptions', 'cannot drop _id index');
      collection.indexes = collection.indexes.filter((one) => one !== index);
    }
    context.storage.saveCatalog();
    return ok({ nIndexesWas: before });
  },
  dbStats: ({ storage, process }, command, database) => {
    const collections = [...(storage.databases.get(database)?.values() ?? [])];
    const objects = collections.reduce((sum, one) => sum + one.documents.size, 0);
    const size = collections.reduce((sum, one) => sum + one.size, 0);
    const indexes = collections.reduce((sum, one) => sum + one.indexes.length, 0);
    const scale = toNumber(command.get('scale') ?? 1);
    const disk = process.fs.statfs('/');
    return ok({
      db: database,
      collections: new Long(BigInt(collections.length)),
      views: new Long(0n),
      objects: new Long(BigInt(objects)),
      avgObjSize: objects === 0 ? 0 : size / objects,
      dataSize: size / scale,
      storageSize: (collections.length * 20_480) / scale,
      indexes: new Long(BigInt(indexes)),
      indexSize: (indexes * 20_480) / scale,
      totalSize: ((collections.length + indexes) * 20_480) / scale,
      scaleFactor: new Long(BigInt(scale)),
      fsUsedSize: (disk.ok ? disk.value.used : 0) / scale,
      fsTotalSize: (disk.ok ? disk.value.size : 0) / scale,
    });
  },
  collStats: (context, command, database) => {
    const collection = collectionOf(context, command, database);
    const count = collection?.documents.size ?? 0;
    const size = collection?.size ?? 0;
    return ok({
      ns: `${database}.${text(command.get('collStats'))}`,
      size,
      count,
      ...(count === 0 ? {} : { avgObjSize: Math.floor(size / count) }),
      storageSize: 20_480,
      nindexes: collection?.indexes.length ?? 0,
      totalIndexSize: (collection?.indexes.length ?? 0) * 20_480,
      totalSize: 40_960,
      scaleFactor: 1,
    });
  },
  validate: (context, command, database) => {
    const collection = collectionOf(context, command, database);
    if (collection === undefined)
      throw new CommandError(
        26,
        'NamespaceNotFound',
        `Collection '${database}.${text(command.get('validate'))}' does not exist to validate.`,
      );
    return ok({
      ns: collection.namespace,
      nInvalidDocuments: 0,
      nrecords: collection.documents.size,
      nIndexes: collection.indexes.length,
      valid: true,
      warnings: [],
      errors: [],
    });
  },
  serverStatus: ({ process, version, startedAt, counters }) =>
    ok({
      host: process.namespaces.uts.hostname,
      version,
      process: 'mongod',
      pid: new Long(BigInt(process.pid)),
      uptime: Math.floor((process.clock.now - startedAt) / 1000),
      localTime: new DateTime(process.clock.now),
      connections: doc({
        current: counters.current,
        available: 838_860 - counters.current,
        totalCreated: counters.connections,
      }),
    }),
  hostInfo: ({ process }) =>
    ok({
      system: doc({
        currentTime: new DateTime(process.clock.now),
        hostname: process.namespaces.uts.hostname,
        cpuAddrSize: 64,
        memSizeMB: new Long(BigInt(Math.floor(process.host.memory / 2 ** 20))),
        numCores: process.host.cpus,
        cpuArch: 'x86_64',
      }),
      os: doc({ type: 'Linux', name: 'Ubuntu', version: '24.04' }),
    }),
  getCmdLineOpts: ({ process }) => ok({ argv: [...process.argv], parsed: new Map() }),
  getParameter: ({ version }, command) =>
    ok(
      command.has('featureCompatibilityVersion')
        ? { featureCompatibilityVersion: doc({ version: version.split('.').slice(0, 2).join('.') }) }
        : {},
    ),
  setParameter: () => ok(),
  getLog: ({ auth, process }) =>
    ok({
      totalLinesWritten: 1,
      log: auth
        ? []
        : [
            JSON.stringify({
              t: { $date: new Date(process.clock.now).toISOString().replace('Z', '+00:00') },
              s: 'W',
              c: 'CONTROL',
              id: 22120,
              ctx: 'initandlisten',
              msg: 'Access control is not enabled for the database. Read and write access to data and configuration is unrestricted',
              tags: ['startupWarnings'],
            }),
          ],
    }),
  whatsmyuri: () => ok({ you: '127.0.0.1:0' }),
  replSetGetStatus: () => {
    throw new CommandError(76, 'NoReplicationEnabled', 'not running with --replSet');
  },
  replSetInitiate: () => {
    throw new CommandError(76, 'NoReplicationEnabled', 'This node was not started with replication enabled.');
  },
  connectionStatus: (_context, _command, _database, { user }) =>
    ok({
      authInfo: doc({
        authenticatedUsers: user === undefined ? [] : [doc({ user: user.name, db: user.database })],
        authenticatedUserRoles: user?.roles ?? [],
      }),
    }),
  createUser: ({ storage, process, ...rest }, command, database) => {
    const name = text(command.get('createUser'));
    const context = { storage, process, ...rest };
    if (users(context).some((one) => one.get('user') === name && one.get('db') === database))
      throw new CommandError(51003, 'Location51003', `User "${name}@${database}" already exists`);
    if (typeof command.get('pwd') !== 'string')
      throw new CommandError(
        2,
        'BadValue',
        "Must provide a 'pwd' field for all user documents, except those with '$external' as the user's source db",
      );
    const salt = process.random.uint32().toString(16);
    storage.open('admin', 'system.version');
    storage.open('admin', 'system.users').insert(
      doc({
        _id: `${database}.${name}`,
        user: name,
        db: database,
        salt,
        hash: hash(text(command.get('pwd')), salt),
        roles: rolesOf(command.get('roles'), database),
      }),
    );
    return ok();
  },
  updateUser: (context, command, database) => {
    const name = text(command.get('updateUser'));
    const user = users(context).find((one) => one.get('_id') === `${database}.${name}`);
    if (user === undefined) throw new CommandError(11, 'UserNotFound', `User ${name}@${database} not found`);
    const next = new Map(user);
    if (command.has('pwd')) next.set('hash', hash(text(command.get('pwd')), text(user.get('salt'))));
    if (command.has('roles')) next.set('roles', rolesOf(command.get('roles'), database));
    context.storage.open('admin', 'system.users').put(next);
    return ok();
  },
  grantRolesToUser: (context, command, database) => {
    const name = text(command.get('grantRolesToUser'));
    const user = users(context).find((one) => one.get('_id') === `${database}.${name}`);
    if (user === undefined)
      throw new CommandError(11, 'UserNotFound', `Could not find user "${name}" for db "${database}"`);
    context.storage
      .open('admin', 'system.users')
      .put(new Map([...user, ['roles', [...list(user.get('roles')), ...rolesOf(command.get('roles'), database)]]]));
    return ok();
  },
  dropUser: (context, command, database) => {
    const name = text(command.get('dropUser'));
    const user = users(context).find((one) => one.get('_id') === `${database}.${name}`);
    if (user === undefined) throw new CommandError(11, 'UserNotFound', `User '${name}@${database}' not found`);
    context.storage.open('admin', 'system.users').remove(user);
    return ok();
  },
  usersInfo: (context, command, database) => {
    const which = command.get('usersInfo');
    const name = isDoc(which) ? text(which.get('user')) : typeof which === 'string' ? which : undefined;
    const shown = users(context)
      .filter((one) => one.get('db') === database && (name === undefined || one.get('user') === name))
      .map((one) =>
        doc({
          _id: one.get('_id'),
          user: one.get('user'),
          db: one.get('db'),
          roles: one.get('roles'),
          mechanisms: ['SCRAM-SHA-1', 'SCRAM-SHA-256'],
        }),
      );
    return ok({ users: shown });
  },
  saslStart: (context, command, database, session) => {
    const [name = '', password = ''] = text(command.get('payload')).split('\0');
    const user = users(context).find((one) => one.get('_id') === `${database}.${name}`);
    if (user === undefined || hash(password, text(user.get('salt'))) !== user.get('hash')) {
      context.log('ACCESS', 5_286_307, 'Failed to authenticate', {
        client: '127.0.0.1',
        isSpeculative: false,
        isClusterMember: false,
        mechanism: 'SCRAM-SHA-256',
        user: name,
        db: database,
        error:
          user === undefined
            ? `UserNotFound: Could not find user "${name}" for db "${database}"`
            : 'AuthenticationFailed: SCRAM authentication failed, storedKey mismatch',
      });
      throw new CommandError(18, 'AuthenticationFailed', 'Authentication failed.');
    }
    session.user = { name, database, roles: list(user.get('roles')) };
    context.log('ACCESS', 5_286_306, 'Successfully authenticated', {
      user: name,
      db: database,
      mechanism: 'SCRAM-SHA-256',
    });
    return ok({ conversationId: 1, done: true });
  },
  shutdown: ({ shutdown }) => {
    shutdown();
    return ok();
  },
  fsync: ({ storage }) => {
    storage.checkpoint();
    return ok({ numFiles: 1 });
  },
};

const rolesOf = (roles: Value, database: string): readonly Value[] =>
  list(roles).map((role) => (typeof role === 'string' ? doc({ role, db: database }) : role));
