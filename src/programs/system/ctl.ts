import { kernelRelease } from '../../linux/process/release';
import type { Process, Program } from '../../linux/process/types';
import { strftime } from '../toolkit/date-format';
import { parseOptions } from '../toolkit/options';
import { distribution } from './apt/sources';
import { managerOf, notBooted, systemdVersion } from './systemd';

const read = ({ fs }: Process, path: string): string => {
  const text = fs.readText(path);
  return text.ok ? text.value.trim() : '';
};

/** hostnamectl(1). */
export const hostnamectl: Program = async (process) => {
  const { stdout, stderr, fs, credentials } = process;
  const options = parseOptions(process.args, {
    short: 'hH:M:',
    long: {
      'no-ask-password': 'x',
      transient: 'transient',
      static: 'static',
      pretty: 'pretty',
      'json:': 'json',
      'host:': 'H',
    },
  });
  if (typeof options === 'string') {
    await stderr.write(`hostnamectl: ${options}\n`);
    return 1;
  }
  if (options.has('version')) {
    await stdout.write(systemdVersion);
    return 0;
  }
  const manager = managerOf(process);
  if (manager === undefined) return notBooted(process);
  const { uts } = process.namespaces;
  const [verb = 'status', name] = options.operands;
  if (verb === 'status') {
    const rows = [
      ['Static hostname', read(process, '/etc/hostname')],
      ...(read(process, '/etc/hostname') === uts.hostname ? [] : [['Transient hostname', uts.hostname]]),
      ['Icon name', 'computer-vm'],
      ['Chassis', 'vm 🖴'],
      ['Machine ID', read(process, '/etc/machine-id')],
      ['Boot ID', manager.journal.bootId],
      ['Virtualization', 'kvm'],
      ['Operating System', distribution(fs).pretty],
      ['Kernel', `Linux ${kernelRelease}`],
      ['Architecture', 'x86-64'],
    ];
    await stdout.write(rows.map(([key = '', value = '']) => `${key.padStart(18)}: ${value}\n`).join(''));
    return 0;
  }
  if (verb === 'hostname' || verb === 'set-hostname') {
    if (name === undefined) {
      if (verb === 'set-hostname') {
        await stderr.write('Too few arguments.\n');
        return 1;
      }
      await stdout.write(`${options.has('static') ? read(process, '/etc/hostname') : uts.hostname}\n`);
      return 0;
    }
    if (credentials.uid !== 0) {
      await stderr.write('Could not set static hostname: Interactive authentication required.\n');
      return 1;
    }
    if (!options.has('static')) uts.hostname = name;
    if (!options.has('transient')) fs.writeFile('/etc/hostname', `${name}\n`);
    return 0;
  }
  await stderr.write(`Unknown command verb ${verb}.\n`);
  return 1;
};

/** timedatectl(1): the machines of the lab are set to UTC. */
export const timedatectl: Program = async (process) => {
  const { stdout, stderr, clock, fs } = process;
  const options = parseOptions(process.args, {
    short: 'hH:M:ap:',
    long: { 'no-pager': 'x', 'no-ask-password': 'x', value: 'value', 'property:': 'p', all: 'a' },
  });
  if (typeof options === 'string') {
    await stderr.write(`timedatectl: ${options}\n`);
    return 1;
  }
  if (options.has('version')) {
    await stdout.write(systemdVersion);
    return 0;
  }
  if (managerOf(process) === undefined) return notBooted(process);
  const [verb = 'status', value] = options.operands;
  const link = fs.readlink('/etc/localtime');
  const zone = link.ok ? link.value.replace(/^.*zoneinfo\//, '') : 'Etc/UTC';
  const now = strftime('%a %Y-%m-%d %H:%M:%S', clock.now);
  switch (verb) {
    case 'status':
      await stdout.write(
        `               Local time: ${now} UTC\n           Universal time: ${now} UTC\n                 RTC time: ${now}\n                Time zone: ${zone} (UTC, +0000)\nSystem clock synchronized: yes\n              NTP service: n/a\n          RTC in local TZ: no\n`,
      );
      return 0;
    case 'show':
      await stdout.write(
        `Timezone=${zone}\nLocalRTC=no\nCanNTP=no\nNTP=no\nNTPSynchronized=yes\nTimeUSec=${now} UTC\nRTCTimeUSec=${now} UTC\n`,
      );
      return 0;
    case 'set-timezone':
      if (value === undefined) {
        await stderr.write('Too few arguments.\n');
        return 1;
      }
      if (process.credentials.uid !== 0) {
        await stderr.write('Failed to set time zone: Interactive authentication required.\n');
        return 1;
      }
      if (!/^[A-Z][\w+-]*(\/[A-Z][\w+-]*)*$/.test(value)) {
        await stderr.write(`Failed to set time zone: Invalid or not installed time zone '${value}'\n`);
        return 1;
      }
      if (link.ok) fs.unlink('/etc/localtime');
      fs.symlink(`../usr/share/zoneinfo/${value}`, '/etc/localtime');
      return 0;
    case 'set-ntp':
      await stderr.write('Failed to set ntp: NTP not supported\n');
      return 1;
    case 'set-time':
      await stderr.write('Failed to set time: Access denied\n');
      return 1;
    default:
      await stderr.write(`Unknown command verb ${verb}.\n`);
      return 1;
  }
};
