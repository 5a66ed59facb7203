import { expect, test } from 'vitest';
import { machine } from '../shell/testing/machine';
import { programs } from '.';
import { EditorSession } from './testing/screen';

const open = (argv: readonly string[], files: Readonly<Record<string, string>> = {}): EditorSession =>
  new EditorSession(machine(programs), argv, files);

const manifest = 'apiVersion: v1\nkind: Pod\n\tname: x\n';
const tildes = (count: number): readonly string[] => Array.from({ length: count }, () => '~');

test('a file is shown, changed, written and left', async () => {
  const vi = open(['vim', 'p.yaml'], { '/tmp/p.yaml': manifest });
  expect(await vi.type('')).toEqual([
    'apiVersion: v1',
    'kind: Pod',
    '        name: x',
    ...tildes(20),
    '"p.yaml" 3L, 34B                                              1,1           All',
  ]);
  expect((await vi.type('i')).at(-1)).toBe(
    '-- INSERT --                                                  1,1           All',
  );
  expect((await vi.type('ab', '\x1b', ':q\r')).at(-1)).toBe(
    'E37: No write since last change (add ! to override)           1,2           All',
  );
  expect((await vi.type(':w\r')).at(-1)).toBe(
    '"p.yaml" 3L, 36B written                                      1,2           All',
  );
  expect(vi.text('/tmp/p.yaml')).toBe(`ab${manifest}`);
  expect((await vi.type('jj', '2"a3d')).at(-1)).toBe(
    '"p.yaml" 3L, 36B written                            2"a3d     3,1-8         All',
  );
  await vi.type('\x1b', ':q\r');
  expect(vi.ended).toBe(0);
});

test('errors are told as vim tells them', async () => {
  const vi = open(['vi', 'new.txt']);
  expect((await vi.type('')).at(-1)).toBe(
    '"new.txt" [New]                                               0,0-1         All',
  );
  const told = async (keys: string): Promise<string> => ((await vi.type(keys)).at(-1) ?? '').slice(0, 62).trimEnd();
  expect(await told(':foo\r')).toBe('E492: Not an editor command: foo');
  expect(await told('/zzz\r')).toBe('E486: Pattern not found: zzz');
  expect(await told(':set nosuch\r')).toBe('E518: Unknown option: nosuch');
  expect(await told('ihello\x1b')).toBe('');
  expect(await told('xu')).toBe('1 change; before #2  0 seconds ago');
  expect(await told(':e other\r')).toBe('E37: No write since last change (add ! to override)');
  expect(await told('qa')).toBe('recording @a');
  expect(await told('qR')).toBe('-- REPLACE --');
  expect(await told('\x1bV')).toBe('-- VISUAL LINE --                                   1');
  await vi.type('\x1bZZ');
  expect(vi.ended).toBe(0);
  expect(vi.text('/tmp/new.txt')).toBe('hello\n');
});

test('what is long wraps, what is far is scrolled to, the window changes its size', async () => {
  const lines = Array.from({ length: 60 }, (_, index) => String(index + 1));
  const vi = open(['vim', '-R', 'n.txt'], {
    '/tmp/n.txt': `${lines.join('\n')}\n`,
    '/root/.vimrc': 'set so=5 ruler sc\n',
  });
  await vi.type('25G', '30G', ':set nu\r');
  const rows = vi.screen.rows;
  expect(rows[0]).toBe(' 13 13');
  expect(rows[22]).toBe(' 35 35');
  expect(rows[23]).toBe(':set nu                                                       30,1          32%');
  vi.pty.resize({ rows: 10, columns: 60 });
  expect((await vi.type(':w\r'))[9]).toMatch(/^E45: 'readonly' option is set/);
  await vi.type(':q!\r');
  expect(vi.ended).toBe(0);
});

test('the shell runs under it, and filters', async () => {
  const vi = open(['vim', 'a'], { '/tmp/a': 'b\na\n' });
  await vi.type(':%!cat; echo more\r', ':r !echo read\r', ':wq\r');
  expect(vi.text('/tmp/a')).toBe('b\nread\na\nmore\n');
  expect(vi.ended).toBe(0);
});

test("busybox's vi has its own last line", async () => {
  const vi = open(['busybox-vi', 'p.yaml'], { '/tmp/p.yaml': manifest });
  expect((await vi.type('j')).at(-1)).toBe('- p.yaml 2/3 66%');
  expect((await vi.type('ix')).at(-1)).toBe('I p.yaml [Modified] 2/3 66%');
  expect((await vi.type('\x1b:w\r')).at(-1)).toBe("'p.yaml' 3L, 35C");
  await vi.type(':q\r');
  expect(vi.ended).toBe(0);
});

const pane = (verb: string, text = ''): string => `\x1b]7733;${verb};${Buffer.from(text).toString('base64')}\x07`;

test.each(['vi', 'nano'])('the file of %s is shown and saved from outside, and the editor closed', async (name) => {
  const session = open([name, 'p.yaml'], { '/tmp/p.yaml': 'a: ü\n' });
  await session.type('');
  expect(session.screen.heard).toEqual([['here', 'p.yaml']]);
  await session.type(pane('show'));
  expect(session.screen.heard.at(-1)?.[0]).toBe('text');
  expect(JSON.parse(session.screen.heard.at(-1)?.[1] ?? '')).toEqual({
    path: 'p.yaml',
    text: 'a: ü\n',
    readOnly: false,
  });
  const save = pane('save', 'a: ö\nb: 2\n');
  await session.type(save.slice(0, 20), save.slice(20));
  expect(session.screen.heard.at(-1)).toEqual(['saved', name === 'vi' ? '"p.yaml" 2L, 11B written' : 'Wrote 2 lines']);
  expect(session.text('/tmp/p.yaml')).toBe('a: ö\nb: 2\n');
  await session.type(pane('close'));
  expect(session.screen.heard.at(-1)?.[0]).toBe('gone');
  expect(session.ended).toBe(0);
});
