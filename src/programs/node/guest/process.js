const EventEmitter = require('events');
const { coded, system, invalidType } = require('internal_errors');
const facts = host('facts');
const process = new EventEmitter();
Object.setPrototypeOf(
  process,
  Object.create(EventEmitter.prototype, {
    constructor: { value: { process() {} }.process },
    [Symbol.toStringTag]: { value: 'process' },
  }),
);
const signals = 'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM'.split(' ');
const numbers = Object.fromEntries(signals.map((name, at) => [`SIG${name}`, at + 1]));
Object.assign(numbers, { SIGCHLD: 17, SIGCONT: 18, SIGSTOP: 19, SIGWINCH: 28 });
const [major] = internal.version.split('.');
let exiting = false;
let code;
const flush = (status) => {
  if (!exiting) {
    exiting = true;
    if (status !== undefined) code = status;
    try {
      process.emit('exit', code === undefined ? 0 : Number(code));
    } catch (error) {
      internal.uncaught(error);
    }
  }
  host('exit', code === undefined ? 0 : Number(code));
  for (;;);
};
const environment = new Proxy(facts.env, {
  set(target, name, value) {
    if (typeof name === 'symbol') return false;
    target[name] = String(value);
    host('env', name, String(value));
    return true;
  },
  deleteProperty(target, name) {
    delete target[name];
    host('env', name, null);
    return true;
  },
});
Object.assign(process, {
  version: `v${internal.version}`,
  versions: {
    node: internal.version,
    acorn: '8.15.0',
    ares: '1.34.5',
    modules: { 18: '108', 20: '115', 22: '127', 24: '137' }[major],
    openssl: '3.0.17',
    uv: '1.51.0',
    v8: { 18: '10.2.154.26-node.37', 20: '11.3.244.8-node.33', 22: '12.4.254.21-node.33', 24: '13.6.233.10-node.28' }[
      major
    ],
    zlib: '1.3.1',
  },
  arch: 'x64',
  platform: 'linux',
  release: {
    name: 'node',
    ...{ 18: { lts: 'Hydrogen' }, 20: { lts: 'Iron' }, 22: { lts: 'Jod' }, 24: { lts: 'Krypton' } }[major],
  },
  argv: [],
  execArgv: [],
  execPath: '/usr/local/bin/node',
  env: environment,
  pid: facts.pid,
  ppid: facts.ppid,
  exitCode: undefined,
  features: {},
  config: { variables: {} },
  allowedNodeEnvironmentFlags: new Set(),
  cwd: () => host('cwd'),
  chdir(path) {
    const fault = host('chdir', path);
    if (fault) throw system(fault, 'chdir', host('cwd'), path);
  },
  exit(status) {
    flush(status);
  },
  reallyExit: flush,
  abort() {
    host('die', 'SIGABRT');
    for (;;);
  },
  umask: () => facts.umask,
  getuid: () => facts.uid,
  geteuid: () => facts.uid,
  getgid: () => facts.gid,
  getegid: () => facts.gid,
  getgroups: () => [facts.gid],
  setuid() {},
  setgid() {},
  uptime: () => (host('now') - started) / 1000 + 0.03,
  hrtime: Object.assign(
    (before) => {
      const ms = host('now') - facts.bootedAt;
      const now = [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];
      if (!before) return now;
      const nanoseconds = now[1] - before[1];
      return nanoseconds < 0 ? [now[0] - before[0] - 1, nanoseconds + 1e9] : [now[0] - before[0], nanoseconds];
    },
    { bigint: () => BigInt(Math.round((host('now') - facts.bootedAt) * 1e3)) * 1000n },
  ),
  memoryUsage: Object.assign(
    () => {
      const used = host('memory');
      return {
        rss: 42000000 + used,
        heapTotal: 6000000 + used,
        heapUsed: 3500000 + used,
        external: 1700000,
        arrayBuffers: 10515,
      };
    },
    { rss: () => 42000000 + host('memory') },
  ),
  cpuUsage: () => ({ user: 30000, system: 10000 }),
  resourceUsage: () => ({ userCPUTime: 30000, systemCPUTime: 10000, maxRSS: 42000 }),
  nextTick(callback, ...args) {
    if (typeof callback !== 'function') throw invalidType('callback', 'of type function', callback);
    if (!exiting) internal.nextTick(callback, ...args);
  },
  kill(pid, signal = 'SIGTERM') {
    const name =
      typeof signal === 'number'
        ? signal === 0
          ? 0
          : Object.keys(numbers).find((each) => numbers[each] === signal)
        : signal;
    if (name !== 0 && !(name in numbers)) throw coded(TypeError, 'ERR_UNKNOWN_SIGNAL', `Unknown signal: ${signal}`);
    const fault = host('kill', pid, name);
    if (fault) throw Object.assign(system(fault, 'kill'), { message: `kill ${fault.$errno}` });
    return true;
  },
  emitWarning(warning, type, name) {
    const options = typeof type === 'object' && type !== null ? type : { type, code: name };
    const error =
      warning instanceof Error ? warning : Object.assign(new Error(warning), { name: options.type || 'Warning' });
    if (process.listenerCount('warning') > 0) process.nextTick(() => process.emit('warning', error));
    if (environment.NODE_NO_WARNINGS === '1') return;
    const shown = `(node:${facts.pid}) ${options.code ? `[${options.code}] ` : ''}${error.name}: ${error.message}\n(Use \`node --trace-${error.name === 'DeprecationWarning' ? 'deprecation' : 'warnings'} ...\` to show where the warning was created)\n`;
    process.nextTick(() => process.stderr.write(shown));
  },
  binding() {
    throw new Error('No such module');
  },
  setUncaughtExceptionCaptureCallback() {},
  hasUncaughtExceptionCaptureCallback: () => false,
  getActiveResourcesInfo: () => [],
  constrainedMemory: () => facts.memory,
  loadEnvFile(file = '.env') {
    for (const line of require('fs').readFileSync(file, 'utf8').split('\n')) {
      const found = /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(.*?)\s*$/.exec(line);
      if (found && !(found[1] in environment)) environment[found[1]] = found[2].replace(/^(['"`])(.*)\1$/, '$2');
    }
  },
});
const started = host('now');
let title = 'node';
Object.defineProperty(process, 'title', {
  enumerable: true,
  get: () => title,
  set: (value) => host('title', (title = String(value))),
});
Object.defineProperty(process, 'exitCode', {
  enumerable: true,
  configurable: true,
  get: () => code,
  set: (value) => (code = value),
});
for (const [fd, name] of ['stdin', 'stdout', 'stderr'].entries())
  Object.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    get: () => (fd === 0 ? require('internal_stdio').stdin() : require('internal_stdio').output(fd)),
  });

const { on, removeListener } = EventEmitter.prototype;
const listening = function (name, listener) {
  on.call(this, name, listener);
  if (name in numbers) {
    if (name === 'SIGKILL' || name === 'SIGSTOP')
      throw Object.assign(new Error('uv_signal_start EINVAL'), {
        errno: -22,
        code: 'EINVAL',
        syscall: 'uv_signal_start',
      });
    host('listenSignal', name);
  }
  return this;
};
const given = (value) => ({ value, writable: true, configurable: true, enumerable: false });
Object.defineProperties(process, {
  on: given(listening),
  addListener: given(listening),
  removeListener: given(function (name, listener) {
    removeListener.call(this, name, listener);
    if (name in numbers && this.listenerCount(name) === 0) host('unlistenSignal', name);
    return this;
  }),
});
Object.defineProperty(process, 'off', given(process.removeListener));
internal.on('signal', (name) => process.emit(name, name, numbers[name]));
internal.signalNumbers = numbers;
Object.defineProperty(process, '$idle', {
  value() {
    process.emit('beforeExit', code === undefined ? 0 : Number(code));
    if (host('references', 0) > 0 || host('pending')) return;
    flush(undefined);
  },
});

/** What becomes of an exception that nobody caught. */
internal.uncaught = (error, origin = 'uncaughtException') => {
  // The engine stops a program that ended, or that never will.
  if (error && error.message === 'interrupted' && error.name === 'InternalError') for (;;);
  internal.v8(error);
  if (!exiting && process.listenerCount('uncaughtException') > 0) {
    process.emit('uncaughtException', error, origin);
    return;
  }
  const { inspect } = require('internal_inspect');
  const isError = error instanceof Error;
  let shown;
  let head = '';
  const text = isError ? inspect(error) : undefined;
  const frame = isError
    ? /(?:\(|at )((?:file:\/\/)?\/[^\s():]+|\[eval\][\w-]*):(\d+):(\d+)\)?/.exec(String(error.stack))
    : undefined;
  const place = frame || internal.thrownAt;
  if (place) {
    const source = internal.sources[place[1]];
    const line = source && source.split('\n')[place[2] - 1];
    if (line !== undefined && !error.$bare) {
      const column = Math.max(0, throwColumn(line, place[3] - 1));
      head = `${place[1]}:${place[2]}\n${line}\n${' '.repeat(column)}^\n\n`;
    }
  }
  if (isError) {
    // Errors of the library itself come with its own line instead.
    shown = error.$head !== undefined ? `${error.$head}${text}` : `${head}${text}`;
  } else
    shown = `${head || 'node:internal/process/execution:95\n    throw e;\n    ^\n\n'}Uncaught:\n${inspect(error)}\n(Use \`node --trace-uncaught ...\` to show where the exception was thrown)`;
  process.stderr.write(`${shown}\n\nNode.js v${internal.version}\n`);
  code = code || 1;
  flush(code);
};
/** V8 points at `throw`, where the throw stands in the line. */
function throwColumn(line, column) {
  const at = line.lastIndexOf('throw', column);
  return at >= 0 ? at : column;
}
module.exports = process;
