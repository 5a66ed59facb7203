// util.inspect as Node's lib/internal/util/inspect.js arranges it: 72 columns, groups of more than six entries, quotes.
const custom = Symbol.for('nodejs.util.inspect.custom');
const defaults = {
  depth: 2,
  colors: false,
  showHidden: false,
  compact: 3,
  breakLength: 128,
  maxArrayLength: 100,
  maxStringLength: 10000,
  sorted: false,
  getters: false,
};
const styles = {
  number: 33,
  bigint: 33,
  boolean: 33,
  string: 32,
  symbol: 32,
  undefined: 90,
  null: 1,
  special: 36,
  date: 35,
  regexp: 31,
  module: 4,
  name: 0,
};
const paint = (context, text, style) => {
  if (!context.colors) return text;
  const code = styles[style];
  return code ? `\x1b[${code}m${text}\x1b[${code === 1 ? 22 : code === 4 ? 24 : 39}m` : text;
};
const quoted = (text) => {
  const quote = !text.includes("'")
    ? "'"
    : !text.includes('"')
      ? '"'
      : !text.includes('`') && !text.includes('${')
        ? '`'
        : "'";
  const escapes = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '\b': '\\b', '\f': '\\f', '\v': '\\v', '\\': '\\\\' };
  const inner = text.replace(/[\x00-\x1f\x7f-\x9f\\']/g, (char) => {
    if (char === "'") return quote === "'" ? "\\'" : char;
    return escapes[char] || '\\x' + char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
  });
  return quote + inner + quote;
};
const identifier = /^[a-zA-Z_][a-zA-Z_0-9]*$/;
const keyText = (context, key) => {
  if (typeof key === 'symbol') return `[${paint(context, key.toString(), 'symbol')}]`;
  if (key === '__proto__') return "['__proto__']";
  return identifier.test(key) ? paint(context, key, 'name') : paint(context, quoted(key), 'string');
};
const number = (context, value) => paint(context, Object.is(value, -0) ? '-0' : String(value), 'number');
function primitive(context, value) {
  switch (typeof value) {
    case 'string': {
      let text = value;
      let rest = '';
      if (text.length > context.maxStringLength) {
        const more = text.length - context.maxStringLength;
        text = text.slice(0, context.maxStringLength);
        rest = `... ${more} more character${more > 1 ? 's' : ''}`;
      }
      if (
        context.compact !== true &&
        text.length > 16 &&
        text.length > context.breakLength - context.indentation - 4 &&
        text.includes('\n')
      )
        return (
          text
            .split(/(?<=\n)/)
            .map((line) => paint(context, quoted(line), 'string'))
            .join(` +\n${' '.repeat(context.indentation + 2)}`) + rest
        );
      return paint(context, quoted(text), 'string') + rest;
    }
    case 'number':
      return number(context, value);
    case 'bigint':
      return paint(context, `${value}n`, 'bigint');
    case 'boolean':
      return paint(context, String(value), 'boolean');
    case 'undefined':
      return paint(context, 'undefined', 'undefined');
    case 'symbol':
      return paint(context, value.toString(), 'symbol');
  }
}
function constructorName(value) {
  let at = value;
  while (at !== null && at !== undefined) {
    const own = Object.getOwnPropertyDescriptor(at, 'constructor');
    if (own && typeof own.value === 'function' && own.value.name !== '') {
      const inherits = value instanceof own.value || at === value;
      if (inherits) return own.value.name;
    }
    at = Object.getPrototypeOf(at);
  }
  return null;
}
const prefix = (name, tag, fallback, size) => {
  const count = size === undefined ? '' : `(${size})`;
  if (name === null) return `[${fallback}${count}: null prototype] ` + (tag && tag !== fallback ? `[${tag}] ` : '');
  return `${name}${count} ` + (tag && tag !== name ? `[${tag}] ` : '');
};
const tagOf = Object.prototype.toString;
const brand = (value) => tagOf.call(value).slice(8, -1);
const isError = (value) => value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';

