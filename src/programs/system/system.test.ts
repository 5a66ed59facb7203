import { expect, test } from 'vitest';
import { makeBench } from './testing';
import { transcript } from './transcript';

const scripts = import.meta.glob<string>('./recorded/*.sh', { eager: true, query: '?raw', import: 'default' });
const recorded = import.meta.glob<string>('./recorded/*.txt', { eager: true, query: '?raw', import: 'default' });

// `recorded/*.txt` is what Debian 12 (systemd 252, shadow 4.13, sudo 1.9.13, util-linux 2.38 …) answered to the script.
test.each(Object.keys(scripts))('%s is answered as Debian answers it', async (path) => {
  const { out } = await makeBench().bash(scripts[path] ?? '');
  expect(transcript(out)).toEqual(transcript(recorded[path.replace('.sh', '.txt')] ?? ''));
});
