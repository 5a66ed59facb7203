/** Protocols iptables knows by name itself (xtables_chain_protos) and a few of /etc/protocols. */
const protocols: Readonly<Record<string, number>> = {
  all: 0,
  icmp: 1,
  igmp: 2,
  ipencap: 4,
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  ah: 51,
  ospf: 89,
  vrrp: 112,
  sctp: 132,
  udplite: 136,
};
const protocolNames = new Map(Object.entries(protocols).map(([name, number]) => [number, name]));

/** The number of `-p NAME`; undefined if unknown. */
export function protocolNumber(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) <= 255 ? Number(text) : undefined;
  return protocols[text.toLowerCase()];
}

export const protocolText = (number: number): string => protocolNames.get(number) ?? String(number);

/** Names of /etc/services that rules meet. */
const services: Readonly<Record<string, number>> = {
  tcpmux: 1,
  echo: 7,
  discard: 9,
  daytime: 13,
  'ftp-data': 20,
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  bootps: 67,
  bootpc: 68,
  http: 80,
  kerberos: 88,
  pop3: 110,
  sunrpc: 111,
  ntp: 123,
  imap2: 143,
  snmp: 161,
  bgp: 179,
  ldap: 389,
  https: 443,
  submission: 587,
  ldaps: 636,
  imaps: 993,
  pop3s: 995,
  socks: 1080,
  'cisco-sccp': 2000,
  nfs: 2049,
  mysql: 3306,
  'ms-wbt-server': 3389,
  postgresql: 5432,
  amqp: 5672,
  redis: 6379,
  'http-alt': 8080,
  ipp: 631,
};
const serviceNames = new Map(Object.entries(services).map(([name, number]) => [number, name]));

export const servicePort = (name: string): number | undefined =>
  Object.hasOwn(services, name) ? services[name] : undefined;
/** What `iptables -L` without `-n` calls a port. */
export const serviceName = (port: number): string => serviceNames.get(port) ?? String(port);
