// The first thing that runs in a program's heap: the language as V8 has it, the loader of the library, the event loop's ends.
(function () {
  const host = globalThis.__host;
  const compile = globalThis.__compile;
  delete globalThis.__host;
  delete globalThis.__compile;
  globalThis.global = globalThis;

  const cache = Object.create(null);
  const internal = { host, compile, errorNumbers: {}, cache };
  internal.has = (name) => host('source', name) !== null;
  internal.load = (name) => {
    if (name in cache) return cache[name].exports;
    const source = host('source', name);
    if (source === null) throw new Error('No such built-in module: ' + name);
    const module = (cache[name] = { exports: {} });
    const run = compile('(function(exports, require, module, internal, host){' + source + '\n})', 'node:' + name);
    run(module.exports, internal.load, module, internal, host);
    return module.exports;
  };

  // ---- language: what V8 says otherwise than QuickJS
  internal.load('language');

  // ---- events from outside
  const handlers = Object.create(null);
  internal.on = (kind, handler) => (handlers[kind] = handler);
  internal.guard = (run, ...args) => {
    try {
      return run(...args);
    } catch (error) {
      internal.uncaught(error, 'uncaughtException');
    }
  };
  const define = (name, value) => Object.defineProperty(globalThis, name, { value, enumerable: false });
  define('__event', (kind, ...values) => {
    const handler = handlers[kind];
    if (handler) internal.guard(handler, ...values);
  });
  const ticks = [];
  internal.nextTick = (callback, ...args) => {
    ticks.push(() => callback(...args));
    if (ticks.length === 1) host('ticks', true);
  };
  define('__ticks', () => {
    for (let at = 0; at < ticks.length; at++) internal.guard(ticks[at]);
    ticks.length = 0;
    host('ticks', false);
  });
  define('__idle', () => internal.guard(() => internal.load('process').$idle()));
  define('__moduleSettled', (fulfilled, value) => {
    if (!fulfilled) internal.guard(() => internal.uncaught(value, 'uncaughtException'));
    else if (value && typeof value.then === 'function')
      value.then(
        () => undefined,
        (error) => internal.uncaught(error, 'uncaughtException'),
      );
  });
  define('__loadModule', (name) => internal.load('internal_esm').source(name));
  define('__resolveModule', (base, name) => internal.load('internal_esm').resolve(base, name));
  define('__main', (version, argv) => {
    internal.version = version;
    internal.guard(() => {
      internal.load('internal_globals');
      internal.load('internal_main').main(argv);
    });
  });
})();
