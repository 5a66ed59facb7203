// mysql2/promise.
const mysql = require('./index.js');
const { connectionOf, poolOf } = require('./promised.js');

module.exports = {
  ...mysql,
  createConnection: async (options) => {
    const connection = connectionOf(mysql.createConnection(options));
    await connection.connect();
    return connection;
  },
  createPool: (options) => poolOf(mysql.createPool(options)),
};
