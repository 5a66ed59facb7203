import { strftime } from '../toolkit/date-format';
import { tool } from '../toolkit/tool';

/** What uname tells: an Ubuntu 24.04 kernel. */
const release = '6.8.0-51-generic';
const version = '#52-Ubuntu SMP PREEMPT_DYNAMIC Thu Dec  5 13:09:44 UTC 2024';

/** uname(1). */
export const uname = tool(
  {
    name: 'uname',
    usage: '[OPTION]...',
    about: 'Print certain system information.  With no OPTION, same as -s.',
    short: 'asnrvmpio',
    long: {
      all: 'a',
      'kernel-name': 's',
      nodename: 'n',
      'kernel-release': 'r',
      'kernel-version': 'v',
      machine: 'm',
      processor: 'p',
      'hardware-platform': 'i',
      'operating-system': 'o',
    },
  },
  async (tool) => {
    const { options, process } = tool;
    const [extra] = tool.operands;
    if (extra !== undefined) return tool.extraOperand(extra);
    const fields: readonly (readonly [string, string])[] = [
      ['s', 'Linux'],
      ['n', process.namespaces.uts.hostname],
      ['r', release],
      ['v', version],
      ['m', 'x86_64'],
      // BusyBox does not know of processor and platform.
      ...(tool.dialect === undefined || !options.has('a')
        ? ([
            ['p', 'x86_64'],
            ['i', 'x86_64'],
          ] as const)
        : []),
      ['o', tool.dialect?.build.osName ?? 'GNU/Linux'],
    ];
    const shown = fields.filter(
      ([letter]) => options.has('a', letter) || (options.given.length === 0 && letter === 's'),
    );
    await tool.out.line(shown.map(([, text]) => text).join(' '));
    return 0;
  },
);

/** hostname(1) of Debian's package. */
export const hostname = tool(
  {
    name: 'hostname',
    usage: '[-b] {hostname|-F file}',
    about: 'Show or set system host name.',
    package: 'hostname 3.23',
    short: 'aAbdfF:iIsvy',
    long: {
      alias: 'a',
      'all-fqdns': 'A',
      domain: 'd',
      fqdn: 'f',
      long: 'f',
      'file:': 'F',
      'ip-address': 'i',
      'all-ip-addresses': 'I',
      short: 's',
    },
  },
  async (tool) => {
    const { options, process, fs } = tool;
    const { uts } = process.namespaces;
    const file = options.value('F');
    const text = file === undefined ? undefined : fs.readText(file);
    if (text?.ok === false) return tool.fail(`can't open \`${file ?? ''}'`);
    const wanted =
      text?.value
        .split('\n')
        .find((line) => line !== '' && !line.startsWith('#'))
        ?.trim() ?? tool.operands[0];
    if (wanted !== undefined) {
      if (!process.capable('SYS_ADMIN'))
        return tool.fail(
          process.credentials.uid === 0
            ? 'sethostname: Operation not permitted'
            : 'you must be root to change the host name',
        );
      uts.hostname = wanted;
      return 0;
    }
    const { hostname: name } = uts;
    if (options.has('i', 'I')) {
      const addresses = process.net
        .links()
        .flatMap(({ name: link, addresses: own }) =>
          link === 'lo' ? [] : own.map((cidr) => cidr.split('/')[0] ?? cidr),
        );
      await tool.out.line(options.has('I') ? `${addresses.join(' ')} ` : (addresses[0] ?? ''));
    } else if (options.has('s')) await tool.out.line(name.split('.')[0] ?? name);
    else if (options.has('d')) await tool.out.line(name.split('.').slice(1).join('.'));
    else await tool.out.line(name);
    return 0;
  },
);

/** clear(1): home, clear screen, clear scrollback. */
export const clear = tool(
  { name: 'clear', usage: '[options]', about: 'Clear the terminal screen.', short: 'T:Vx' },
  async ({ out, options }) => {
    await out.write(options.has('x') ? '\x1b[H\x1b[2J' : '\x1b[H\x1b[2J\x1b[3J');
    return 0;
  },
);

/** tty(1). */
export const tty = tool(
  {
    name: 'tty',
    usage: '[OPTION]...',
    about: 'Print the file name of the terminal connected to standard input.',
    short: 's',
    long: { silent: 's', quiet: 's' },
  },
  async (tool) => {
    const file = tool.process.fds.get(0);
    const isTerminal = file?.kind === 'tty';
    if (!tool.options.has('s')) await tool.out.line(isTerminal ? (tool.process.tty?.path ?? file.name) : 'not a tty');
    return isTerminal ? 0 : 1;
  },
);

/** which(1) of debianutils. */
export const which = tool(
  { name: 'which', usage: '[-as] args', about: 'Locate a command.', short: 'as' },
  async ({ process, operands, options, out }) => {
    let status = operands.length === 0 ? 1 : 0;
    for (const name of operands) {
      const all = name.includes('/')
        ? [name]
        : (process.env.get('PATH') ?? '').split(':').map((folder) => `${folder === '' ? '.' : folder}/${name}`);
      const found = all.filter((path) => process.which(path) !== undefined);
      if (found.length === 0) status = 1;
      if (options.has('s')) continue;
      for (const path of options.has('a') ? found : found.slice(0, 1)) await out.line(path);
    }
    return status;
  },
);

