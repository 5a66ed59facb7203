import type { Errno } from '../../linux/errno';
import { concat, encode } from '../../linux/io/bytes';
import type { ByteWriter } from '../../linux/process/types';

/** What stdio holds back before a pipe or file sees it (st_blksize of a pipe). */
const BUFFER = 4096;

/** Standard output as stdio buffers it: by lines on a terminal, by blocks elsewhere. */
export class Output {
  #text = '';
  #chunks: Uint8Array[] = [];
  #length = 0;

  constructor(
    readonly writer: ByteWriter,
    /** Whether each line goes out at once. */
    public byLine: boolean,
    /** The sink takes no more (a full disk; a closed pipe where SIGPIPE is ignored): the end of the command. */
    private readonly failed: (error: Errno) => Promise<never>,
  ) {}

  /** A promise only if something must be waited for. */
  write(data: string | Uint8Array): Promise<void> | undefined {
    if (typeof data === 'string') this.#text += data;
    else {
      this.#seal();
      this.#chunks.push(data);
      this.#length += data.length;
    }
    const full = this.#length + this.#text.length >= BUFFER;
    if (full || (this.byLine && (typeof data !== 'string' || data.includes('\n')))) return this.flush();
    return undefined;
  }

  line(text: string): Promise<void> | undefined {
    return this.write(`${text}\n`);
  }

  async flush(): Promise<void> {
    if (this.#chunks.length === 0) {
      if (this.#text === '') return;
      const text = this.#text;
      this.#text = '';
      return this.#send(text);
    }
    this.#seal();
    const bytes = concat(this.#chunks);
    this.#chunks = [];
    this.#length = 0;
    return this.#send(bytes);
  }

  async #send(data: string | Uint8Array): Promise<void> {
    const sent = await this.writer.write(data);
    if (!sent.ok) await this.failed(sent.error);
  }

  #seal(): void {
    if (this.#text === '') return;
    const bytes = encode(this.#text);
    this.#chunks.push(bytes);
    this.#length += bytes.length;
    this.#text = '';
  }
}
