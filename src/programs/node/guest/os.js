const facts = host('facts');
const read = (path) => {
  const bytes = host('fs', 'read', path);
  return bytes && !bytes.$errno ? host('fromUtf8', bytes) : '';
};
const memory = (name) =>
  Number((new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(read('/proc/meminfo')) || [])[1] || facts.memory / 2048) * 1024;
module.exports = {
  EOL: '\n',
  arch: () => 'x64',
  platform: () => 'linux',
  type: () => 'Linux',
  release: () => read('/proc/sys/kernel/osrelease').trim() || '6.8.0',
  version: () => read('/proc/sys/kernel/version').trim(),
  machine: () => 'x86_64',
  hostname: () => host('facts').hostname,
  homedir: () => process.env.HOME || '/root',
  tmpdir: () => process.env.TMPDIR || '/tmp',
  endianness: () => 'LE',
  uptime: () => (host('now') - facts.bootedAt) / 1000,
  loadavg: () => read('/proc/loadavg').split(' ').slice(0, 3).map(Number),
  totalmem: () => memory('MemTotal'),
  freemem: () => memory('MemAvailable'),
  availableParallelism: () => facts.cpus,
  cpus: () =>
    Array.from({ length: facts.cpus }, () => ({
      model: 'Intel(R) Xeon(R) CPU',
      speed: 2000,
      times: { user: 1000, nice: 0, sys: 500, idle: 90000, irq: 0 },
    })),
  networkInterfaces: () =>
    Object.fromEntries(
      facts.links
        .filter(({ addresses }) => addresses.length > 0)
        .map(({ name, mac, addresses }) => [
          name,
          addresses.map((cidr) => ({
            address: cidr.split('/')[0],
            netmask: require('os').$mask(Number(cidr.split('/')[1])),
            family: 'IPv4',
            mac,
            internal: name === 'lo',
            cidr,
          })),
        ]),
    ),
  $mask: (bits) =>
    [24, 16, 8, 0].map((shift) => ((bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0) >>> shift) & 255).join('.'),
  userInfo: () => {
    const line = read('/etc/passwd')
      .split('\n')
      .map((each) => each.split(':'))
      .find((each) => Number(each[2]) === facts.uid) || ['root', '', 0, 0, '', '/root', '/bin/sh'];
    return { uid: facts.uid, gid: facts.gid, username: line[0], homedir: line[5], shell: line[6] };
  },
  constants: { signals: internal.signalNumbers },
};
