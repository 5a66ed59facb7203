import { expect, test } from 'vitest';
import { bash } from './testing/machine';
import { recorded } from './testing/recorded';

// What real bash answered; the table is one test, because a machine for each would only cost time.
test('bash -c does what bash 5.2 did', async () => {
  for (const [script, stdout, stderr = '', status = 0] of recorded) {
    expect({ script, ...(await bash(script)) }).toEqual({ script, stdout, stderr, status });
  }
});