function inspectValue(context, value, depth, typed) {
  if (value === null) return paint(context, 'null', 'null');
  if (typeof value !== 'object' && typeof value !== 'function') return primitive(context, value);
  const proxy = value[custom];
  if (typeof proxy === 'function' && proxy !== inspect && context.customInspect !== false) {
    const left = context.depth === null ? null : context.depth - depth;
    const made = proxy.call(value, left, { ...context, depth: left }, inspect);
    if (made !== value)
      return typeof made === 'object' && made !== null
        ? inspectValue(context, made, depth)
        : String(made).replaceAll('\n', `\n${' '.repeat(context.indentation)}`);
  }
  if (context.seen.includes(value)) {
    if (!context.circular.has(value)) context.circular.set(value, context.circular.size + 1);
    return paint(context, `[Circular *${context.circular.get(value)}]`, 'special');
  }
  return inspectObject(context, value, depth, typed);
}

const functionBase = (value, name, tag) => {
  const source = Function.prototype.toString.call(value);
  if (/^class\b/.test(source)) {
    const parent = Object.getPrototypeOf(value);
    const own = Object.prototype.hasOwnProperty.call(value, 'name') && value.name ? value.name : '(anonymous)';
    return `[class ${own}${parent && parent.name ? ` extends ${parent.name}` : ''}${name !== 'Function' && name !== null ? ` [${name}]` : ''}]`;
  }
  let kind = 'Function';
  if (/^async\s*\*|^async function\s*\*/.test(source)) kind = 'AsyncGeneratorFunction';
  else if (/^async\b/.test(source)) kind = 'AsyncFunction';
  else if (/^function\s*\*|^\*/.test(source)) kind = 'GeneratorFunction';
  return `[${kind}${value.name ? `: ${value.name}` : ' (anonymous)'}]${name === null ? ' [null prototype]' : ''}`;
};

function keysOf(context, value, skipIndexes) {
  let keys = Object.keys(value);
  if (context.showHidden) keys = Object.getOwnPropertyNames(value);
  if (skipIndexes) keys = keys.filter((key) => !/^(0|[1-9]\d*)$/.test(key));
  for (const key of Object.getOwnPropertySymbols(value))
    if (context.showHidden || Object.prototype.propertyIsEnumerable.call(value, key)) keys.push(key);
  return keys;
}

