import { expect, test } from 'vitest';
import { run } from '../shell/testing/machine';
import { programs } from '.';

const said = async (name: string): Promise<string> =>
  (await run(['command-not-found', '--no-failure-msg', '--', name], '', programs)).stderr;

test('Debian words what may have been meant', async () => {
  expect(await said('sl')).toBe("Command 'sl' not found, but can be installed with:\napt install sl\n");
  expect(await said('kubctl')).toBe(
    "Command 'kubctl' not found, did you mean:\n  command 'kubectl' from deb kubectl (1.33.1-1.1)\nTry: apt install <deb name>\n",
  );
  expect(await said('gti')).toContain("  command 'git' from deb git (1:2.39.5-0+deb12u2)\n");
  expect(await said('nosuchcommand')).toBe('');
});
