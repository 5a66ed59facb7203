// What mongosh's JavaScript finds: db, its collections and cursors, BSON's types, and how results are shown.
// Runs inside QuickJS; `__command(db, json)` waits for the server's answer, as if it were an ordinary call.
(() => {
  const host = globalThis.__host;
  const define = (name, value) =>
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });

  // --- BSON's types
  class ObjectId {
    constructor(hex) {
      if (hex instanceof ObjectId) hex = hex.hex;
      if (hex === undefined) hex = host('objectId');
      if (typeof hex !== 'string' || !/^[0-9a-f]{24}$/i.test(hex))
        throw new BSONError('input must be a 24 character hex string, 12 byte Uint8Array, or an integer');
      Object.defineProperty(this, 'hex', { value: hex.toLowerCase() });
    }
    toString() {
      return this.hex;
    }
    toHexString() {
      return this.hex;
    }
    str() {
      return this.hex;
    }
    valueOf() {
      return this.hex;
    }
    toJSON() {
      return this.hex;
    }
    equals(other) {
      return String(other) === this.hex;
    }
    getTimestamp() {
      return new Date(parseInt(this.hex.slice(0, 8), 16) * 1000);
    }
    static isValid(hex) {
      return /^[0-9a-f]{24}$/i.test(String(hex));
    }
  }
  class BSONError extends Error {
    get name() {
      return 'BSONError';
    }
  }
  class Long {
    constructor(value) {
      this.value = BigInt(value ?? 0);
    }
    toString() {
      return String(this.value);
    }
    toNumber() {
      return Number(this.value);
    }
    valueOf() {
      return Number(this.value);
    }
    toJSON() {
      return Number(this.value);
    }
  }
  class Decimal128 {
    constructor(text) {
      this.text = String(text ?? 0);
    }
    toString() {
      return this.text;
    }
    toJSON() {
      return { $numberDecimal: this.text };
    }
  }
  class Timestamp {
    constructor(t, i) {
      if (typeof t === 'object' && t) ({ t, i } = t);
      this.t = t ?? 0;
      this.i = i ?? 0;
    }
  }
  class Binary {
    constructor(base64, subtype) {
      this.base64 = base64;
      this.subtype = subtype ?? 0;
    }
    toString() {
      return this.base64;
    }
  }
  class MinKey {}
  class MaxKey {}
  const callable = (type) => new Proxy(type, { apply: (target, _this, args) => new target(...args) });
  for (const [name, type] of Object.entries({
    ObjectId,
    Long,
    Decimal128,
    Timestamp,
    Binary,
    MinKey,
    MaxKey,
    BSONError,
  }))
    define(name, callable(type));
  define('NumberLong', globalThis.Long);
  define('NumberDecimal', globalThis.Decimal128);
  define('NumberInt', (value) => Math.trunc(Number(value ?? 0)));
  define('Int32', globalThis.NumberInt);
  define('Double', (value) => Number(value ?? 0));
  define('ISODate', (text) => {
    const date =
      text === undefined
        ? new Date(host('now'))
        : new Date(
            typeof text === 'string' && !/[zZ]|[+-]\d\d:?\d\d$/.test(text)
              ? text.includes('T')
                ? `${text}Z`
                : text
              : text,
          );
    if (Number.isNaN(date.getTime()))
      throw new MongoshError('MongoshInvalidInputError', `[COMMON-10001] "${text}" is not a valid ISODate`);
    return date;
  });
  define('UUID', () => new Binary(host('objectId'), 4));
  const RealDate = Date;
  define(
    'Date',
    new Proxy(RealDate, {
      construct: (target, args) => (args.length === 0 ? new target(host('now')) : new target(...args)),
      apply: () => String(new RealDate(host('now'))),
      get: (target, name) => (name === 'now' ? () => host('now') : target[name]),
    }),
  );
  Math.random = () => host('random');

  // --- across the border
  const toJson = (value, seen = new Set()) => {
    if (value === undefined) return { $undefined: true };
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') return Number.isFinite(value) ? value : { $double: String(value) };
    if (typeof value === 'bigint') return { $long: String(value) };
    if (typeof value === 'function') return { $undefined: true };
    if (value instanceof ObjectId) return { $oid: value.hex };
    if (value instanceof Long) return { $long: String(value.value) };
    if (value instanceof Decimal128) return { $decimal: value.text };
    if (value instanceof RealDate) return { $date: value.getTime() };
    if (value instanceof RegExp) return { $regex: value.source, $flags: value.flags };
    if (value instanceof Timestamp) return { $ts: [value.t, value.i] };
    if (value instanceof Binary) return { $binary: value.base64, $subtype: value.subtype };
    if (value instanceof MinKey) return { $key: 'min' };
    if (value instanceof MaxKey) return { $key: 'max' };
    if (seen.has(value)) throw new BSONError('Cannot convert circular structure to BSON');
    seen.add(value);
    const made = Array.isArray(value)
      ? value.map((one) => toJson(one, seen))
      : {
          $doc: Object.keys(value)
            .filter((key) => value[key] !== undefined && typeof value[key] !== 'function')
            .map((key) => [key, toJson(value[key], seen)]),
        };
    seen.delete(value);
    return made;
  };
  const fromJson = (json) => {
    if (Array.isArray(json)) return json.map(fromJson);
    if (typeof json !== 'object' || json === null) return json;
    if (json.$doc) {
      const made = {};
      for (const [key, value] of json.$doc) made[key] = fromJson(value);
      return made;
    }
    if ('$oid' in json) return new ObjectId(json.$oid);
    if ('$long' in json) return new Long(json.$long);
    if ('$decimal' in json) return new Decimal128(json.$decimal);
    if ('$date' in json) return new RealDate(json.$date);
    if ('$regex' in json) return new RegExp(json.$regex, json.$flags);
    if ('$ts' in json) return new Timestamp(json.$ts[0], json.$ts[1]);
    if ('$binary' in json) return new Binary(json.$binary, json.$subtype);
    if ('$double' in json) return Number(json.$double);
    if ('$key' in json) return json.$key === 'min' ? new MinKey() : new MaxKey();
    return undefined;
  };

  // --- errors
  class MongoshError extends Error {
    constructor(name, message) {
      super(message);
      Object.defineProperty(this, 'name', { value: name });
    }
  }
  const serverError = ({ errmsg, code, codeName }) => {
    const error = new MongoshError(`MongoServerError${codeName ? `[${codeName}]` : ''}`, errmsg);
    return Object.assign(error, { code, codeName, errmsg });
  };
  const command = (database, fields) => {
    const reply = fromJson(JSON.parse(globalThis.__command(database, JSON.stringify(toJson(fields)))));
    if (reply.$network) throw new MongoshError('MongoNetworkError', reply.$network);
    if (reply.ok !== 1) throw serverError(reply);
    return reply;
  };
  const plain = (reply) => reply;
  const writeError = (reply, name = 'MongoServerError') => {
    if (!reply.writeErrors) return;
    const [first] = reply.writeErrors;
    const codes = {
      11000: 'DuplicateKey',
      66: 'ImmutableField',
      9: 'FailedToParse',
      14: 'TypeMismatch',
      2: 'BadValue',
    };
    if (name === 'MongoServerError') throw serverError({ ...first, codeName: codes[first.code] });
    throw new MongoshError(name, first.errmsg);
  };
  const invalid = (message) => {
    throw new MongoshError('MongoshInvalidInputError', message);
  };
  const operators = (update, method) => {
    if (Array.isArray(update)) return update;
    const keys = Object.keys(update ?? {});
    if (keys.length === 0 || !keys.every((key) => key.startsWith('$')))
      throw new MongoshError('MongoInvalidArgumentError', 'Update document requires atomic operators');
    return update;
  };
  const filterOf = (filter, method) => {
    if (filter === undefined || filter === null) return {};
    if (typeof filter !== 'object')
      invalid(`[COMMON-10001] Argument at position 0 must be of type object, got ${typeof filter} instead (${method})`);
    return filter;
  };

  // --- cursors
  class Cursor {
    constructor(collection, fields) {
      const hide = (name, value) => Object.defineProperty(this, name, { value, writable: true });
      hide('collection', collection);
      hide('fields', fields);
      hide('batch', undefined);
      hide('id', 0n);
      hide('mapper', undefined);
    }
    sort(sort) {
      this.fields.sort = sort;
      return this;
    }
    limit(limit) {
      this.fields.limit = limit;
      return this;
    }
    skip(skip) {
      this.fields.skip = skip;
      return this;
    }
    projection(projection) {
      this.fields.projection = projection;
      return this;
    }
    project(projection) {
      return this.projection(projection);
    }
    batchSize(size) {
      this.fields.batchSize = size;
      return this;
    }
    hint() {
      return this;
    }
    collation() {
      return this;
    }
    comment() {
      return this;
    }
    maxTimeMS() {
      return this;
    }
    allowDiskUse() {
      return this;
    }
    pretty() {
      return this;
    }
    map(mapper) {
      this.mapper = mapper;
      return this;
    }
    open() {
      if (this.batch) return;
      const { cursor } = command(this.collection._database, this.fields);
      this.batch = cursor.firstBatch;
      this.id = cursor.id.value ?? 0n;
    }
    more() {
      if (this.batch.length > 0 || this.id === 0n) return;
      const { cursor } = command(this.collection._database, {
        getMore: new Long(this.id),
        collection: this.collection._name,
      });
      this.batch = cursor.nextBatch;
      this.id = cursor.id.value ?? 0n;
    }
    hasNext() {
      this.open();
      this.more();
      return this.batch.length > 0;
    }
    next() {
      if (!this.hasNext()) return null;
      const value = this.batch.shift();
      return this.mapper ? this.mapper(value) : value;
    }
    tryNext() {
      return this.next();
    }
    toArray() {
      const all = [];
      while (this.hasNext()) all.push(this.next());
      return all;
    }
    forEach(call) {
      while (this.hasNext()) if (call(this.next()) === false) break;
    }
    count() {
      const { find, filter } = this.fields;
      return command(this.collection._database, { count: find, query: filter ?? {} }).n;
    }
    size() {
      const { find, filter, skip, limit } = this.fields;
      return command(this.collection._database, {
        count: find,
        query: filter ?? {},
        skip: skip ?? 0,
        limit: limit ?? 0,
      }).n;
    }
    itcount() {
      return this.toArray().length;
    }
    isExhausted() {
      return !this.hasNext();
    }
    close() {}
    explain() {
      const { find, filter } = this.fields;
      return {
        explainVersion: '1',
        queryPlanner: {
          namespace: `${this.collection._database}.${find}`,
          parsedQuery: filter ?? {},
          winningPlan: { isCached: false, stage: 'COLLSCAN', direction: 'forward' },
          rejectedPlans: [],
        },
        ok: 1,
      };
    }
    *[Symbol.iterator]() {
      while (this.hasNext()) yield this.next();
    }
  }

  // --- collections
  const ack = (fields) => ({ acknowledged: true, ...fields });
  class Collection {
    constructor(database, name) {
      Object.defineProperty(this, '_database', { value: database });
      Object.defineProperty(this, '_name', { value: name });
    }
    getName() {
      return this._name;
    }
    getFullName() {
      return `${this._database}.${this._name}`;
    }
    getDB() {
      return database(this._database);
    }
    toString() {
      return this.getFullName();
    }
    getCollection(name) {
      return collection(this._database, `${this._name}.${name}`);
    }
    run(fields) {
      return command(this._database, fields);
    }
    insertOne(document) {
      if (document === null || typeof document !== 'object' || Array.isArray(document))
        throw new MongoshError(
          'MongoshInvalidInputError',
          '[COMMON-10001] Missing required argument at position 0 (Collection.insertOne)',
        );
      if (document._id === undefined) document._id = new ObjectId();
      writeError(this.run({ insert: this._name, documents: [idFirst(document)] }));
      return ack({ insertedId: document._id });
    }
    insertMany(documents, options = {}) {
      if (!Array.isArray(documents))
        throw new MongoshError('MongoInvalidArgumentError', 'Argument "docs" must be an array of documents');
      for (const document of documents) if (document._id === undefined) document._id = new ObjectId();
      writeError(
        this.run({ insert: this._name, documents: documents.map(idFirst), ordered: options.ordered ?? true }),
        'MongoBulkWriteError',
      );
      return ack({ insertedIds: Object.fromEntries(documents.map((document, index) => [index, document._id])) });
    }
    insert(documents) {
      globalThis.__deprecated('Collection.insert', 'insertOne, insertMany, or bulkWrite');
      return this.insertMany(Array.isArray(documents) ? documents : [documents]);
    }
    find(filter, projection) {
      return new Cursor(this, {
        find: this._name,
        filter: filterOf(filter, 'Collection.find'),
        ...(projection === undefined ? {} : { projection }),
      });
    }
    findOne(filter, projection) {
      return new Cursor(this, {
        find: this._name,
        filter: filterOf(filter, 'Collection.findOne'),
        limit: 1,
        ...(projection === undefined ? {} : { projection }),
      }).next();
    }
    update1(filter, update, options, multi) {
      const reply = this.run({
        update: this._name,
        updates: [{ q: filterOf(filter), u: update, multi, upsert: options?.upsert === true }],
      });
      writeError(reply);
      const upserted = reply.upserted ?? [];
      return ack({
        insertedId: upserted[0]?._id ?? null,
        matchedCount: reply.n - upserted.length,
        modifiedCount: reply.nModified,
        upsertedCount: upserted.length,
      });
    }
    updateOne(filter, update, options) {
      return this.update1(filter, operators(update), options, false);
    }
    updateMany(filter, update, options) {
      return this.update1(filter, operators(update), options, true);
    }
    update(filter, update, options) {
      globalThis.__deprecated('Collection.update', 'updateOne, updateMany, or bulkWrite');
      return this.update1(filter, operators(update), options, options?.multi === true);
    }
    replaceOne(filter, document, options) {
      if (Object.keys(document).some((key) => key.startsWith('$')))
        throw new MongoshError('MongoInvalidArgumentError', 'Replacement document must not contain atomic operators');
      return this.update1(filter, document, options, false);
    }
    remove1(filter, limit) {
      return ack({ deletedCount: this.run({ delete: this._name, deletes: [{ q: filterOf(filter), limit }] }).n });
    }
    deleteOne(filter) {
      if (filter === undefined)
        invalid('[COMMON-10001] Missing required argument at position 0 (Collection.deleteOne)');
      return this.remove1(filter, 1);
    }
    deleteMany(filter) {
      if (filter === undefined)
        invalid('[COMMON-10001] Missing required argument at position 0 (Collection.deleteMany)');
      return this.remove1(filter, 0);
    }
    remove(filter, one) {
      globalThis.__deprecated('Collection.remove', 'deleteOne, deleteMany, findOneAndDelete, or bulkWrite');
      return this.remove1(filter, one === true || one?.justOne ? 1 : 0);
    }
    modify(fields) {
      return this.run({ findAndModify: this._name, ...fields }).value ?? null;
    }
    findOneAndUpdate(query, update, options = {}) {
      return this.modify({
        query,
        update,
        sort: options.sort ?? {},
        new: options.returnNewDocument === true || options.returnDocument === 'after',
        upsert: options.upsert === true,
        fields: options.projection ?? {},
      });
    }
    findOneAndReplace(query, update, options = {}) {
      return this.findOneAndUpdate(query, update, options);
    }
    findOneAndDelete(query, options = {}) {
      return this.modify({ query, remove: true, sort: options.sort ?? {}, fields: options.projection ?? {} });
    }
    findAndModify(options) {
      return this.modify({
        query: options.query ?? {},
        ...(options.update ? { update: options.update } : {}),
        remove: options.remove === true,
        sort: options.sort ?? {},
        new: options.new === true,
        upsert: options.upsert === true,
        fields: options.fields ?? {},
      });
    }
    bulkWrite(operations) {
      const result = {
        insertedCount: 0,
        matchedCount: 0,
        modifiedCount: 0,
        deletedCount: 0,
        upsertedCount: 0,
        upsertedIds: {},
        insertedIds: {},
      };
      operations.forEach((operation, index) => {
        const [[kind, fields]] = Object.entries(operation);
        if (kind === 'insertOne') {
          result.insertedIds[index] = this.insertOne(fields.document).insertedId;
          result.insertedCount++;
          return;
        }
        const done = kind.startsWith('delete')
          ? this[kind](fields.filter)
          : this[kind](fields.filter, fields.update ?? fields.replacement, fields);
        result.matchedCount += done.matchedCount ?? 0;
        result.modifiedCount += done.modifiedCount ?? 0;
        result.deletedCount += done.deletedCount ?? 0;
        if (done.insertedId) {
          result.upsertedIds[index] = done.insertedId;
          result.upsertedCount++;
        }
      });
      return ack(result);
    }
    countDocuments(filter) {
      return (
        this.aggregate([{ $match: filterOf(filter) }, { $group: { _id: 1, n: { $sum: 1 } } }]).toArray()[0]?.n ?? 0
      );
    }
    estimatedDocumentCount() {
      return this.run({ count: this._name, query: {} }).n;
    }
    count(filter) {
      globalThis.__deprecated('Collection.count', 'countDocuments or estimatedDocumentCount', true);
      return this.run({ count: this._name, query: filterOf(filter) }).n;
    }
    distinct(key, query) {
      return this.run({ distinct: this._name, key, query: filterOf(query) }).values;
    }
    aggregate(pipeline, ...rest) {
      const stages = Array.isArray(pipeline) ? pipeline : [pipeline, ...rest].filter((one) => one !== undefined);
      const cursor = new Cursor(this, { aggregate: this._name, pipeline: stages, cursor: {} });
      cursor.open();
      return cursor;
    }
    createIndex(key, options = {}) {
      const name =
        options.name ??
        Object.entries(key)
          .map(([field, direction]) => `${field}_${direction}`)
          .join('_');
      this.run({ createIndexes: this._name, indexes: [{ key, name, ...options }] });
      return name;
    }
    ensureIndex(key, options) {
      return this.createIndex(key, options);
    }
    createIndexes(keys, options = {}) {
      return keys.map((key) => this.createIndex(key, options));
    }
    getIndexes() {
      try {
        return this.run({ listIndexes: this._name }).cursor.firstBatch;
      } catch (error) {
        if (error.code === 26) return [];
        throw error;
      }
    }
    getIndexKeys() {
      return this.getIndexes().map(({ key }) => key);
    }
    dropIndex(index) {
      return this.run({ dropIndexes: this._name, index });
    }
    dropIndexes(index) {
      return this.run({ dropIndexes: this._name, index: index ?? '*' });
    }
    drop() {
      this.run({ drop: this._name });
      return true;
    }
    renameCollection(to, dropTarget) {
      return command('admin', {
        renameCollection: this.getFullName(),
        to: `${this._database}.${to}`,
        dropTarget: dropTarget === true,
      });
    }
    stats() {
      return this.run({ collStats: this._name });
    }
    validate() {
      return this.run({ validate: this._name });
    }
    dataSize() {
      return this.stats().size;
    }
    storageSize() {
      return this.stats().storageSize;
    }
    totalIndexSize() {
      return this.stats().totalIndexSize;
    }
    exists() {
      return this.run({ listCollections: 1 }).cursor.firstBatch.find(({ name }) => name === this._name) ?? null;
    }
    explain() {
      const self = this;
      return { find: (filter) => self.find(filter).explain() };
    }
    help() {
      return 'Collection Class: see https://www.mongodb.com/docs/mongodb-shell/reference/methods/#collection-methods';
    }
  }
  const idFirst = ({ _id, ...rest }) => ({ _id, ...rest });
  const proxied = (target, other) =>
    new Proxy(target, {
      get: (object, name) =>
        typeof name === 'symbol' || name in object ? object[name] : name.startsWith('_') ? undefined : other(name),
    });
  const collection = (database, name) => {
    if (!name) throw new MongoshError('MongoshInvalidInputError', '[COMMON-10001] Collection name cannot be empty.');
    const made = new Collection(database, name);
    return proxied(made, (rest) => collection(database, `${name}.${rest}`));
  };

  // --- databases
  class Database {
    constructor(name) {
      Object.defineProperty(this, '_name', { value: name });
    }
    getName() {
      return this._name;
    }
    toString() {
      return this._name;
    }
    getMongo() {
      return new Mongo();
    }
    getCollection(name) {
      return collection(this._name, name);
    }
    getSiblingDB(name) {
      return database(name);
    }
    getSisterDB(name) {
      return database(name);
    }
    getCollectionNames() {
      return this.runCommand({ listCollections: 1, nameOnly: true }).cursor.firstBatch.map(({ name }) => name);
    }
    getCollectionInfos() {
      return this.runCommand({ listCollections: 1 }).cursor.firstBatch;
    }
    runCommand(fields) {
      return plain(command(this._name, typeof fields === 'string' ? { [fields]: 1 } : fields));
    }
    adminCommand(fields) {
      return plain(command('admin', typeof fields === 'string' ? { [fields]: 1 } : fields));
    }
    createCollection(name, options = {}) {
      this.runCommand({ create: name, ...options });
      return { ok: 1 };
    }
    dropDatabase() {
      return this.runCommand({ dropDatabase: 1 });
    }
    stats(scale) {
      return this.runCommand({ dbStats: 1, ...(typeof scale === 'number' ? { scale } : (scale ?? {})) });
    }
    serverStatus() {
      return this.adminCommand({ serverStatus: 1 });
    }
    hostInfo() {
      return this.adminCommand({ hostInfo: 1 });
    }
    version() {
      return this.adminCommand({ buildInfo: 1 }).version;
    }
    serverBuildInfo() {
      return this.adminCommand({ buildInfo: 1 });
    }
    hello() {
      return this.runCommand({ hello: 1 });
    }
    isMaster() {
      return { ismaster: true, ...this.runCommand({ hello: 1 }) };
    }
    createUser({ user, ...rest }) {
      this.runCommand({ createUser: user, ...rest });
      return { ok: 1 };
    }
    updateUser(user, fields) {
      this.runCommand({ updateUser: user, ...fields });
      return { ok: 1 };
    }
    changeUserPassword(user, pwd) {
      return this.updateUser(user, { pwd });
    }
    grantRolesToUser(user, roles) {
      this.runCommand({ grantRolesToUser: user, roles });
      return { ok: 1 };
    }
    dropUser(user) {
      this.runCommand({ dropUser: user });
      return { ok: 1 };
    }
    getUsers() {
      return { users: this.runCommand({ usersInfo: 1 }).users, ok: 1 };
    }
    getUser(user) {
      return this.runCommand({ usersInfo: user }).users[0] ?? null;
    }
    auth(user, password) {
      if (typeof user === 'object') ({ user, pwd: password } = user);
      command(this._name, { saslStart: 1, mechanism: 'PLAIN', payload: `${user}\0${password}` });
      return { ok: 1 };
    }
    logout() {
      return this.runCommand({ logout: 1 });
    }
    aggregate(pipeline) {
      return collection(this._name, '$cmd.aggregate').aggregate(pipeline);
    }
    shutdownServer() {
      this.adminCommand({ shutdown: 1 });
    }
    currentOp() {
      return { inprog: [], ok: 1 };
    }
    printCollectionStats() {
      for (const name of this.getCollectionNames()) print(name, this.getCollection(name).stats());
    }
    help() {
      return 'Database Class: see https://www.mongodb.com/docs/mongodb-shell/reference/methods/#database-methods';
    }
  }
  class Mongo {
    getDBNames() {
      return command('admin', { listDatabases: 1 }).databases.map(({ name }) => name);
    }
    getDBs() {
      return command('admin', { listDatabases: 1 });
    }
    getDB(name) {
      return database(name);
    }
    setReadPref() {}
  }
  const databases = new Map();
  const database = (name) => {
    if (!databases.has(name))
      databases.set(
        name,
        proxied(new Database(name), (one) => collection(name, one)),
      );
    return databases.get(name);
  };
  define('Mongo', callable(Mongo));
  define('db', undefined);
  globalThis.__use = (name) => {
    globalThis.db = database(name);
  };
  define('rs', {
    status: () => command('admin', { replSetGetStatus: 1 }),
    initiate: (config) => command('admin', { replSetInitiate: config ?? {} }),
    conf: () => command('admin', { replSetGetStatus: 1 }),
    isMaster: () => globalThis.db.isMaster(),
    hello: () => globalThis.db.hello(),
  });
  define('sh', {
    status: () => {
      throw new MongoshError(
        'MongoshInvalidInputError',
        '[SHAPI-10003] sh.status() may not be run against a non-sharded cluster',
      );
    },
  });

  // --- how values are shown (util.inspect as mongosh calls it)
  const quote = (text) => {
    const mark = !text.includes("'") ? "'" : !text.includes('"') ? '"' : !text.includes('`') ? '`' : "'";
    const body = text.replace(
      /[\\\n\r\t\b\f\v]/g,
      (char) => ({ '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f', '\v': '\\v' })[char],
    );
    return `${mark}${mark === "'" ? body.replace(/'/g, "\\'") : body}${mark}`;
  };
  const keyOf = (key) => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key));
  const inspect = (value, depth = 6) => {
    const context = { current: 0, indent: 0, seen: [] };
    const format = (one, level) => {
      switch (typeof one) {
        case 'string':
          return quote(one);
        case 'number':
          return Object.is(one, -0) ? '-0' : String(one);
        case 'bigint':
          return `${one}n`;
        case 'undefined':
          return 'undefined';
        case 'boolean':
          return String(one);
        case 'symbol':
          return String(one);
        case 'function':
          return one.prototype && /^class/.test(String(one))
            ? `[class ${one.name}]`
            : `[Function${one.name ? `: ${one.name}` : ' (anonymous)'}]`;
      }
      if (one === null) return 'null';
      if (one instanceof ObjectId) return `ObjectId('${one.hex}')`;
      if (one instanceof Long) return `Long('${one.value}')`;
      if (one instanceof Decimal128) return `Decimal128('${one.text}')`;
      if (one instanceof RealDate)
        return Number.isNaN(one.getTime()) ? 'Invalid Date' : `ISODate('${one.toISOString()}')`;
      if (one instanceof RegExp) return String(one);
      if (one instanceof Timestamp) return `Timestamp({ t: ${one.t}, i: ${one.i} })`;
      if (one instanceof Binary) return `Binary.createFromBase64('${one.base64}', ${one.subtype})`;
      if (one instanceof MinKey) return 'MinKey()';
      if (one instanceof MaxKey) return 'MaxKey()';
      if (one instanceof Collection || one instanceof Database) return String(one);
      if (one instanceof Error) return `${one.name}: ${one.message}`;
      if (context.seen.includes(one)) return '[Circular *1]';
      const isArray = Array.isArray(one);
      const name = one.constructor?.name;
      const prefix = isArray || name === 'Object' || name === undefined ? '' : `${name} `;
      if (level > depth) return isArray ? '[Array]' : `[${name ?? 'Object'}]`;
      context.seen.push(one);
      context.current = level;
      let output;
      let grouped = false;
      if (one instanceof Map || one instanceof Set) {
        output = [...one].map((item) =>
          one instanceof Map
            ? `${format(item[0], level + 1)} => ${format(item[1], level + 1)}`
            : format(item, level + 1),
        );
      } else if (isArray) {
        context.indent += 2;
        output = one.slice(0, 100).map((item) => format(item, level + 1));
        context.indent -= 2;
        if (one.length > 100) output.push(`... ${one.length - 100} more item${one.length > 101 ? 's' : ''}`);
      } else {
        output = Object.keys(one).map((key) => {
          const diff = 2;
          context.indent += diff;
          const text = format(one[key], level + 1);
          context.indent -= diff;
          return `${keyOf(key)}: ${text}`;
        });
      }
      context.seen.pop();
      const [open, close] = isArray ? ['[', ']'] : ['{', '}'];
      if (output.length === 0) return `${prefix}${open}${close}`;
      const entries = output.length;
      if (isArray && entries > 6) {
        output = group(output, one, context.indent);
        grouped = output.length !== entries;
      }
      if (context.current - level < 3 && !grouped) {
        const start = output.length + context.indent + open.length + prefix.length + 10;
        const total = output.reduce((sum, text) => sum + text.length, output.length + start);
        if (total <= 80 && !output.some((text) => text.includes('\n')))
          return `${prefix}${open} ${output.join(', ')} ${close}`;
      }
      const line = `\n${' '.repeat(context.indent)}`;
      return `${prefix}${open}${line}  ${output.join(`,${line}  `)}${line}${close}`;
    };
    /** groupArrayElements: short entries side by side. */
    const group = (output, value, indent) => {
      const extra = value.length > 100 ? 1 : 0;
      const length = output.length - extra;
      const lengths = output.slice(0, length).map((text) => text.length);
      const longest = Math.max(...lengths) + 2;
      const total = lengths.reduce((sum, one) => sum + one + 2, 0);
      if (longest * 3 + indent >= 80 || (total / longest <= 5 && longest > 8)) return output;
      const bias = Math.sqrt(longest - total / output.length);
      const columns = Math.min(
        Math.round(Math.sqrt(2.5 * Math.max(bias - 0, 1) * length) / Math.max(bias, 1)),
        Math.floor((80 - indent) / longest),
        3 * 4,
        15,
      );
      if (columns <= 1) return output;
      const widths = [];
      for (let column = 0; column < columns; column++) {
        let width = 0;
        for (let at = column; at < length; at += columns) width = Math.max(width, lengths[at]);
        widths.push(width + 2);
      }
      const right = value.every((one) => typeof one === 'number' || typeof one === 'bigint');
      const rows = [];
      for (let at = 0; at < length; at += columns) {
        const max = Math.min(at + columns, length);
        let row = '';
        let index = at;
        for (; index < max - 1; index++) {
          const cell = `${output[index]}, `;
          row += right ? cell.padStart(widths[index - at]) : cell.padEnd(widths[index - at]);
        }
        row += right ? output[index].padStart(widths[index - at] - 2) : output[index];
        rows.push(row);
      }
      if (extra) rows.push(output[length]);
      return rows;
    };
    return format(value, 0);
  };

  const shown = (value) =>
    typeof value === 'string' ? value : value instanceof Cursor ? cursorText(value) : inspect(value);
  const relaxed = (value) => {
    if (value instanceof ObjectId) return { $oid: value.hex };
    if (value instanceof RealDate) return { $date: value.toISOString() };
    if (value instanceof Long) return Number(value.value);
    if (value instanceof Decimal128) return { $numberDecimal: value.text };
    if (Array.isArray(value)) return value.map(relaxed);
    if (value !== null && typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, relaxed(one)]));
    return value;
  };
  define('EJSON', {
    stringify: (value, ...rest) =>
      JSON.stringify(
        relaxed(value),
        ...rest.filter((one) => typeof one !== 'object' || one === null || Array.isArray(one)),
      ),
    parse: (text) => JSON.parse(text),
  });
  define('tojson', (value) => inspect(value));
  define('print', (...values) => host('print', `${values.map(shown).join(' ')}\n`));
  define('printjson', (...values) => host('print', `${values.map(shown).join(' ')}\n`));
  define('console', {
    log: globalThis.print,
    info: globalThis.print,
    warn: globalThis.print,
    error: globalThis.print,
    debug: globalThis.print,
    table: globalThis.print,
  });
  define('sleep', (ms) => void globalThis.__sleep(ms));
  define('quit', (status) => {
    host('exit', status ?? 0);
    throw new MongoshError('Exit', '');
  });
  define('exit', globalThis.quit);
  define('load', (file) => {
    const text = host('read', file);
    if (typeof text !== 'string') throw new MongoshError('Error', `ENOENT: no such file or directory, open '${file}'`);
    (0, eval)(text);
    return true;
  });
  define('cat', (file) => host('read', file));
  define('pwd', () => host('cwd'));
  define('version', () => host('version'));
  define('_getEnv', (name) => JSON.parse(host('env'))[name]);
  define('process', {
    env: host('env'),
    argv: host('argv'),
    exit: globalThis.quit,
    stdout: { write: (text) => host('print', text) },
  });
  define('disableTelemetry', () => 'Telemetry is now disabled.');
  define('enableTelemetry', () => 'Telemetry is now enabled.');
  const warned = new Set();
  globalThis.__deprecated = (what, instead) => {
    if (warned.has(what)) return;
    warned.add(what);
    host('print', `DeprecationWarning: ${what}() is deprecated. Use ${instead}.\n`);
  };

  // --- the shell's own commands
  let last;
  const cursorText = (cursor) => {
    const rows = [];
    while (rows.length < 20 && cursor.hasNext()) rows.push(cursor.next());
    last = cursor;
    if (rows.length === 0) return '';
    return `${inspect(rows, Infinity)}${cursor.hasNext() ? '\nType "it" for more' : ''}`;
  };
  const size = (bytes) => {
    for (const unit of ['B', 'KiB', 'MiB', 'GiB']) {
      if (bytes < 1024 || unit === 'GiB') return `${unit === 'B' ? bytes : bytes.toFixed(2)} ${unit}`;
      bytes /= 1024;
    }
  };
  const table = (rows) => {
    const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column].length))) ?? [];
    return rows
      .map((row) =>
        row
          .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
          .join('  '),
      )
      .join('\n');
  };
  const show = (what) => {
    const { db } = globalThis;
    switch (what) {
      case 'dbs':
      case 'databases':
        return table(
          command('admin', { listDatabases: 1 }).databases.map(({ name, sizeOnDisk }) => [
            name,
            size(Number(sizeOnDisk)),
          ]),
        );
      case 'collections':
      case 'tables':
        return db.getCollectionNames().join('\n');
      case 'users':
        return inspect(db.getUsers().users);
      case 'roles':
        return inspect([]);
      case 'profile':
        return 'db.system.profile is empty.\nUse db.setProfilingLevel(2) will enable profiling.';
      case 'logs':
        return inspect(['global', 'startupWarnings']);
      case 'log':
        return inspect(command('admin', { getLog: 'global' }).log);
      default:
        throw new MongoshError(
          'MongoshInvalidInputError',
          `[COMMON-10001] '${what}' is not a valid argument for "show".`,
        );
    }
  };
  const help = `
  Shell Help:

    use                                        Set current database
    show                                       'show databases'/'show dbs': Print a list of all available databases
                                               'show collections'/'show tables': Print a list of all collections for current database
                                               'show profile': Prints system.profile information
                                               'show users': Print a list of all users for current database
                                               'show roles': Print a list of all roles for current database
                                               'show log <type>': Log for current connection, if type is not set uses 'global'
                                               'show logs': Print all logs.

    exit                                       Quit the MongoDB shell with exit/exit()/.exit
    quit                                       Quit the MongoDB shell with quit/quit()
    Mongo                                      Create a new connection and return the Mongo object. Usage: new Mongo(URI, options [optional])
    version                                    Shell version
    load                                       Loads and runs a JavaScript file into the current shell environment
    it                                         result of the last line evaluated; use to further iterate
    print                                      Prints the contents of an object to the output
    sleep                                      Sleep for the specified number of milliseconds

  For more information on usage: https://mongodb.com/docs/manual/reference/method`;
  /** A line that is no JavaScript: its text, or undefined. */
  globalThis.__shellCommand = (line) => {
    const [word, argument] = line.trim().replace(/;$/, '').split(/\s+/);
    if (word === 'show' && argument) return show(argument);
    if (word === 'use' && argument) {
      if (/[ ."$*<>:|?/\\]/.test(argument))
        throw new MongoshError('MongoshInvalidInputError', `[COMMON-10001] Invalid database name: ${argument}`);
      const same = globalThis.db.getName() === argument;
      globalThis.__use(argument);
      return same ? `already on db ${argument}` : `switched to db ${argument}`;
    }
    if (argument !== undefined) return undefined;
    if (word === 'it') return last ? cursorText(last) : 'no cursor';
    if (word === 'help') return help;
    if (word === 'exit' || word === 'quit' || word === '.exit') {
      host('exit', 0);
      return '';
    }
    if (word === 'cls') return '\u001b[2J\u001b[H';
    return undefined;
  };
  globalThis.__show = (value) => (value === undefined ? undefined : shown(value));
  globalThis.__json = (value) => EJSON.stringify(value instanceof Cursor ? value.toArray() : value, null, 2);
  globalThis.__current = () => globalThis.db.getName();
  /** An error as people read it; `source` says what was called that is no function. */
  globalThis.__error = (error, source) => {
    if (!(error instanceof Error)) return `Error: ${shown(error)}`;
    let { message } = error;
    if (/^'?[\w$]+'? is not defined$/.test(message)) message = message.replace(/'/g, '');
    if (message === 'not a function') {
      for (const [, expression] of source.matchAll(/([\w$]+(?:\.[\w$]+)+)\s*\(/g)) {
        try {
          if (typeof (0, eval)(expression) !== 'function') {
            message = `${expression} is not a function`;
            break;
          }
        } catch {
          /* not that one */
        }
      }
    }
    return `${error.name}: ${message}`;
  };
})();
