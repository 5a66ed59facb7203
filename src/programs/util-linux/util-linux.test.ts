import { beforeEach, expect, test } from 'vitest';
import { makeBench, type Bench } from '../system/testing';
import { programs } from '.';

let bench: Bench;
beforeEach(() => {
  bench = makeBench(programs);
});

/** What a script wrote to both streams, and how it ended. */
async function run(script: string, uid = 0): Promise<readonly [string, number]> {
  const { out, err, status } = await bench.bash(script, { uid });
  return [out + err, status];
}

test('unshare makes namespaces, for itself or for what it forks', async () => {
  expect(await run('unshare -u sh -c "hostname x; hostname"; hostname')).toEqual(['x\ncontrolplane\n', 0]);
  expect(await run('unshare --fork --pid --mount-proc sh -c \'echo $$; ls /proc | grep -c "^[0-9]"\'')).toEqual([
    '1\n3\n',
    0,
  ]);
  expect(await run('unshare -n ip -br link')).toEqual([
    'lo               DOWN           00:00:00:00:00:00 <LOOPBACK> \n',
    0,
  ]);
  expect(await run('unshare -f sh -c "exit 3"')).toEqual(['', 3]);
  // The first child is init of the new pid namespace: when it has ended, no other can be born.
  expect(await run("unshare -p bash -c 'ls / >/dev/null; ls /; true'")).toEqual([
    expect.stringContaining('Cannot allocate memory'),
    expect.any(Number),
  ]);
  expect(
    await run('unshare -m sh -c "mount -t tmpfs x /tmp; touch /tmp/inner; ls /tmp"; ls /tmp | grep -c inner'),
  ).toEqual(['inner\n0\n', 1]);
});

test('a user namespace makes a user root in it', async () => {
  expect(await run('unshare -r id -u; unshare -r cat /proc/self/uid_map; unshare -U id -u; id -u', 1000)).toEqual([
    '0\n         0       1000          1\n65534\n1000\n',
    0,
  ]);
  expect(await run('unshare -rn ip -br link; unshare --map-user=5 id -u; unshare -c id -u', 1000)).toEqual([
    'lo               DOWN           00:00:00:00:00:00 <LOOPBACK> \n5\n1000\n',
    0,
  ]);
  expect(await run('unshare -n true', 1000)).toEqual(['unshare: unshare failed: Operation not permitted\n', 1]);
  expect(await run('unshare -S 5 id -u')).toEqual(['5\n', 0]);
});

test('nsenter enters the namespaces of a process', async () => {
  const script = [
    'unshare -n -u -m --fork --pid sh -c "hostname inner; mount -t tmpfs t /tmp; touch /tmp/here; sleep 100" &',
    'sleep 1',
    'pid=$(pgrep -x sleep)',
    'nsenter -t $pid -n ip -br link',
    'nsenter -t $pid -u hostname',
    'nsenter -t $pid -a sh -c "ls /tmp; hostname"',
    'nsenter --target=$pid --pid sh -c \'echo $$ ; readlink /proc/self\' | head -1 | grep -c "^[2-9]$"',
    'nsenter --net=/proc/$pid/ns/net ip -br link | wc -l',
    'test $(nsenter -t $pid -n readlink /proc/self/ns/net) = $(readlink /proc/$pid/ns/net) && echo same',
    'kill $pid',
  ].join('\n');
  expect(await run(script)).toEqual([
    'lo               DOWN           00:00:00:00:00:00 <LOOPBACK> \ninner\nhere\ninner\n1\n1\nsame\n',
    0,
  ]);
});

test('lsns lists namespaces as the real one: by number, with who stands for them', async () => {
  const rows = async (script: string): Promise<string> => (await run(script))[0].replace(/40265[34]\d+/g, 'NS');
  expect(
    await rows('unshare -n sleep 100 & sleep 1; lsns -t net | sed 1q; lsns -n -t net -o NS,TYPE,NPROCS,COMMAND'),
  ).toMatch(/^ +NS TYPE NPROCS +PID USER +NETNSID NSFS COMMAND\nNS net +\d+ \/sbin\/init\nNS net +1 sleep 100\n$/);
  const all = await rows('lsns -p $$ -o TYPE,USER');
  expect(
    all
      .split('\n')
      .map((line) => line.trim())
      .sort(),
  ).toEqual(
    [
      '',
      'TYPE   USER',
      ...['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts'].map((type) => `${type.padEnd(6)} root`),
    ].sort(),
  );
  expect(await rows('lsns -J -t uts -o ns,type,user')).toBe(
    '{\n   "namespaces": [\n      {\n         "ns": NS,\n         "type": "uts",\n         "user": "root"\n      }\n   ]\n}\n',
  );
});

