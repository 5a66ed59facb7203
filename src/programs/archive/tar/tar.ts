import { BadData, pullOf, Source, type Pull, type Push } from '../stream';
import { concat } from '../../../linux/io/bytes';
import { tool, type Tool } from '../../toolkit/tool';
import { Archiver } from './archiver';
import { cannotRun, compress, decompress, detected, wanted } from './compression';
import { Creator } from './create';
import { Extractor } from './extract';
import { transformer } from './names';
import { long, oldStyle, short } from './options';
import { TarReader, type Problem } from './reader';
import { update } from './update';

const hint = "Try 'tar --help' or 'tar --usage' for more information.";
const fatal = 'Error is not recoverable: exiting now';
const late = 'Exiting with failure status due to previous errors';

/** tar(1) of GNU. */
export const tar = tool(
  {
    name: 'tar',
    usage: '[OPTION...] [FILE]...',
    about:
      "GNU 'tar' saves many files together into a single tape or disk archive, and can\nrestore individual files from the archive.\n\nExamples:\n" +
      '  tar -cf archive.tar foo bar  # Create archive.tar from files foo and bar.\n' +
      '  tar -tvf archive.tar         # List all files in archive.tar verbosely.\n' +
      '  tar -xf archive.tar          # Extract all files from archive.tar.',
    package: 'GNU tar 1.35',
    trouble: 2,
    usageStatus: 64,
    hint,
    short,
    long: { ...long, 'old-option-lacks-argument:': 'lacks' },
    rewrite: oldStyle,
  },
  async (tool) => {
    const { options } = tool;
    const lacking = options.value('lacks');
    if (lacking !== undefined) return tool.usageError(`Old option '${lacking}' requires an argument.`);
    const operations = new Set(
      options.given.map(({ name }) => name).filter((name) => /^([cxtrudA]|delete)$/.test(name)),
    );
    const [operation] = operations;
    if (operation === undefined) {
      return tool.usageError("You must specify one of the '-Acdtrux', '--delete' or '--test-label' options");
    }
    if (operations.size > 1) {
      return tool.usageError("You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option");
    }
    const transform = transformer(options.values('transform'));
    if (typeof transform === 'string') return stop(tool, transform);
    const lists: string[] = [];
    for (const path of options.values('X')) {
      const text = tool.fs.readText(path);
      if (!text.ok) return stop(tool, `${path}: Cannot open: ${text.error.message}`);
      lists.push(text.value);
    }
    const archive = options.value('f') ?? '-';
    const archiver = new Archiver(tool, lists, archive === '-' && operation === 'c');
    if (operation === 'c') return create(tool, archiver, archive);
    if (operation === 'r' || operation === 'u') return update(tool, archiver, archive, operation, () => files(tool));
    if (operation === 'x' || operation === 't' || operation === 'd') return read(tool, archiver, archive);
    return stop(tool, `-${operation}: not possible on this machine`);
  },
);

async function stop(tool: Tool, message: string): Promise<number> {
  await tool.out.flush();
  if (tool.dialect !== undefined) return tool.fail(message);
  await tool.process.stderr.write(`${tool.name}: ${message}\n${tool.name}: ${fatal}\n`);
  return 2;
}

async function ended(tool: Tool, archiver: Archiver): Promise<number> {
  await tool.out.flush();
  if (archiver.status === 2) await archiver.say(late);
  return archiver.status;
}

/** Operands and lists of names (-T), each with the folder that -C named before it. */
async function files(tool: Tool): Promise<readonly { path: string; folder: string }[] | number> {
  const { options, fs } = tool;
  let folder = '';
  const found: { path: string; folder: string }[] = [];
  for (const { name, value = '' } of options.sequence) {
    if (name === 'C') {
      folder = folder === '' || value.startsWith('/') ? value : `${folder}/${value}`;
      const stat = fs.stat(folder);
      if (!stat.ok || stat.value.type !== 'directory') {
        return stop(tool, `${value}: Cannot open: ${stat.ok ? 'Not a directory' : stat.error.message}`);
      }
    } else if (name === 'T') {
      const text = value === '-' ? await tool.process.stdin.text() : readText(tool, value);
      if (typeof text !== 'string') return stop(tool, `${value}: Cannot open: ${text.message}`);
      for (const path of text.split(options.has('null') ? '\0' : '\n')) if (path !== '') found.push({ path, folder });
    } else if (name === '') found.push({ path: value, folder });
  }
  return found;
}

