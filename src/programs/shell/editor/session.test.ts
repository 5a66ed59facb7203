import { expect, test } from 'vitest';
import { run, Session } from '../testing/machine';

const begin = async (...args: ConstructorParameters<typeof Session>): Promise<Session> => {
  const session = new Session(...args);
  await session.clock.advance(10);
  return session;
};

test('lines run, and Control-C ends what runs', async () => {
  const session = await begin();
  expect(await session.type('echo hi\r')).toBe('echo hi\nhi\n$ ');
  expect(await session.type('sleep 9\r')).toBe('sleep 9\n');
  expect(await session.type('\x03')).toBe('^C\n$ ');
  expect(await session.type('echo $?\r')).toBe('echo $?\n130\n$ ');
  expect(await session.type('while :; do :; done; echo NO\r')).toBe('while :; do :; done; echo NO\n');
  expect(await session.type('\x03', 100)).toBe('^C\n$ ');
  expect(await session.type('while true; do sleep 1; done; echo NO\r', 2500)).toBe(
    'while true; do sleep 1; done; echo NO\n',
  );
  expect(await session.type('\x03')).toBe('^C\n$ ');
  expect(await session.type("echo 'abc\r")).toBe("echo 'abc\n> ");
  expect(await session.type('\x03')).toBe('^C\n$ ');
});

test('jobs stop, go on in the background and come back', async () => {
  const session = await begin();
  await session.type('sleep 20\r');
  expect(await session.type('\x1a')).toBe('^Z\n[1]+  Stopped                 sleep 20\n$ ');
  expect(await session.type('jobs\r')).toBe('jobs\n[1]+  Stopped                 sleep 20\n$ ');
  expect(await session.type('bg\r')).toBe('bg\n[1]+ sleep 20 &\n$ ');
  expect(await session.type('fg\r')).toBe('fg\nsleep 20\n');
  expect(await session.type('\x03')).toBe('^C\n$ ');
  expect(await session.type('sleep 30 &\r')).toMatch(/^sleep 30 &\n\[1\] \d+\n\$ $/);
  expect(await session.type('kill %1\r')).toBe('kill %1\n[1]+  Terminated              sleep 30\n$ ');
  expect(await session.type('for i in 1 2 3; do sleep 1 & done; wait; echo $SECONDS\r', 3000)).toContain(
    `\n1\n[1]   Done                    sleep 1\n[2]-  Done                    sleep 1\n[3]+  Done                    sleep 1\n$ `,
  );
});

test('what is unfinished asks for more', async () => {
  const session = await begin();
  expect(await session.type('cat <<E\rone\r$HOME\rE\r')).toBe('cat <<E\n> one\n> $HOME\n> E\none\n/root\n$ ');
  expect(await session.type('f() {\recho f\r}\rf\r')).toBe('f() {\n> echo f\n> }\n$ f\nf\n$ ');
  expect(await session.type('if true; done\recho $?\r')).toBe(
    "if true; done\nbash: syntax error near unexpected token `done'\n$ echo $?\n2\n$ ",
  );
  expect(await session.type('cat > n.txt\rtext\r\x04')).toBe('cat > n.txt\ntext\n$ ');
  expect(await session.type('cat n.txt\r')).toBe('cat n.txt\ntext\n$ ');
  expect(await session.type('read -p "ok? " a; [[ $a == y ]] && echo bye\r')).toMatch(/\nok\? $/);
  expect(await session.type('y\r')).toBe('y\nbye\n$ ');
});

