import { defaultColors } from './ls-colors';
import { quoteaf } from '../toolkit/quote';
import { tool } from '../toolkit/tool';

/** dircolors(1): LS_COLORS for a shell, from the defaults or a file. */
export const dircolors = tool(
  {
    name: 'dircolors',
    usage: '[OPTION]... [FILE]',
    about: 'Output commands to set the LS_COLORS environment variable.',
    short: 'bcp',
    long: { sh: 'b', 'bourne-shell': 'b', csh: 'c', 'c-shell': 'c', 'print-database': 'p' },
  },
  async (tool) => {
    const { options, operands, out } = tool;
    const [path, extra] = operands;
    if (extra !== undefined) return tool.extraOperand(extra);
    const names = Object.entries(keywords);
    if (options.has('p')) {
      await out.line('# Configuration file for dircolors, a utility to help you set the');
      await out.line('# LS_COLORS environment variable used by GNU ls with the --color option.');
      for (const pair of defaultColors.split(':')) {
        const [code = '', value = ''] = pair.split('=');
        const word = names.find(([, short]) => short === code)?.[0] ?? code.replace(/^\*/, '');
        await out.line(`${word} ${value}`);
      }
      return 0;
    }
    let colors = defaultColors;
    if (path !== undefined) {
      const text = tool.fs.readText(path);
      if (!text.ok) return tool.fail(`${quoteaf(path).slice(1, -1)}: ${text.error.message}`);
      const pairs: string[] = [];
      for (const line of text.value.split('\n')) {
        const [word = '', value] = line.replace(/#.*/, '').trim().split(/\s+/);
        if (value === undefined || /^(TERM|COLORTERM)$/i.test(word)) continue;
        const code = keywords[word.toUpperCase()] ?? (word.startsWith('.') ? `*${word}` : word);
        pairs.push(`${code}=${value}`);
      }
      colors = pairs.join(':');
    }
    const shell = tool.process.env.get('SHELL') ?? '';
    const csh = options.last('b', 'c') === 'c' || (!options.has('b', 'c') && shell.endsWith('csh'));
    await out.write(csh ? `setenv LS_COLORS '${colors}:'\n` : `LS_COLORS='${colors}:';\nexport LS_COLORS\n`);
    return 0;
  },
);

const keywords: Readonly<Record<string, string>> = {
  RESET: 'rs',
  NORMAL: 'no',
  NORM: 'no',
  FILE: 'fi',
  DIR: 'di',
  LINK: 'ln',
  MULTIHARDLINK: 'mh',
  FIFO: 'pi',
  PIPE: 'pi',
  SOCK: 'so',
  DOOR: 'do',
  BLK: 'bd',
  BLOCK: 'bd',
  CHR: 'cd',
  CHAR: 'cd',
  ORPHAN: 'or',
  MISSING: 'mi',
  SETUID: 'su',
  SETGID: 'sg',
  CAPABILITY: 'ca',
  STICKY_OTHER_WRITABLE: 'tw',
  OTHER_WRITABLE: 'ow',
  STICKY: 'st',
  EXEC: 'ex',
};
