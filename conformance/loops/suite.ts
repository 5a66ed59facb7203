import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Comparison, Suite } from '../runner';
import { replay } from './replay';

async function* compare(recordings: string, name: string): AsyncIterable<Comparison> {
  const { wanted, got } = await replay(recordings, name);
  const parts = (['objects', 'events'] as const).map((part) => {
    const lacking = wanted[part].filter((each) => !got[part].includes(each)).map((each) => `  - ${each}\n`);
    const surplus = got[part].filter((each) => !wanted[part].includes(each)).map((each) => `  + ${each}\n`);
    return { same: wanted[part].join('\n') === got[part].join('\n'), text: [...lacking, ...surplus].join('') };
  });
  yield { id: name, same: parts.every(({ same }) => same), difference: parts.map(({ text }) => text).join('') };
}

/** What controllers leave behind, beside what the real ones left. */
export const suite: Suite = {
  name: 'loops',
  folder: 'kubernetes/loops',
  files: (recordings) =>
    readdirSync(recordings)
      .filter((file) => file.endsWith('.jsonl'))
      .map((file) => file.slice(0, -'.jsonl'.length))
      .filter((name) => existsSync(join(recordings, 'final', `${name}.json`)))
      .sort(),
  replay: compare,
};
