// The same connections and pools with promises in place of callbacks.
const later =
  (target, name) =>
  (...args) =>
    new Promise((resolve, reject) => {
      target[name](...args, (error, ...results) => {
        if (error) {
          const here = new Error(error.message);
          reject(Object.assign(here, error));
        } else resolve(results);
      });
    });
const none = (run) => async () => void (await run());

function connectionOf(connection) {
  const promised = {
    connection,
    config: connection.config,
    get threadId() {
      return connection.threadId;
    },
    query: later(connection, 'query'),
    execute: later(connection, 'execute'),
    release: () => connection.release?.(),
    destroy: () => connection.destroy(),
    escape: connection.escape,
    escapeId: connection.escapeId,
    format: connection.format,
    on: (...args) => (connection.on(...args), promised),
  };
  for (const name of ['connect', 'end', 'ping', 'beginTransaction', 'commit', 'rollback'])
    promised[name] = none(later(connection, name));
  return promised;
}

function poolOf(pool) {
  const borrow = later(pool, 'getConnection');
  const promised = {
    pool,
    getConnection: async () => connectionOf((await borrow())[0]),
    query: later(pool, 'query'),
    execute: later(pool, 'execute'),
    end: none(later(pool, 'end')),
    escape: pool.escape,
    format: pool.format,
    releaseConnection: (connection) => connection.release(),
    on: (...args) => (pool.on(...args), promised),
  };
  return promised;
}

module.exports = { connectionOf, poolOf };