function readText(tool: Tool, path: string): string | { readonly message: string } {
  const text = tool.fs.readText(path);
  return text.ok ? text.value : text.error;
}

async function create(tool: Tool, archiver: Archiver, archive: string): Promise<number> {
  const { options, fs, process } = tool;
  const kind = wanted(tool, archive);
  const list = await files(tool);
  if (typeof list === 'number') return list;
  await misplaced(archiver);
  if (list.length === 0 && !options.has('T')) return tool.usageError('Cowardly refusing to create an empty archive');
  let push: Push;
  let stat;
  let close = (): void => undefined;
  if (archive === '-') {
    if (process.fds.get(1)?.kind === 'tty') {
      return stop(tool, 'Refusing to write archive contents to terminal (missing -f option?)');
    }
    push = async (bytes) => {
      await process.stdout.write(bytes);
    };
  } else {
    const opened = fs.open(archive, { write: true, create: true, truncate: true });
    if (!opened.ok) return stop(tool, `${archive}: Cannot open: ${opened.error.message}`);
    const fd = process.fds.install(opened.value, 3);
    const there = fs.stat(archive);
    stat = there.ok ? there.value : undefined;
    push = async (bytes) => {
      const written = await process.fds.write(fd, bytes);
      if (!written.ok) throw new BadData(`${archive}: Wrote only 0 of 10240 bytes: ${written.error.message}`);
    };
    close = () => {
      process.fds.close(fd);
    };
  }
  if (kind !== undefined && kind !== 'z') return cannotRun(tool, kind);
  const blocks = records(push, Number(options.value('b') ?? 20) * 512);
  const packed = kind === 'z' ? compress(push) : blocks;
  const creator = new Creator(archiver, packed.push, stat?.type === 'file' ? stat : undefined);
  try {
    for (const { path, folder } of list) await creator.add(path, folder);
    await creator.end(Number(options.value('b') ?? 20));
    await packed.end();
  } catch (error) {
    if (!(error instanceof BadData)) throw error;
    return stop(tool, error.message);
  }
  close();
  await tool.out.flush();
  if (options.has('totals'))
    await process.stderr.write(`Total bytes written: ${creator.written} (${creator.written}B, 1.0GiB/s)\n`);
  return ended(tool, archiver);
}

/** Options that only concern what follows them, where nothing does. */
async function misplaced(archiver: Archiver): Promise<void> {
  const { sequence } = archiver.tool.options;
  const last = sequence.findLastIndex(({ name }) => name === '' || name === 'T');
  const after = sequence.slice(last + 1).filter(({ name }) => /^(exclude|no-recursion|exclude-vcs)$/.test(name));
  if (after.length === 0 || last < 0) return;
  await archiver.warn(
    'The following options were used after any non-optional arguments in archive create or update mode.  ' +
      'These options are positional and affect only arguments that follow them.  Please, rearrange them properly.',
  );
  for (const { name, value } of after) {
    await archiver.say(`--${name}${value === undefined ? '' : ` '${value}'`} has no effect`);
  }
  archiver.exclude = () => false;
}

/** Writes whole records, as tar does with its blocking factor. */
function records(push: Push, size: number): { readonly push: Push; readonly end: () => Promise<void> } {
  let held: Uint8Array[] = [];
  let length = 0;
  const flush = async (): Promise<void> => {
    const whole = concat(held);
    held = [];
    length = 0;
    if (whole.length > 0) await push(whole);
  };
  return {
    push: async (bytes) => {
      held.push(bytes);
      length += bytes.length;
      if (length >= size) await flush();
    },
    end: flush,
  };
}