function inspectObject(context, value, depth, typed) {
  const name = constructorName(value);
  let tag = '';
  try {
    tag = value[Symbol.toStringTag];
  } catch {}
  if (typeof tag !== 'string' || (tag !== '' && tag === name)) tag = '';
  let base = '';
  let braces = ['{', '}'];
  let keys = [];
  let entries = () => [];
  let extras = true;
  let isArrayLike = false;
  if (Array.isArray(value)) {
    keys = keysOf(context, value, true);
    const head = name !== 'Array' || tag ? prefix(name, tag, 'Array', value.length) : '';
    braces = [`${head}[`, ']'];
    if (value.length === 0 && keys.length === 0) return `${braces[0]}]`;
    isArrayLike = true;
    entries = () => arrayEntries(context, value, depth);
  } else if (value instanceof Set || (value instanceof Map && typeof value.entries === 'function')) {
    const set = value instanceof Set;
    keys = keysOf(context, value);
    braces = [`${prefix(name, tag, set ? 'Set' : 'Map', value.size)}{`, '}'];
    if (value.size === 0 && keys.length === 0) return `${braces[0]}}`;
    entries = () => {
      context.indentation += 2;
      const made = set
        ? [...Set.prototype.values.call(value)].map((each) => inspectValue(context, each, depth + 1))
        : [...Map.prototype.entries.call(value)].map(
            ([key, each]) => `${inspectValue(context, key, depth + 1)} => ${inspectValue(context, each, depth + 1)}`,
          );
      context.indentation -= 2;
      return made;
    };
  } else if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    keys = keysOf(context, value, true);
    braces = [`${prefix(name, tag, 'Uint8Array', value.length)}[`, ']'];
    if (value.length === 0 && keys.length === 0) return `${braces[0]}]`;
    isArrayLike = true;
    entries = () => {
      const count = Math.min(context.maxArrayLength, value.length);
      const made = [];
      for (let at = 0; at < count; at++)
        made.push(typeof value[at] === 'bigint' ? primitive(context, value[at]) : number(context, value[at]));
      if (value.length > count) made.push(moreItems(value.length - count));
      return made;
    };
  } else if (brand(value) === 'Map Iterator' || brand(value) === 'Set Iterator') {
    return `[${brand(value)}] {  }`;
  } else if (typeof value === 'function') {
    keys = keysOf(context, value).filter((key) => key !== 'prototype' || context.showHidden);
    base = functionBase(value, name);
    if (keys.length === 0) return paint(context, base, 'special');
    base = paint(context, base, 'special');
  } else if (isError(value)) {
    internal.v8(value);
    keys = keysOf(context, value).filter((key) => {
      if (key !== 'name' && key !== 'message' && key !== 'stack') return true;
      return typeof value[key] !== 'string' || !String(value.stack).includes(value[key]);
    });
    if ('cause' in value && !keys.includes('cause') && Object.prototype.hasOwnProperty.call(value, 'cause'))
      keys.push('cause');
    if (Array.isArray(value.errors) && !keys.includes('errors')) keys.push('errors');
    base = errorText(context, value, name);
    if (keys.length === 0) return base;
  } else if (value instanceof RegExp) {
    keys = keysOf(context, value);
    base = paint(context, RegExp.prototype.toString.call(value), 'regexp');
    if (keys.length === 0 || tooDeep(context, depth)) return base;
  } else if (value instanceof Date) {
    keys = keysOf(context, value);
    base = paint(context, isNaN(value) ? 'Invalid Date' : value.toISOString(), 'date');
    if (keys.length === 0) return base;
  } else if (value instanceof Promise) {
    keys = keysOf(context, value);
    braces = [`${prefix(name, tag === 'Promise' ? '' : tag, 'Promise')}{`, '}'];
    entries = () => {
      const state = internal.promiseState ? internal.promiseState(value) : undefined;
      if (!state) return [paint(context, '<pending>', 'special')];
      context.indentation += 2;
      const shown = inspectValue(context, state.value, depth + 1);
      context.indentation -= 2;
      return [state.rejected ? `${paint(context, '<rejected>', 'special')} ${shown}` : shown];
    };
  } else if (value instanceof WeakMap || value instanceof WeakSet) {
    return `${prefix(name, tag, 'WeakMap')}{ ${paint(context, '<items unknown>', 'special')} }`;
  } else if (value instanceof ArrayBuffer) {
    keys = keysOf(context, value);
    braces = [`${prefix(name, tag, 'ArrayBuffer')}{`, '}'];
    entries = () => {
      const bytes = [...new Uint8Array(value)].slice(0, 50).map((byte) => byte.toString(16).padStart(2, '0'));
      const rest = value.byteLength - 50;
      return [
        `[Uint8Contents]: <${bytes.join(' ')}${rest > 0 ? ` ... ${rest} more byte${rest > 1 ? 's' : ''}` : ''}>`,
        `byteLength: ${number(context, value.byteLength)}`,
      ];
    };
  } else if (value instanceof Number || value instanceof String || value instanceof Boolean) {
    const kind = value instanceof Number ? 'Number' : value instanceof String ? 'String' : 'Boolean';
    keys = keysOf(context, value, kind === 'String');
    base = paint(
      context,
      `[${kind}: ${primitive({ ...context, colors: false }, value.valueOf())}]`,
      kind.toLowerCase(),
    );
    if (keys.length === 0) return base;
  } else {
    keys = keysOf(context, value);
    if (brand(value) === 'Arguments') braces[0] = '[Arguments] [';
    else if (tag !== '' || name !== 'Object') braces[0] = `${prefix(name, tag, 'Object')}{`;
    if (brand(value) === 'Arguments') {
      braces = ['[Arguments] [', ']'];
      keys = [];
      isArrayLike = true;
      entries = () => arrayEntries(context, [...value], depth);
    } else if (/Generator$/.test(brand(value))) braces[0] = `Object [${brand(value)}] {`;
    if (keys.length === 0 && !isArrayLike) return `${braces[0]}}`;
  }
  if (tooDeep(context, depth)) {
    const shown = (name === null ? prefix(name, tag, 'Object') : prefix(name, tag, 'Object')).slice(0, -1);
    return paint(context, `[${Array.isArray(value) && name === 'Array' ? 'Array' : shown}]`, 'special');
  }
  context.seen.push(value);
  context.current = depth;
  const output = entries();
  for (const key of extras ? keys : []) output.push(property(context, value, key, depth, isArrayLike));
  context.seen.pop();
  if (context.circular.has(value)) {
    const reference = paint(context, `<ref *${context.circular.get(value)}>`, 'special');
    if (base === '') braces[0] = `${reference} ${braces[0]}`;
    else base = `${reference} ${base}`;
  }
  if (context.sorted) output.sort();
  const result = reduce(context, output, base, braces, isArrayLike, depth, value);
  return result;
}
const tooDeep = (context, depth) => context.depth !== null && depth > context.depth;
const moreItems = (count) => `... ${count} more item${count > 1 ? 's' : ''}`;

