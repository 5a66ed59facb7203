import { Lines } from '../toolkit/lines';
import { quote } from '../toolkit/quote';
import { tool } from '../toolkit/tool';

/** uniq(1). */
export const uniq = tool(
  {
    name: 'uniq',
    usage: '[OPTION]... [INPUT [OUTPUT]]',
    about: 'Filter adjacent matching lines from INPUT (or standard input), writing to OUTPUT (or standard output).',
    short: 'cdDf:is:uw:z',
    long: {
      count: 'c',
      repeated: 'd',
      'all-repeated::': 'D',
      'skip-fields:': 'f',
      'ignore-case': 'i',
      'skip-chars:': 's',
      unique: 'u',
      'check-chars:': 'w',
      'zero-terminated': 'z',
      'group::': 'group',
    },
  },
  async (tool) => {
    const { options, operands } = tool;
    const extra = operands[2];
    if (extra !== undefined) return tool.extraOperand(extra);
    const numbers = new Map<string, number>();
    for (const [name, what] of [
      ['f', 'fields to skip'],
      ['s', 'bytes to skip'],
      ['w', 'bytes to compare'],
    ] as const) {
      const given = options.value(name);
      if (given !== undefined && !/^\d+$/.test(given)) return tool.fail(`${given}: invalid number of ${what}`);
      if (given !== undefined) numbers.set(name, Number(given));
    }
    const fields = numbers.get('f') ?? 0;
    const key = (line: string): string => {
      let text = fields === 0 ? line : line.replace(new RegExp(`^(?:[ \\t]*[^ \\t]+){0,${fields}}`), '');
      text = text.slice(numbers.get('s') ?? 0);
      if (numbers.has('w')) text = text.slice(0, numbers.get('w'));
      return options.has('i') ? text.toLowerCase() : text;
    };
    const input = tool.open(operands[0] ?? '-');
    if (!input.ok) {
      await tool.fileError(operands[0] ?? '-', input.error);
      return 1;
    }
    let written = '';
    const [, output] = operands;
    const end = options.has('z') ? '\0' : '\n';
    const write = (line: string): Promise<void> | undefined => {
      if (output === undefined) return tool.out.write(line + end);
      written += line + end;
      return undefined;
    };
    let group: { line: string; key: string; count: number } | undefined;
    const grouped = options.has('group') ? (options.value('group') ?? 'separate') : undefined;
    let groups = 0;
    const close = async (): Promise<void> => {
      if (group === undefined || options.has('D') || grouped !== undefined) return;
      if ((options.has('d') && group.count === 1) || (options.has('u') && group.count > 1)) return;
      await write(options.has('c') ? `${String(group.count).padStart(7)} ${group.line}` : group.line);
    };
    const lines = new Lines(input.value.reader, options.has('z') ? 0 : 10);
    for (let batch = await lines.next(); batch !== undefined; batch = await lines.next()) {
      for (const line of batch) {
        const own = key(line);
        if (group?.key === own) {
          if (grouped !== undefined) await write(line);
          if (options.has('D')) {
            if (group.count === 1 && groups++ > 0 && options.value('D') === 'separate') await write('');
            if (group.count === 1 && options.value('D') === 'prepend') await write('');
            if (group.count === 1) await write(group.line);
            await write(line);
          }
          group.count++;
          continue;
        }
        await close();
        if (grouped !== undefined) {
          if (
            grouped === 'prepend' ||
            grouped === 'both' ||
            (grouped === 'separate' && groups > 0) ||
            (grouped === 'append' && groups > 0)
          ) {
            await write('');
          }
          groups++;
          await write(line);
        }
        group = { line, key: own, count: 1 };
      }
    }
    await close();
    if (groups > 0 && (grouped === 'append' || grouped === 'both')) await write('');
    input.value.close();
    if (output !== undefined) {
      const done = tool.fs.writeFile(output, written);
      if (!done.ok) return tool.fail(`${quote(output)}: ${done.error.message}`);
    }
    return tool.status;
  },
);
