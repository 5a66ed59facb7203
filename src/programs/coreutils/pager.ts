import { tool, type Tool } from '../toolkit/tool';

const rule = ':'.repeat(14);

const make = (name: string) =>
  tool(
    {
      name,
      usage: '[options] file...',
      about: 'Display the contents of a file in a terminal.',
      package: name === 'less' ? 'less 590' : 'util-linux 2.39.3',
      short: 'aeEfFgGiImMnNqrRsSuUwWXcdlpx:z:',
      long: {
        'quit-if-one-screen': 'F',
        'RAW-CONTROL-CHARS': 'R',
        'raw-control-chars': 'r',
        'LINE-NUMBERS': 'N',
        'no-init': 'X',
        'chop-long-lines': 'S',
      },
    },
    async (tool) => {
      const { process } = tool;
      // `+G`, `+/text`: keys that are pressed at the beginning.
      const operands = tool.operands.filter((operand) => !operand.startsWith('+'));
      const begin = tool.operands.find((operand) => operand.startsWith('+'))?.slice(1) ?? '';
      if (operands.length === 0 && process.fds.get(0)?.kind === 'tty') {
        return tool.fail(
          name === 'less'
            ? 'Missing filename ("less --help" for help)'
            : "bad usage\nTry 'more --help' for more information.",
        );
      }
      const terminal = process.fds.get(1)?.kind === 'tty' ? process.tty : undefined;
      const lines: string[] = [];
      let failed = false;
      for (const path of operands.length === 0 ? ['-'] : operands) {
        const input = tool.open(path);
        if (!input.ok) {
          const text = input.error.code === 'EISDIR' ? `${path} is a directory` : `${path}: ${input.error.message}`;
          await (name === 'more' ? process.stderr : process.stdout).write(
            `${name === 'more' ? 'more: cannot open ' : ''}${text}\n`,
          );
          failed = true;
          continue;
        }
        if (terminal === undefined) {
          if (name === 'more' && path !== '-') await tool.out.write(`${rule}\n${path}\n${rule}\n`);
          for await (const chunk of input.value.reader) await tool.out.write(chunk);
        } else {
          const text = await input.value.reader.text();
          lines.push(...text.split('\n').slice(0, text.endsWith('\n') ? -1 : undefined));
        }
        input.value.close();
      }
      if (terminal === undefined || failed) return tool.status;
      await page(tool, lines, { always: name === 'less' && !tool.options.has('F'), name: operands[0] ?? '', begin });
      return 0;
    },
  );

export const more = make('more');

/** Shows page after page; space, return, b, g, G, /text, q. */
async function page(
  tool: Tool,
  lines: readonly string[],
  { always, name, begin }: { readonly always: boolean; readonly name: string; readonly begin: string },
): Promise<void> {
  const { process, out } = tool;
  const { tty } = process;
  const opened = process.fs.open('/dev/tty', { read: true });
  if (tty === undefined || !opened.ok) return out.write(`${lines.join('\n')}\n`);
  const height = () => Math.max(1, tty.size.rows - 1);
  if (!always && lines.length <= height()) return out.write(lines.map((line) => `${line}\n`).join(''));
  const fd = process.fds.install(opened.value, 3);
  const keys = process.fds.reader(fd);
  const { canonical, echo } = tty.termios;
  tty.termios.canonical = false;
  tty.termios.echo = false;
  if (always) await out.write('\x1b[?1049h');
  let top = 0;
  let pattern = begin.startsWith('/') ? begin.slice(1) : '';
  if (begin === 'G') top = lines.length;
  else if (pattern !== '')
    top = Math.max(
      0,
      lines.findIndex((line) => line.includes(pattern)),
    );
  let message = name;
  try {
    for (;;) {
      const rows = height();
      const last = Math.max(0, lines.length - rows);
      top = Math.min(Math.max(top, 0), last);
      const shown = lines.slice(top, top + rows).map((line) => line.slice(0, tty.size.columns));
      while (shown.length < rows) shown.push('~');
      const prompt = message !== '' ? `\x1b[7m${message}\x1b[27m` : top >= last ? '\x1b[7m(END)\x1b[27m' : ':';
      await out.write(`\x1b[H\x1b[2J${shown.join('\n')}\n${prompt}`);
      await out.flush();
      message = '';
      const key = await keys.read(8);
      if (key === undefined) break;
      const text = new TextDecoder().decode(key);
      if (text === 'q' || text === 'Q' || text === '\x03') break;
      if (text === ' ' || text === 'f' || text === '\x1b[6~') top += rows;
      else if (text === 'b' || text === '\x1b[5~') top -= rows;
      else if (text === 'd') top += Math.floor(rows / 2);
      else if (text === 'u') top -= Math.floor(rows / 2);
      else if (text === '\r' || text === '\n' || text === 'j' || text === '\x1b[B' || text === '\x1bOB') top++;
      else if (text === 'k' || text === '\x1b[A' || text === '\x1bOA') top--;
      else if (text === 'g' || text === '<') top = 0;
      else if (text === 'G' || text === '>') top = last;
      else if (text === '/' || text === 'n' || text === 'N') {
        if (text === '/') {
          await out.write('\r\x1b[K/');
          await out.flush();
          let typed = '';
          for (
            let one = await keys.read(1);
            one !== undefined && one[0] !== 13 && one[0] !== 10;
            one = await keys.read(1)
          ) {
            typed = one[0] === 127 ? typed.slice(0, -1) : typed + String.fromCharCode(one[0] ?? 0);
            await out.write(`\r\x1b[K/${typed}`);
            await out.flush();
          }
          pattern = typed === '' ? pattern : typed;
        }
        const found =
          text === 'N'
            ? lines.findLastIndex((line, index) => index < top && line.includes(pattern))
            : lines.findIndex((line, index) => index > top && line.includes(pattern));
        if (found < 0) message = 'Pattern not found  (press RETURN)';
        else top = found;
      }
      if (!always && top >= Math.max(0, lines.length - rows) && text === ' ') break;
    }
  } finally {
    tty.termios.canonical = canonical;
    tty.termios.echo = echo;
    process.fds.close(fd);
  }
  await out.write(always ? '\x1b[?1049l' : '\r\x1b[K');
}
