import { humanSize, shortSize } from '../toolkit/format';
import { concat } from '../../linux/io/bytes';
import { quote, quoteaf } from '../toolkit/quote';
import { tool, type Tool } from '../toolkit/tool';

const conversions =
  'ascii ebcdic ibm block unblock lcase ucase sparse swab sync excl nocreat notrunc noerror fdatasync fsync';
const flags =
  'append direct directory dsync sync fullblock nonblock noatime nocache noctty nofollow count_bytes skip_bytes seek_bytes';
const names = ['bs', 'cbs', 'conv', 'count', 'ibs', 'if', 'iflag', 'obs', 'of', 'oflag', 'seek', 'skip', 'status'];

/** `2x1K`: the product of sizes. */
function sizeOf(text: string): number {
  let product = 1;
  for (const part of text.split('x')) {
    const match = /^(\d+)([a-zA-Z]*)$/.exec(part);
    if (match === null) return NaN;
    const suffix = match[2] ?? '';
    const small: Readonly<Record<string, number>> = { '': 1, c: 1, w: 2, b: 512 };
    const power = 'KMGTPE'.indexOf(suffix.charAt(0) === 'k' ? 'K' : suffix.charAt(0)) + 1;
    const unit =
      small[suffix] ?? (power > 0 && /^.(i?B)?$/.test(suffix) ? (/^.B$/.test(suffix) ? 1000 : 1024) ** power : NaN);
    product *= Number(match[1]) * unit;
  }
  return product;
}

/** dd(1). */
export const dd = tool(
  {
    name: 'dd',
    usage: '[OPERAND]...\n  or:  dd OPTION',
    about: 'Copy a file, converting and formatting according to the operands.',
  },
  async (tool) => {
    const given = new Map<string, string>();
    for (const operand of tool.operands) {
      const equals = operand.indexOf('=');
      const name = operand.slice(0, equals);
      if (equals < 0 || !names.includes(name)) return tool.usageError(`unrecognized operand ${quote(operand)}`);
      given.set(name, operand.slice(equals + 1));
    }
    const lists = { conv: conversions, iflag: flags, oflag: flags };
    const what = { conv: 'conversion', iflag: 'input flag', oflag: 'output flag' };
    for (const name of ['conv', 'iflag', 'oflag'] as const) {
      for (const word of given.get(name)?.split(',') ?? []) {
        if (!lists[name].split(' ').includes(word)) return tool.usageError(`invalid ${what[name]}: ${quote(word)}`);
      }
    }
    const status = given.get('status') ?? '';
    if (!['', 'none', 'noxfer', 'progress'].includes(status)) {
      return tool.usageError(`invalid status level: ${quote(status)}`);
    }
    const sizes = new Map<string, number>();
    for (const name of ['bs', 'ibs', 'obs', 'cbs', 'count', 'skip', 'seek']) {
      const text = given.get(name);
      if (text === undefined) continue;
      const inBytes = /^[^B]*\dB$/.test(text);
      const size = sizeOf(inBytes ? text.slice(0, -1) : text);
      if (Number.isNaN(size) || (size === 0 && name.endsWith('bs'))) return tool.fail(`invalid number: ${quote(text)}`);
      sizes.set(name, size);
    }
    return new Copier(tool, given, sizes, status).run();
  },
);

class Copier {
  readonly #input: number;
  readonly #output: number;
  readonly #conv: ReadonlySet<string>;
  readonly #in = { full: 0, part: 0 };
  readonly #out = { full: 0, part: 0 };
  #bytes = 0;
  readonly #started: number;

  constructor(
    private readonly tool: Tool,
    private readonly given: ReadonlyMap<string, string>,
    private readonly sizes: ReadonlyMap<string, number>,
    private readonly status: string,
  ) {
    this.#input = sizes.get('bs') ?? sizes.get('ibs') ?? 512;
    this.#output = sizes.get('bs') ?? sizes.get('obs') ?? 512;
    this.#conv = new Set((given.get('conv') ?? '').split(','));
    this.#started = tool.process.clock.now;
  }

