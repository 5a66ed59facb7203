import { expect, test } from 'vitest';
import { Terminal } from './testing/terminal';

const GREY = '\x1b[90m';

test('what the history goes on with is greyed, and taken by moving into it', async () => {
  const terminal = new Terminal({ history: ['echo old thing', 'echo new thing', 'ls'] });
  await terminal.type('echo ');
  expect(await terminal.see()).toEqual({ screen: ['$ echo new thing'], cursor: [7, 0] });
  expect(terminal.written).toContain(`${GREY}new thing\x1b[0m`);
  // Typing on keeps what still fits.
  await terminal.type('o');
  expect((await terminal.see()).screen).toEqual(['$ echo old thing']);
  await terminal.type('\x1bf');
  expect(await terminal.see()).toEqual({ screen: ['$ echo old thing'], cursor: [10, 0] });
  await terminal.type('\x1b[C!');
  expect(await terminal.see()).toEqual({ screen: ['$ echo old thing!'], cursor: [17, 0] });
  // What is only suggested is not run, and goes when the line is left.
  await terminal.type('\x15echo\r');
  expect((await terminal.see()).screen).toEqual(['$ echo', '', '$ ']);
  await terminal.type("bind 'set suggestions off'\recho ");
  expect((await terminal.see()).screen.at(-1)).toBe('$ echo ');
});

test('a quick typist is not disturbed by suggestions', async () => {
  const terminal = new Terminal({ history: ['echo one'] });
  await terminal.type('echo two\r', 5);
  await terminal.see();
  expect(terminal.written).not.toContain(GREY);
});

test('the second Tab opens a menu below the line', async () => {
  const terminal = new Terminal({ files: ['alpha', 'alps', 'also', 'dir/'] });
  await terminal.type('ls al\t');
  expect((await terminal.see()).screen).toEqual(['$ ls al']);
  await terminal.type('\t');
  expect(await terminal.see()).toEqual({ screen: ['$ ls al', 'alpha  alps   also'], cursor: [7, 0] });
  await terminal.type('\t\t');
  expect(await terminal.see()).toEqual({ screen: ['$ ls alps', 'alpha  alps   also'], cursor: [9, 0] });
  expect(terminal.written).toContain('\x1b[7malps\x1b[0m');
  await terminal.type('\x1b[D');
  expect((await terminal.see()).screen[0]).toBe('$ ls alpha');
  // Another key takes the choice and does what it does; Enter only takes it.
  await terminal.type('x');
  expect((await terminal.see()).screen).toEqual(['$ ls alphax']);
  await terminal.type('\x15ls al\t\t\x1b[A\r');
  expect(await terminal.see()).toEqual({ screen: ['$ ls also '], cursor: [10, 0] });
  // ESC brings back what was typed.
  await terminal.type('\x15ls al\t\t\t\x1b', 700);
  expect(await terminal.see()).toEqual({ screen: ['$ ls al'], cursor: [7, 0] });
  await terminal.type('\x15ls al\t\tp\t');
  expect((await terminal.see()).screen).toEqual(['$ ls alp']);
});

test('a menu that is too long for the screen is a window on it', async () => {
  const files = Array.from({ length: 30 }, (_, index) => `file-with-a-long-name-${String(index).padStart(2, '0')}`);
  const terminal = new Terminal({ files, rows: 6, columns: 40 });
  await terminal.type('ls \t\t\t');
  expect((await terminal.see()).screen).toEqual([
    '$ ls file-with-a-long-name-',
    'file-with-a-long-name-00',
    'file-with-a-long-name-01',
    'file-with-a-long-name-02',
    'file-with-a-long-name-03',
    'rows 1 to 4 of 30',
  ]);
  await terminal.type('\t'.repeat(6));
  const { screen } = await terminal.see();
  expect([screen[0], screen[4], screen[5]]).toEqual([
    '$ ls file-with-a-long-name-05',
    'file-with-a-long-name-05',
    'rows 3 to 6 of 30',
  ]);
});

