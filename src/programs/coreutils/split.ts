import type { OpenFile } from '../../linux/io/open-file';
import { parseSize } from '../toolkit/format';
import { fromLatin1, latin1, readAll } from '../toolkit/latin1';
import { quote, quoteaf } from '../toolkit/quote';
import { tool, type Tool } from '../toolkit/tool';
import { chunk, chunks, linesUpTo } from './split-pieces';

/** split(1). */
export const split = tool(
  {
    name: 'split',
    usage: '[OPTION]... [FILE [PREFIX]]',
    about: "Output pieces of FILE to PREFIXaa, PREFIXab, ...;\ndefault size is 1000 lines, and default PREFIX is 'x'.",
    short: 'a:b:C:del:n:t:ux',
    long: {
      'additional-suffix:': 'additional',
      'bytes:': 'b',
      'elide-empty-files': 'e',
      'filter:': 'filter',
      'hex-suffixes::': 'x',
      'line-bytes:': 'C',
      'lines:': 'l',
      'number:': 'n',
      'numeric-suffixes::': 'd',
      'separator:': 't',
      'suffix-length:': 'a',
      unbuffered: 'u',
      verbose: 'verbose',
    },
    digits: 'l',
  },
  async (tool) => {
    const { options, operands } = tool;
    const [path = '-', prefix = 'x', extra] = operands;
    if (extra !== undefined) return tool.extraOperand(extra);
    const bytes = await readAll(tool, path, (name, why) =>
      tool.error(`cannot open ${quoteaf(name)} for reading: ${why}`),
    );
    if (bytes === undefined) return 1;
    const pieces = await cut(tool, latin1(bytes));
    if (typeof pieces === 'number') return pieces;
    const letters = options.has('d')
      ? '0123456789'
      : options.has('x')
        ? '0123456789abcdef'
        : 'abcdefghijklmnopqrstuvwxyz';
    const start = Number(options.value('d') ?? options.value('x') ?? 0);
    const needed = Math.max(2, Math.ceil(Math.log(pieces.length + start) / Math.log(letters.length)));
    const length = Number(options.value('a') ?? (options.has('n') ? needed : 0)) || 2;
    const grows = !options.has('a') && !options.has('n') && start === 0;
    for (const [index, piece] of pieces.entries()) {
      if (piece === '' && options.has('e')) continue;
      const suffix = suffixOf(index + start, letters, length, grows);
      if (suffix === undefined) return tool.fail('output file suffixes exhausted');
      const name = prefix + suffix + (options.value('additional') ?? '');
      if (!(await put(tool, name, fromLatin1(piece)))) return 1;
    }
    return tool.status;
  },
);

/** `aa`, `ab` …; where the length is free, the last letter is kept for longer ones: `yz`, `zaaa`. */
function suffixOf(index: number, letters: string, length: number, grows: boolean): string | undefined {
  const base = letters.length;
  let [at, width, lead] = [index, length, ''];
  if (grows) {
    for (let room = base ** width - base ** (width - 1); at >= room; room = base ** width - base ** (width - 1)) {
      at -= room;
      width++;
      lead += letters.charAt(base - 1);
    }
  }
  if (at >= base ** width) return undefined;
  let text = '';
  for (let place = 0; place < width; place++, at = Math.floor(at / base)) text = letters.charAt(at % base) + text;
  return lead + text;
}

async function cut(tool: Tool, text: string): Promise<string[] | number> {
  const { options } = tool;
  const by = options.last('b', 'C', 'l', 'n') ?? 'l';
  const given = options.value(by) ?? '1000';
  const separator = options.value('t') ?? '\n';
  if (by === 'n') {
    const match = /^(?:([lr])\/)?(?:(\d+)\/)?(\d+)$/.exec(given);
    const count = Number(match?.[3] ?? 0);
    if (match === null || count === 0) return tool.fail(`invalid number of chunks: ${quote(given)}`);
    const pieces = chunks(text, match[1], count, separator);
    if (match[2] === undefined) return pieces;
    const one = chunk(pieces, Number(match[2]));
    if (one === undefined) return tool.fail(`invalid chunk number: ${quote(match[2])}`);
    await tool.out.write(fromLatin1(one));
    return [];
  }
  const size = parseSize(given);
  if (!(size > 0)) {
    const what = by === 'l' ? 'lines' : 'bytes';
    return tool.fail(
      `invalid number of ${what}: ${quote(given)}${size === 0 ? ': Numerical result out of range' : ''}`,
    );
  }
  const pieces: string[] = [];
  if (by === 'b') for (let at = 0; at < text.length; at += size) pieces.push(text.slice(at, at + size));
  else if (by === 'C') pieces.push(...linesUpTo(text, size, separator));
  else {
    for (let at = 0; at < text.length;) {
      let end = at;
      for (let line = 0; line < size && end < text.length; line++) {
        const next = text.indexOf(separator, end);
        end = next < 0 ? text.length : next + 1;
      }
      pieces.push(text.slice(at, end));
      at = end;
    }
  }
  return pieces;
}

async function put(tool: Tool, name: string, bytes: Uint8Array): Promise<boolean> {
  const { options, process } = tool;
  const filter = options.value('filter');
  if (options.has('verbose')) {
    await tool.out.line(
      filter === undefined ? `creating file ${quoteaf(name)}` : `executing with FILE=${quoteaf(name)}`,
    );
  }
  if (filter === undefined) {
    const written = tool.fs.writeFile(name, bytes);
    if (!written.ok) await tool.error(`${name}: ${written.error.message}`);
    return written.ok;
  }
  await tool.out.flush();
  const pipe = process.pipe();
  const files = new Map<number, OpenFile>([[0, pipe.read]]);
  for (const fd of [1, 2]) {
    const file = process.fds.get(fd);
    if (file !== undefined) files.set(fd, file);
  }
  const shell = process.env.get('SHELL') ?? '/bin/sh';
  const fd = process.fds.install(pipe.write, 3);
  const child = process.spawn({
    file: shell,
    argv: ['sh', '-c', filter],
    env: new Map([...process.env, ['FILE', name]]),
    fds: files,
  });
  if (!child.ok) {
    await tool.error(`failed to run command: "${shell} -c ${filter}": ${child.error.message}`);
    return false;
  }
  await process.fds.write(fd, bytes);
  process.fds.close(fd);
  const ended = await child.value.wait();
  if (ended.kind === 'exited' && ended.code === 0) return true;
  await tool.error(
    ended.kind === 'exited'
      ? `with FILE=${name}, exit ${ended.code} from command: ${filter}`
      : `with FILE=${name}, signal from command: ${filter}`,
  );
  return false;
}
