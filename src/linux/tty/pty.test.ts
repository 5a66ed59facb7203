import { beforeEach, expect, test } from 'vitest';
import { Clock } from '../../sim/clock';
import { Trace } from '../../sim/trace';
import { decode, encode } from '../io/bytes';
import { createPty } from './pty';
import type { PtyMaster } from './types';

let master: PtyMaster;
let shown = '';
let signals: string[] = [];

beforeEach(() => {
  const clock = new Clock({
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
