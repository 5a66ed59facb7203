import type { Clock } from '../../sim/clock';
import { concat, encode, noBytes } from '../../linux/io/bytes';
import type { FileSystem } from '../../linux/fs/types';
import type { Body, BodyStream } from '../../linux/net/http/message';
import type { LogOptions } from '../apiserver/rest/node-connections';

export interface LogSource {
  readonly fs: FileSystem;
  readonly clock: Clock;
  /** On the node. */
  readonly path: string;
  /** Whether more may come. */
  readonly live: () => boolean;
  /** Calls when the container ends. */
  readonly onEnd: (listener: () => void) => () => void;
}

/** One line of a log in the CRI's format: `<time> <stream> <F|P> <text>`. */
interface Line {
  readonly time: string;
  readonly text: Uint8Array;
  readonly whole: boolean;
}

const SPACE = 32;
const NEWLINE = 10;

/** A container's log as `kubectl logs` asks for it. Upstream: pkg/kubelet/kuberuntime/logs */
export function readLogs(source: LogSource, options: LogOptions): Body {
  const { fs, path, clock } = source;
  const read = (): Uint8Array => {
    const content = fs.readFile(path);
    return content.ok ? content.value : noBytes;
  };
  const { sinceSeconds, sinceTime, tailLines, limitBytes, timestamps } = options;
  const since =
    sinceSeconds !== undefined
      ? new Date(clock.now - sinceSeconds * 1000).toISOString()
      : sinceTime === undefined
        ? ''
        : new Date(sinceTime).toISOString();
  const wanted = ({ time }: Line): boolean => since === '' || time >= since.slice(0, 19);
  const print = ({ time, text, whole }: Line): Uint8Array =>
    concat([timestamps ? encode(`${time} `) : noBytes, text, whole ? encode('\n') : noBytes]);

  const first = read();
  let lines = parse(first);
  let offset = lines.reduce((sum, { size }) => sum + size, 0);
  if (tailLines !== undefined) lines = lines.slice(Math.max(0, lines.length - tailLines));
  let left = limitBytes ?? Infinity;
  const take = (found: readonly Line[]): Uint8Array => {
    const bytes = concat(found.filter(wanted).map(print)).subarray(0, left);
    left -= bytes.length;
    return bytes;
  };
  const begun = take(lines);
  if (!options.follow) return begun;

  let pending: Uint8Array | undefined = begun.length > 0 ? begun : undefined;
  let wake: (() => void) | undefined;
  let cancelled = false;
  const poke = (): void => {
    wake?.();
    wake = undefined;
  };
  const stops = [fs.watch(path, poke), source.onEnd(poke)];
  const close = (): void => {
    cancelled = true;
    for (const stop of stops) stop();
    poke();
  };
  const stream: BodyStream = {
    async read() {
      for (;;) {
        if (pending !== undefined) {
          const chunk = pending;
          pending = undefined;
          return chunk;
        }
        if (cancelled || left <= 0) return undefined;
        const ended = !source.live();
        const more = parse(read().subarray(offset));
        offset += more.reduce((sum, { size }) => sum + size, 0);
        const chunk = take(more);
        if (chunk.length > 0) return chunk;
        if (ended) {
          close();
          return undefined;
        }
        const woken = clock.deferred<void>();
        wake = () => woken.resolve();
        await woken.promise;
      }
    },
    cancel: close,
  };
  return stream;
}

/** Whole lines only; `size` is what each takes in the file. */
function parse(bytes: Uint8Array): readonly (Line & { readonly size: number })[] {
  const lines: (Line & { readonly size: number })[] = [];
  const decoder = new TextDecoder();
  for (let start = 0; ;) {
    const end = bytes.indexOf(NEWLINE, start);
    if (end < 0) return lines;
    const timeEnd = bytes.indexOf(SPACE, start);
    const streamEnd = bytes.indexOf(SPACE, timeEnd + 1);
    const tagEnd = bytes.indexOf(SPACE, streamEnd + 1);
    if (tagEnd > 0 && tagEnd < end) {
      lines.push({
        time: decoder.decode(bytes.subarray(start, timeEnd)),
        whole: bytes[streamEnd + 1] !== 80,
        text: bytes.subarray(tagEnd + 1, end),
        size: end + 1 - start,
      });
    } else lines.push({ time: '', whole: true, text: noBytes, size: end + 1 - start });
    start = end + 1;
  }
}
