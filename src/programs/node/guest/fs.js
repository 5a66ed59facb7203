const { system, invalidType } = require('internal_errors');
const { exact } = require('buffer');
const pathOf = (path, name = 'path') => {
  if (typeof path === 'string') return path;
  if (path instanceof URL) return require('url').fileURLToPath(path);
  if (path instanceof Uint8Array) return Buffer.from(path).toString();
  throw invalidType(name, 'of type string or an instance of Buffer or URL', path);
};
const call = (name, path, ...args) => {
  const result = host('fs', name, pathOf(path), ...args);
  if (result && result.$errno)
    throw system(result, name, pathOf(path), ['rename', 'link', 'symlink'].includes(name) ? args[0] : undefined);
  return result;
};
const encodingOf = (options) => (typeof options === 'string' ? options : options && options.encoding);
const bytes = (data, options) => {
  if (typeof data === 'string')
    return /^utf-?8$/i.test(encodingOf(options) || 'utf8') && !data.includes('\0')
      ? data
      : exact(Buffer.from(data, encodingOf(options)));
  if (ArrayBuffer.isView(data)) return exact(data);
  throw invalidType('data', 'of type string or an instance of Buffer, TypedArray, or DataView', data);
};
class Stats {
  constructor(raw) {
    const kinds = {
      file: 0o100000,
      directory: 0o040000,
      symlink: 0o120000,
      fifo: 0o010000,
      socket: 0o140000,
      char: 0o020000,
      block: 0o060000,
    };
    Object.assign(this, {
      dev: raw.dev,
      mode: kinds[raw.type] | raw.mode,
      nlink: raw.nlink,
      uid: raw.uid,
      gid: raw.gid,
      rdev: 0,
      blksize: 4096,
      ino: raw.ino,
      size: raw.size,
      blocks: Math.ceil(raw.size / 512),
      atimeMs: raw.atime,
      mtimeMs: raw.mtime,
      ctimeMs: raw.ctime,
      birthtimeMs: raw.ctime,
    });
    for (const name of ['atime', 'mtime', 'ctime', 'birthtime'])
      Object.defineProperty(this, name, { value: new Date(this[`${name}Ms`]), enumerable: false });
    Object.defineProperty(this, '$type', { value: raw.type });
  }
  isFile() {
    return this.$type === 'file';
  }
  isDirectory() {
    return this.$type === 'directory';
  }
  isSymbolicLink() {
    return this.$type === 'symlink';
  }
  isFIFO() {
    return this.$type === 'fifo';
  }
  isSocket() {
    return this.$type === 'socket';
  }
  isCharacterDevice() {
    return this.$type === 'char';
  }
  isBlockDevice() {
    return this.$type === 'block';
  }
}
class Dirent {
  constructor(name, path, type) {
    this.name = name;
    this.parentPath = path;
    this.path = path;
    Object.defineProperty(this, '$type', { value: type });
  }
}
for (const name of ['isFile', 'isDirectory', 'isSymbolicLink', 'isFIFO', 'isSocket'])
  Dirent.prototype[name] = Stats.prototype[name];
