import { hasPending, handlePending } from '../run/traps';
import type { Shell } from '../shell';
import { fromBytes } from '../text';

/** The terminal went away, or its reader is to end. */
export class InputEnded extends Error {}

/** ^C: the line is given up. */
export class GivenUp extends Error {}

export interface InputHooks {
  /** Called before waiting: what was drawn is brought to the screen. */
  flush(): Promise<void>;
  /** The terminal has another size. */
  resized(): void;
  /** Nothing was typed for a moment. */
  idle(): void;
  /** A character was typed, by a person or a macro. */
  typed(char: string): void;
}

/** How long nothing must be typed before suggestions show, so that they do not flicker while typing. */
const PAUSE_MS = 30;

/** Characters as they are typed, or as macros type them. */
export class KeyInput {
  /** What macros and pushed-back keys still have to type. */
  #queue: string[] = [];
  /** Keys since start-kbd-macro. */
  #recorded: string[] | undefined;
  macro: readonly string[] = [];
  #resized = false;
  /** Whether the last character was typed by a macro or pushed back. */
  replayed = false;

  constructor(
    readonly shell: Shell,
    readonly hooks: InputHooks,
  ) {}

  /** Types a text before anything else. */
  push(text: string): void {
    this.#queue.unshift(...text);
  }

  forget(): void {
    this.#queue = [];
  }

  /** A macro ended with the last character: what could go on will not. */
  get atMacroEnd(): boolean {
    return this.replayed && this.#queue.length === 0;
  }

  get recording(): boolean {
    return this.#recorded !== undefined;
  }

  record(): void {
    this.#recorded = [];
  }

  /** Ends the recording; the keys that ended it are no part of it. */
  stopRecording(keys: number): void {
    this.macro = this.#recorded?.slice(0, -keys) ?? [];
    this.#recorded = undefined;
  }

  /** The next character; undefined if none comes in time. `raw`: ^C too is one. */
  async next({ timeout, raw = false }: { readonly timeout?: number; readonly raw?: boolean } = {}): Promise<
    string | undefined
  > {
    const queued = this.#queue.shift();
    this.replayed = queued !== undefined;
    const char = queued ?? (await this.#typed(timeout, raw));
    if (char !== undefined) this.hooks.typed(char);
    return char;
  }

  async #typed(timeout: number | undefined, raw: boolean): Promise<string | undefined> {
    const lead = await this.#byte(timeout);
    if (lead === undefined) return undefined;
    if (lead === 3 && !raw) throw new GivenUp();
    let char = String.fromCharCode(lead);
    if (lead >= 0x80) {
      const bytes = [lead];
      const more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
      while (bytes.length <= more) {
        const byte = await this.#byte();
        if (byte === undefined) break;
        bytes.push(byte);
        if ((byte & 0xc0) !== 0x80) break;
      }
      char = fromBytes(Uint8Array.from(bytes));
    }
    this.#recorded?.push(char);
    return char;
  }

  /** One byte; undefined if none comes within the timeout. */
  async #byte(timeout?: number): Promise<number | undefined> {
    const { shell, hooks } = this;
    const { process } = shell;
    const until = timeout === undefined ? undefined : process.clock.now + timeout;
    await hooks.flush();
    for (;;) {
      const read = await this.#read(until);
      if (read === 'timeout') return undefined;
      if (read !== 'interrupted') {
        const [byte] = read;
        if (byte === undefined) throw new InputEnded();
        return byte;
      }
      if (this.#resized) {
        this.#resized = false;
        hooks.resized();
        await hooks.flush();
      }
      if (shell.interrupted) {
        shell.interrupted = false;
        throw new GivenUp();
      }
      if (shell.terminating !== undefined) throw new InputEnded();
      if (hasPending(shell)) await handlePending(shell);
    }
  }

  /** Notes resizes until the result is called. */
  watchSize(): () => void {
    return this.shell.process.signals.handle('SIGWINCH', () => {
      this.#resized = true;
    });
  }

  async #read(until: number | undefined): Promise<Uint8Array | 'timeout' | 'interrupted'> {
    const { process } = this.shell;
    const { clock, fds } = process;
    if (until !== undefined) {
      const file = fds.get(0);
      const now = file?.read(1) ?? 'wait';
      if (file === undefined || now !== 'wait') return now !== 'wait' && now.ok ? now.value : new Uint8Array();
      const ready = await process.block<boolean>(
        (wake) => {
          const timer = clock.setTimer(Math.max(0, until - clock.now), () => wake(false));
          const cancel = file.onReadable(() => wake(true));
          return () => {
            clock.cancel(timer);
            cancel();
          };
        },
        { interruptible: true },
      );
      if (!ready.ok) return 'interrupted';
      if (!ready.value) return 'timeout';
    }
    const idle = clock.setTimer(
      PAUSE_MS,
      () => {
        if (process.status === undefined) this.hooks.idle();
      },
      { background: true },
    );
    const read = await fds.read(0, 1);
    clock.cancel(idle);
    if (read.ok) return read.value;
    return read.error.code === 'EINTR' ? 'interrupted' : new Uint8Array();
  }
}
