import { Lines } from '../toolkit/lines';
import { quote, quotef } from '../toolkit/quote';
import { tool } from '../toolkit/tool';

/** shuf(1). */
export const shuf = tool(
  {
    name: 'shuf',
    usage: '[OPTION]... [FILE]\n  or:  shuf -e [OPTION]... [ARG]...\n  or:  shuf -i LO-HI [OPTION]...',
    about: 'Write a random permutation of the input lines to standard output.',
    short: 'ei:n:o:rz',
    long: {
      echo: 'e',
      'input-range:': 'i',
      'head-count:': 'n',
      'output:': 'o',
      'random-source:': 'source',
      repeat: 'r',
      'zero-terminated': 'z',
    },
  },
  async (tool) => {
    const { options, operands, process } = tool;
    const range = options.value('i');
    const items: string[] = [];
    if (range !== undefined) {
      const match = /^(\d+)-(\d+)$/.exec(range);
      if (match === null || Number(match[1]) > Number(match[2]) + 1) {
        return tool.fail(`invalid input range: ${quote(range)}`);
      }
      if (operands[0] !== undefined) return tool.extraOperand(operands[0]);
      for (let number = Number(match[1]); number <= Number(match[2]); number++) items.push(String(number));
    } else if (options.has('e')) items.push(...operands);
    else {
      if (operands[1] !== undefined) return tool.extraOperand(operands[1]);
      const path = operands[0] ?? '-';
      const input = tool.open(path);
      if (!input.ok) return tool.fail(`${quotef(path)}: ${input.error.message}`);
      items.push(...(await new Lines(input.value.reader, options.has('z') ? 0 : 10).all()));
      input.value.close();
    }
    let most = Infinity;
    for (const given of options.values('n')) {
      if (!/^\d+$/.test(given)) return tool.fail(`invalid line count: ${quote(given)}`);
      most = Math.min(most, Number(given));
    }
    const end = options.has('z') ? '\0' : '\n';
    const pick = (): number => Math.floor(process.random.fraction() * items.length);
    if (options.has('r')) {
      if (items.length === 0) return most === 0 ? 0 : tool.fail('no lines to repeat');
      for (let count = 0; count < most; count++) {
        await tool.out.write((items[pick()] ?? '') + end);
        await process.compute(5);
      }
      return 0;
    }
    const chosen: string[] = [];
    while (items.length > 0 && chosen.length < most) {
      const index = pick();
      const last = items.pop() ?? '';
      chosen.push(index === items.length ? last : (items[index] ?? ''));
      if (index < items.length) items[index] = last;
    }
    const text = chosen.map((item) => item + end).join('');
    const target = options.value('o');
    if (target === undefined) await tool.out.write(text);
    else {
      const written = tool.fs.writeFile(target, text);
      if (!written.ok) return tool.fail(`${quotef(target)}: ${written.error.message}`);
    }
    return 0;
  },
);
