const { inspect, format, formatWith, brand, isError } = require('internal_inspect');
const promisifyCustom = Symbol.for('nodejs.util.promisify.custom');
const promisify = (original) => {
  if (original[promisifyCustom]) return original[promisifyCustom];
  return function (...args) {
    return new Promise((resolve, reject) =>
      original.call(this, ...args, (error, value) => (error ? reject(error) : resolve(value))),
    );
  };
};
promisify.custom = promisifyCustom;
const equal = (a, b, strict) => require('assert').$equal(a, b, strict);
const types = {
  isPromise: (value) => value instanceof Promise,
  isDate: (value) => value instanceof Date,
  isRegExp: (value) => value instanceof RegExp,
  isMap: (value) => value instanceof Map,
  isSet: (value) => value instanceof Set,
  isNativeError: isError,
  isTypedArray: (value) => ArrayBuffer.isView(value) && !(value instanceof DataView),
  isUint8Array: (value) => value instanceof Uint8Array,
  isArrayBuffer: (value) => value instanceof ArrayBuffer,
  isAnyArrayBuffer: (value) => value instanceof ArrayBuffer,
  isAsyncFunction: (value) => typeof value === 'function' && /^async\b/.test(Function.prototype.toString.call(value)),
  isGeneratorFunction: (value) => brand(value) === 'GeneratorFunction',
  isProxy: () => false,
};
module.exports = {
  inspect,
  format,
  formatWithOptions: formatWith,
  promisify,
  callbackify: (original) =>
    function (...args) {
      const done = args.pop();
      original.apply(this, args).then(
        (value) => internal.nextTick(done, null, value),
        (error) => internal.nextTick(done, error),
      );
    },
  inherits(constructor, parent) {
    Object.defineProperty(constructor, 'super_', { value: parent, writable: true, configurable: true });
    Object.setPrototypeOf(constructor.prototype, parent.prototype);
  },
  deprecate(original, message, code) {
    let told = false;
    return function (...args) {
      if (!told) {
        told = true;
        process.emitWarning(message, 'DeprecationWarning', code);
      }
      return new.target ? Reflect.construct(original, args, new.target) : original.apply(this, args);
    };
  },
  debuglog: () => Object.assign(() => undefined, { enabled: false }),
  isDeepStrictEqual: (a, b) => equal(a, b, true),
  stripVTControlCharacters: (text) => text.replace(/\x1b\[[\d;]*[A-Za-z]/g, ''),
  styleText(style, text) {
    const codes = {
      bold: [1, 22],
      dim: [2, 22],
      italic: [3, 23],
      underline: [4, 24],
      red: [31, 39],
      green: [32, 39],
      yellow: [33, 39],
      blue: [34, 39],
      magenta: [35, 39],
      cyan: [36, 39],
      white: [37, 39],
      gray: [90, 39],
    };
    return [style].flat().reduceRight((inner, each) => `\x1b[${codes[each][0]}m${inner}\x1b[${codes[each][1]}m`, text);
  },
  parseArgs({ args = process.argv.slice(2), options = {}, allowPositionals = false } = {}) {
    const values = Object.create(null);
    const positionals = [];
    for (let at = 0; at < args.length; at++) {
      const found = /^--([^=]+)(?:=(.*))?$/.exec(args[at]) || /^-(\w)$/.exec(args[at]);
      if (!found) {
        positionals.push(args[at]);
        continue;
      }
      const name =
        found[1] in options ? found[1] : (Object.entries(options).find(([, { short }]) => short === found[1]) || [])[0];
      if (!name)
        throw Object.assign(new TypeError(`Unknown option '${args[at]}'`), { code: 'ERR_PARSE_ARGS_UNKNOWN_OPTION' });
      const value = options[name].type === 'boolean' ? true : (found[2] ?? args[++at]);
      values[name] = options[name].multiple ? [...(values[name] || []), value] : value;
    }
    for (const [name, option] of Object.entries(options))
      if (!(name in values) && 'default' in option) values[name] = option.default;
    void allowPositionals;
    return { values, positionals };
  },
  types,
  isArray: Array.isArray,
  TextEncoder: globalThis.TextEncoder,
  TextDecoder: globalThis.TextDecoder,
};
