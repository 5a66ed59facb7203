import { concat } from '../../linux/io/bytes';
import { parseSize } from '../toolkit/format';
import { Lines } from '../toolkit/lines';
import { quote, quoteaf } from '../toolkit/quote';
import { tool, type Input, type Tool } from '../toolkit/tool';

/** head(1). */
export const head = tool(
  {
    name: 'head',
    usage: '[OPTION]... [FILE]...',
    about: 'Print the first 10 lines of each FILE to standard output.',
    short: 'c:n:qvz',
    long: {
      'bytes:': 'c',
      'lines:': 'n',
      quiet: 'q',
      silent: 'q',
      verbose: 'v',
      'zero-terminated': 'z',
    },
    digits: 'n',
  },
  async (tool) => {
    const { options } = tool;
    const unit = options.last('c', 'n') ?? 'n';
    const given = options.value(unit) ?? '10';
    const allBut = given.startsWith('-');
    const count = parseSize(given.replace(/^[-+]/, ''));
    if (Number.isNaN(count)) {
      return tool.fail(`invalid number of ${unit === 'c' ? 'bytes' : 'lines'}: ${quote(given)}`);
    }
    const files = tool.operands.length === 0 ? ['-'] : tool.operands;
    const titles = options.last('q', 'v') === 'v' || (files.length > 1 && !options.has('q'));
    let first = true;
    for (const path of files) {
      const input = tool.open(path);
      if (!input.ok) {
        const verb = input.error.code === 'EISDIR' ? 'error reading' : 'cannot open';
        const file = `${quoteaf(path)}${verb === 'cannot open' ? ' for reading' : ''}`;
        if (titles && verb === 'error reading') await tool.out.write(`${first ? '' : '\n'}==> ${path} <==\n`);
        await tool.error(`${verb} ${file}: ${input.error.message}`);
        continue;
      }
      if (titles) await tool.out.write(`${first ? '' : '\n'}==> ${path === '-' ? 'standard input' : path} <==\n`);
      first = false;
      if (unit === 'c') await bytes(tool, input.value, count, allBut);
      else await lines(tool, input.value, count, allBut, options.has('z'));
      input.value.close();
    }
    return tool.status;
  },
);

async function bytes({ out }: Tool, { reader }: Input, count: number, allBut: boolean): Promise<void> {
  if (allBut) {
    const all: Uint8Array[] = [];
    for await (const chunk of reader) all.push(chunk);
    const whole = concat(all);
    await out.write(whole.subarray(0, Math.max(0, whole.length - count)));
    return;
  }
  let left = count;
  while (left > 0) {
    const chunk = await reader.read(left);
    if (chunk === undefined) return;
    await out.write(chunk);
    left -= chunk.length;
  }
}

async function lines({ out }: Tool, { reader }: Input, count: number, allBut: boolean, zero: boolean): Promise<void> {
  const separator = zero ? '\0' : '\n';
  const lines = new Lines(reader, zero ? 0 : 10);
  if (allBut) {
    const all = await lines.all();
    const kept = all.slice(0, Math.max(0, all.length - count));
    if (kept.length > 0) await out.write(kept.join(separator) + (lines.unterminated && count === 0 ? '' : separator));
    return;
  }
  let left = count;
  while (left > 0) {
    const batch = await lines.next();
    if (batch === undefined) return;
    const taken = batch.slice(0, left);
    left -= taken.length;
    await out.write(taken.join(separator) + (lines.unterminated && taken.length === batch.length ? '' : separator));
  }
}
