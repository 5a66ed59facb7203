import { tool } from '../toolkit/tool';

/** What terminals of the xterm family do (terminfo(5)); `%p1%d` stands for the parameter. */
const capabilities: Readonly<Record<string, (a: number, b: number) => string>> = {
  bel: () => '\x07',
  blink: () => '\x1b[5m',
  bold: () => '\x1b[1m',
  clear: () => '\x1b[H\x1b[2J\x1b[3J',
  civis: () => '\x1b[?25l',
  cnorm: () => '\x1b[?12l\x1b[?25h',
  cr: () => '\r',
  cub: (n) => `\x1b[${n}D`,
  cub1: () => '\b',
  cud: (n) => `\x1b[${n}B`,
  cud1: () => '\n',
  cuf: (n) => `\x1b[${n}C`,
  cuf1: () => '\x1b[C',
  cup: (row, column) => `\x1b[${row + 1};${column + 1}H`,
  cuu: (n) => `\x1b[${n}A`,
  cuu1: () => '\x1b[A',
  dim: () => '\x1b[2m',
  ed: () => '\x1b[J',
  el: () => '\x1b[K',
  el1: () => '\x1b[1K',
  home: () => '\x1b[H',
  hpa: (column) => `\x1b[${column + 1}G`,
  invis: () => '\x1b[8m',
  op: () => '\x1b[39;49m',
  rc: () => '\x1b8',
  rev: () => '\x1b[7m',
  rmacs: () => '\x1b(B',
  rmcup: () => '\x1b[?1049l\x1b[23;0;0t',
  rmkx: () => '\x1b[?1l\x1b>',
  rmso: () => '\x1b[27m',
  rmul: () => '\x1b[24m',
  ritm: () => '\x1b[23m',
  sc: () => '\x1b7',
  setab: (n) => (n < 8 ? `\x1b[4${n}m` : n < 16 ? `\x1b[10${n - 8}m` : `\x1b[48;5;${n}m`),
  setaf: (n) => (n < 8 ? `\x1b[3${n}m` : n < 16 ? `\x1b[9${n - 8}m` : `\x1b[38;5;${n}m`),
  sgr0: () => '\x1b(B\x1b[m',
  sitm: () => '\x1b[3m',
  smacs: () => '\x1b(0',
  smcup: () => '\x1b[?1049h\x1b[22;0;0t',
  smkx: () => '\x1b[?1h\x1b=',
  smso: () => '\x1b[7m',
  smul: () => '\x1b[4m',
  vpa: (row) => `\x1b[${row + 1}d`,
};
const booleans = new Set(['am', 'bce', 'km', 'mc5i', 'mir', 'msgr', 'npc', 'xenl']);
const numbers = (colors: number): Readonly<Record<string, number>> => ({
  colors,
  it: 8,
  pairs: colors === 256 ? 65_536 : 64,
});

/** tput(1) of ncurses. */
export const tput = tool(
  {
    name: 'tput',
    usage: '[options] [command]',
    about:
      '\nOptions:\n  -S <<       read commands from standard input\n  -T TERM     use this instead of $TERM\n  -V          print curses-version\n  -x          do not try to clear scrollback',
    package: 'ncurses 6.4.20240113',
    short: 'ST:Vx',
    stopAtOperand: true,
    trouble: 2,
  },
  async (tool) => {
    const { options, process } = tool;
    const term = options.value('T') ?? process.env.get('TERM');
    if (term === undefined || term === '') {
      await process.stderr.write('tput: No value for $TERM and no -T specified\n');
      return 2;
    }
    if (!/^(xterm|screen|tmux|linux|vt\d|ansi|rxvt|dumb|unknown)/.test(term)) {
      await process.stderr.write(`tput: unknown terminal "${term}"\n`);
      return 3;
    }
    const lines = options.has('S')
      ? (await process.stdin.text())
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map((line) => line.trim().split(/\s+/))
      : [tool.operands];
    let status = 0;
    for (const words of lines) {
      const [name, first = '0', second = '0'] = words;
      if (name === undefined) {
        await process.stderr.write('usage: tput [-V] [-S] [-T term] capname\n');
        return 2;
      }
      const size = process.tty?.size;
      const dumb = /^(dumb|unknown)/.test(term);
      const colors = term.includes('256') ? 256 : dumb ? -1 : 8;
      if (name === 'cols' || name === 'columns')
        await tool.out.line(String(size?.columns ?? Number(process.env.get('COLUMNS') || 80)));
      else if (name === 'lines') await tool.out.line(String(size?.rows ?? Number(process.env.get('LINES') || 24)));
      else if (name === 'longname')
        await tool.out.write(term.startsWith('xterm') ? 'xterm terminal emulator (X Window System)' : term);
      else if (name === 'reset' || name === 'init') await tool.out.write(dumb ? '' : '\x1b[!p\x1b[?3;4l\x1b[4l\x1b>');
      else if (numbers(colors)[name] !== undefined) await tool.out.line(String(numbers(colors)[name]));
      else if (booleans.has(name)) status = dumb ? 1 : 0;
      else {
        const capability = capabilities[name];
        if (capability === undefined) {
          await process.stderr.write(`tput: unknown terminfo capability '${name}'\n`);
          return 4;
        }
        if (dumb && !['bel', 'cr', 'cud1'].includes(name)) status = 1;
        else await tool.out.write(capability(Number(first), Number(second)));
      }
    }
    return status;
  },
);

/** reset(1): the terminal as it was new. */
export const reset = tool(
  {
    name: 'reset',
    usage: '[options] [terminal]',
    about: '',
    package: 'ncurses 6.4.20240113',
    short: 'ce:i:Ik:m:QqrsVw',
  },
  async (tool) => {
    const { tty } = tool.process;
    if (tty !== undefined) {
      Object.assign(tty.termios, {
        echo: true,
        canonical: true,
        signals: true,
        outputNewline: true,
        inputNewline: true,
      });
    }
    await tool.out.write('\x1bc\x1b[!p\x1b[?3;4l\x1b[4l\x1b>\r');
    return 0;
  },
);
