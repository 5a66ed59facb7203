import { decode } from '../../../linux/io/bytes';
import type { Reader } from './streams';

/** Documents of a stream that has one on each line, as they come. */
export async function* jsonLines<T>(from: Reader): AsyncGenerator<T> {
  let rest = '';
  for (;;) {
    const bytes = await from.read();
    if (bytes === undefined) break;
    const lines = (rest + decode(bytes)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as T;
  }
  if (rest.trim() !== '') yield JSON.parse(rest) as T;
}
