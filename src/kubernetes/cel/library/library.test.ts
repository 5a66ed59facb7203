import { expect, test } from 'vitest';
import { authorizerValue, Budget, celTypes, compile, toJson } from '../index';

const run = (source: string): unknown => {
  const authorizer = celTypes.parseType('kubernetes.authorization.Authorizer');
  const compiled = compile(source, new Map([['authorizer', authorizer]]));
  if (!compiled.ok) return `compile: ${compiled.error}`;
  const allow = authorizerValue(({ verb, resource, namespace }) => ({
    allowed: verb === 'get' && resource === 'pods' && namespace === 'a',
    reason: 'by rule',
  }));
  const result = compiled.value.run((name) => (name === 'authorizer' ? allow : undefined), new Budget());
  return result.ok ? toJson(result.value) : `error: ${result.error}`;
};

test.each([
  ['"tacocat".indexOf("a", 2)', 5],
  ['"tacocat".lastIndexOf("a")', 5],
  ['"tacocat".substring(2, 4)', 'co'],
  ['"tacocat".substring(9)', 'error: index out of range: 9'],
  ['"a,b,c".split(",", 2)', ['a', 'b,c']],
  ['["a", "b"].join("-")', 'a-b'],
  ['"hello hello".replace("he", "we", 1)', 'wello hello'],
  ['"  x ".trim() + "AbC".lowerAscii() + "é".upperAscii()', 'xabcé'],
  ['"%s is %d of %.2f, %x %b".format(["a", 3, 1.5, 255, 5])', 'a is 3 of 1.50, ff 101'],
  ['"%s".format([["a", 1.0].map(x, x)])', '[a, 1]'],
  ['[1, 2, 2].isSorted() && ![2, 1].isSorted()', true],
  ['[1, 2, 3].sum() + [4, 9].max() - [4, 9].min()', 11],
  ['[1, 2, 1].indexOf(1) + [1, 2, 1].lastIndexOf(1)', 2],
  ['[].max()', 'error: max called on empty list'],
  ['sets.contains([1, 2], [2]) && sets.intersects([1], [1, 3]) && sets.equivalent([1, 1], [1])', true],
  ['"abc 123 de".find("[0-9]+")', '123'],
  ['"a1b22c333".findAll("[0-9]+", 2)', ['1', '22']],
  ['"a".matches("(")', 'compile: ERROR: <input>:1:13: invalid matches argument\n | "a".matches("(")\n | ............^'],
  ['"a".matches("(" + "")', 'error: error parsing regexp: missing closing ): `(`'],
  ['url("https://user@h.io:80/a/b?x=1&x=2").getHostname()', 'h.io'],
  ['url("https://h.io:80/a/b?x=1&x=2").getQuery()', { x: ['1', '2'] }],
  ['isURL("../x")', false],
  [
    'quantity("1.5Gi").isGreaterThan(quantity("1500Mi")) && quantity("500m").add(quantity("500m")).asInteger() == 1',
    true,
  ],
  ['quantity("1k") == quantity("1000")', true],
  [
    'quantity("abc")',
    "error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
  ['ip("192.168.0.1").family() + ip("::1").family()', 10],
  ['ip.isCanonical("2001:db8::abcd") && !ip.isCanonical("2001:DB8::ABCD")', true],
  ['cidr("10.0.0.0/8").containsIP("10.1.2.3") && cidr("10.0.0.0/8").containsCIDR("10.9.0.0/16")', true],
  ['string(cidr("10.1.2.3/8").masked())', '10.0.0.0/8'],
  ['isIP("010.0.0.1") || isIP("::ffff:1.2.3.4")', false],
  ['semver("1.2.3-rc.1").isLessThan(semver("1.2.3")) && isSemver("v1.2", true) && !isSemver("v1.2")', true],
  ['format.dns1123Label().validate("a-b").hasValue()', false],
  ['format.named("uuid").value().validate("x").value()', ['does not match the UUID format']],
  ['authorizer.group("").resource("pods").namespace("a").check("get").allowed()', true],
  ['authorizer.group("").resource("pods").check("get").allowed()', false],
  ['dyn("a") > 1', 'error: no such overload'],
  ['dyn([1]) < 2', 'error: no such overload: _<_'],
  ['dyn(1).size()', 'error: no such overload: size'],
  ['dyn(["a"]).foo', "error: unsupported index type 'string' in list"],
  ['has(dyn(1).foo)', false],
  ['"abc".indexOf("a", 99)', -1],
  ['string(1.5e10)', '1.5e+10'],
  ['{"a": 1, "a": 2}', { a: 2 }],
  [
    '"%d".format([dyn("a")])',
    'error: error during formatting: decimal clause can only be used on integers, was given string',
  ],
  ['ip("::ffff:1.2.3.4")', 'error: IPv4-mapped IPv6 address "::ffff:1.2.3.4" is not allowed'],
  ['ip("fe80::1%eth0")', 'error: IP address "fe80::1%eth0" with zone value is not allowed'],
  [
    'cidr("10.0.0.0")',
    `error: ${'network address parse error during conversion from string: '.repeat(2)}netip.ParsePrefix("10.0.0.0"): no '/'`,
  ],
  [
    'cidr("10.0.0.0/33")',
    `error: ${'network address parse error during conversion from string: '.repeat(2)}netip.ParsePrefix("10.0.0.0/33"): prefix length out of range`,
  ],
  ['"a".find("[" + "")', 'error: Illegal regex: error parsing regexp: missing closing ]: `[`'],
  ['[1, 2].first().value() + [1, 2].last().value() * 10', 21],
  ['[].first().hasValue()', false],
  ['optional.unwrap([optional.of(1), optional.none()]) + [optional.of(2)].unwrapOpt()', [1, 2]],
  ['type(ip("1.1.1.1")) == net.IP && type(cidr("1.0.0.0/8")) == net.CIDR', true],
  ['type(timestamp("2026-01-01T00:00:00Z")) == google.protobuf.Timestamp', true],
  ['sign(quantity("-1"))', -1],
  [
    'timestamp("x") == timestamp("y") || duration("z") == duration("1h")',
    'compile: ERROR: <input>:1:11: invalid timestamp argument\n | timestamp("x") == timestamp("y") || duration("z") == duration("1h")\n | ..........^\nERROR: <input>:1:29: invalid timestamp argument\n | timestamp("x") == timestamp("y") || duration("z") == duration("1h")\n | ............................^\nERROR: <input>:1:46: invalid duration argument\n | timestamp("x") == timestamp("y") || duration("z") == duration("1h")\n | .............................................^',
  ],
  [
    '[1, 2].filter(x, x)',
    "compile: ERROR: <input>:1:14: found no matching overload for '_?_:_' applied to '(int, list(int), list(int))'\n | [1, 2].filter(x, x)\n | .............^",
  ],
  ['true && 1', "compile: ERROR: <input>:1:9: expected type 'bool' but found 'int'\n | true && 1\n | ........^"],
  ['9223372036854775808', 'compile: ERROR: <input>:1:1: invalid int literal\n | 9223372036854775808\n | ^'],
  ['-9223372036854775808 < 0', true],
  ['18446744073709551616u', 'compile: ERROR: <input>:1:1: invalid uint literal\n | 18446744073709551616u\n | ^'],
])('%s', (source, expected) => {
  expect(run(source)).toStrictEqual(expected);
});
