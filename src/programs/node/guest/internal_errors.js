const syscalls = {
  read: 'open',
  write: 'open',
  append: 'open',
  readdir: 'scandir',
  removeAll: 'rm',
  mkdirAll: 'mkdir',
  realpath: 'lstat',
};
const texts = {
  ENOENT: 'no such file or directory',
  EEXIST: 'file already exists',
  EACCES: 'permission denied',
  EISDIR: 'illegal operation on a directory',
  ENOTDIR: 'not a directory',
  ENOTEMPTY: 'directory not empty',
  EADDRINUSE: 'address already in use',
  EPERM: 'operation not permitted',
  EROFS: 'read-only file system',
  EBADF: 'bad file descriptor',
  EINVAL: 'invalid argument',
  ESRCH: 'no such process',
  ECONNREFUSED: 'connection refused',
};
const system = ({ $errno: code, number, text }, syscall, path, dest) => {
  const words = texts[code] || String(text).toLowerCase();
  const named = syscalls[syscall] || syscall;
  const error = new Error(
    `${code}: ${words}, ${named}${path === undefined ? '' : ` '${path}'`}${dest === undefined ? '' : ` -> '${dest}'`}`,
  );
  Object.assign(error, { errno: -(number || 2), code, syscall: named });
  if (path !== undefined) error.path = path;
  if (dest !== undefined) error.dest = dest;
  return error;
};
const received = (value) => {
  if (value == null) return `Received ${value}`;
  if (typeof value === 'function') return `Received function ${value.name}`;
  if (typeof value === 'object') {
    if (value.constructor && value.constructor.name) return `Received an instance of ${value.constructor.name}`;
    return `Received ${require('internal_inspect').inspect(value, { depth: -1 })}`;
  }
  let text = require('internal_inspect').inspect(value, { colors: false });
  if (text.length > 28) text = `${text.slice(0, 25)}...`;
  return `Received type ${typeof value} (${text})`;
};
const coded = (Kind, code, message, more) => {
  const error = new Kind(message);
  error.code = code;
  const stack = error.stack;
  const name = error.name;
  Object.defineProperty(error, 'stack', {
    value: stack.replace(name, `${name} [${code}]`),
    writable: true,
    configurable: true,
    enumerable: false,
  });
  return Object.assign(error, more);
};
const invalidType = (name, expected, value) => {
  const kind = name.includes('.') ? 'property' : 'argument';
  return coded(TypeError, 'ERR_INVALID_ARG_TYPE', `The "${name}" ${kind} must be ${expected}. ${received(value)}`);
};
module.exports = { system, received, coded, invalidType };
