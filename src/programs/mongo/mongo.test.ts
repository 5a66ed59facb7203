import { expect, test } from 'vitest';
import { Output, OutputFile } from '../../containers/shim/output';
import { lab } from '../../containers/testing/lab';
import { decode } from '../../linux/io/bytes';
import { elf } from '../../linux/process/executable';
import { programs } from '.';

function world() {
  const { host, clock } = lab(programs);
  host.fs.mkdirAll('/data/db');
  host.fs.mkdirAll('/usr/bin');
  for (const name of ['mongod', 'mongosh']) host.fs.writeFile(`/usr/bin/${name}`, elf(name), 0o755);
  host.net.setUp('lo', true);
  const start = (name: string, args: readonly string[], input = '') => {
    let text = '';
    const output = new Output(clock);
    output.listen((bytes) => void (text += decode(bytes)));
    const file = new OutputFile('out', output);
    host.fs.writeFile('/input', input);
    const stdin = host.fs.open('/input', { read: true });
    if (!stdin.ok) throw new Error(stdin.error.message);
    const child = host.spawn({
      file: `/usr/bin/${name}`,
      argv: [name, ...args],
      fds: new Map([
        [0, stdin.value],
        [1, file],
        [2, file],
      ]),
    });
    if (!child.ok) throw new Error(child.error.message);
    return { child: child.value, text: () => text };
  };
  const shell = async (args: readonly string[], input = ''): Promise<string> => {
    const { child, text } = start('mongosh', args, input);
    await clock.runUntil(() => child.process.status !== undefined, { limit: 100_000 });
    // An identifier is another one each time.
    return text().replace(/ObjectId\('[0-9a-f]{24}'\)/g, "ObjectId('…')");
  };
  const evaluate = (source: string) => shell(['--quiet', '--eval', source]);
  return { host, clock, start, shell, evaluate };
}

async function served(...args: string[]) {
  const it = world();
  const server = it.start('mongod', args);
  await it.clock.advance(1000);
  return { ...it, server };
}

const lines = (...all: readonly string[]): string => all.map((line) => `${line}\n`).join('');

test('writes and reads documents, and shows them as mongosh does', { timeout: 60_000 }, async () => {
  const { evaluate } = await served();
  expect(await evaluate("db.people.insertOne({ name: 'Ada', age: 36 })")).toBe(
    lines('{', '  acknowledged: true,', "  insertedId: ObjectId('…')", '}'),
  );
  expect(
    await evaluate("db.people.insertMany([{ name: 'Bob', age: 20, tags: ['x'] }, { _id: 7, name: 'Cleo', age: 50 }])"),
  ).toBe(lines('{', '  acknowledged: true,', "  insertedIds: { '0': ObjectId('…'), '1': 7 }", '}'));
  expect(await evaluate('db.people.find({ age: { $gt: 25 } }).sort({ age: -1 })')).toBe(
    lines('[', "  { _id: 7, name: 'Cleo', age: 50 },", "  { _id: ObjectId('…'), name: 'Ada', age: 36 }", ']'),
  );
  expect(await evaluate('db.people.findOne({ name: /^b/i }, { _id: 0 })')).toBe(
    lines("{ name: 'Bob', age: 20, tags: [ 'x' ] }"),
  );
  expect(
    await evaluate(
      "db.people.updateMany({ $or: [{ name: 'Bob' }, { _id: 7 }] }, { $inc: { age: 1 }, $push: { tags: 'y' } })",
    ),
  ).toBe(
    lines(
      '{',
      '  acknowledged: true,',
      '  insertedId: null,',
      '  matchedCount: 2,',
      '  modifiedCount: 2,',
      '  upsertedCount: 0',
      '}',
    ),
  );
  expect(
    await evaluate(
      "db.people.find({ tags: { $in: ['y'] }, age: { $not: { $lt: 30 } } }, { name: 1, tags: 1, _id: 0 }).toArray()",
    ),
  ).toBe(lines("[ { name: 'Cleo', tags: [ 'y' ] } ]"));
  expect(
    await evaluate(
      "db.people.aggregate([{ $match: { age: { $exists: true } } }, { $group: { _id: null, sum: { $sum: '$age' }, n: { $sum: 1 } } }, { $project: { _id: 0 } }])",
    ),
  ).toBe(lines('[ { sum: 108, n: 3 } ]'));
  expect(await evaluate("db.people.aggregate([{ $unwind: '$tags' }, { $sortByCount: '$tags' }])")).toBe(
    lines("[ { _id: 'y', count: 2 }, { _id: 'x', count: 1 } ]"),
  );
  expect(await evaluate('db.people.deleteOne({ _id: 7 })')).toBe(lines('{ acknowledged: true, deletedCount: 1 }'));
  expect(
    await evaluate("print(db.people.countDocuments(), db.people.distinct('name')); db.people.find({ none: 1 })"),
  ).toBe("2 [ 'Ada', 'Bob' ]\n\n");
  expect(await evaluate('db.people.createIndex({ name: 1 }, { unique: true })')).toBe('name_1\n');
  expect(await evaluate("db.people.insertOne({ name: 'Ada' })")).toBe(
    'MongoServerError[DuplicateKey]: E11000 duplicate key error collection: test.people index: name_1 dup key: { name: "Ada" }\n',
  );
});

