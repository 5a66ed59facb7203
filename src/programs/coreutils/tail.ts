import type { OpenFile } from '../../linux/io/open-file';
import type { Process } from '../../linux/process/types';
import { concat, noBytes } from '../../linux/io/bytes';
import { parseDuration, parseSize } from '../toolkit/format';
import { quote, quoteaf, quotef } from '../toolkit/quote';
import { tool, type Tool } from '../toolkit/tool';

interface Followed {
  readonly path: string;
  file: OpenFile | undefined;
  ino: number;
  size: number;
}

/** tail(1), with -f and -F. */
export const tail = tool(
  {
    name: 'tail',
    usage: '[OPTION]... [FILE]...',
    about: 'Print the last 10 lines of each FILE to standard output.',
    short: 'c:fFn:qs:vz',
    long: {
      'bytes:': 'c',
      'follow::': 'follow',
      'lines:': 'n',
      'pid:': 'pid',
      quiet: 'q',
      silent: 'q',
      retry: 'retry',
      'sleep-interval:': 's',
      verbose: 'v',
      'zero-terminated': 'z',
    },
    digits: 'n',
    // `tail +8 file`, the way before POSIX.
    rewrite: (args) =>
      /^\+\d+[bcl]?f?$/.test(args[0] ?? '') && args.length <= 2 ? [`-n${args[0] ?? ''}`, ...args.slice(1)] : args,
  },
  async (tool) => {
    const { options } = tool;
    const unit = options.last('c', 'n') ?? 'n';
    const given = options.value(unit) ?? '10';
    const fromStart = given.startsWith('+');
    const count = parseSize(given.replace(/^[-+]/, ''));
    if (Number.isNaN(count)) {
      return tool.fail(`invalid number of ${unit === 'c' ? 'bytes' : 'lines'}: ${quote(given)}`);
    }
    const interval = parseDuration(options.value('s') ?? '1');
    if (Number.isNaN(interval)) return tool.fail(`invalid number of seconds: ${quote(options.value('s') ?? '')}`);
    const follow = options.has('f', 'F', 'follow');
    const byName = options.has('F') || options.value('follow') === 'name';
    const retry = options.has('F', 'retry');
    const files = tool.operands.length === 0 ? ['-'] : tool.operands;
    const titles = options.last('q', 'v') === 'v' || (files.length > 1 && !options.has('q'));
    const separator = options.has('z') ? 0 : 10;
    const printer = new Titles(tool, titles);
    const followed: Followed[] = [];
    for (const path of files) {
      const input = tool.open(path);
      if (!input.ok) {
        const unread = input.error.code === 'EISDIR';
        if (unread) await printer.title(path);
        const what = unread ? 'error reading' : 'cannot open';
        await tool.error(`${what} ${quoteaf(path)}${unread ? '' : ' for reading'}: ${input.error.message}`);
        if (follow && retry) followed.push({ path, file: undefined, ino: -1, size: 0 });
        continue;
      }
      await printer.title(path);
      const { memory } = tool.process;
      const seen = await last(
        input.value.reader,
        unit === 'c',
        count,
        fromStart,
        separator,
        (bytes) => tool.out.write(bytes),
        (more) => memory.allocate(more).ok,
      );
      if (seen === undefined) return tool.fail('memory exhausted');
      const stat = path === '-' ? undefined : tool.fs.stat(path);
      if (follow && path !== '-' && stat?.ok === true) {
        followed.push({ path, file: input.value.file, ino: stat.value.ino, size: seen });
      }
    }
    if (!follow || followed.length === 0) {
      if (follow && tool.operands.length > 0) await tool.error('no files remaining');
      return tool.status;
    }
    await tool.out.flush();
    return followAll(tool, followed, { byName, retry, interval, printer, pid: Number(options.value('pid') ?? 0) });
  },
);

/** `==> name <==` where the file changes. */
class Titles {
  #last: string | undefined;

  constructor(
    private readonly tool: Tool,
    private readonly wanted: boolean,
  ) {}

