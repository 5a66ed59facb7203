const EventEmitter = require('events');
const { Readable, Writable } = require('stream');
const { exact } = require('buffer');
const running = new Map();
class ChildProcess extends EventEmitter {}
const spawn = (file, args = [], options = {}) => {
  if (!Array.isArray(args)) [args, options] = [[], args];
  const child = new ChildProcess();
  const given = options.stdio === undefined ? 'pipe' : options.stdio;
  const stdio = (Array.isArray(given) ? [...given, 'pipe', 'pipe', 'pipe'].slice(0, 3) : [given, given, given]).map(
    (each, fd) =>
      each === 'inherit' || each === fd ? 'inherit' : each === 'ignore' || each === null ? 'ignore' : 'pipe',
  );
  const [name, words] = options.shell ? ['/bin/sh', ['-c', [file, ...args].join(' ')]] : [file, args.map(String)];
  const made = host('spawn', {
    file: name,
    args: words,
    cwd: options.cwd && String(options.cwd),
    env:
      options.env &&
      Object.fromEntries(
        Object.entries(options.env)
          .filter(([, value]) => value !== undefined)
          .map(([key, value]) => [key, String(value)]),
      ),
    stdio,
  });
  Object.assign(child, {
    stdin: null,
    stdout: null,
    stderr: null,
    exitCode: null,
    signalCode: null,
    killed: false,
    spawnfile: name,
    spawnargs: [name, ...words],
    pid: made.pid,
  });
  if (made.$errno) {
    const error = Object.assign(new Error(`spawn ${file} ${made.$errno}`), {
      errno: -made.number,
      code: made.$errno,
      syscall: `spawn ${file}`,
      path: file,
      spawnargs: words,
    });
    error.stack = `Error: ${error.message}\n    at ChildProcess._handle.onexit (node:internal/child_process:285:19)\n    at onErrorNT (node:internal/child_process:483:16)\n    at process.processTicksAndRejections (node:internal/process/task_queues:82:21)`;
    for (const fd of [1, 2]) if (stdio[fd] === 'pipe') child[['', 'stdout', 'stderr'][fd]] = new Readable();
    internal.nextTick(() => child.emit('error', error));
    return child;
  }
  running.set(made.id, child);
  host('references', 1);
  if (stdio[0] === 'pipe')
    child.stdin = new Writable({
      write(chunk, _encoding, done) {
        host('childInput', made.id, exact(chunk));
        done();
      },
      final(done) {
        host('childInput', made.id, null);
        done();
      },
    });
  if (stdio[1] === 'pipe') child.stdout = new Readable();
  if (stdio[2] === 'pipe') child.stderr = new Readable();
  child.stdio = [child.stdin, child.stdout, child.stderr];
  child.kill = (signal = 'SIGTERM') => {
    try {
      process.kill(made.pid, signal);
      return (child.killed = true);
    } catch {
      return false;
    }
  };
  child.ref = child.unref = () => child;
  internal.nextTick(() => child.emit('spawn'));
  return child;
};
internal.on('child-data', (id, fd, data) => {
  const stream = running.get(id)[fd === 1 ? 'stdout' : 'stderr'];
  stream.push(data === null ? null : Buffer.from(data));
});
internal.on('child-exit', (id, code, signal) => {
  const child = running.get(id);
  Object.assign(child, { exitCode: code, signalCode: signal });
  child.emit('exit', code, signal);
});
internal.on('child-close', (id) => {
  const child = running.get(id);
  running.delete(id);
  host('references', -1);
  setImmediate(() => child.emit('close', child.exitCode, child.signalCode));
});
const execFile = (file, args, options, done) => {
  if (typeof args === 'function') [args, options, done] = [[], {}, args];
  else if (!Array.isArray(args)) [args, options, done] = [[], args, options];
  if (typeof options === 'function') [options, done] = [{}, options];
  const { encoding = 'utf8', $command } = options || {};
  const child = spawn(file, args, options);
  const output = [[], []];
  [child.stdout, child.stderr].forEach((stream, at) => stream.on('data', (chunk) => output[at].push(chunk)));
  const end = (fault, code, signal) => {
    const [out, err] = output.map((chunks) =>
      encoding === 'buffer' ? Buffer.concat(chunks) : Buffer.concat(chunks).toString(encoding),
    );
    let error = fault;
    if (!error && (code !== 0 || signal)) {
      const command = $command || [file, ...args].join(' ');
      error = Object.assign(new Error(`Command failed: ${command}\n${err}`), {
        code,
        killed: child.killed,
        signal,
        cmd: command,
      });
    }
    if (done) done(error || null, out, err);
  };
  child.on('error', (error) => end(error));
  child.on('close', (code, signal) => end(undefined, code, signal));
  return child;
};
const exec = (command, options, done) => {
  if (typeof options === 'function') [options, done] = [{}, options];
  return execFile('/bin/sh', ['-c', command], { ...options, shell: false, $command: command }, done);
};
const custom = Symbol.for('nodejs.util.promisify.custom');
for (const run of [exec, execFile])
  run[custom] = (...args) =>
    new Promise((resolve, reject) =>
      run(...args, (error, stdout, stderr) =>
        error ? reject(Object.assign(error, { stdout, stderr })) : resolve({ stdout, stderr }),
      ),
    );
const synchronous = (name) => () => {
  throw new Error(`child_process.${name}() is not part of this simulation: use exec() or spawn()`);
};
module.exports = {
  ChildProcess,
  spawn,
  exec,
  execFile,
  fork: (file, args = [], options) => spawn(process.execPath, [file, ...args], { stdio: 'inherit', ...options }),
  execSync: synchronous('execSync'),
  spawnSync: synchronous('spawnSync'),
  execFileSync: synchronous('execFileSync'),
};
