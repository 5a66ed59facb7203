// CommonJS: lib/internal/modules/cjs/loader.js in small.
const path = require('path');
const { coded } = require('internal_errors');
const builtinModules =
  'assert buffer child_process console constants crypto dns events fs fs/promises http https module net os path perf_hooks process punycode querystring readline readline/promises stream stream/promises string_decoder timers timers/promises tty url util util/types v8 vm worker_threads zlib async_hooks cluster diagnostics_channel dgram http2 tls inspector'.split(
    ' ',
  );
const inner = (name) => name.replace(/^node:/, '').replaceAll('/', '_');
const isBuiltin = (name) => builtinModules.includes(name.replace(/^node:/, ''));
const loadBuiltin = (name) => {
  const file = inner(name);
  if (!internal.has(file))
    throw coded(Error, 'ERR_UNKNOWN_BUILTIN_MODULE', `No such built-in module: ${name} (not in this simulation)`);
  return internal.load(file);
};
const kindOf = (file) => {
  const stat = host('fs', 'stat', file);
  return stat && !stat.$errno ? stat.type : undefined;
};
const readText = (file) => {
  const bytes = host('fs', 'read', file);
  if (bytes && bytes.$errno) throw require('internal_errors').system(bytes, 'open', file);
  return host('fromUtf8', bytes);
};
const packages = new Map();
const packageAt = (folder) => {
  if (!packages.has(folder)) {
    const file = `${folder === '/' ? '' : folder}/package.json`;
    let made;
    if (kindOf(file) === 'file') {
      try {
        made = JSON.parse(readText(file));
      } catch (error) {
        throw coded(Error, 'ERR_INVALID_PACKAGE_CONFIG', `Invalid package config ${file}.`, { cause: error });
      }
    }
    packages.set(folder, made);
  }
  return packages.get(folder);
};
const scopeOf = (file) => {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const found = packageAt(folder);
    if (found) return found;
    if (folder === '/' || folder.endsWith('/node_modules')) return undefined;
  }
};
const extensions = ['.js', '.json', '.node'];
const asFile = (base) => {
  if (kindOf(base) === 'file') return base;
  for (const extension of extensions) if (kindOf(base + extension) === 'file') return base + extension;
};
const asFolder = (folder) => {
  if (kindOf(folder) !== 'directory') return undefined;
  const about = packageAt(folder);
  if (about && about.main) {
    const main = path.resolve(folder, about.main);
    const found = asFile(main) || asFile(main + '/index');
    if (found) return found;
  }
  return asFile(folder + '/index');
};
/** package.json "exports": conditions and subpaths. */
const exported = (target, conditions, star = '') => {
  if (typeof target === 'string') return target.replaceAll('*', star);
  if (Array.isArray(target)) return target.map((each) => exported(each, conditions, star)).find(Boolean);
  if (target === null || typeof target !== 'object') return undefined;
  for (const [name, each] of Object.entries(target))
    if (name === 'default' || conditions.includes(name)) {
      const found = exported(each, conditions, star);
      if (found) return found;
    }
};
const fromExports = (folder, about, subpath, conditions) => {
  const { exports: table } = about;
  const paths =
    typeof table === 'object' && table !== null && Object.keys(table).some((key) => key.startsWith('.'))
      ? table
      : { '.': table };
  let found = subpath in paths ? exported(paths[subpath], conditions) : undefined;
  if (!found)
    for (const [pattern, target] of Object.entries(paths)) {
      const [before, after] = pattern.split('*');
      if (after !== undefined && subpath.startsWith(before) && subpath.endsWith(after))
        found = exported(target, conditions, subpath.slice(before.length, subpath.length - after.length));
    }
  if (!found) {
    const what =
      subpath === '.'
        ? `No "exports" main defined in ${folder}/package.json`
        : `Package subpath '${subpath}' is not defined by "exports" in ${folder}/package.json`;
    throw coded(Error, 'ERR_PACKAGE_PATH_NOT_EXPORTED', what);
  }
  return path.resolve(folder, found);
};
const foldersAbove = (from) => {
  const made = [];
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (path.basename(folder) !== 'node_modules') made.push(`${folder === '/' ? '' : folder}/node_modules`);
    if (folder === '/') return made;
  }
};
const real = (file) => {
  const found = host('fs', 'realpath', file);
  return typeof found === 'string' ? found : file;
};
/** The file of a request, or undefined. */
const resolveFrom = (request, folder, conditions = ['node', 'require', 'module-sync']) => {
  if (/^(\.{0,2}\/|\.{1,2}$)/.test(request)) {
    const base = path.resolve(folder, request);
    const found = (request.endsWith('/') ? undefined : asFile(base)) || asFolder(base);
    return found && real(found);
  }
  if (request.startsWith('#')) {
    for (let at = folder; ; at = path.dirname(at)) {
      const about = packageAt(at);
      if (about && about.imports)
        return fromExports(
          at,
          { exports: Object.fromEntries(Object.entries(about.imports).map(([key, value]) => ['./' + key, value])) },
          './' + request,
          conditions,
        );
      if (at === '/') return undefined;
    }
  }
  const [, name, rest = ''] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(request) || [];
  if (!name) return undefined;
  for (const modules of foldersAbove(folder)) {
    const at = `${modules}/${name}`;
    if (kindOf(at) !== 'directory') {
      const single = rest === '' && asFile(at);
      if (single) return real(single);
      continue;
    }
    const about = packageAt(at);
    if (about && about.exports !== undefined) return real(fromExports(at, about, `.${rest}`, conditions));
    const found = rest === '' ? asFolder(at) : asFile(at + rest) || asFolder(at + rest);
    if (found) return real(found);
  }
  const self = scopeOf(folder + '/x');
  if (self && self.name === name && self.exports !== undefined)
    for (let at = folder; ; at = path.dirname(at)) {
      if (packageAt(at) === self) return fromExports(at, self, `.${rest}`, conditions);
      if (at === '/') return undefined;
    }
};
function Module(id, parent) {
  this.id = id;
  this.path = path.dirname(id);
  this.exports = {};
  this.filename = null;
  this.loaded = false;
  this.children = [];
  this.paths = [];
  Object.defineProperty(this, 'parent', { value: parent, writable: true, enumerable: false, configurable: true });
  if (parent) parent.children.push(this);
}
Module._cache = Object.create(null);
Module.builtinModules = builtinModules;
Module.isBuiltin = isBuiltin;
Module.Module = Module;
Module._resolveFilename = (request, parent) => {
  if (typeof request !== 'string') throw require('internal_errors').invalidType('id', 'of type string', request);
  if (request === '')
    throw coded(TypeError, 'ERR_INVALID_ARG_VALUE', "The argument 'id' must be a non-empty string. Received ''");
  const folder = parent && parent.filename ? path.dirname(parent.filename) : host('cwd');
  const found = resolveFrom(request, folder);
  if (found) return found;
  const stack = [];
  for (let at = parent; at && at.filename; at = at.parent) stack.push(at.filename);
  const error = new Error(
    `Cannot find module '${request}'${stack.length > 0 ? `\nRequire stack:\n- ${stack.join('\n- ')}` : ''}`,
  );
  Object.assign(error, { code: 'MODULE_NOT_FOUND', requireStack: stack });
  throw error;
};
/** `catch (e) {` learns V8's texts. */
const prepared = (source) =>
  source
    .replace(/^#!.*/, '')
    .replace(/\bcatch\s*\(\s*([A-Za-z_$][\w$]*)\s*\)\s*\{/g, (all, name) => `${all}${'__v8'}(${name});`);
Object.defineProperty(globalThis, '__v8', { value: internal.v8, enumerable: false });
Module.prepared = prepared;
const isModuleSource = (source) =>
  /^\s*(import\s*[\w{*'"]|export\s+(default|const|let|var|function|class|async|\{|\*))/m.test(
    source.replace(/\/\*[^]*?\*\//g, ''),
  );
const typeOf = (file, source) => {
  if (file.endsWith('.mjs')) return 'module';
  if (file.endsWith('.cjs')) return 'commonjs';
  const scope = scopeOf(file);
  if (scope && scope.type) return scope.type;
  return Number(internal.version.split('.')[0]) >= 22 && isModuleSource(source) ? 'module' : 'commonjs';
};
Module.typeOf = typeOf;
Module.prototype._compile = function (source, file) {
  internal.sources[file] = source;
  const make = internal.compileFunction(source, file);
  make.call(this.exports, this.exports, requireOf(this), this, file, path.dirname(file));
};
internal.compileFunction = (source, file) => {
  try {
    return internal.compile(
      `(function (exports, require, module, __filename, __dirname) {${prepared(source)}\n})`,
      file,
    );
  } catch (error) {
    if (error instanceof SyntaxError) require('internal_syntax').improve(error, source, file);
    throw error;
  }
};
Module._extensions = {
  '.js'(module, file) {
    const source = readText(file);
    if (typeOf(file, source) === 'module') {
      const esm = require('internal_esm');
      module.exports = esm.requireModule(file, module);
      return;
    }
    module._compile(source, file);
  },
  '.json'(module, file) {
    try {
      module.exports = JSON.parse(readText(file).replace(/^\uFEFF/, ''));
    } catch (error) {
      error.message = `${file}: ${error.message}`;
      throw error;
    }
  },
  '.node'(_module, file) {
    throw new Error(`${file}: invalid ELF header`);
  },
};
Module._load = (request, parent) => {
  if (request.startsWith('node:') || isBuiltin(request)) {
    if (request.startsWith('node:') && !isBuiltin(request))
      throw coded(Error, 'ERR_UNKNOWN_BUILTIN_MODULE', `No such built-in module: ${request}`);
    return loadBuiltin(request);
  }
  const file = Module._resolveFilename(request, parent);
  const known = Module._cache[file];
  if (known) return known.exports;
  const module = new Module(file, parent);
  module.filename = file;
  module.paths = foldersAbove(path.dirname(file));
  Module._cache[file] = module;
  let done = false;
  try {
    (Module._extensions[path.extname(file)] || Module._extensions['.js'])(module, file);
    done = true;
  } finally {
    if (!done) delete Module._cache[file];
  }
  module.loaded = true;
  return module.exports;
};
Module.prototype.require = function (request) {
  return Module._load(request, this);
};
const requireOf = (module) => {
  const made = function require(request) {
    if (typeof request !== 'string') throw require_invalid(request);
    return Module._load(request, module);
  };
  made.resolve = (request) => (isBuiltin(request) ? request : Module._resolveFilename(request, module));
  made.resolve.paths = () => module.paths;
  made.cache = Module._cache;
  made.extensions = Module._extensions;
  made.main = process.mainModule;
  return made;
};
const require_invalid = (request) => require('internal_errors').invalidType('id', 'of type string', request);
Module.createRequire = (from) => {
  const file = String(from).replace(/^file:\/\//, '');
  const module = new Module(file);
  module.filename = file;
  return requireOf(module);
};
Module.requireOf = requireOf;
Module.resolveFrom = resolveFrom;
Module.readText = readText;
Module.scopeOf = scopeOf;
Module.loadBuiltin = loadBuiltin;
Module.foldersAbove = foldersAbove;
Module._nodeModulePaths = foldersAbove;
module.exports = Module;