  async title(path: string): Promise<void> {
    if (!this.wanted || this.#last === path) return;
    const name = path === '-' ? 'standard input' : path;
    await this.tool.out.write(`${this.#last === undefined ? '' : '\n'}==> ${name} <==\n`);
    this.#last = path;
  }
}

/** Bytes kept before what can no longer be printed is dropped. */
const COMPACT = 1 << 20;
/** A last line longer than this is given up: a machine of this size has no more memory for it. */
const MOST = 1 << 27;

/** Writes the end of what is read; how many bytes there were, or undefined where memory is exhausted. */
async function last(
  reader: { read(max?: number): Promise<Uint8Array | undefined> },
  bytes: boolean,
  count: number,
  fromStart: boolean,
  separator: number,
  write: (bytes: Uint8Array) => Promise<void> | undefined,
  allocate: (bytes: number) => boolean,
): Promise<number | undefined> {
  let held = COMPACT;
  let kept: Uint8Array[] = [];
  let length = 0;
  let seen = 0;
  let compacted = COMPACT;
  let skip = Math.max(0, count - 1);
  for (let chunk = await reader.read(); chunk !== undefined; chunk = await reader.read()) {
    seen += chunk.length;
    if (fromStart) {
      let rest = chunk;
      if (bytes) {
        rest = chunk.subarray(skip);
        skip = Math.max(0, skip - chunk.length);
      } else {
        while (skip > 0 && rest.length > 0) {
          const end = rest.indexOf(separator);
          rest = end < 0 ? noBytes : rest.subarray(end + 1);
          if (end >= 0) skip--;
        }
      }
      if (rest.length > 0) await write(rest);
      continue;
    }
    kept.push(chunk);
    length += chunk.length;
    if (length > held) {
      if (!allocate(COMPACT)) return undefined;
      held += COMPACT;
    }
    // Long streams: only what may still be printed is kept.
    if (length > compacted) {
      const end = ending(concat(kept), bytes, count, separator);
      kept = [end.slice()];
      length = end.length;
      compacted = Math.max(COMPACT, 2 * length);
      if (length > MOST) return undefined;
    }
  }
  if (!fromStart) await write(ending(concat(kept), bytes, count, separator));
  return seen;
}

function ending(whole: Uint8Array, bytes: boolean, count: number, separator: number): Uint8Array {
  if (bytes) return whole.subarray(Math.max(0, whole.length - count));
  if (count === 0) return noBytes;
  let at = whole.length;
  if (whole[at - 1] === separator) at--;
  for (let left = count; left > 0; left--) {
    at = at <= 0 ? -1 : whole.lastIndexOf(separator, at - 1);
    if (at < 0) return whole;
  }
  return whole.subarray(at + 1);
}

interface Following {
  readonly byName: boolean;
  readonly retry: boolean;
  readonly interval: number;
  readonly printer: Titles;
  readonly pid: number;
}

/** -f: wakes when a file changes (inotify), as long as there is any file or a process to wait for. */
async function followAll(tool: Tool, files: Followed[], how: Following): Promise<number> {
  const { process, fs } = tool;
  for (;;) {
    for (const followed of [...files]) {
      if (how.byName) {
        const stat = fs.stat(followed.path);
        if (!stat.ok) {
          if (followed.file !== undefined) {
            followed.file = undefined;
            followed.ino = -1;
            await tool.error(`${quoteaf(followed.path)} has become inaccessible: ${stat.error.message}`);
            if (!how.retry) files.splice(files.indexOf(followed), 1);
          }
          continue;
        }
        if (stat.value.ino !== followed.ino) {
          const known = followed.ino !== -1 || followed.file !== undefined;
          const verb = known ? 'has been replaced' : 'has appeared';
          await tool.error(`${quoteaf(followed.path)} ${verb};  following new file`, 0);
          const opened = tool.open(followed.path);
          if (!opened.ok) continue;
          followed.file = opened.value.file;
          followed.ino = stat.value.ino;
          followed.size = 0;
        } else if (stat.value.size < followed.size) {
          await tool.error(`${quotef(followed.path)}: file truncated`, 0);
          followed.file?.seek?.(0, 'set');
          followed.size = 0;
        }
      } else {
        // A file that got shorter begins anew.
        const end = followed.file?.seek?.(0, 'cur');
        const size = followed.file?.seek?.(0, 'end');
        if (end?.ok === true && size?.ok === true) {
          const shorter = size.value < end.value;
          if (shorter) await tool.error(`${quotef(followed.path)}: file truncated`, 0);
          followed.file?.seek?.(shorter ? 0 : end.value, 'set');
        }
      }
      await drain(tool, followed, how.printer);
    }
    await tool.out.flush();
    if (files.length === 0) return tool.fail('no files remaining');
    if (how.pid > 0 && !process.kill(how.pid, 0).ok) return tool.status;
    const polls = how.pid > 0 || files.some(({ file }) => file === undefined);
    await changeOf(process, files, how.byName, polls ? how.interval : undefined);
  }
}

/** Waits until one of the files changes; what cannot be watched (a name that is not there yet) is polled. */
async function changeOf(
  process: Process,
  files: readonly Followed[],
  byName: boolean,
  interval: number | undefined,
): Promise<void> {
  await process.block<void>((wake) => {
    const woken = () => {
      stop();
      wake();
    };
    const watches = files.flatMap(({ path, file }) => [
      ...(byName ? [process.fs.watch(path, woken)] : []),
      ...(file?.watch === undefined ? [] : [file.watch(woken)]),
    ]);
    const { clock } = process;
    const timer = interval === undefined ? undefined : clock.setTimer(interval, woken, { background: true });
    const stop = () => {
      for (const end of watches) end();
      if (timer !== undefined) clock.cancel(timer);
    };
    return stop;
  });
}

async function drain(tool: Tool, followed: Followed, printer: Titles): Promise<void> {
  for (;;) {
    const bytes = followed.file?.read(65_536);
    if (bytes === undefined || bytes === 'wait' || !bytes.ok || bytes.value.length === 0) return;
    followed.size += bytes.value.length;
    await printer.title(followed.path);
    await tool.out.write(bytes.value);
  }
}
