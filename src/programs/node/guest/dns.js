const asked = new Map();
let token = 1;
internal.on('looked-up', (id, addresses) => {
  const done = asked.get(id);
  asked.delete(id);
  host('references', -1);
  done(addresses);
});
const look = (name, done) => {
  host('references', 1);
  asked.set(token, done);
  host('lookup', name, token++);
};
const fault = (name, call) =>
  Object.assign(new Error(`${call} ENOTFOUND ${name}`), {
    errno: -3008,
    code: 'ENOTFOUND',
    syscall: call,
    hostname: name,
  });
const lookup = (name, options, done = options) =>
  look(name, (addresses) => {
    if (!addresses || addresses.length === 0) return done(fault(name, 'getaddrinfo'));
    if (options && options.all)
      done(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      );
    else done(null, addresses[0], 4);
  });
const resolve4 = (name, done) =>
  look(name, (addresses) => (addresses ? done(null, addresses) : done(fault(name, 'queryA'))));
const promise =
  (run) =>
  (...args) =>
    new Promise((resolve, reject) =>
      run(...args, (error, value, family) =>
        error ? reject(error) : resolve(family === undefined ? value : { address: value, family }),
      ),
    );
module.exports = {
  lookup,
  resolve4,
  resolve: (name, type, done = type) => resolve4(name, done),
  setDefaultResultOrder() {},
  getServers: () => [],
  promises: { lookup: promise(lookup), resolve4: promise(resolve4), resolve: promise(resolve4) },
};