/** The archive's bytes, decompressed; a status where it cannot be opened. */
async function open(
  tool: Tool,
  archive: string,
): Promise<{ pull: Pull; close: () => void; compressed: boolean } | number> {
  const { process } = tool;
  let kind = wanted(tool, archive);
  if (archive === '-') {
    if (process.fds.get(0)?.kind === 'tty') {
      return stop(tool, 'Refusing to read archive contents from terminal (missing -f option?)');
    }
    const source = new Source(pullOf(process.stdin));
    if (kind === undefined) {
      const found = detected(await source.peek(4));
      if (found !== undefined) {
        const flag = found.length === 1 ? `-${found}` : `--${found}`;
        return stop(tool, `Archive is compressed. Use ${flag} option`);
      }
    }
    if (kind !== undefined && kind !== 'z') return cannotRun(tool, kind);
    return {
      pull: kind === 'z' ? decompress(source.next) : source.next,
      close: () => undefined,
      compressed: kind === 'z',
    };
  }
  const input = tool.open(archive);
  if (!input.ok) {
    const directory = input.error.code === 'EISDIR';
    if (directory)
      return stop(tool, `${archive}: Cannot read: Is a directory\n${tool.name}: At beginning of tape, quitting now`);
    if (tool.dialect !== undefined) return tool.fail(`${archive}: Cannot open: ${input.error.message}`);
    const child = kind === undefined ? '' : ' (child)';
    await process.stderr.write(`tar${child}: ${archive}: Cannot open: ${input.error.message}\ntar${child}: ${fatal}\n`);
    if (kind !== undefined) await process.stderr.write(`tar: Child returned status 2\ntar: ${fatal}\n`);
    return 2;
  }
  const source = new Source(pullOf(input.value.reader));
  kind ??= detected(await source.peek(4));
  if (kind !== undefined && kind !== 'z') return cannotRun(tool, kind);
  return {
    pull: kind === 'z' ? decompress(source.next) : source.next,
    close: input.value.close,
    compressed: kind === 'z',
  };
}

const problems: Readonly<Record<Problem, (block: number) => string>> = {
  'not-tar': () => 'This does not look like a tar archive',
  skipping: () => 'Skipping to next header',
  eof: () => 'Unexpected EOF in archive',
  'lone-zero': (block) => `A lone zero block at ${block}`,
};

async function read(tool: Tool, archiver: Archiver, archive: string): Promise<number> {
  const opened = await open(tool, archive);
  if (typeof opened === 'number') return opened;
  const list = await files(tool);
  if (typeof list === 'number') return list;
  let broken = false;
  const reader = new TarReader(
    new Source(opened.pull),
    async (problem, block) => {
      if (problem === 'not-tar' && opened.compressed && reader.blocks === 0) return;
      // An extraction meets the end twice: within the member, and looking for the next one.
      if (problem === 'eof' && tool.options.has('x')) await archiver.say(problems.eof(block));
      if (problem === 'eof') broken = true;
      const say =
        problem === 'lone-zero' ? archiver.say(problems[problem](block)) : archiver.warn(problems[problem](block));
      await say;
    },
    tool.options.has('i'),
  );
  const folder = tool.options
    .values('C')
    .reduce((before, value) => (before === '' || value.startsWith('/') ? value : `${before}/${value}`), '');
  const extractor = new Extractor(
    archiver,
    reader,
    folder,
    list.map(({ path }) => path),
  );
  try {
    await extractor.run();
  } catch (error) {
    if (!(error instanceof BadData)) throw error;
    await tool.out.flush();
    await tool.process.stderr.write(`\ngzip: stdin: ${error.message}\n`);
    if (error.message !== 'unexpected end of file' || reader.blocks === 0) return stop(tool, 'Child returned status 1');
    await archiver.say('Unexpected EOF in archive');
    return stop(tool, 'Unexpected EOF in archive');
  }
  opened.close();
  if (broken) {
    await tool.out.flush();
    await archiver.say(fatal);
    return 2;
  }
  return ended(tool, archiver);
}