/** What a terminal that understands little shows of the last row. */
function lastRow(output: string): string {
  let row = '';
  let column = 0;
  for (const [all, sequence, count, final] of output.matchAll(/(\x1b\[\??(\d*)(?:;\d+)*([A-Za-z])|[^])/g)) {
    if (final === 'D') column -= Number(count || 1);
    else if (final === 'C') column += Number(count || 1);
    else if (final === 'J') row = row.slice(0, column);
    else if (sequence !== undefined && final !== undefined) continue;
    else if (all === '\r') column = 0;
    else if (all === '\b') column--;
    else if (all === '\n') [row, column] = ['', 0];
    else if (all !== '\x07') {
      row = row.slice(0, column).padEnd(column) + all + row.slice(column + 1);
      column++;
    }
  }
  return row;
}

test.each([
  ['echo abc\x01X', '$ Xecho abc'],
  ['echo abc def\x17Z', '$ echo abc Z'],
  ['one two\x01\x1bfX', '$ oneX two'],
  ['one two\x1bb\x0b\x01\x19-', '$ two-one '],
  ['kill me\x15\x19\x19', '$ kill mekill me'],
  ['abc\x02\x02\x04', '$ ac'],
  ['ab\x14', '$ ba'],
  ['äöü\x7f\x7fx', '$ äx'],
  ['abc\x1f', '$ '],
])('editing %j', async (typed, expected) => {
  const session = await begin();
  await session.type(typed);
  expect(lastRow(session.output)).toBe(expected);
});

test('history comes back', async () => {
  const session = await begin();
  await session.type('echo one\recho two words\r');
  await session.type('\x1b[A\x1b[A');
  expect(lastRow(session.output)).toBe('$ echo one');
  await session.type('\x1b[B!');
  expect(lastRow(session.output)).toBe('$ echo two words!');
  await session.type('\x03echo \x1b.');
  expect(lastRow(session.output)).toBe('$ echo words');
  await session.type('\x15\x12one\x12');
  expect(lastRow(session.output)).toContain("reverse-i-search)`one': echo one");
  expect(await session.type('\r')).toMatch(/\none\n\$ $/);
  expect(await session.type('!!\r')).toBe('!!\necho one\none\n$ ');
  expect(await session.type('echo !two:2 !$\r')).toBe('echo !two:2 !$\nbash: !two: event not found\n$ ');
});

test('Tab completes commands, files and variables', async () => {
  const session = await begin();
  await session.type('touchy() { :; }; echo x > alpha.txt; echo > "be ta"\r');
  await session.type('cat al\t');
  expect(lastRow(session.output)).toBe('$ cat alpha.txt ');
  await session.type('\x15cat be\t');
  expect(lastRow(session.output)).toBe('$ cat be\\ ta ');
  await session.type('\x15touc\t');
  expect(lastRow(session.output)).toBe('$ touchy ');
  await session.type('\x15echo $HO\t');
  expect(lastRow(session.output)).toMatch(/^\$ echo \$HO(ME|STNAME|STTYPE)?$/);
  const shown = await session.type('\x15ex\t\t');
  expect(shown).toContain('\nexec    exit    export\r\x1b[1A');
});

test('a line wider than the terminal wraps and can be edited on both rows', async () => {
  const session = await begin(['bash', '--norc'], 20);
  const text = 'echo 0123456789abcdefghij';
  expect(await session.type(text)).toBe('echo 0123456789abc \rdefghij');
  await session.type('\x01');
  expect(await session.type('\x05 z\r')).toContain('0123456789abcdefghij z\n');
});

test('what is pasted is inserted, not run line by line', async () => {
  const session = await begin();
  expect(await session.type('\x1b[200~echo a\recho b\x1b[201~')).toBe('echo a\necho b');
  expect(await session.type('\r')).toBe('\na\nb\n$ ');
});

test('wide characters, colours in the prompt, and a resize', async () => {
  const session = await begin(['bash', '--norc'], 20);
  await session.type("PS1='\\[\\e[1;32m\\]box\\[\\e[0m\\]> '\r");
  expect(await session.type('echo 日本\x1b[D\x7f-')).toBe('echo 日本\b\b\b\b\x1b[J本\b\b\x1b[J-本\b\b');
  session.pty.resize({ rows: 24, columns: 12 });
  expect(await session.type('\x05x\r', 50)).toContain('-本x\n');
});

test('aliases, exit and the history file', async () => {
  const session = await begin();
  expect(await session.type("alias k='echo kube'\rk get\r")).toBe("alias k='echo kube'\n$ k get\nkube get\n$ ");
  await session.type('exit 3\r');
  expect(session.ended).toBe(3);
  const history = session.host.fs.readText('/root/.bash_history');
  expect(history.ok && history.value).toBe("alias k='echo kube'\nk get\nexit 3\n");
  expect(session.host.processes(session.host.init).length).toBe(1);
});

test('a typed line is one cause', async () => {
  const session = await begin();
  await session.type('hello | cat\r');
  const spans = session.trace.since(0);
  const typed = spans.find(({ verb }) => verb === 'run');
  expect([typed?.actor, typed?.subject, typed?.parent]).toEqual(['bash@box', 'hello | cat', 0]);
  const exec = spans.find(({ verb, subject }) => verb === 'exec' && subject === 'cat');
  expect(exec === undefined || session.trace.why(exec.id).at(-1)?.id === typed?.id).toBe(true);
});

test('scripts on standard input leave the rest to their commands', async () => {
  expect(await run(['bash'], 'read x\ndata\necho "got $x"; cat\nrest\n')).toEqual({
    stdout: 'got data\nrest\n',
    stderr: '',
    status: 0,
  });
  expect(await run(['sh', '-c', 'foo; echo $?; echo "a\\tb"'])).toEqual({
    stdout: '127\na\tb\n',
    stderr: 'sh: 1: foo: not found\n',
    status: 0,
  });
  expect((await run(['ash', '-c', 'foo'])).stderr).toBe('ash: line 0: foo: not found\n');
});