function arrayEntries(context, value, depth) {
  const made = [];
  const count = Math.min(context.maxArrayLength, value.length);
  context.indentation += 2;
  for (let at = 0; at < value.length && made.length < count; at++) {
    if (!Object.prototype.hasOwnProperty.call(value, at)) {
      let empty = 0;
      while (at + empty < value.length && !Object.prototype.hasOwnProperty.call(value, at + empty)) empty++;
      at += empty - 1;
      made.push(paint(context, `<${empty} empty item${empty > 1 ? 's' : ''}>`, 'undefined'));
    } else made.push(inspectValue(context, value[at], depth + 1));
  }
  context.indentation -= 2;
  if (value.length > count) made.push(moreItems(value.length - count));
  return made;
}

function property(context, value, key, depth, array) {
  const own = Object.getOwnPropertyDescriptor(value, key) || { value: value[key], enumerable: true };
  let text;
  if (own.value !== undefined || !(own.get || own.set)) {
    const indent = array || context.compact !== 3 ? 2 : 2;
    context.indentation += indent;
    text = inspectValue(context, own.value, depth + 1);
    if (context.breakLength < text.length && context.compact === false) text = `\n${text}`;
    context.indentation -= indent;
  } else if (own.get) {
    text = paint(context, own.set ? '[Getter/Setter]' : '[Getter]', 'special');
    if (context.getters && own.get) text = inspectValue(context, value[key], depth + 1);
  } else text = paint(context, '[Setter]', 'special');
  const shown =
    own.enumerable === false ? `[${typeof key === 'symbol' ? key.toString() : key}]` : keyText(context, key);
  return `${shown}: ${text}`;
}

function errorText(context, error, name) {
  let text =
    typeof error.stack === 'string' && error.stack !== ''
      ? internal.stackOf(error)
      : `[${Error.prototype.toString.call(error)}]`;
  // A class of one's own whose name is not that of its errors.
  const shown = error.name === undefined ? 'Error' : String(error.name);
  if (name && name !== shown && /Error/.test(shown) && text.startsWith(shown) && !text.includes(name)) {
    const head = text.split('\n')[0];
    if (head === shown || head.startsWith(shown + ':')) text = `${name}${text.slice(shown.length)}`;
  }
  if (!/\n\s+at /.test(text) && !text.startsWith('[')) text = `[${text}]`;
  if (context.indentation !== 0) text = text.replaceAll('\n', `\n${' '.repeat(context.indentation)}`);
  return text;
}

const plain = (text) => text.replace(/\x1b\[\d+m/g, '');
const width = (text) =>
  [...plain(text)].reduce(
    (sum, char) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u.test(char)
        ? 2
        : 1),
    0,
  );

function group(context, output, value) {
  let total = 0;
  let longest = 0;
  let count = output.length;
  if (value !== undefined && value.length > context.maxArrayLength) count--;
  const lengths = [];
  for (let at = 0; at < count; at++) {
    const length = width(output[at]);
    lengths.push(length);
    total += length + 2;
    if (longest < length) longest = length;
  }
  const actual = longest + 2;
  if (actual * 3 + context.indentation < context.breakLength && (total / actual > 5 || longest <= 6)) {
    const averageBias = Math.sqrt(actual - total / output.length);
    const biasedMax = Math.max(actual - 3 - averageBias, 1);
    const columns = Math.min(
      Math.round(Math.sqrt(2.5 * biasedMax * count) / biasedMax),
      Math.floor((context.breakLength - context.indentation) / actual),
      context.compact * 4,
      15,
    );
    if (columns <= 1) return output;
    const made = [];
    const widths = [];
    for (let at = 0; at < columns; at++) {
      let most = 0;
      for (let row = at; row < output.length; row += columns) if (lengths[row] > most) most = lengths[row];
      widths.push(most + 2);
    }
    const right =
      value !== undefined && [...value].every((each) => typeof each === 'number' || typeof each === 'bigint');
    for (let at = 0; at < count; at += columns) {
      const end = Math.min(at + columns, count);
      let line = '';
      let each = at;
      for (; each < end - 1; each++) {
        const cell = `${output[each]}, `;
        const room = ' '.repeat(Math.max(0, widths[each - at] - lengths[each] - 2));
        line += right ? room + cell : cell + room;
      }
      if (right) line += ' '.repeat(Math.max(0, widths[each - at] - 2 - lengths[each])) + output[each];
      else line += output[each];
      made.push(line);
    }
    if (count < output.length) made.push(output[count]);
    return made;
  }
  return output;
}

