import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { programs as coreutils } from '../coreutils';
import { run } from './testing/machine';
import { recorded, recordedDash } from './testing/recorded';

// What real bash answered; the table is one test, because a machine for each would only cost time.
test('bash -c does what bash 5.2 did', { timeout: 60_000 }, async () => {
  for (const [script, stdout, stderr = '', status = 0] of recorded) {
    const answer = await run(['bash', '-c', script], '', coreutils);
    expect({ script, ...answer }).toEqual({ script, stdout, stderr, status });
  }
});

test('dash -c does what dash did', { timeout: 60_000 }, async () => {
  for (const [script, stdout, stderr = '', status = 0] of recordedDash) {
    const answer = await run(['dash', '-c', script], '', coreutils);
    expect({ script, ...answer }).toEqual({ script, stdout, stderr, status });
  }
});

/** Where bash itself stumbles: process substitutions after an error, `set -e` after a bad subscript. */
const KNOWN_DIFFERENCES = 3;

// Made by `testing/generate.ts`; `npm run conformance:shell -- --generate N --seed S` tries others beside the real bash.
test('generated scripts print what they printed in bash 5.2', { timeout: 60_000 }, async () => {
  const lines = readFileSync(join(import.meta.dirname, 'testing/recorded/generated.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const different: unknown[] = [];
  for (const line of lines) {
    const [script, stdout, status] = JSON.parse(line) as readonly [string, string, number];
    const answer = await run(['bash', '-c', script], '', coreutils);
    if (answer.stdout !== stdout || answer.status !== status) different.push({ script, stdout, status, answer });
  }
  expect(lines.length).toBeGreaterThanOrEqual(400);
  expect(different.slice(KNOWN_DIFFERENCES)).toEqual([]);
});
