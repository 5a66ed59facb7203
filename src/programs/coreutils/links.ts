import { quote, quoteaf, quotef } from '../toolkit/quote';
import { parseSize } from '../toolkit/format';
import { tool } from '../toolkit/tool';

/** link(1). */
export const link = tool(
  {
    name: 'link',
    usage: 'FILE1 FILE2\n  or:  link OPTION',
    about: 'Call the link function to create a link named FILE2 to an existing FILE1.',
  },
  async (tool) => {
    const [from, to, extra] = tool.operands;
    if (from === undefined) return tool.missingOperand();
    if (to === undefined) return tool.usageError(`missing operand after ${quote(from)}`);
    if (extra !== undefined) return tool.extraOperand(extra);
    const made = tool.fs.link(from, to);
    return made.ok ? 0 : tool.fail(`cannot create link ${quoteaf(to)} to ${quoteaf(from)}: ${made.error.message}`);
  },
);

/** unlink(1). */
export const unlink = tool(
  {
    name: 'unlink',
    usage: 'FILE\n  or:  unlink OPTION',
    about: 'Call the unlink function to remove the specified FILE.',
  },
  async (tool) => {
    const [path, extra] = tool.operands;
    if (path === undefined) return tool.missingOperand();
    if (extra !== undefined) return tool.extraOperand(extra);
    const gone = tool.fs.unlink(path);
    return gone.ok ? 0 : tool.fail(`cannot unlink ${quoteaf(path)}: ${gone.error.message}`);
  },
);

/** shred(1): new bytes over the old ones; in memory nothing of them stays. */
export const shred = tool(
  {
    name: 'shred',
    usage: '[OPTION]... FILE...',
    about:
      'Overwrite the specified FILE(s) repeatedly, in order to make it harder\nfor even very expensive hardware probing to recover the data.',
    short: 'fn:s:uvxz',
    long: {
      force: 'f',
      'iterations:': 'n',
      'random-source:': 'source',
      'size:': 's',
      'remove::': 'u',
      verbose: 'v',
      exact: 'x',
      zero: 'z',
    },
  },
  async (tool) => {
    const { options, fs, process } = tool;
    if (tool.operands.length === 0) return tool.usageError('missing file operand');
    const given = options.value('n') ?? '3';
    if (!/^\d+$/.test(given)) return tool.fail(`invalid number of passes: ${quote(given)}`);
    const passes = [...new Array<string>(Number(given)).fill('random'), ...(options.has('z') ? ['000000'] : [])];
    for (const path of tool.operands) {
      const stat = fs.stat(path);
      if (!stat.ok) {
        await tool.error(`${quotef(path)}: failed to open for writing: ${stat.error.message}`);
        continue;
      }
      const wanted = options.value('s');
      const size = wanted === undefined ? stat.value.size : parseSize(wanted);
      const block = 4096;
      const whole = options.has('x') || wanted !== undefined ? size : Math.ceil(size / block) * block;
      for (const [index, pass] of passes.entries()) {
        if (options.has('v')) {
          await process.stderr.write(
            `${tool.name}: ${quotef(path)}: pass ${index + 1}/${passes.length} (${pass})...\n`,
          );
        }
        const bytes = new Uint8Array(whole);
        if (pass === 'random')
          for (let at = 0; at < whole; at++) bytes[at] = Math.floor(process.random.fraction() * 256);
        const written = fs.writeFile(path, bytes);
        if (!written.ok) {
          await tool.error(`${quotef(path)}: failed to open for writing: ${written.error.message}`);
          break;
        }
      }
      if (!options.has('u')) continue;
      if (options.has('v')) await process.stderr.write(`${tool.name}: ${quotef(path)}: removing\n`);
      fs.unlink(path);
      if (options.has('v')) await process.stderr.write(`${tool.name}: ${quotef(path)}: removed\n`);
    }
    return tool.status;
  },
);

/** pathchk(1). */
export const pathchk = tool(
  {
    name: 'pathchk',
    usage: '[OPTION]... NAME...',
    about: 'Diagnose invalid or non-portable file names.',
    short: 'pP',
    long: { portability: 'portability' },
  },
  async (tool) => {
    const { options, fs, operands } = tool;
    if (operands.length === 0) return tool.missingOperand();
    const posix = options.has('p', 'portability');
    for (const path of operands) {
      const parts = path.split('/');
      if (options.has('P', 'portability') && parts.some((part) => part.startsWith('-'))) {
        await tool.error(`leading '-' in a component of file name ${quoteaf(path)}`);
        continue;
      }
      if (path === '' && (posix || options.has('P', 'portability'))) {
        await tool.error('empty file name');
        continue;
      }
      const strange = posix ? /[^A-Za-z0-9._/-]/.exec(path)?.[0] : undefined;
      if (strange !== undefined) {
        await tool.error(`nonportable character ${quote(strange)} in file name ${quoteaf(path)}`);
        continue;
      }
      const most = posix ? 14 : 255;
      const long = parts.find((part) => part.length > most);
      const total = posix ? 256 : 4096;
      if (path.length >= total) {
        await tool.error(`limit ${total - 1} exceeded by length ${path.length} of file name ${quoteaf(path)}`);
      } else if (long !== undefined && posix) {
        await tool.error(`limit ${most} exceeded by length ${long.length} of file name component ${quoteaf(long)}`);
      } else if (!posix) {
        const there = fs.lstat(path);
        if (!there.ok && (there.error.code !== 'ENOENT' || path === ''))
          await tool.fileError(path === '' ? '' : path, there.error);
      }
    }
    return tool.status;
  },
);

/** fallocate(1) of util-linux. */
export const fallocate = tool(
  {
    name: 'fallocate',
    usage: '[options] <filename>',
    about: '\nPreallocate space to, or deallocate space from a file.',
    package: 'util-linux 2.39.3',
    short: 'cdil:no:pvxz',
    long: {
      'collapse-range': 'c',
      'dig-holes': 'd',
      'insert-range': 'i',
      'length:': 'l',
      'keep-size': 'n',
      'offset:': 'o',
      'punch-hole': 'p',
      posix: 'x',
      verbose: 'v',
      'zero-range': 'z',
    },
  },
  async (tool) => {
    const { options, fs } = tool;
    const given = options.value('l');
    const [path, extra] = tool.operands;
    if (given !== undefined && !(parseSize(given) >= 0)) return tool.fail('invalid length value specified');
    if (path === undefined) return tool.fail('no filename specified');
    if (extra !== undefined) return tool.fail('unexpected number of arguments');
    if (given === undefined && !options.has('d')) return tool.fail('no length argument specified');
    const length = parseSize(given ?? '0');
    if (length === 0 && !options.has('d')) return tool.fail('invalid length value specified');
    const end = length + parseSize(options.value('o') ?? '0');
    const stat = fs.stat(path);
    if (!stat.ok) {
      const made = fs.writeFile(path, '');
      if (!made.ok) return tool.fail(`cannot open ${path}: ${made.error.message}`);
    }
    const size = stat.ok ? stat.value.size : 0;
    if (end > size && !options.has('n', 'd', 'p')) {
      const grown = fs.truncate(path, end);
      if (!grown.ok) return tool.fail(`fallocate failed: ${grown.error.message}`);
    }
    if (options.has('v')) await tool.out.line(`${path}: ${length} bytes (${length} bytes) allocated.`);
    return 0;
  },
);
