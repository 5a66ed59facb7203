import { tool } from '../toolkit/tool';

const months = 'January February March April May June July August September October November December'.split(' ');
const days = 'Su Mo Tu We Th Fr Sa'.split(' ');
const WIDTH = 20;

const center = (text: string, width: number): string => {
  const left = Math.floor((width - text.length) / 2);
  return (' '.repeat(Math.max(0, left)) + text).padEnd(width);
};

/** The eight lines of a month. */
function month(year: number, index: number, title: string, monday: boolean, today: number, mark: boolean): string[] {
  const first = new Date(Date.UTC(year, index, 1));
  first.setUTCFullYear(year);
  const count = new Date(Date.UTC(year, index + 1, 0)).getUTCDate();
  const offset = (first.getUTCDay() + (monday ? 6 : 0)) % 7;
  const names = monday ? [...days.slice(1), ...days.slice(0, 1)] : days;
  const lines = [center(title, WIDTH), names.join(' ')];
  for (let row = 0; row < 6; row++) {
    const cells: string[] = [];
    for (let column = 0; column < 7; column++) {
      const day = row * 7 + column - offset + 1;
      const text = day < 1 || day > count ? '  ' : String(day).padStart(2);
      cells.push(mark && day === today ? `\x1b[7m${text}\x1b[27m` : text);
    }
    lines.push(cells.join(' '));
  }
  return lines;
}

/** cal(1) of util-linux. */
export const cal = tool(
  {
    name: 'cal',
    usage: '[options] [[[day] month] year]\n cal [options] <timestamp|monthname>',
    about: '\nDisplay a calendar, or some part of it.',
    package: 'util-linux 2.39.3',
    short: '13jmn:sSwyY',
    long: {
      one: '1',
      three: '3',
      monday: 'm',
      sunday: 's',
      year: 'y',
      'twelve-months': 'Y',
      'months:': 'n',
      span: 'S',
    },
  },
  async (tool) => {
    const { options, operands, process } = tool;
    const now = new Date(process.clock.now);
    let year = now.getUTCFullYear();
    let index = now.getUTCMonth();
    let whole = options.has('y');
    const named = months.findIndex((name) => name.toLowerCase().startsWith((operands[0] ?? '').toLowerCase()));
    const isName = operands[0] !== undefined && /^[A-Za-z]{3,}$/.test(operands[0]);
    if (operands.length === 1 && !isName) {
      year = Number(operands[0]);
      whole = true;
    } else if (operands.length > 0) {
      const [first = '', second] = operands.slice(-2);
      index = isName ? named : Number(operands.length === 1 ? first : first) - 1;
      year = Number(second ?? year);
    }
    if (!(year >= 1 && year <= 9999)) return tool.fail(`illegal year value: use 1-9999`);
    if (!(index >= 0 && index <= 11)) return tool.fail('illegal month value: use 1-12');
    const monday = options.last('m', 's') === 'm';
    const current = (y: number, m: number): boolean =>
      process.fds.get(1)?.kind === 'tty' && y === now.getUTCFullYear() && m === now.getUTCMonth();
    const count = whole || options.has('Y') ? 12 : options.has('3') ? 3 : Number(options.value('n') ?? 1);
    const start = whole ? 0 : options.has('3') ? index - 1 : index;
    const blocks = Array.from({ length: count }, (_, step) => {
      const at = new Date(Date.UTC(year, start + step, 1));
      const [y, m] = [at.getUTCFullYear(), at.getUTCMonth()];
      const title = whole ? (months[m] ?? '') : `${months[m] ?? ''} ${y}`;
      return month(y, m, title, monday, now.getUTCDate(), current(y, m));
    });
    if (whole) await tool.out.write(`${center(String(year), 66).trimEnd()}\n\n`);
    for (let at = 0; at < blocks.length; at += 3) {
      const row = blocks.slice(at, at + 3);
      for (let line = 0; line < 8; line++) {
        await tool.out.line(row.map((block) => block[line] ?? '').join(whole ? '   ' : '  '));
      }
      if (whole && at + 3 < blocks.length) await tool.out.line('');
    }
    return 0;
  },
);
