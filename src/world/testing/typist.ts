import headless from '@xterm/headless';
import { World } from '../world';

/** A turn of Node's event loop; only tests come here. */
// eslint-disable-next-line no-restricted-globals
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Virtual milliseconds between two keystrokes of a quick typist. */
const BETWEEN_KEYS = 20;

/**
 * A learner at a terminal of the whole world: types key by key through the pty, and reads what xterm has on its screen,
 * as opposed to which bytes went there.
 */
export class Typist {
  private readonly screenOf: headless.Terminal;
  /** How much of the scrollback `see` has handed out already. */
  private seen = 0;

  private constructor(
    readonly world: World,
    private readonly output: string[],
    { rows, columns }: { rows: number; columns: number },
  ) {
    this.screenOf = new headless.Terminal({
      rows,
      cols: columns,
      scrollback: 100_000,
      logLevel: 'off',
      allowProposedApi: true,
    });
  }

  static async sit({ seed = 7, topology = 'seed', rows = 40, columns = 120 } = {}): Promise<Typist> {
    const output: string[] = [];
    const decoder = new TextDecoder();
    const world = await World.create({
      seed,
      topology,
      settle,
      scenario: () => undefined,
      hooks: {
        output: (_terminal, bytes) => void output.push(decoder.decode(bytes, { stream: true })),
        closed: () => void output.push('[closed]'),
        checked: () => undefined,
        fault: (error) => {
          throw error;
        },
      },
    });
    const typist = new Typist(world, output, { rows, columns });
    world.apply({ kind: 'open', terminal: 't1', host: world.lab.first.name, rows, columns });
    await world.lab.clock.advance(1000);
    await typist.see();
    return typist;
  }

  /** Presses the keys one by one; a `\r` is Enter. Then waits so many virtual milliseconds. */
  async type(keys: string, wait = 0): Promise<void> {
    for (const data of keys) {
      this.world.apply({ kind: 'type', terminal: 't1', data });
      await this.world.lab.clock.advance(BETWEEN_KEYS);
    }
    if (wait > 0) await this.world.lab.clock.advance(wait);
  }

  /** Types a line, and what came to the screen below it within `wait` virtual milliseconds. */
  async line(text: string, wait = 5000): Promise<string> {
    await this.see();
    await this.type(`${text}\r`, wait);
    return await this.see();
  }

  /** Waits until the screen's new rows satisfy the condition (they stay unread until then). Fails after `limit` ms. */
  async until(condition: (rows: string) => boolean, limit = 120_000): Promise<string> {
    for (let waited = 0; waited < limit; waited += 100) {
      await this.draw();
      const rows = this.rows(this.seen);
      if (condition(rows)) return await this.see();
      await this.world.lab.clock.advance(100);
    }
    throw new Error(`still not on the screen:\n${this.rows(this.seen)}`);
  }

  /** The rows since the last look: the row where the cursor stood then, with what came after it. */
  async see(): Promise<string> {
    await this.draw();
    const rows = this.rows(this.seen);
    const { baseY, cursorY } = this.screenOf.buffer.active;
    this.seen = baseY + cursorY;
    return rows;
  }

  /** The whole screen now, also of a full-screen program. */
  async screen(): Promise<string> {
    await this.draw();
    const { buffer } = this.screenOf;
    return this.rows(buffer.active.type === 'alternate' ? 0 : buffer.active.baseY);
  }

  get alternate(): boolean {
    return this.screenOf.buffer.active.type === 'alternate';
  }

  private async draw(): Promise<void> {
    const text = this.output.splice(0).join('');
    await new Promise<void>((resolve) => this.screenOf.write(text, resolve));
  }

  private rows(from: number): string {
    const { active } = this.screenOf.buffer;
    const lines: string[] = [];
    for (let y = from; y < active.length; y++) {
      const line = active.getLine(y);
      if (line === undefined) continue;
      const text = line.translateToString(true);
      if (line.isWrapped && lines.length > 0) lines[lines.length - 1] += text;
      else lines.push(text);
    }
    return lines.join('\n').trimEnd();
  }
}
