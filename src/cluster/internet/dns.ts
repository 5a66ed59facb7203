import { noRecords, type Question, type ResourceRecord } from '../../linux/net/dns/message';
import type { Answer } from '../../linux/net/dns/server';
import { addressesOf, isZone, nameOf } from './names';

const ttl = 300;

/** What any name server of the lab's internet says, the router's forwarder included. */
export function answerPublic({ name, type }: Question): Answer {
  const answers = records(name, type);
  if (answers !== undefined) {
    const authority = answers.length === 0 ? soa(name) : noRecords;
    return { code: 'NOERROR', answers, authority, authoritative: false };
  }
  return {
    code: isZone(name) ? 'NOERROR' : 'NXDOMAIN',
    answers: noRecords,
    authority: soa(name),
    authoritative: false,
  };
}

function records(name: string, type: Question['type']): readonly ResourceRecord[] | undefined {
  const reverse = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa$/i.exec(name);
  if (reverse !== null) {
    const known = nameOf(reverse.slice(1).reverse().join('.'));
    if (known === undefined) return undefined;
    return type === 'PTR' || type === 'ANY' ? [{ name, type: 'PTR', ttl, data: `${known}.` }] : noRecords;
  }
  const known = addressesOf(name);
  if (known === undefined) return undefined;
  const hosts = known.map((data): ResourceRecord => ({ name, type: 'A', ttl, data }));
  const domain = name.split('.').slice(-2).join('.');
  switch (type) {
    case 'A':
    case 'ANY':
      return hosts;
    case 'NS':
      return domain === name
        ? [1, 2].map((each) => ({ name, type: 'NS', ttl: 86_400, data: `ns${each}.${domain}.` }))
        : noRecords;
    case 'MX':
      return domain === name ? [{ name, type: 'MX', ttl, data: `10 mail.${domain}.` }] : noRecords;
    case 'TXT':
      return domain === name ? [{ name, type: 'TXT', ttl, data: '"v=spf1 -all"' }] : noRecords;
    case 'SOA':
      return domain === name ? soa(name) : noRecords;
    default:
      return noRecords;
  }
}

/** The root zone's SOA speaks for names that do not exist (RFC 2308). */
function soa(name: string): readonly ResourceRecord[] {
  const domain = name.split('.').slice(-2).join('.');
  const zone = addressesOf(domain) === undefined ? '' : domain;
  const data =
    zone === ''
      ? 'a.root-servers.net. nstld.verisign-grs.com. 2026010500 1800 900 604800 86400'
      : `ns1.${zone}. hostmaster.${zone}. 2026010501 7200 3600 1209600 300`;
  return [{ name: zone === '' ? '.' : zone, type: 'SOA', ttl: zone === '' ? 86_400 : 300, data }];
}
