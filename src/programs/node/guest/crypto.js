const { exact } = require('buffer');
const { coded } = require('internal_errors');
const bytes = (data, encoding) => (typeof data === 'string' ? Buffer.from(data, encoding) : Buffer.from(data));
class Hash {
  #parts = [];
  #run;
  constructor(run) {
    this.#run = run;
  }
  update(data, encoding) {
    this.#parts.push(bytes(data, encoding));
    return this;
  }
  digest(encoding) {
    const made = Buffer.from(this.#run(exact(Buffer.concat(this.#parts))));
    return encoding ? made.toString(encoding) : made;
  }
}
const names = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'];
const known = (name) => {
  const found = String(name).toLowerCase().replace('-', '');
  if (!names.includes(found)) throw coded(Error, 'ERR_OSSL_EVP_UNSUPPORTED', 'Digest method not supported');
  return found;
};
const randomBytes = (count, done) => {
  const made = Buffer.from(host('randomBytes', count));
  if (!done) return made;
  setImmediate(() => done(null, made));
};
const randomUUID = () => {
  const made = randomBytes(16);
  made[6] = (made[6] & 15) | 64;
  made[8] = (made[8] & 63) | 128;
  return made.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};
const createHash = (name) => {
  const hash = known(name);
  return new Hash((data) => host('hash', hash, data));
};
const createHmac = (name, key) => {
  const hash = known(name);
  return new Hash((data) => host('hmac', hash, exact(bytes(key)), data));
};
const randomInt = (from, to, done) => {
  if (to === undefined || typeof to === 'function') [from, to, done] = [0, from, to];
  const value = from + Math.floor(Math.random() * (to - from));
  return done ? void setImmediate(() => done(null, value)) : value;
};
const getRandomValues = (view) => {
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(randomBytes(view.byteLength));
  return view;
};
const pbkdf2Sync = (password, salt, rounds, length, name) => {
  const blocks = [];
  for (let at = 1; blocks.length * 1 < Math.ceil(length / createHash(name).digest().length); at++) {
    let each = createHmac(name, password)
      .update(bytes(salt))
      .update(Buffer.from([0, 0, 0, at]))
      .digest();
    const sum = Buffer.from(each);
    for (let round = 1; round < rounds; round++) {
      each = createHmac(name, password).update(each).digest();
      for (let byte = 0; byte < sum.length; byte++) sum[byte] ^= each[byte];
    }
    blocks.push(sum);
  }
  return Buffer.concat(blocks).subarray(0, length);
};
module.exports = {
  createHash,
  createHmac,
  randomBytes,
  randomUUID,
  randomInt,
  pbkdf2Sync,
  hash: (name, data, encoding = 'hex') => createHash(name).update(data).digest(encoding),
  randomFillSync: getRandomValues,
  getRandomValues,
  timingSafeEqual: (a, b) => Buffer.compare(a, b) === 0,
  getHashes: () => names,
  webcrypto: {
    getRandomValues,
    randomUUID,
    subtle: {
      digest: async (name, data) =>
        exact(
          createHash(name.name || name)
            .update(Buffer.from(data))
            .digest(),
        ),
    },
  },
};
