import { expect, test } from 'vitest';
import { candidates, parseResolvConf } from './config';
import { decodeMessage, encodeMessage, query, type Message } from './message';

test('a message comes back as it went, with compressed names', () => {
  const message: Message = {
    ...query(4711, { name: 'web.default.svc.cluster.local', type: 'A' }),
    response: true,
    authoritative: true,
    recursionAvailable: true,
    answers: [
      { name: 'web.default.svc.cluster.local', type: 'CNAME', ttl: 30, data: 'web2.default.svc.cluster.local.' },
      { name: 'web2.default.svc.cluster.local', type: 'A', ttl: 30, data: '10.96.3.4' },
      { name: '_http._tcp.web', type: 'SRV', ttl: 5, data: '0 100 80 web.default.svc.cluster.local.' },
      { name: 'six', type: 'AAAA', ttl: 5, data: 'fd00::1' },
      { name: 'text', type: 'TXT', ttl: 5, data: '1.1.0' },
    ],
    authority: [
      {
        name: 'cluster.local',
        type: 'SOA',
        ttl: 30,
        data: 'ns.dns.cluster.local. hostmaster.cluster.local. 1763671209 7200 1800 86400 30',
      },
    ],
  };
  const bytes = encodeMessage(message);
  expect(decodeMessage(bytes)).toEqual(message);
  expect(bytes.length).toBeLessThan(300);
  expect(decodeMessage(bytes.subarray(0, 40))).toBeUndefined();
});

test('ndots decides whether the search list comes first', () => {
  const config = parseResolvConf('search a.b c.d # two\nnameserver 10.96.0.10\noptions ndots:2 timeout:1 attempts:3\n');
  expect(config).toEqual({ nameservers: ['10.96.0.10'], search: ['a.b', 'c.d'], ndots: 2, timeout: 1000, attempts: 3 });
  expect(candidates('web.ns', config)).toEqual(['web.ns.a.b', 'web.ns.c.d', 'web.ns']);
  expect(candidates('x.web.ns', config)).toEqual(['x.web.ns', 'x.web.ns.a.b', 'x.web.ns.c.d']);
  expect(candidates('web.', config)).toEqual(['web']);
});
