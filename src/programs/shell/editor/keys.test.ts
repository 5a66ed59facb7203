import { expect, test } from 'vitest';
import { completionKeys } from './testing/recorded/completion';
import { emacsKeys } from './testing/recorded/emacs';
import { listsKeys } from './testing/recorded/lists';
import { historyKeys } from './testing/recorded/history';
import { viKeys } from './testing/recorded/vi';
import type { RecordedCase, RecordedKeys } from './testing/recorded/types';
import { Terminal, type Seen } from './testing/terminal';

/** What bash has not must not be in the way. */
const withoutOwn = 'set suggestions off\nset completion-menu off\n';

async function play({ history = [], files = [] }: RecordedKeys, [keys, , , setup]: RecordedCase): Promise<Seen> {
  const inputrc = withoutOwn + (setup?.inputrc ?? '');
  const terminal = new Terminal({ history, files, ...setup, inputrc });
  // A lone ESC is waited for in vi mode, as whoever recorded did.
  for (const part of keys.startsWith('set -o vi') ? keys.split(/(?<=\x1b)/) : [keys])
    await terminal.type(part, part.endsWith('\x1b') ? 700 : 10);
  await terminal.type('');
  return terminal.see();
}

test.each([
  ['emacs', emacsKeys],
  ['history', historyKeys],
  ['vi', viKeys],
  ['completion', completionKeys],
  ['lists', listsKeys],
])('%s: the screen is that of bash', async (_name, recorded) => {
  const different: unknown[] = [];
  for (const group of recorded)
    for (const each of group.cases) {
      const [keys, screen, cursor] = each;
      const seen = await play(group, each);
      if (JSON.stringify(seen) !== JSON.stringify({ screen, cursor }))
        different.push({ keys, seen, recorded: { screen, cursor } });
    }
  expect(different).toEqual([]);
});
