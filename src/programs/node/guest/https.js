const http = require('http');
const request = http.$maker(true);
module.exports = {
  ...http,
  request,
  get(...args) {
    const made = request(...args);
    made.end();
    return made;
  },
  createServer() {
    throw new Error('https.createServer() is not part of this simulation');
  },
};