  async run(): Promise<number> {
    const { tool, given } = this;
    const from = given.get('if');
    const opened = from === undefined ? undefined : tool.fs.open(from, { read: true });
    if (opened?.ok === false) return tool.fail(`failed to open ${quoteaf(from ?? '')}: ${opened.error.message}`);
    const source = opened === undefined ? 0 : tool.process.fds.install(opened.value, 3);
    const to = given.get('of');
    const seek = (this.sizes.get('seek') ?? 0) * (this.#has('oflag', 'seek_bytes') ? 1 : this.#output);
    let target = 1;
    if (to !== undefined) {
      const made = tool.fs.open(to, {
        write: true,
        create: !this.#conv.has('nocreat'),
        exclusive: this.#conv.has('excl'),
        append: this.#has('oflag', 'append'),
        truncate: !this.#conv.has('notrunc') && seek === 0,
      });
      if (!made.ok) return tool.fail(`failed to open ${quoteaf(to)}: ${made.error.message}`);
      if (!this.#conv.has('notrunc') && seek > 0 && tool.fs.stat(to).ok) tool.fs.truncate(to, seek);
      made.value.seek?.(seek, 'set');
      target = tool.process.fds.install(made.value, 3);
    }
    await this.#skip(source);
    const restore = tool.process.signals.handle('SIGUSR1', () => {
      tool.process.thread(() => this.#report());
    });
    const done = await this.#copy(source, target, from, to);
    restore();
    await this.#report();
    return done ? tool.status : 1;
  }

  async #skip(source: number): Promise<void> {
    let rest = (this.sizes.get('skip') ?? 0) * (this.#has('iflag', 'skip_bytes') ? 1 : this.#input);
    while (rest > 0) {
      const read = await this.tool.process.fds.read(source, Math.min(rest, 65_536));
      if (!read.ok || read.value.length === 0) return;
      rest -= read.value.length;
    }
  }

  async #copy(source: number, target: number, from: string | undefined, to: string | undefined): Promise<boolean> {
    const { tool } = this;
    const { fds } = tool.process;
    const bytesCounted = this.#has('iflag', 'count_bytes');
    let left = this.sizes.get('count') ?? Infinity;
    let held: Uint8Array[] = [];
    let heldLength = 0;
    const write = async (bytes: Uint8Array): Promise<boolean> => {
      const written = await fds.write(target, bytes);
      if (!written.ok) {
        await tool.error(`error writing ${quoteaf(to ?? 'standard output')}: ${written.error.message}`);
        return false;
      }
      this.#out[bytes.length === this.#output ? 'full' : 'part']++;
      this.#bytes += bytes.length;
      return true;
    };
    while (left > 0) {
      const want = bytesCounted ? Math.min(this.#input, left) : this.#input;
      const block = await this.#block(source, want);
      if (typeof block === 'string') {
        await tool.error(`error reading ${quoteaf(from ?? 'standard input')}: ${block}`);
        return false;
      }
      if (block.length === 0) break;
      this.#in[block.length === this.#input ? 'full' : 'part']++;
      left -= bytesCounted ? block.length : 1;
      const bytes = this.#convert(block);
      const together = !this.sizes.has('bs') && this.#input !== this.#output;
      if (!together) {
        if (!(await write(bytes))) return false;
        continue;
      }
      held.push(bytes);
      heldLength += bytes.length;
      if (heldLength < this.#output) continue;
      let whole = concat(held);
      for (; whole.length >= this.#output; whole = whole.subarray(this.#output)) {
        if (!(await write(whole.subarray(0, this.#output)))) return false;
      }
      held = whole.length === 0 ? [] : [whole];
      heldLength = whole.length;
    }
    return heldLength === 0 || write(concat(held));
  }

  async #block(source: number, size: number): Promise<Uint8Array | string> {
    const parts: Uint8Array[] = [];
    let length = 0;
    const full = this.#has('iflag', 'fullblock') || this.tool.process.fds.get(source)?.kind === 'file';
    while (length < size) {
      const read = await this.tool.process.fds.read(source, size - length);
      if (!read.ok) return read.error.message;
      if (read.value.length === 0) break;
      parts.push(read.value.slice());
      length += read.value.length;
      if (!full) break;
    }
    return concat(parts);
  }

  #convert(block: Uint8Array): Uint8Array {
    let bytes = block;
    const shift = (from: number, by: number): Uint8Array =>
      bytes.map((byte) => (byte >= from && byte < from + 26 ? byte + by : byte));
    if (this.#conv.has('ucase')) bytes = shift(97, -32);
    if (this.#conv.has('lcase')) bytes = shift(65, 32);
    if (this.#conv.has('swab')) {
      bytes = bytes.map((byte, at) => bytes[at % 2 === 0 ? at + 1 : at - 1] ?? byte);
    }
    if (this.#conv.has('sync') && bytes.length < this.#input) {
      const whole = new Uint8Array(this.#input);
      whole.set(bytes);
      bytes = whole;
    }
    return bytes;
  }

  #has(name: string, flag: string): boolean {
    return this.given.get(name)?.split(',').includes(flag) ?? false;
  }

  async #report(): Promise<void> {
    if (this.status === 'none') return;
    const { process } = this.tool;
    const counts = ({ full, part }: { full: number; part: number }): string => `${full}+${part}`;
    let text = `${counts(this.#in)} records in\n${counts(this.#out)} records out\n`;
    if (this.status !== 'noxfer') {
      const seconds = Math.max((process.clock.now - this.#started) / 1000, this.#bytes / 2e9, 1e-5);
      const count = this.#bytes;
      if (this.tool.dialect?.build.ddStatistics === false) {
        await process.stderr.write(text);
        return;
      }
      if (this.tool.dialect !== undefined) {
        const rate = shortSize(count / seconds);
        text += `${count} bytes (${shortSize(count)}B) copied, ${seconds.toFixed(6)} seconds, ${rate}B/s\n`;
        await process.stderr.write(text);
        return;
      }
      const human = count < 1000 ? '' : ` (${units(count, 1000)}${count < 1024 ? '' : `, ${units(count, 1024)}`})`;
      const rate = units(Math.round(count / seconds), 1000);
      text += `${count} byte${count === 1 ? '' : 's'}${human} copied, ${Number(seconds.toPrecision(6))} s, ${rate}/s\n`;
    }
    await process.stderr.write(text);
  }
}

/** `1.5 MB`, `1.4 MiB`. */
function units(bytes: number, base: 1000 | 1024): string {
  const text = humanSize(bytes, base);
  const match = /^([\d.]+)([A-Za-z]?)$/.exec(text);
  const letter = match?.[2] ?? '';
  const unit = letter === '' ? 'B' : base === 1000 ? `${letter}B` : `${letter}iB`;
  return `${match?.[1] ?? text} ${unit}`;
}
