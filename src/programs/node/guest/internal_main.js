// node's command line.
const path = require('path');
const Module = require('module');
const usage = `Usage: node [options] [ script.js ] [arguments]
       node inspect [options] [ script.js | host:port ] [arguments]
`;
const tails = {
  18: [
    '    at Module._compile (node:internal/modules/cjs/loader:1364:14)',
    '    at Module._extensions..js (node:internal/modules/cjs/loader:1422:10)',
    '    at Module.load (node:internal/modules/cjs/loader:1203:32)',
    '    at Module._load (node:internal/modules/cjs/loader:1019:12)',
    '    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:128:12)',
    '    at node:internal/main/run_main_module:28:49',
  ],
  20: [
    '    at Module._compile (node:internal/modules/cjs/loader:1521:14)',
    '    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)',
    '    at Module.load (node:internal/modules/cjs/loader:1266:32)',
    '    at Module._load (node:internal/modules/cjs/loader:1091:12)',
    '    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12)',
    '    at node:internal/main/run_main_module:28:49',
  ],
  22: [
    '    at Module._compile (node:internal/modules/cjs/loader:1706:14)',
    '    at Object..js (node:internal/modules/cjs/loader:1839:10)',
    '    at Module.load (node:internal/modules/cjs/loader:1441:32)',
    '    at Function._load (node:internal/modules/cjs/loader:1263:12)',
    '    at TracingChannel.traceSync (node:diagnostics_channel:328:14)',
    '    at wrapModuleLoad (node:internal/modules/cjs/loader:237:24)',
    '    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:171:5)',
    '    at node:internal/main/run_main_module:36:49',
  ],
};
tails[24] = tails[22];
const notFound = (major) =>
  major >= 22
    ? [
        '    at Function._resolveFilename (node:internal/modules/cjs/loader:1421:15)',
        '    at defaultResolveImpl (node:internal/modules/cjs/loader:1059:19)',
        '    at resolveForCJSWithHooks (node:internal/modules/cjs/loader:1064:22)',
        '    at Function._load (node:internal/modules/cjs/loader:1227:37)',
        '    at TracingChannel.traceSync (node:diagnostics_channel:328:14)',
        '    at wrapModuleLoad (node:internal/modules/cjs/loader:237:24)',
        '    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:171:5)',
        '    at node:internal/main/run_main_module:36:49',
      ]
    : [
        '    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)',
        '    at Module._load (node:internal/modules/cjs/loader:1038:27)',
        '    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12)',
        '    at node:internal/main/run_main_module:28:49',
      ];
const headOf = (major) =>
  major >= 22
    ? 'node:internal/modules/cjs/loader:1424\n  throw err;\n  ^\n\n'
    : 'node:internal/modules/cjs/loader:1210\n  throw err;\n  ^\n\n';
