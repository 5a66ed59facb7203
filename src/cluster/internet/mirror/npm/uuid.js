const { randomUUID } = require('crypto');
module.exports = {
  v4: () => randomUUID(),
  validate: (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
  NIL: '00000000-0000-0000-0000-000000000000',
};