test('a session with its own commands, from a pipe', async () => {
  const { shell } = await served();
  const script =
    'use shop\nfor (let i = 1; i <= 3; i++) db.items.insertOne({ _id: i, price: i * 2.5 })\nshow collections\ndb.items.find().forEach((one) => {\n  print(one.price)\n})\nlet total = 0\ndb.items.find().toArray().map((one) => one.price).reduce((a, b) => a + b, total)\nnonsense\ndb.items.findd()\nrs.status()\n{ a: 1 }\n';
  expect(await shell(['--quiet'], script)).toBe(
    [
      'test> switched to db shop\n',
      'shop> { acknowledged: true, insertedId: 3 }\n',
      'shop> items\n',
      'shop> ... ... 2.5\n5\n7.5\n',
      'shop> shop> 15\n',
      'shop> ReferenceError: nonsense is not defined\n',
      'shop> TypeError: db.items.findd is not a function\n',
      'shop> MongoServerError[NoReplicationEnabled]: not running with --replSet\n',
      'shop> { a: 1 }\n',
      'shop> \n',
    ].join(''),
  );
});

test('what was written outlives the server', async () => {
  const { host, clock, start, evaluate, server } = await served();
  await evaluate(
    'db.kept.insertMany([{ _id: 1 }, { _id: 2 }]); db.kept.deleteOne({ _id: 1 }); db.kept.createIndex({ a: -1 })',
  );
  host.init.kill(server.child.pid, 'SIGKILL');
  await clock.advance(10);
  const second = start('mongod', []);
  await clock.advance(1000);
  expect(second.text()).toContain('"msg":"Detected unclean shutdown - Lock file is not empty"');
  expect(await evaluate('db.kept.find().toArray().concat(db.kept.getIndexes())')).toBe(
    lines(
      '[',
      '  { _id: 2 },',
      "  { v: 2, key: { _id: 1 }, name: '_id_' },",
      "  { v: 2, key: { a: -1 }, name: 'a_-1' }",
      ']',
    ),
  );
  host.init.kill(second.child.pid, 'SIGTERM');
  await clock.advance(100);
  expect(second.child.process.status).toEqual({ kind: 'exited', code: 0 });
  expect(second.text()).toMatch(/"msg":"Shutting down","attr":\{"exitCode":0\}\}\n$/);
});

test('users prove who they are', async () => {
  const { shell } = await served('--auth');
  expect(
    await shell(['--quiet', 'admin', '--eval', "db.createUser({ user: 'root', pwd: 'secret', roles: ['root'] })"]),
  ).toBe('{ ok: 1 }\n');
  expect(await shell(['--quiet', '--eval', 'db.a.find()'])).toBe(
    'MongoServerError[Unauthorized]: Command find requires authentication\n',
  );
  expect(await shell(['--quiet', '-u', 'root', '-p', 'wrong', '--authenticationDatabase', 'admin'])).toBe(
    'MongoServerError: Authentication failed.\n',
  );
  expect(
    await shell([
      'mongodb://root:secret@127.0.0.1:27017/shop?authSource=admin',
      '--quiet',
      '--eval',
      'db.getName() + db.runCommand({ ping: 1 }).ok',
    ]),
  ).toBe('shop1\n');
});

test('nobody listens', async () => {
  const { shell } = world();
  expect(await shell(['--quiet', '--eval', '1'])).toBe('MongoNetworkError: connect ECONNREFUSED 127.0.0.1:27017\n');
});