const loadEnvironment = (file) => {
  try {
    process.loadEnvFile(file);
  } catch {
    process.stderr.write(`node: ${file}: not found\n`);
    process.exit(9);
  }
};
const evaluate = (source, print, args) => {
  process.argv = [process.execPath, ...args];
  const module = new Module('[eval]');
  module.filename = path.join(host('cwd'), '[eval]');
  module.paths = Module.foldersAbove(host('cwd'));
  for (const [name, value] of Object.entries({
    module,
    exports: module.exports,
    require: Module.requireOf(module),
    __filename: '[eval]',
    __dirname: '.',
  }))
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  for (const name of Module.builtinModules)
    if (/^\w+$/.test(name) && name !== 'module' && !(name in globalThis))
      Object.defineProperty(globalThis, name, {
        configurable: true,
        get: () => Module.loadBuiltin(name),
        set: (value) => Object.defineProperty(globalThis, name, { value, writable: true }),
      });
  internal.sources['[eval]'] = source;
  internal.sources['[eval]-wrapper'] = source;
  internal.isCommonJs = false;
  const lines =
    internal.major >= 22
      ? [
          '    at runScriptInThisContext (node:internal/vm:209:10)',
          '    at node:internal/process/execution:446:12',
          '    at [eval]-wrapper:6:24',
          '    at runScriptInContext (node:internal/process/execution:444:60)',
          '    at evalFunction (node:internal/process/execution:279:30)',
          '    at evalTypeScript (node:internal/process/execution:291:3)',
          '    at node:internal/main/eval_string:74:3',
        ]
      : [
          '    at runScriptInThisContext (node:internal/vm:209:10)',
          '    at node:internal/process/execution:118:14',
          '    at [eval]-wrapper:6:24',
          '    at runScript (node:internal/process/execution:101:62)',
          '    at evalScript (node:internal/process/execution:133:3)',
          '    at node:internal/main/eval_string:51:3',
        ];
  internal.tail = lines;
  let value;
  try {
    value = internal.compile(Module.prepared(source), '[eval]');
  } catch (error) {
    if (error instanceof SyntaxError && /^[a-z]/.test(error.message))
      require('internal_syntax').improve(error, source, '[eval]');
    throw error;
  }
  if (print)
    process.stdout.write(`${typeof value === 'string' ? value : require('internal_inspect').inspect(value)}\n`);
};
const runFile = (script, args) => {
  const wanted = path.resolve(script);
  process.argv = [process.execPath, wanted, ...args];
  const file = Module.resolveFrom(wanted, '/');
  if (!file) {
    const error = new Error(`Cannot find module '${wanted}'`);
    Object.assign(error, { code: 'MODULE_NOT_FOUND', requireStack: [] });
    Object.defineProperty(error, 'stack', {
      value: `Error: ${error.message}\n${notFound(internal.major).join('\n')}`,
      configurable: true,
      writable: true,
    });
    Object.defineProperty(error, '$head', { value: headOf(internal.major) });
    throw error;
  }
  process.argv[1] = file;
  const extension = path.extname(file);
  const type = extension === '.json' ? 'commonjs' : Module.typeOf(file, Module.readText(file));
  if (type === 'module') return require('internal_esm').run(file);
  internal.isCommonJs = true;
  internal.tail = tails[internal.major] || tails[22];
  const module = new Module('.');
  module.path = path.dirname(file);
  module.filename = file;
  module.paths = Module.foldersAbove(path.dirname(file));
  Module._cache[file] = module;
  Object.defineProperty(process, 'mainModule', { value: module, configurable: true, enumerable: false });
  (Module._extensions[extension] || Module._extensions['.js'])(module, file);
  module.loaded = true;
};
const fromStdin = (run) => {
  const chunks = [];
  process.stdin.on('data', (chunk) => chunks.push(chunk));
  process.stdin.on('end', () => run(Buffer.concat(chunks).toString()));
};
module.exports = {
  main([program, ...args]) {
    internal.major = Number(internal.version.split('.')[0]);
    process.argv0 = program;
    if (args[0] === '--npm') return require('npm').main(args[1], args.slice(2));
    process.argv = [process.execPath];
    const preloads = [];
    let source;
    let print = false;
    let check = false;
    let moduleInput = false;
    let watch = false;
    while (args.length > 0 && args[0].startsWith('-') && args[0] !== '-') {
      const option = args.shift();
      const [name, attached] =
        option.startsWith('--') && option.includes('=')
          ? [option.slice(0, option.indexOf('=')), option.slice(option.indexOf('=') + 1)]
          : [option];
      const value = () => {
        const given = attached ?? args.shift();
        if (given === undefined) {
          process.stderr.write(`${program}: ${name} requires an argument\n`);
          process.exit(9);
        }
        return given;
      };
      if (name === '--') break;
      if (name === '-v' || name === '--version') return void process.stdout.write(`${process.version}\n`);
      if (name === '-h' || name === '--help') return void process.stdout.write(usage);
      if (name === '-e' || name === '--eval') source = value();
      else if (name === '-p' || name === '-pe' || name === '--print') {
        print = true;
        source = args.length > 0 || attached !== undefined ? value() : 'undefined';
      } else if (name === '-c' || name === '--check') check = true;
      else if (name === '-r' || name === '--require' || name === '--import') preloads.push(value());
      else if (name === '--env-file' || name === '--env-file-if-exists') loadEnvironment(value());
      else if (name === '--input-type') moduleInput = value() === 'module';
      else if (name === '-i' || name === '--interactive') continue;
      else if (name === '--watch') watch = true;
      else if (
        /^--(max-old-space-size|max-http-header-size|stack-size|max-semi-space-size|inspect|inspect-brk|trace-\w+|no-warnings|enable-source-maps|experimental-[\w-]+|no-\w[\w-]*|unhandled-rejections|expose-gc|title|dns-result-order|harmony[\w-]*|disable-warning|throw-deprecation|abort-on-uncaught-exception|pending-deprecation|preserve-symlinks|conditions|test|watch-path|use-[\w-]+)$/.test(
          name,
        )
      ) {
        process.execArgv.push(option);
        if (name === '--no-warnings') process.env.NODE_NO_WARNINGS = '1';
        if (/^--(unhandled-rejections|conditions)$/.test(name) && attached === undefined) args.shift();
      } else {
        process.stderr.write(`${program}: bad option: ${option}\n`);
        process.exit(9);
      }
    }
    void watch;
    internal.tail = [];
    const root = new Module('internal/preload');
    root.filename = path.join(host('cwd'), 'internal_preload');
    for (const each of preloads) Module._load(each, root);
    if (source !== undefined)
      return moduleInput
        ? require('internal_esm').run(path.join(host('cwd'), '[eval1]'), source)
        : evaluate(source, print, args);
    const script = args.shift();
    if (check) {
      const text = Module.readText(path.resolve(script));
      internal.compileFunction(text, path.resolve(script));
      return;
    }
    if (script !== undefined && script !== '-') return runFile(script, args);
    if (process.stdin.isTTY && script === undefined) return require('repl').start();
    fromStdin((text) => {
      process.argv = [process.execPath, '-', ...args];
      if (moduleInput) require('internal_esm').run(path.join(host('cwd'), '[eval1]'), text);
      else evaluate(text, false, []);
    });
  },
};
