const { inspect, formatWith } = require('internal_inspect');
class Console {
  #stdout;
  #stderr;
  #indent = '';
  #counts = new Map();
  #timers = new Map();
  constructor(stdout, stderr) {
    if (stdout && stdout.stdout) ({ stdout, stderr } = stdout);
    this.#stdout = stdout;
    this.#stderr = stderr || stdout;
    for (const name of Object.getOwnPropertyNames(Console.prototype))
      if (name !== 'constructor')
        Object.defineProperty(this, name, {
          value: this[name].bind(this),
          writable: true,
          configurable: true,
          enumerable: true,
        });
  }
  #print(stream, args) {
    let text = formatWith({ colors: Boolean(stream.isTTY && stream.hasColors && stream.hasColors()) }, ...args);
    if (this.#indent) text = this.#indent + text.replaceAll('\n', '\n' + this.#indent);
    stream.write(text + '\n');
  }
  log(...args) {
    this.#print(this.#stdout, args);
  }
  info(...args) {
    this.#print(this.#stdout, args);
  }
  debug(...args) {
    this.#print(this.#stdout, args);
  }
  error(...args) {
    this.#print(this.#stderr, args);
  }
  warn(...args) {
    this.#print(this.#stderr, args);
  }
  dir(value, options) {
    this.#print(this.#stdout, [inspect(value, { customInspect: false, ...options })]);
  }
  dirxml(...args) {
    this.log(...args);
  }
  assert(condition, ...args) {
    if (condition) return;
    if (typeof args[0] === 'string') args[0] = `Assertion failed: ${args[0]}`;
    else args.unshift('Assertion failed');
    this.warn(...args);
  }
  trace(...args) {
    const error = new Error();
    const text = formatWith({}, ...args);
    this.error(`Trace${text ? `: ${text}` : ''}\n${error.stack.split('\n').slice(1).join('\n')}`);
  }
  count(label = 'default') {
    const count = (this.#counts.get(label) || 0) + 1;
    this.#counts.set(label, count);
    this.log(`${label}: ${count}`);
  }
  countReset(label = 'default') {
    this.#counts.delete(label);
  }
  time(label = 'default') {
    this.#timers.set(String(label), host('now'));
  }
  timeLog(label = 'default', ...args) {
    if (this.#timers.has(String(label))) this.log(`${label}: ${this.#took(label)}`, ...args);
  }
  timeEnd(label = 'default') {
    if (!this.#timers.has(String(label))) return;
    this.log(`${label}: ${this.#took(label)}`);
    this.#timers.delete(String(label));
  }
  #took(label) {
    const ms = host('now') - this.#timers.get(String(label));
    return ms >= 1000 ? `${(ms / 1000).toFixed(3)}s` : `${Number(ms.toFixed(3)) || 0.05}ms`;
  }
  group(...args) {
    if (args.length > 0) this.log(...args);
    this.#indent += '  ';
  }
  groupCollapsed(...args) {
    this.group(...args);
  }
  groupEnd() {
    this.#indent = this.#indent.slice(0, -2);
  }
  clear() {
    if (this.#stdout.isTTY) this.#stdout.write('\x1b[1;1H\x1b[0J');
  }
  table(data, columns) {
    if (data === null || typeof data !== 'object') return this.log(data);
    const cell = (value) =>
      typeof value === 'object' && value !== null
        ? inspect(value, { depth: -1, maxArrayLength: 3, breakLength: Infinity })
        : inspect(value);
    const rows =
      data instanceof Map || data instanceof Set ? [...data].map((value, at) => [at, value]) : Object.entries(data);
    const names = [];
    let values = false;
    const made = rows.map(([index, row]) => {
      const cells = {};
      if (row !== null && typeof row === 'object') {
        for (const key of Object.keys(row)) {
          if (columns && !columns.includes(key)) continue;
          if (!names.includes(key)) names.push(key);
          cells[key] = cell(row[key]);
        }
        return { index: String(index), cells };
      }
      values = true;
      return { index: String(index), cells, value: cell(row) };
    });
    if (columns) names.splice(0, names.length, ...columns);
    const heads = ['(index)', ...names, ...(values ? ['Values'] : [])];
    const lines = made.map(({ index, cells, value }) => [
      index,
      ...names.map((name) => cells[name] ?? ''),
      ...(values ? [value ?? ''] : []),
    ]);
    const widths = heads.map((head, at) => Math.max(head.length, ...lines.map((line) => line[at].length)) + 2);
    const left = Number(internal.version.split('.')[0]) >= 20 && !(internal.version.startsWith('20.') && false);
    const draw = (cells) =>
      '│' +
      cells
        .map((text, at) => {
          const room = widths[at] - text.length;
          const before = left ? 1 : Math.floor(room / 2);
          return ' '.repeat(before) + text + ' '.repeat(room - before);
        })
        .join('│') +
      '│';
    const rule = (a, b, c) => a + widths.map((size) => '─'.repeat(size)).join(b) + c;
    this.log(
      [rule('┌', '┬', '┐'), draw(heads), rule('├', '┼', '┤'), ...lines.map(draw), rule('└', '┴', '┘')].join('\n'),
    );
  }
}
Console.prototype.constructor = Console;
const made = new Console({
  get stdout() {
    return process.stdout;
  },
  get stderr() {
    return process.stderr;
  },
});
made.Console = Console;
module.exports = made;
