import { concat, noBytes } from '../../../linux/io/bytes';
import type { ByteDuplex } from '../../../linux/net/http/message';
import type { Process, SignalName } from '../../../linux/process/types';
import type { WindowSize } from '../../../linux/tty/types';

export interface Reader {
  read(): Promise<Uint8Array | undefined>;
}

/** Copies a multiplexed stream to standard output and error (pkg/stdcopy), or a raw one to standard output. */
export async function copyOutput(process: Process, from: Reader, raw: boolean): Promise<void> {
  let rest: Uint8Array = noBytes;
  for (;;) {
    const bytes = await from.read();
    if (bytes === undefined) return;
    if (raw) {
      await process.stdout.write(bytes);
      continue;
    }
    rest = rest.length === 0 ? bytes : concat([rest, bytes]);
    for (;;) {
      if (rest.length < 8) break;
      const length = new DataView(rest.buffer, rest.byteOffset).getUint32(4);
      if (rest.length < 8 + length) break;
      const payload = rest.subarray(8, 8 + length);
      await (rest[0] === 2 ? process.stderr : process.stdout).write(payload);
      rest = rest.subarray(8 + length);
    }
  }
}

const named: Readonly<Record<string, number>> = { '@': 0, '[': 27, '\\': 28, ']': 29, '^': 30, _: 31 };

/** `ctrl-p,ctrl-q` in bytes (moby/term, ToBytes); a key that is none is the engine's to refuse. */
function keysOf(text: string): readonly number[] {
  return (text === '' ? 'ctrl-p,ctrl-q' : text).split(',').map((key) => {
    if (key.length === 1) return key.charCodeAt(0);
    const letter = key.slice('ctrl-'.length).toLowerCase();
    return named[letter] ?? letter.charCodeAt(0) - 96;
  });
}

/** Copies standard input to the container; true when the detach sequence was typed (^P ^Q on a terminal). */
export async function copyInput(process: Process, to: ByteDuplex, raw: boolean, detachKeys = ''): Promise<boolean> {
  const keys = keysOf(detachKeys);
  // What was typed of the sequence is held back until it is another one.
  let held = 0;
  for (;;) {
    const bytes = await process.stdin.read();
    if (bytes === undefined) {
      to.closeWrite?.();
      return false;
    }
    if (!raw) {
      await to.write(bytes);
      continue;
    }
    const kept: number[] = [];
    for (const byte of bytes) {
      if (byte === keys[held]) {
        if (++held < keys.length) continue;
        await to.write(Uint8Array.from(kept));
        return true;
      }
      kept.push(...keys.slice(0, held));
      held = byte === keys[0] ? 1 : 0;
      if (held === 0) kept.push(byte);
    }
    if (kept.length > 0) await to.write(Uint8Array.from(kept));
  }
}

/** Puts the terminal into raw mode; the result puts it back. */
export function rawTerminal(process: Process): () => void {
  const { tty } = process;
  if (tty === undefined) return () => undefined;
  const before = { ...tty.termios };
  Object.assign(tty.termios, {
    canonical: false,
    echo: false,
    signals: false,
    outputNewline: false,
    inputNewline: false,
    flowControl: false,
  });
  const restore = (): void => void Object.assign(tty.termios, before);
  const undo = process.atExit(restore);
  return () => {
    undo();
    restore();
  };
}

export const isTerminal = (process: Process, fd: number): boolean => process.fds.get(fd)?.kind === 'tty';

/** Calls when the terminal's size changed. */
export function onResize(process: Process, changed: (size: WindowSize) => void): () => void {
  return process.signals.handle('SIGWINCH', () => {
    if (process.tty !== undefined) changed(process.tty.size);
  });
}

const proxied: readonly SignalName[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'];

/** Passes signals on to the container instead of dying of them (`--sig-proxy`). */
export function proxySignals(process: Process, send: (signal: SignalName) => Promise<unknown>): () => void {
  const undo = proxied.map((signal) =>
    process.signals.handle(signal, () => {
      process.thread(() => send(signal));
    }),
  );
  return () => undo.forEach((restore) => restore());
}