test('a hundred and more are asked about, and shown page by page', async () => {
  const files = Array.from({ length: 120 }, (_, index) => `f${String(index).padStart(3, '0')}`);
  const terminal = new Terminal({ files, rows: 8, columns: 40 });
  await terminal.type('ls f\t\t');
  expect((await terminal.see()).screen).toEqual(['$ ls f', 'Display all 120 possibilities? (y or n)']);
  await terminal.type('n');
  expect((await terminal.see()).screen.at(-1)).toBe('$ ls f');
  await terminal.type('\t\ty');
  expect((await terminal.see()).screen.at(-1)).toBe('--More--');
  await terminal.type('\r');
  expect((await terminal.see()).screen.at(-1)).toBe('--More--');
  await terminal.type('q');
  expect((await terminal.see()).screen.at(-1)).toBe('$ ls f');
});

test('with the menu off, lists are those of bash', async () => {
  const terminal = new Terminal({ files: ['alpha', 'also'], inputrc: 'set completion-menu off\n' });
  await terminal.type('ls al\t\t');
  expect((await terminal.see()).screen).toEqual(['$ ls al', 'alpha  also   ', '$ ls al']);
});

test('functions with descriptions are a menu, too', async () => {
  const terminal = new Terminal();
  await terminal.type("f() { COMPREPLY=('start   (Starts it)' 'status  (Tells)'); }; complete -F f svc\r");
  await terminal.type('svc sta\t\t');
  expect((await terminal.see()).screen.slice(-3)).toEqual(['$ svc sta', 'start   (Starts it)', 'status  (Tells)']);
  await terminal.type('\t\t\r');
  expect((await terminal.see()).screen.at(-1)).toBe('$ svc status ');
});

test('users, hosts, variables, jobs and paths behind variables', async () => {
  const terminal = new Terminal({
    files: ['docs/readme'],
    prepare: ({ fs }) => void fs.writeFile('/etc/hosts', '127.0.0.1 localhost\n172.30.2.2 node1\n'),
  });
  const completed = async (keys: string): Promise<string | undefined> => {
    await terminal.type(`${keys}\t`);
    const row = (await terminal.see()).screen.at(-1);
    await terminal.type('\x15');
    return row;
  };
  expect(await completed('ls ~ro')).toBe('$ ls ~root/');
  expect(await completed('ssh no')).toBe('$ ssh node1 ');
  expect(await completed('ssh root@no')).toBe('$ ssh root@node1 ');
  await terminal.type('there=$PWD\rsleep 99 &\r\x0c');
  expect(await completed('ls $there/do')).toBe('$ ls $there/docs/');
  expect(await completed('echo ${ther')).toBe('$ echo ${there}/');
  expect(await completed('kill %sl')).toBe('$ kill %sleep ');
  expect(await completed('unset ther')).toBe('$ unset there ');
});

test('a resize draws the line anew and leaves nothing of the old', async () => {
  const terminal = new Terminal({ columns: 40, rows: 10 });
  const line = 'echo one two three four five six seven eight nine ten';
  await terminal.type(`echo above\r${line}\x1bb`);
  await terminal.see();
  for (const columns of [25, 60, 12, 40]) {
    terminal.resize(10, columns);
    await terminal.type('');
    const { screen } = await terminal.see();
    const rows: string[] = [];
    for (let at = 0; at < line.length + 2; at += columns) rows.push(`$ ${line}`.slice(at, at + columns).trimEnd());
    expect(screen.slice(-rows.length)).toEqual(rows);
    expect(screen.filter((row) => row.startsWith('$ echo one')).length).toBe(1);
  }
  await terminal.type('X\r');
  expect((await terminal.see()).screen.join(' ')).toContain('nine Xten');
});

test('^S searches forward, and what was found is left where ^G began', async () => {
  const terminal = new Terminal({ history: ['git add', 'git commit', 'ls'] });
  await terminal.type('\x12git\x12');
  expect((await terminal.see()).screen).toEqual(["(reverse-i-search)`git': git add"]);
  await terminal.type('\x13');
  expect((await terminal.see()).screen).toEqual(["(i-search)`git': git commit"]);
  await terminal.type('\x07');
  expect((await terminal.see()).screen).toEqual(['$ ']);
});
