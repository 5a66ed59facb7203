import { expect, test } from 'vitest';
import { programs as coreutils } from '../coreutils';
import { run } from './testing/machine';
import { recorded } from './testing/recorded';

// What real bash answered; the table is one test, because a machine for each would only cost time.
test('bash -c does what bash 5.2 did', { timeout: 60_000 }, async () => {
  for (const [script, stdout, stderr = '', status = 0] of recorded) {
    const answer = await run(['bash', '-c', script], '', coreutils);
    expect({ script, ...answer }).toEqual({ script, stdout, stderr, status });
  }
});
