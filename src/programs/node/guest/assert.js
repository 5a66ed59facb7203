const { inspect } = require('internal_inspect');
class AssertionError extends Error {
  constructor({ message, actual, expected, operator }) {
    super(message);
    this.generatedMessage = false;
    this.code = 'ERR_ASSERTION';
    this.actual = actual;
    this.expected = expected;
    this.operator = operator;
    Object.defineProperty(this, 'name', {
      value: 'AssertionError',
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }
  toString() {
    return `${this.name} [${this.code}]: ${this.message}`;
  }
}
const same = (a, b, strict, seen = new Map()) => {
  if (strict ? Object.is(a, b) : a == b || (a !== a && b !== b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (seen.get(a) === b) return true;
  seen.set(a, b);
  if (strict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (a instanceof RegExp) return String(a) === String(b);
  if (a instanceof Error && (a.message !== b.message || a.name !== b.name)) return false;
  if (a instanceof Map)
    return (
      b instanceof Map &&
      a.size === b.size &&
      [...a].every(([key, value]) => b.has(key) && same(value, b.get(key), strict, seen))
    );
  if (a instanceof Set)
    return (
      b instanceof Set &&
      a.size === b.size &&
      [...a].every((value) => b.has(value) || [...b].some((each) => same(value, each, strict, seen)))
    );
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.prototype.hasOwnProperty.call(b, key) && same(a[key], b[key], strict, seen))
  );
};
const fail = (given, text, actual, expected, operator) => {
  if (given instanceof Error) throw given;
  throw Object.assign(new AssertionError({ message: given ?? text, actual, expected, operator }), {
    generatedMessage: given === undefined,
  });
};
const show = (value) => inspect(value, { compact: false, sorted: true, depth: 1000, breakLength: Infinity });
const differ = (title, actual, expected) => {
  const [a, b] = [show(actual), show(expected)];
  const simple = (value) => value === null || (typeof value !== 'object' && typeof value !== 'function');
  if (simple(actual) && simple(expected) && a.length + b.length < 70) return `${title}\n\n${a} !== ${b}\n`;
  return `${title}\n+ actual - expected\n\n${a
    .split('\n')
    .map((line) => `+ ${line}`)
    .join('\n')}\n${b
    .split('\n')
    .map((line) => `- ${line}`)
    .join('\n')}`;
};
const ok = (value, message) => {
  if (!value) fail(message, 'The expression evaluated to a falsy value:\n\n  assert(...)\n', value, true, '==');
};
const matches = (error, expected) => {
  if (expected === undefined || typeof expected === 'string') return true;
  if (expected instanceof RegExp) return expected.test(String(error));
  if (typeof expected === 'function')
    return expected.prototype !== undefined && error instanceof expected
      ? true
      : Error.isPrototypeOf(expected)
        ? false
        : expected.call({}, error) === true;
  return Object.keys(expected).every((key) =>
    expected[key] instanceof RegExp ? expected[key].test(error[key]) : same(error[key], expected[key], true),
  );
};
const assert = Object.assign((value, message) => ok(value, message), {
  ok,
  AssertionError,
  equal: (a, b, message) =>
    a == b || (a !== a && b !== b) || fail(message, `${inspect(a)} == ${inspect(b)}`, a, b, '=='),
  notEqual: (a, b, message) => a != b || fail(message, `${inspect(a)} != ${inspect(b)}`, a, b, '!='),
  strictEqual: (a, b, message) =>
    Object.is(a, b) || fail(message, differ('Expected values to be strictly equal:', a, b), a, b, 'strictEqual'),
  notStrictEqual: (a, b, message) =>
    !Object.is(a, b) ||
    fail(message, `Expected "actual" to be strictly unequal to: ${inspect(b)}`, a, b, 'notStrictEqual'),
  deepEqual: (a, b, message) =>
    same(a, b, false) || fail(message, differ('Expected values to be loosely deep-equal:', a, b), a, b, 'deepEqual'),
  deepStrictEqual: (a, b, message) =>
    same(a, b, true) ||
    fail(message, differ('Expected values to be strictly deep-equal:', a, b), a, b, 'deepStrictEqual'),
  notDeepStrictEqual: (a, b, message) =>
    !same(a, b, true) ||
    fail(message, 'Expected "actual" not to be strictly deep-equal to', a, b, 'notDeepStrictEqual'),
  notDeepEqual: (a, b, message) =>
    !same(a, b, false) || fail(message, 'Expected "actual" not to be loosely deep-equal to', a, b, 'notDeepEqual'),
  fail: (message = 'Failed') => fail(message, message, undefined, undefined, 'fail'),
  match: (text, pattern, message) =>
    pattern.test(text) ||
    fail(
      message,
      `The input did not match the regular expression ${inspect(pattern)}. Input:\n\n${inspect(text)}\n`,
      text,
      pattern,
      'match',
    ),
  throws(run, expected, message) {
    let thrown;
    try {
      run();
    } catch (error) {
      thrown = { error };
    }
    if (!thrown)
      fail(
        message ?? (typeof expected === 'string' ? expected : undefined),
        'Missing expected exception.',
        undefined,
        expected,
        'throws',
      );
    if (!matches(thrown.error, expected)) throw thrown.error;
  },
  doesNotThrow: (run) => void run(),
  async rejects(run, expected, message) {
    let thrown;
    try {
      await (typeof run === 'function' ? run() : run);
    } catch (error) {
      thrown = { error };
    }
    if (!thrown) fail(message, 'Missing expected rejection.', undefined, expected, 'rejects');
    if (!matches(thrown.error, expected)) throw thrown.error;
  },
  ifError(value) {
    if (value !== null && value !== undefined) throw value;
  },
  $equal: same,
});
assert.strict = Object.assign((value, message) => ok(value, message), assert, {
  equal: assert.strictEqual,
  deepEqual: assert.deepStrictEqual,
  notEqual: assert.notStrictEqual,
  notDeepEqual: assert.notDeepStrictEqual,
});
module.exports = assert;
