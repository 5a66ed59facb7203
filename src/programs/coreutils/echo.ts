import { tool } from '../toolkit/tool';
import { unescape } from '../toolkit/escapes';

/** echo(1): -n, -e, -E, and nothing else is an option. */
export const echo = tool(
  { name: 'echo', usage: '[SHORT-OPTION]... [STRING]...', about: 'Echo the STRING(s) to standard output.', raw: true },
  async ({ operands, out }) => {
    let newline = true;
    let escapes = false;
    let index = 0;
    for (; /^-[neE]+$/.test(operands[index] ?? ''); index++) {
      for (const letter of operands[index] ?? '') {
        if (letter === 'n') newline = false;
        if (letter === 'e') escapes = true;
        if (letter === 'E') escapes = false;
      }
    }
    const given = operands.slice(index).join(' ');
    const { text, stop } = escapes ? unescape(given, true) : { text: given, stop: false };
    await out.write(text + (newline && !stop ? '\n' : ''));
    return 0;
  },
);
