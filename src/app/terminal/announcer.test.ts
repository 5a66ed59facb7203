import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Announcer } from './announcer';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('output is said once when it rests, without prompt, echo and escapes', () => {
  const said: string[] = [];
  const announcer = new Announcer((text) => said.push(text));
  for (const letter of 'date') announcer.hear(bytes(letter));
  announcer.entered();
  announcer.hear(bytes('\u001b[?2004l\r\nMon '));
  vi.advanceTimersByTime(100);
  announcer.hear(bytes('Jan 5\r\n\u001b[1mworkstation\u001b[0m:~# '));
  vi.advanceTimersByTime(1000);
  expect(said).toEqual(['Mon Jan 5']);
});

test('a long table is summed up', () => {
  const said: string[] = [];
  const announcer = new Announcer((text) => said.push(text));
  announcer.hear(bytes(Array.from({ length: 200 }, (_, index) => `pod-${index}\r\n`).join('') + '# '));
  vi.advanceTimersByTime(1000);
  expect(said).toEqual(['pod-0. pod-1. pod-2. pod-3. pod-4. pod-5. And 194 more lines.']);
});
