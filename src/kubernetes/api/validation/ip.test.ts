import { expect, test } from 'vitest';
import { FieldErrors } from '../../apimachinery/field-errors';
import { cidrWarnings, endpointIp, ipWarnings, isStrictSubset, legacyCidr, legacyIp, parseCidr } from './ip';

test('addresses and networks of old fields: what is refused, what is warned of', () => {
  expect(ipWarnings('a', '01.2.3.4')).toEqual([
    'a: non-standard IP address "01.2.3.4" will be considered invalid in a future Kubernetes release: use "1.2.3.4"',
  ]);
  expect(ipWarnings('a', '::ffff:1.2.3.4')).toEqual([
    'a: non-standard IP address "::ffff:1.2.3.4" will be considered invalid in a future Kubernetes release: use "1.2.3.4"',
  ]);
  expect(ipWarnings('a', 'FD00:0::1')).toEqual([
    'a: IPv6 address "FD00:0::1" should be in RFC 5952 canonical format ("fd00::1")',
  ]);
  expect(ipWarnings('a', '10.0.0.1')).toEqual([]);
  expect(cidrWarnings('a', '10.0.0.1/24')).toEqual([
    'a: CIDR value "10.0.0.1/24" is ambiguous in this context (should be "10.0.0.0/24" or "10.0.0.1/32"?)',
  ]);
  expect(cidrWarnings('a', '::ffff:10.0.0.0/104')).toEqual([
    'a: non-standard CIDR value "::ffff:10.0.0.0/104" will be considered invalid in a future Kubernetes release: use "10.0.0.0/8"',
  ]);
  expect(cidrWarnings('a', '10.0.0.0/08')).toEqual([
    'a: non-standard CIDR value "10.0.0.0/08" will be considered invalid in a future Kubernetes release: use "10.0.0.0/8"',
  ]);
  const errors = new FieldErrors();
  legacyIp('1.2.3', errors);
  legacyCidr('10.0.0.0/33', errors);
  for (const ip of ['127.0.0.1', '::1', '169.254.1.1', 'fe80::1', '224.0.0.5', 'ff02::1', '0.0.0.0', '10.0.0.1'])
    endpointIp(ip, errors);
  expect(errors.causes.map(({ message }) => message)).toEqual([
    'Invalid value: "1.2.3": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    'Invalid value: "10.0.0.0/33": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
    'Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    'Invalid value: "::1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    'Invalid value: "169.254.1.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
    'Invalid value: "fe80::1": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
    'Invalid value: "224.0.0.5": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
    'Invalid value: "ff02::1": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
    'Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)',
  ]);
  const network = (text: string) => parseCidr(text) ?? expect.fail(text);
  expect(isStrictSubset(network('10.1.0.0/16'), network('10.0.0.0/8'))).toBe(true);
  expect(isStrictSubset(network('10.0.0.0/8'), network('10.0.0.0/8'))).toBe(false);
  expect(isStrictSubset(network('11.0.0.0/16'), network('10.0.0.0/8'))).toBe(false);
});