const quietly = (options, run) => {
  try {
    return run();
  } catch (error) {
    if (options && options.throwIfNoEntry === false && error.code === 'ENOENT') return undefined;
    throw error;
  }
};
const list = (path, options) => {
  const made = [];
  const walk = (folder, prefix) => {
    for (const { name, type } of call('readdir', folder)) {
      made.push(options && options.withFileTypes ? new Dirent(name, folder, type) : prefix + name);
      if (options && options.recursive && type === 'directory') walk(`${folder}/${name}`, `${prefix}${name}/`);
    }
  };
  walk(pathOf(path), '');
  return made.sort((a, b) => ((a.name || a) < (b.name || b) ? -1 : 1));
};
const fdCall = (operation, syscall, ...args) => {
  const result = host(operation, ...args);
  if (result && result.$errno) throw system(result, syscall);
  return result;
};
const sync = {
  readFile(path, options) {
    const raw = typeof path === 'number' ? readAll(path) : call('read', path);
    const buffer = raw instanceof Uint8Array ? raw : Buffer.from(raw);
    return encodingOf(options) ? buffer.toString(encodingOf(options)) : buffer;
  },
  writeFile(path, data, options) {
    if (typeof path === 'number') return void sync.write(path, data);
    if (options && options.flag && options.flag.startsWith('a')) return void call('append', path, bytes(data, options));
    call('write', path, bytes(data, options), options && options.mode);
  },
  appendFile: (path, data, options) => void call('append', path, bytes(data, options)),
  exists(path) {
    try {
      call('stat', path);
      return true;
    } catch {
      return false;
    }
  },
  stat: (path, options) => quietly(options, () => new Stats(call('stat', path))),
  lstat: (path, options) => quietly(options, () => new Stats(call('lstat', path))),
  readdir: list,
  mkdir(path, options) {
    if (!options || !options.recursive)
      return void call('mkdir', path, typeof options === 'number' ? options : options && options.mode);
    let first;
    for (let at = require('path').resolve(pathOf(path)); !sync.exists(at); at = require('path').dirname(at)) first = at;
    call('mkdirAll', path);
    return first;
  },
  rmdir: (path, options) => void call(options && options.recursive ? 'removeAll' : 'rmdir', path),
  rm(path, options = {}) {
    const stat = quietly({ throwIfNoEntry: !options.force }, () => call('lstat', path));
    if (!stat) return;
    if (stat.type === 'directory' && !options.recursive)
      throw Object.assign(new Error(`Path is a directory: rm returned EISDIR (is a directory) ${path}`), {
        code: 'ERR_FS_EISDIR',
      });
    call(stat.type === 'directory' ? 'removeAll' : 'unlink', path);
  },
  unlink: (path) => void call('unlink', path),
  rename: (path, to) => void call('rename', path, pathOf(to)),
  copyFile: (path, to) => void call('write', to, exact(sync.readFile(path))),
  cp(from, to, options) {
    if (!sync.stat(from).isDirectory()) return sync.copyFile(from, to);
    sync.mkdir(to, { recursive: true });
    for (const name of list(from)) sync.cp(`${from}/${name}`, `${to}/${name}`, options);
  },
  link: (path, to) => void call('link', path, pathOf(to)),
  symlink: (target, path) => void call('symlink', target, pathOf(path)),
  readlink: (path) => call('readlink', path),
  realpath: (path) => call('realpath', path),
  chmod: (path, mode) => void call('chmod', path, typeof mode === 'string' ? parseInt(mode, 8) : mode),
  chown: (path, uid, gid) => void call('chown', path, uid, gid),
  utimes: (path, atime, mtime) =>
    void call(
      'utimes',
      path,
      Number(atime) * (atime instanceof Date ? 1 : 1000),
      Number(mtime) * (mtime instanceof Date ? 1 : 1000),
    ),
  truncate: (path, size = 0) => void call('truncate', path, size),
  access: (path, mode = 0) => void call('access', path, mode),
  open(path, flags = 'r', mode = 0o666) {
    const fd = host('open', pathOf(path), String(flags), mode);
    if (fd && fd.$errno) throw system(fd, 'open', pathOf(path));
    return fd;
  },
  close: (fd) => void fdCall('closeFd', 'close', fd),
  read(fd, buffer, offset = 0, length = buffer.byteLength - offset, position = null) {
    if (position !== null) host('seek', fd, position);
    const got = new Uint8Array(fdCall('readFd', 'read', fd, length));
    buffer.set(got, offset);
    return got.length;
  },
  write(fd, data, ...rest) {
    const chunk =
      typeof data === 'string'
        ? Buffer.from(data)
        : Buffer.from(data).subarray(rest[0] || 0, rest[1] === undefined ? undefined : (rest[0] || 0) + rest[1]);
    if (fd === 1 || fd === 2) host('write', fd, exact(chunk));
    else fdCall('writeFd', 'write', fd, exact(chunk));
    return chunk.length;
  },
  fsync() {},
  fstat: (fd) => sync.stat(`/proc/self/fd/${fd}`),
  mkdtemp(prefix) {
    const path =
      prefix +
      Array.from(
        { length: 6 },
        () => 'abcdefghijklmnopqrstuvwxyzABCDEFGH0123456789'[Math.floor(Math.random() * 44)],
      ).join('');
    call('mkdir', path, 0o700);
    return path;
  },
};
function readAll(fd) {
  const chunks = [];
  for (;;) {
    const got = new Uint8Array(fdCall('readFd', 'read', fd, 65536));
    if (got.length === 0) return Buffer.concat(chunks);
    chunks.push(got);
  }
}
const fs = {
  constants: { F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1, COPYFILE_EXCL: 1, O_RDONLY: 0 },
  F_OK: 0,
  R_OK: 4,
  W_OK: 2,
  X_OK: 1,
  Stats,
  Dirent,
  promises: { constants: { F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1 } },
};
for (const [name, run] of Object.entries(sync)) {
  fs[`${name}Sync`] = run;
  fs[name] = (...args) => {
    const done = args.pop();
    if (typeof done !== 'function') throw invalidType('cb', 'of type function', done);
    let result;
    let fault = null;
    try {
      result = run(...args);
    } catch (error) {
      if (!error.syscall && !String(error.code).startsWith('ERR_FS')) throw error;
      fault = error;
    }
    require('timers').setImmediate(() => (name === 'exists' ? done(result) : fault ? done(fault) : done(null, result)));
  };
  fs.promises[name] = async (...args) => {
    await new Promise((resolve) => require('timers').setImmediate(resolve));
    try {
      return run(...args);
    } catch (error) {
      // From the thread pool: no frames of the program.
      if (error.syscall) error.stack = `Error: ${error.message}`;
      throw error;
    }
  };
}
fs.promises.open = async (path, flags, mode) => {
  const fd = sync.open(path, flags, mode);
  return {
    fd,
    close: async () => sync.close(fd),
    readFile: async (options) => sync.readFile(fd, options),
    writeFile: async (data) => void sync.write(fd, data),
    write: async (data) => ({ bytesWritten: sync.write(fd, data) }),
    appendFile: async (data) => void sync.write(fd, data),
  };
};
fs.realpathSync.native = fs.realpathSync;
fs.createReadStream = (path, options = {}) => {
  const { Readable } = require('stream');
  let at = options.start || 0;
  let all;
  const stream = new Readable({
    encoding: encodingOf(options),
    read() {
      require('timers').setImmediate(() => {
        try {
          all ||= sync.readFile(path);
        } catch (error) {
          return this.destroy(error);
        }
        const end = Math.min(all.length, options.end === undefined ? Infinity : options.end + 1);
        if (at >= end) return void this.push(null);
        const chunk = all.subarray(at, Math.min(end, at + 65536));
        at += chunk.length;
        this.push(chunk);
      });
    },
  });
  stream.path = path;
  internal.nextTick(() => stream.emit('open', 3));
  return stream;
};
fs.createWriteStream = (path, options = {}) => {
  const { Writable } = require('stream');
  let begun = (options.flags || 'w').startsWith('a');
  const stream = new Writable({
    write(chunk, _encoding, done) {
      try {
        if (begun) call('append', path, exact(chunk));
        else call('write', path, exact(chunk));
        begun = true;
        this.bytesWritten = (this.bytesWritten || 0) + chunk.length;
        done();
      } catch (error) {
        done(error);
      }
    },
    final(done) {
      if (!begun) call('write', path, '');
      done();
    },
  });
  stream.path = path;
  return stream;
};
const watching = () => Object.assign(new (require('events'))(), { close() {}, unref() {} });
fs.watch = watching;
fs.watchFile = watching;
fs.unwatchFile = () => undefined;
module.exports = fs;
