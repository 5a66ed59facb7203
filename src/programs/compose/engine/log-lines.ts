import { concat, decode, noBytes } from '../../../linux/io/bytes';

interface Reader {
  read(): Promise<Uint8Array | undefined>;
}

export type Stream = 'stdout' | 'stderr';

/** The lines of a container's output: of both streams, multiplexed (pkg/stdcopy), or raw from a terminal. */
export async function eachLine(
  from: Reader,
  raw: boolean,
  take: (line: string, stream: Stream) => Promise<unknown>,
): Promise<void> {
  const rest: Record<Stream, Uint8Array> = { stdout: noBytes, stderr: noBytes };
  const feed = async (bytes: Uint8Array, stream: Stream): Promise<void> => {
    let all = rest[stream].length === 0 ? bytes : concat([rest[stream], bytes]);
    for (;;) {
      const end = all.indexOf(10);
      if (end < 0) break;
      const line = decode(all.subarray(0, end));
      all = all.subarray(end + 1);
      await take(raw ? line.replace(/\r$/, '') : line, stream);
    }
    rest[stream] = all;
  };
  let frame: Uint8Array = noBytes;
  for (;;) {
    const bytes = await from.read();
    if (bytes === undefined) break;
    if (raw) {
      await feed(bytes, 'stdout');
      continue;
    }
    frame = frame.length === 0 ? bytes : concat([frame, bytes]);
    while (frame.length >= 8) {
      const length = new DataView(frame.buffer, frame.byteOffset).getUint32(4);
      if (frame.length < 8 + length) break;
      await feed(frame.subarray(8, 8 + length), frame[0] === 2 ? 'stderr' : 'stdout');
      frame = frame.subarray(8 + length);
    }
  }
  for (const stream of ['stdout', 'stderr'] as const)
    if (rest[stream].length > 0) await take(decode(rest[stream]), stream);
}
