// ECMAScript modules: what QuickJS asks for while it links.
const Module = require('module');
const path = require('path');
const { coded } = require('internal_errors');
const facades = new Map();
const fileOf = (base) => base.replace(/^file:\/\//, '');
const isIdentifier = (name) =>
  /^[A-Za-z_$][\w$]*$/.test(name) &&
  !/^(default|class|function|var|let|const|if|for|while|return|new|delete|in|do|switch|case|this|typeof|void|with|yield|enum|export|import|super|null|true|false|try|catch|throw|finally|break|continue|else|instanceof|await|static|package|private|protected|public|interface|implements|debugger|eval|arguments)$/.test(
    name,
  );
Object.defineProperty(globalThis, '__facade', { value: (key) => facades.get(key), enumerable: false });
/** A CommonJS module, seen by `import`. */
const facade = (key, value) => {
  facades.set(key, value);
  const names =
    value !== null && (typeof value === 'object' || typeof value === 'function')
      ? Object.keys(value).filter(isIdentifier)
      : [];
  const lines = names.map((name) => `const $${name} = $m[${JSON.stringify(name)}]; export { $${name} as ${name} };`);
  return `const $m = globalThis.__facade(${JSON.stringify(key)}); export default $m; ${lines.join(' ')}`;
};
const resolve = (base, name) => {
  if (name.startsWith('node:') || Module.isBuiltin(name)) return `node:${name.replace(/^node:/, '')}`;
  if (name.startsWith('file://')) return fileOf(name);
  const from = base.startsWith('/') ? path.dirname(base) : host('cwd');
  const relative = /^\.{0,2}\//.test(name);
  const file = relative ? path.resolve(from, name) : Module.resolveFrom(name, from, ['node', 'import', 'module-sync']);
  const stat = file && host('fs', 'stat', file);
  if (stat && !stat.$errno && stat.type === 'file') return file;
  if (relative && stat && stat.type === 'directory')
    throw coded(
      Error,
      'ERR_UNSUPPORTED_DIR_IMPORT',
      `Directory import '${file}' is not supported resolving ES modules imported from ${base}`,
    );
  const what = relative
    ? `Cannot find module '${file}' imported from ${base}`
    : `Cannot find package '${name}' imported from ${base}`;
  throw coded(Error, 'ERR_MODULE_NOT_FOUND', what);
};
const source = (name) => {
  if (name.startsWith('node:')) return facade(name, Module.loadBuiltin(name));
  if (name.endsWith('.json')) return facade(name, JSON.parse(Module.readText(name)));
  const text = Module.readText(name);
  if (Module.typeOf(name, text) === 'commonjs') return facade(name, Module._load(name, undefined));
  internal.sources[name] = text;
  return prepare(text, name);
};
const prepare = (text, file) =>
  Module.prepared(text)
    .replace(/\bimport\.meta\.url\b/g, JSON.stringify(`file://${file}`))
    .replace(/\bimport\.meta\.dirname\b/g, JSON.stringify(path.dirname(file)))
    .replace(/\bimport\.meta\.filename\b/g, JSON.stringify(file))
    .replace(/(\bimport\b[^;'"]*['"][^'"]*['"])\s*(?:with|assert)\s*\{[^}]*\}/g, '$1');
module.exports = {
  resolve,
  source,
  /** Runs a file as the main module, or the text of `--input-type=module`. */
  run(file, text = Module.readText(file)) {
    internal.sources[file] = text;
    internal.isCommonJs = false;
    internal.tail = [];
    host('module', prepare(text, file), file);
  },
  requireModule(file) {
    throw coded(
      Error,
      'ERR_REQUIRE_ESM',
      `require() of ES Module ${file} is not supported in this simulation. Use import() instead.`,
    );
  },
};
