import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * When the real engine last answered before a section (its commands have numbers above one). Undefined where nothing is
 * recorded of it.
 */
export function lastAnswerBefore(recordings: string, number: number): number | undefined {
  const folder = join(recordings, 'api');
  if (!existsSync(folder)) return undefined;
  for (const file of readdirSync(folder).sort().reverse()) {
    if (Number.parseInt(file, 10) > number) continue;
    const dates = readFileSync(join(folder, file), 'utf8').matchAll(/"Date":\s*"([^"]+)"/g);
    const times = [...dates].map(([, date = '']) => Date.parse(date));
    if (times.length > 0) return Math.max(...times);
  }
  return undefined;
}