function reduce(context, output, base, braces, array, depth, value) {
  if (typeof context.compact === 'number' && context.compact >= 1) {
    const entries = output.length;
    if (array && entries > 6) output = group(context, output, value);
    if (context.current - depth < context.compact && entries === output.length) {
      const start = output.length + context.indentation + braces[0].length + base.length + 10;
      if (fits(context, output, start, base)) {
        const joined = output.join(', ');
        if (!joined.includes('\n')) return `${base ? `${base} ` : ''}${braces[0]} ${joined} ${braces[1]}`;
      }
    }
  }
  const indent = `\n${' '.repeat(context.indentation)}`;
  return `${base ? `${base} ` : ''}${braces[0]}${indent}  ${output.join(`,${indent}  `)}${indent}${braces[1]}`;
}
function fits(context, output, start, base) {
  let total = output.length + start;
  if (total + output.length > context.breakLength) return false;
  for (const each of output) {
    total += plain(each).length;
    if (total > context.breakLength) return false;
  }
  return base === '' || !base.includes('\n');
}

function inspect(value, options, ...old) {
  const context = { ...defaults, breakLength: 80, indentation: 0, seen: [], circular: new Map(), current: 0 };
  if (typeof options === 'object' && options !== null) Object.assign(context, options);
  else if (options !== undefined) {
    context.showHidden = options;
    if (old[0] !== undefined) context.depth = old[0];
    if (old[1] !== undefined) context.colors = old[1];
  }
  context.indentation = context.indentation || 0;
  context.seen = [];
  context.circular = new Map();
  if (context.depth === Infinity) context.depth = null;
  if (context.maxArrayLength === null) context.maxArrayLength = Infinity;
  if (context.maxStringLength === null) context.maxStringLength = Infinity;
  return inspectValue(context, value, 0, true);
}
inspect.custom = custom;
inspect.defaultOptions = defaults;
inspect.colors = {};
inspect.styles = {};

function formatWith(options, ...args) {
  const [first] = args;
  let text = '';
  let at = 0;
  if (typeof first === 'string') {
    if (args.length === 1) return first;
    at = 1;
    text = first.replace(/%([sdifjoOc%])/g, (all, kind) => {
      if (kind === '%') return '%';
      if (at >= args.length) return all;
      const value = args[at++];
      switch (kind) {
        case 's':
          if (typeof value === 'bigint') return `${value}n`;
          if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
          if (typeof value === 'object' && value !== null) {
            const own = value.toString;
            if (
              typeof own === 'function' &&
              own !== Object.prototype.toString &&
              own !== Error.prototype.toString &&
              own !== Array.prototype.toString &&
              constructorName(value) !== 'Object' &&
              !(value instanceof Date)
            )
              return String(value);
            return isError(value)
              ? inspect(value)
              : inspect(value, { ...options, depth: 0, colors: false, compact: 3 });
          }
          return String(value);
        case 'd':
          return typeof value === 'bigint'
            ? `${value}n`
            : typeof value === 'symbol'
              ? 'NaN'
              : typeof value === 'object'
                ? String(Number(value))
                : String(Number(value));
        case 'i':
          return typeof value === 'bigint' ? `${value}n` : String(parseInt(value));
        case 'f':
          return String(parseFloat(value));
        case 'j':
          try {
            return JSON.stringify(value);
          } catch {
            return '[Circular]';
          }
        case 'o':
          return inspect(value, { ...options, showHidden: true, depth: 4 });
        case 'O':
          return inspect(value, options);
        case 'c':
          return '';
      }
    });
    if (args.length === at) return text;
  }
  const rest = args
    .slice(at)
    .map((value) => (typeof value === 'string' ? value : inspect(value, { ...options, compact: 3 })));
  return (typeof first === 'string' ? [text, ...rest] : rest).join(' ');
}
module.exports = { inspect, formatWith, format: (...args) => formatWith({}, ...args), isError, brand };