/** uptime(1) of procps. */
export const uptime = tool(
  {
    name: 'uptime',
    usage: '[options]',
    about: 'Tell how long the system has been running.',
    package: 'procps-ng 4.0.4',
    short: 'ps',
    long: { pretty: 'p', since: 's' },
  },
  async ({ process, options, out }) => {
    const { now } = process.clock;
    const { host } = process;
    if (options.has('s')) {
      await out.line(strftime('%F %T', host.bootedAt));
      return 0;
    }
    const seconds = Math.floor((now - host.bootedAt) / 1000);
    const [days, hours, minutes] = [
      Math.floor(seconds / 86_400),
      Math.floor(seconds / 3600) % 24,
      Math.floor(seconds / 60) % 60,
    ];
    if (options.has('p')) {
      const part = (count: number, unit: string) => (count === 0 ? [] : [`${count} ${unit}${count === 1 ? '' : 's'}`]);
      const parts = [...part(days, 'day'), ...part(hours, 'hour'), ...part(minutes, 'minute')];
      await out.line(`up ${parts.length === 0 ? '0 minutes' : parts.join(', ')}`);
      return 0;
    }
    const up = hours > 0 ? `${String(hours).padStart(2)}:${String(minutes).padStart(2, '0')}` : `${minutes} min`;
    const dayText = days === 0 ? '' : `${days} day${days === 1 ? '' : 's'}, `;
    const people = new Set(host.processes(process).flatMap(({ tty: own }) => (own === undefined ? [] : [own]))).size;
    const text = process.fs.readText('/proc/loadavg');
    const load = text.ok ? text.value.split(' ').slice(0, 3).join(', ') : '0.00, 0.00, 0.00';
    await out.line(
      ` ${strftime('%T', now)} up ${dayText}${up}, ${String(people).padStart(2)} user${people === 1 ? '' : 's'},  load average: ${load}`,
    );
    return 0;
  },
);

/** free(1) of procps, from /proc/meminfo. */
export const free = tool(
  {
    name: 'free',
    usage: '[options]',
    about: 'Display amount of free and used memory in the system.',
    package: 'procps-ng 4.0.4',
    short: 'bkmghlts:c:wv',
    long: { bytes: 'b', kibi: 'k', mebi: 'm', gibi: 'g', human: 'h', total: 't', wide: 'w' },
  },
  async ({ process, options, out }) => {
    const text = process.fs.readText('/proc/meminfo');
    const fields = new Map<string, number>();
    for (const [, name = '', value = '0'] of (text.ok ? text.value : '').matchAll(/^(\w+):\s+(\d+)/gm))
      fields.set(name, Number(value) * 1024);
    const total = fields.get('MemTotal') ?? process.host.memory;
    const idle = fields.get('MemFree') ?? total;
    const shared = fields.get('Shmem') ?? 0;
    const cache = (fields.get('Buffers') ?? 0) + (fields.get('Cached') ?? 0) + (fields.get('SReclaimable') ?? 0);
    const available = fields.get('MemAvailable') ?? idle + cache;
    const swap = fields.get('SwapTotal') ?? 0;
    const swapFree = fields.get('SwapFree') ?? 0;
    const unit = options.last('b', 'k', 'm', 'g', 'h') ?? 'k';
    const divisor: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };
    const shown = (bytes: number): string => {
      if (unit !== 'h') return String(Math.floor(bytes / (divisor[unit] ?? 1024)));
      const units = ['B', 'Ki', 'Mi', 'Gi', 'Ti'];
      let value = bytes;
      let index = 0;
      while (value >= 1024 && index < units.length - 1) {
        value /= 1024;
        index++;
      }
      return (value < 10 && index > 0 ? value.toFixed(1) : String(Math.round(value))) + (units[index] ?? '');
    };
    const row = (title: string, values: readonly number[]) =>
      title.padEnd(8) + values.map((value, index) => shown(value).padStart(index === 0 ? 11 : 12)).join('');
    const titles = ['total', 'used', 'free', 'shared', 'buff/cache', 'available'];
    await out.line(`${' '.repeat(8)}${titles.map((title, index) => title.padStart(index === 0 ? 11 : 12)).join('')}`);
    await out.line(row('Mem:', [total, total - available, idle, shared, cache, available]));
    await out.line(row('Swap:', [swap, swap - swapFree, swapFree]));
    if (options.has('t'))
      await out.line(row('Total:', [total + swap, total - available + swap - swapFree, idle + swapFree]));
    return 0;
  },
);

/** dmesg(1): what /dev/kmsg or /proc/kmsg holds. */
export const dmesg = tool(
  {
    name: 'dmesg',
    usage: '[options]',
    about: 'Display or control the kernel ring buffer.',
    package: 'util-linux 2.39.3',
    short: 'cCdDeEfhHkl:LnpPrs:StTuwWxV',
    long: { ctime: 'T', follow: 'w', human: 'H', 'level:': 'l', color: 'L', raw: 'r' },
  },
  async (tool) => {
    const text = tool.fs.readText('/var/log/dmesg');
    const source = text.ok ? text : tool.fs.readText('/proc/kmsg');
    if (!source.ok)
      return source.error.code === 'ENOENT' ? 0 : tool.fail(`read kernel buffer failed: ${source.error.message}`);
    const { bootedAt } = tool.process.host;
    // Each line begins with its priority, which only --raw shows.
    const lines = tool.options.has('r') ? source.value : source.value.replace(/^<\d+>/gm, '');
    await tool.out.write(
      tool.options.has('T')
        ? lines.replace(
            /^\[\s*(\d+\.\d+)\]/gm,
            (_, seconds: string) => `[${strftime('%a %b %e %T %Y', bootedAt + Number(seconds) * 1000)}]`,
          )
        : lines,
    );
    return 0;
  },
);
