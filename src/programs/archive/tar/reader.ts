import type { Source } from '../stream';
import { BLOCK, decodeHeader, textAt, withPax, type Member } from './format';

export type Problem = 'not-tar' | 'skipping' | 'eof' | 'lone-zero';

/** Goes through the members of an archive as it comes. */
export class TarReader {
  #left = 0;
  #pad = 0;
  /** Blocks read so far. */
  blocks = 0;
  #any = false;

  constructor(
    private readonly source: Source,
    private readonly complain: (problem: Problem, block: number) => Promise<unknown>,
    private readonly ignoreZeros: boolean,
  ) {}

  /** The next member; undefined at the archive's end. Contents not taken are passed over. */
  async next(): Promise<Member | undefined> {
    if (!(await this.skip())) return undefined;
    let long: Partial<Member> = {};
    let pax: Uint8Array[] = [];
    let skipping = false;
    for (;;) {
      const block = await this.#block();
      if (block === undefined) {
        if (skipping) return undefined;
        if (!this.#any && this.blocks === 0) await this.complain('not-tar', 0);
        return undefined;
      }
      const read = decodeHeader(block);
      if (read === 'zero') {
        if (this.ignoreZeros) continue;
        const second = await this.#block();
        if (second !== undefined && decodeHeader(second) !== 'zero') await this.complain('lone-zero', this.blocks - 1);
        await this.#drain();
        return undefined;
      }
      if (read === 'invalid') {
        if (!skipping) await this.complain(this.#any ? 'skipping' : 'not-tar', this.blocks);
        if (!skipping && !this.#any && this.blocks > 0) await this.complain('skipping', this.blocks);
        skipping = true;
        continue;
      }
      this.#any = true;
      const { flag, member } = read;
      if (flag === 'L' || flag === 'K' || flag === 'x' || flag === 'g') {
        const body = await this.source.take(member.size);
        await this.source.take((BLOCK - (member.size % BLOCK)) % BLOCK);
        this.blocks += Math.ceil(member.size / BLOCK);
        if (flag === 'L') long = { ...long, name: textAt(body, 0, body.length) };
        else if (flag === 'K') long = { ...long, target: textAt(body, 0, body.length) };
        else pax = flag === 'x' ? [...pax, body] : pax;
        continue;
      }
      const whole = pax.reduce(withPax, { ...member, ...long });
      this.#left = whole.type === 'file' ? whole.size : 0;
      this.#pad = (BLOCK - (this.#left % BLOCK)) % BLOCK;
      return whole;
    }
  }

  /** The contents of the member given last, as they come; false if the archive ends within them. */
  async contents(act: (bytes: Uint8Array) => Promise<unknown> | undefined): Promise<boolean> {
    const size = this.#left;
    this.#left = 0;
    const got = await this.source.each(size, act);
    this.blocks += Math.ceil(got / BLOCK);
    if (got < size) {
      this.#pad = 0;
      await this.complain('eof', this.blocks);
      return false;
    }
    return true;
  }

  async skip(): Promise<boolean> {
    if (this.#left > 0 && !(await this.contents(() => undefined))) return false;
    const pad = this.#pad;
    this.#pad = 0;
    if (pad > 0 && (await this.source.take(pad)).length < pad) {
      await this.complain('eof', this.blocks);
      return false;
    }
    return true;
  }

  async #block(): Promise<Uint8Array | undefined> {
    const block = await this.source.take(BLOCK);
    if (block.length === 0) return undefined;
    if (block.length < BLOCK) {
      if (this.#any) await this.complain('eof', this.blocks);
      return this.#any ? undefined : new Uint8Array(BLOCK).fill(1);
    }
    this.blocks++;
    return block;
  }

  /** Reads what follows the end, so that who writes the archive does not see a broken pipe. */
  async #drain(): Promise<void> {
    while ((await this.source.take(20 * BLOCK)).length > 0);
  }
}