test.each([
  ['nsenter -t 999999 -n true', 'nsenter: cannot open /proc/999999/ns/net: No such file or directory\n', 1],
  ['nsenter -n true', 'nsenter: neither filename nor target pid supplied for ns/net\n', 1],
  ['nsenter -t abc -n', "nsenter: failed to parse pid: 'abc'\n", 1],
  ['nsenter -t $$ -n nosuchprog', 'nsenter: failed to execute nosuchprog: No such file or directory\n', 127],
  ['nsenter -Q', "nsenter: invalid option -- 'Q'\nTry 'nsenter --help' for more information.\n", 1],
  ['nsenter -n/tmp/nofile true', 'nsenter: cannot open /tmp/nofile: No such file or directory\n', 1],
  ['unshare -Q', "unshare: invalid option -- 'Q'\nTry 'unshare --help' for more information.\n", 1],
  ['unshare -n nosuch', 'unshare: failed to execute nosuch: No such file or directory\n', 127],
  [
    'unshare --setgroups allow -r true',
    'unshare: options --setgroups=allow and --map-group are mutually exclusive\n',
    1,
  ],
  ['unshare --propagation x true', 'unshare: unsupported propagation mode: x\n', 1],
  ['unshare --kill-child=FOO true', 'unshare: unknown signal: FOO\n', 1],
  ['unshare -S x true', "unshare: failed to parse uid: 'x'\n", 1],
  ['unshare --map-user=nosuch true', "unshare: failed to parse uid: 'nosuch'\n", 1],
  ['unshare -R /nonexist true', "unshare: cannot change root directory to '/nonexist': No such file or directory\n", 1],
  ['unshare -w /tmp pwd', '/tmp\n', 0],
  ['unshare -V; lsns -V', 'unshare from util-linux 2.38.1\nlsns from util-linux 2.38.1\n', 0],
  ['lsns -t bogus', 'lsns: unknown namespace type: bogus\n', 1],
  ['lsns -o bogus', 'lsns: unknown column: bogus\n', 1],
  ['lsns 123', 'lsns: not found namespace: 123\n', 1],
  ['setsid', "setsid: no command specified\nTry 'setsid --help' for more information.\n", 1],
  ['setsid nosuch; echo $?', '127\nsetsid: failed to execute nosuch: No such file or directory\n', 0],
  ['setsid -w sh -c "exit 3"', '', 3],
  ['prlimit --nofile=5:3 true', 'prlimit: the soft limit NOFILE cannot exceed the hard limit\n', 1],
  ['prlimit --nofile=x true', 'prlimit: failed to parse NOFILE limit\n', 1],
  ['prlimit -p 999999', 'prlimit: failed to get the AS resource limit: No such process\n', 1],
  ['prlimit --nofile --noheadings', 'NOFILE max number of open files 1024 1048576 files\n', 0],
])('%s', async (script, text, status) => {
  expect(await run(script)).toEqual([text, status]);
});

test('prlimit shows all limits, and sets those of a program', async () => {
  expect((await run('prlimit | head -3'))[0]).toBe(
    'RESOURCE   DESCRIPTION                             SOFT      HARD UNITS\n' +
      'AS         address space limit                unlimited unlimited bytes\n' +
      'CORE       max core file size                         0 unlimited bytes\n',
  );
  expect((await run('prlimit --nofile=5:7 grep files /proc/self/limits'))[0]).toBe(
    'Max open files            5                    7                    files     \n',
  );
});

test('script keeps what a session shows', async () => {
  const [text, status] = await run('export SHELL=/bin/bash; script -q -e -c "echo hi; tty; exit 3" f; echo $?; cat f');
  expect([text.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'NOW'), status]).toEqual([
    'hi\r\n/dev/pts/0\r\n3\n' +
      'Script started on NOW+00:00 [COMMAND="echo hi; tty; exit 3" <not executed on terminal>]\n' +
      'hi\r\n/dev/pts/0\r\n\nScript done on NOW+00:00 [COMMAND_EXIT_CODE="3"]\n',
    0,
  ]);
  expect((await run('script -c true /nonexist/x'))[0]).toBe(
    "Script started, output log file is '/nonexist/x'.\nScript done.\nscript: cannot open /nonexist/x: No such file or directory\n",
  );
});
