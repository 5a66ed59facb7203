import { beforeEach, expect, test } from 'vitest';
import { Clock } from '../../sim/clock';
import { Trace } from '../../sim/trace';
import { decode, encode } from '../io/bytes';
import { createPty } from './pty';
import type { PtyMaster } from './types';

let clock: Clock;
let master: PtyMaster;
let shown = '';
let signals: string[] = [];

beforeEach(() => {
  clock = new Clock({
    start: 0,
    settle: () => new Promise((resolve) => setImmediate(resolve)),
    trace: new Trace(),
  });
  shown = '';
  signals = [];
  master = createPty({
    clock,
    index: 0,
    size: { rows: 24, columns: 80 },
    signalGroup: (group, signal) => signals.push(`${signal} to ${group}`),
    signalSession: (session, signal) => signals.push(`${signal} to session ${session}`),
  });
  master.onOutput((bytes) => {
    shown += decode(bytes);
  });
});

const type = (text: string): void => master.input(encode(text));
const read = (max = 4096): string => {
  const result = master.tty.open().read(max);
  return result === 'wait' ? 'wait' : result.ok ? decode(result.value) : result.error.code;
};

test('a line is read when Enter comes, echoed as it is typed', () => {
  type('ls -l');
  expect(read()).toBe('wait');
  type('\r');
  expect(read()).toBe('ls -l\n');
  expect(shown).toBe('ls -l\r\n');
});

test('backspace, word erase and kill edit the line and the screen', () => {
  type('cat wrong\x17right\x7f\x7fst\r');
  expect(read()).toBe('cat rigst\n');
  type('all gone\x15new\r');
  expect(read()).toBe('new\n');
  type('é\x7fe\r');
  expect(read()).toBe('e\n');
});

test('^D is end of file at the start of a line, and sends the line elsewhere', () => {
  type('\x04');
  expect(read()).toBe('');
  type('ab\x04');
  expect(read()).toBe('ab');
});

test('^C, ^Z and ^\\ are signals to the foreground group and throw the line away', () => {
  master.tty.foregroundGroup = 42;
  type('half a line\x03');
  type('\x1a\x1c');
  expect(signals).toEqual(['SIGINT to 42', 'SIGTSTP to 42', 'SIGQUIT to 42']);
  expect(shown).toBe('half a line^C^Z^\\');
  type('x\r');
  expect(read()).toBe('x\n');
});

test('raw mode hands over bytes as they come, without echo', () => {
  Object.assign(master.tty.termios, { canonical: false, echo: false, signals: false, inputNewline: false });
  type('a\x03\r');
  expect(read()).toBe('a\x03\r');
  expect(shown).toBe('');
});

test('^S holds output back and ^Q lets it go', () => {
  type('\x13');
  master.tty.open().write(encode('one\n'));
  expect(shown).toBe('');
  type('\x11');
  expect(shown).toBe('one\r\n');
});

test('a new window size is SIGWINCH, a hangup SIGHUP and end of file', () => {
  master.tty.foregroundGroup = 7;
  master.tty.session = 3;
  master.resize({ rows: 30, columns: 100 });
  master.resize({ rows: 30, columns: 100 });
  master.hangup();
  expect(signals).toEqual(['SIGWINCH to 7', 'SIGHUP to session 3', 'SIGCONT to session 3']);
  expect(read()).toBe('');
  expect(master.tty.size).toEqual({ rows: 30, columns: 100 });
});

test('the screen follows the erasing of tabs and control characters; ^R shows the line again', () => {
  type('a\tb\x01\x7f\x7f\x7f');
  // ^A took two columns, b one, the tab seven.
  expect(shown).toBe('a\tb^A' + '\b \b\b \b' + '\b \b' + '\b'.repeat(7));
  shown = '';
  type('x\x12\r');
  expect(shown).toBe('x^R\r\nax\r\n');
  expect(read()).toBe('ax\n');
});

test('^V takes the next character as it is', () => {
  type('\x16\x03\r');
  expect(shown).toBe('^\b^C\r\n');
  expect([read(), signals]).toEqual(['\x03\n', []]);
});

test('flags change what is echoed, erased and signalled', () => {
  const { termios } = master.tty;
  Object.assign(termios, { echoctl: false });
  type('\x01\r');
  expect(shown).toBe('\x01\r\n');
  read();
  shown = '';
  Object.assign(termios, { echo: false, echonl: true });
  type('secret\r');
  expect([shown, read()]).toEqual(['\r\n', 'secret\n']);
  Object.assign(termios, { echo: true, echoctl: true, echoprt: true });
  shown = '';
  type('ab\x7f\x7fc\r');
  expect([shown, read()]).toEqual(['ab\\ba/c\r\n', 'c\n']);
  Object.assign(termios, { echoprt: false, echoke: false });
  shown = '';
  type('gone\x15');
  expect(shown).toBe('gone^U\r\n');
  termios.characters = { ...termios.characters, intr: 0x18, erase: 0 };
  type('\x18\x03\x7f\r');
  expect([signals, read()]).toEqual([['SIGINT to 0'], '\x03\x7f\n']);
});

test('output is processed as the flags say', () => {
  const { termios } = master.tty;
  const write = (text: string): string => {
    shown = '';
    master.tty.open().write(encode(text));
    return shown;
  };
  expect(write('a\n')).toBe('a\r\n');
  termios.delays = { ...termios.delays, tab: 3 };
  expect(write('ab\tc\n')).toBe('ab      c\r\n');
  Object.assign(termios, { onlcr: false, ocrnl: true, olcuc: true });
  expect(write('a\rb\n')).toBe('A\nB\n');
  termios.opost = false;
  expect(write('a\r\n\t')).toBe('a\r\n\t');
});

test('VMIN and VTIME say when a raw read returns', async () => {
  const { termios } = master.tty;
  Object.assign(termios, { icanon: false, echo: false, min: 3, time: 0 });
  type('ab');
  expect(read()).toBe('wait');
  type('c');
  expect(read()).toBe('abc');
  Object.assign(termios, { min: 0, time: 0 });
  expect(read()).toBe('');
  Object.assign(termios, { min: 0, time: 5 });
  expect(read()).toBe('wait');
  await clock.advance(400);
  expect(read()).toBe('wait');
  await clock.advance(100);
  expect(read()).toBe('');
  // With both, the time runs from the last byte on.
  Object.assign(termios, { min: 5, time: 2 });
  expect(read()).toBe('wait');
  await clock.advance(1000);
  type('x');
  expect(read()).toBe('wait');
  await clock.advance(200);
  expect(read()).toBe('x');
});

test('settings can be kept in a spread and brought back', () => {
  const { termios } = master.tty;
  const before = { ...termios };
  Object.assign(termios, { canonical: false, echo: false, signals: false, outputNewline: false, inputNewline: false });
  expect([termios.icanon, termios.isig, termios.opost, termios.icrnl, termios.onlcr]).toEqual([
    false,
    false,
    false,
    false,
    true,
  ]);
  Object.assign(termios, before);
  expect([termios.canonical, termios.signals, termios.outputNewline, termios.inputNewline]).toEqual([
    true,
    true,
    true,
    true,
  ]);
});

test('of a long paste in raw mode nothing is lost, however late it is read', () => {
  Object.assign(master.tty.termios, { icanon: false, echo: false, isig: false });
  type('x'.repeat(20_000));
  let got = '';
  while (got.length < 20_000) got += read();
  expect(got).toBe('x'.repeat(20_000));
});
