import { expect, test } from 'vitest';
import script from './recorded/systemctl.sh?raw';
import recorded from './recorded/systemctl.txt?raw';
import { makeBench } from './testing';
import { transcript } from './transcript';

// `recorded/systemctl.txt` is what systemd 252 of Debian 12 answered to the same script.
test('systemctl, journalctl and service answer as systemd does', async () => {
  const { out } = await makeBench().bash(script);
  expect(transcript(out)).toEqual(transcript(recorded));
});
