import type { Program } from '../../../linux/process/types';
import { latin1, fromLatin1 } from '../../toolkit/latin1';
import { concat } from '../../../linux/io/bytes';
import { tool } from '../../toolkit/tool';

/** usleep: microseconds. */
export const usleep = tool(
  { name: 'usleep', usage: 'N', about: 'Pause for N microseconds.', raw: true },
  async (tool) => {
    const [given = ''] = tool.operands;
    if (tool.operands.length !== 1) return tool.usageError('');
    if (!/^\d+$/.test(given)) return tool.fail(`invalid number '${given}'`);
    await tool.process.sleep(Number(given) / 1000);
    return 0;
  },
);

/** dos2unix and unix2dos, in place or as a filter; -d and -u turn them round. */
const lines = (name: string, toDos: boolean): Program =>
  tool({ name, usage: '[-ud] [FILE]', about: 'Convert line ends.', short: 'ud' }, async (tool) => {
    const { fs, process, options, operands } = tool;
    const dos = options.has('d') || (toDos && !options.has('u'));
    const turn = (bytes: Uint8Array): Uint8Array =>
      fromLatin1(latin1(bytes).replace(/\r*\n/g, (end) => (dos ? '\r\n' : end.replace(/\r/g, ''))));
    if (operands.length === 0) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk.slice());
      await tool.out.write(turn(concat(chunks)));
      return 0;
    }
    for (const path of operands) {
      const read = fs.readFile(path);
      if (!read.ok) return tool.fail(`can't open '${path}': ${read.error.message}`);
      const written = fs.writeFile(path, turn(read.value));
      if (!written.ok) return tool.fail(`can't open '${path}': ${written.error.message}`);
    }
    return 0;
  });

export const dos2unix = lines('dos2unix', false);
export const unix2dos = lines('unix2dos', true);
