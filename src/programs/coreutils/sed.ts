import { Lines } from '../toolkit/lines';
import { parseScript, SedError, type Command } from './sed-parse';
import { Editor } from './sed-editor';
import { tool } from '../toolkit/tool';

/** sed(1). */
export const sed = tool(
  {
    name: 'sed',
    usage: '[OPTION]... {script-only-if-no-other-script} [input-file]...',
    about: 'Stream editor for filtering and transforming text.',
    package: 'GNU sed 4.9',
    short: 'bEe:f:i::l:nrsuz',
    long: {
      quiet: 'n',
      silent: 'n',
      'expression:': 'e',
      'file:': 'f',
      'in-place::': 'i',
      'regexp-extended': 'E',
      separate: 's',
      unbuffered: 'u',
      'null-data': 'z',
      'line-length:': 'l',
      posix: 'posix',
      debug: 'debug',
      sandbox: 'sandbox',
      'follow-symlinks': 'follow-symlinks',
    },
  },
  async (tool) => {
    const { options } = tool;
    const extended = options.has('E', 'r');
    let files = tool.operands;
    const scripts: { text: string; where: string }[] = [];
    let expressions = 0;
    for (const { name, value = '' } of options.given) {
      if (name === 'e') scripts.push({ text: value, where: `-e expression #${++expressions}` });
      if (name === 'f') {
        const input = tool.open(value);
        if (!input.ok) return tool.fail(`couldn't open file ${value}: ${input.error.message}`);
        scripts.push({ text: (await new Lines(input.value.reader).all()).join('\n'), where: `file ${value} line 1` });
        input.value.close();
      }
    }
    if (scripts.length === 0) {
      const [script, ...rest] = files;
      if (script === undefined) {
        await tool.process.stderr.write(
          `Usage: ${tool.name} [OPTION]... {script-only-if-no-other-script} [input-file]...\n`,
        );
        return 1;
      }
      scripts.push({ text: script, where: '-e expression #1' });
      files = rest;
    }
    let commands: Command[];
    try {
      // Several -e make one script: blocks may span them.
      const first = scripts[0]?.where ?? '';
      commands = parseScript(scripts.map(({ text }) => text).join('\n'), extended, first);
    } catch (error) {
      if (error instanceof SedError) return tool.fail(error.message, error.message.startsWith("can't find") ? 4 : 1);
      throw error;
    }
    // A script whose first line is `#n` is silent.
    const silent = options.has('n') || /^#n(\n|$)/.test(scripts[0]?.text ?? '');
    return new Editor(tool, commands, silent).run(files.length === 0 ? ['-'] : files);
  },
);
