import { expect, test } from 'vitest';
import { makeBench } from '../system/testing';
import { programs } from '.';

// The texts of Debian 12 (util-linux 2.38, coreutils 9.1, cron 3.0).
test.each([
  ['nice -n x true', 'nice: invalid adjustment ‘x’\n', 125],
  ['nice nope', 'nice: ‘nope’: No such file or directory\n', 127],
  ['nice; nice -n 5 echo hi', '0\nhi\n', 0],
  ['ionice; ionice -p 1; ionice -c2 -n3 echo hi', 'none: prio 0\nnone: prio 0\nhi\n', 0],
  ['ionice -c2 -n3 nope', 'ionice: failed to execute nope: No such file or directory\n', 127],
  ['taskset', "taskset: bad usage\nTry 'taskset --help' for more information.\n", 1],
  ['taskset 0x1 nope', 'taskset: failed to execute nope: No such file or directory\n', 127],
  ['taskset zz true', 'taskset: failed to parse CPU mask: zz\n', 1],
  ['taskset -p 99999', "taskset: failed to get pid 99999's affinity: No such process\n", 1],
  ['taskset -c 0 echo hi', 'hi\n', 0],
  ['blkid; echo $?; blkid /dev/nope', '2\n', 2],
  ['crontab -l', 'no crontab for root\n', 1],
  [
    "printf '* * * * * nope\\nbad line\\n' | crontab -",
    '"-":1: bad minute\nerrors in crontab file, can\'t install.\n',
    1,
  ],
  [
    "printf '5 * * * * true\\n' | crontab -; crontab -l; crontab -r; crontab -l",
    '5 * * * * true\nno crontab for root\n',
    1,
  ],
  [
    "printf '5 * * * * true\\n' | crontab -; EDITOR=true crontab -e; EDITOR=false crontab -e",
    'No modification made\ncrontab: "false" exited with status 1\n',
    1,
  ],
  ['crontab -u nobodyx -l', "crontab:  user `nobodyx' unknown\n", 1],
  ['crontab /nope', '/nope: No such file or directory\n', 1],
  ['loginctl list-users', 'No users.\n', 0],
])('%s', async (script, output, status) => {
  const ran = await makeBench(programs).bash(script);
  expect([ran.out + ran.err, ran.status]).toEqual([output, status]);
});
