import { expect, test } from 'vitest';
import { flag, FlagSet } from './flag-set';

const flags = [
  flag.bool('watch', false, '', { short: 'w' }),
  flag.string('output', '', '', { short: 'o' }),
  flag.int('tail', -1, ''),
  flag.duration('timeout', 0, ''),
  flag.strings('filename', [], '', { short: 'f' }),
];

const parse = (...words: string[]): FlagSet => {
  const set = new FlagSet(flags);
  set.parse(words);
  return set;
};

test('flags stand anywhere, together or with their values', () => {
  const set = parse('pods', '-wo', 'yaml', '--tail=5', '-f', 'a,b', '--filename=c', '--timeout', '1m30s', '--', '-x');
  expect(set.args).toEqual(['pods', '-x']);
  expect(set.dashAt).toBe(1);
  expect([set.bool('watch'), set.string('output'), set.number('tail')]).toEqual([true, 'yaml', 5]);
  expect(set.list('filename')).toEqual(['a', 'b', 'c']);
  expect(set.number('timeout')).toBe(90_000);
});

test('wrong ones are told in the words of pflag', () => {
  expect(() => parse('--foo')).toThrow('unknown flag: --foo');
  expect(() => parse('-wz')).toThrow("unknown shorthand flag: 'z' in -z");
  expect(() => parse('--output')).toThrow('flag needs an argument: --output');
  expect(() => parse('--tail=x')).toThrow(
    'invalid argument "x" for "--tail" flag: strconv.ParseInt: parsing "x": invalid syntax',
  );
});
