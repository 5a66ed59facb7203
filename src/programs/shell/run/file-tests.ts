import type { Stat } from '../../../linux/fs/types';
import { isSetOption } from '../state/options';
import { Flag } from '../state/variables';
import type { Shell } from '../shell';

const typeTests: Readonly<Record<string, Stat['type']>> = {
  '-b': 'block',
  '-c': 'char',
  '-d': 'directory',
  '-f': 'file',
  '-p': 'fifo',
  '-S': 'socket',
};

export const unaryOperators = new Set(
  ['-a', '-b', '-c', '-d', '-e', '-f', '-g', '-h', '-k', '-n', '-o', '-p', '-r', '-s'].concat([
    ...['-t', '-u', '-v', '-w', '-x', '-z', '-G', '-L', '-N', '-O', '-R', '-S'],
  ]),
);

export const binaryOperators = new Set([
  '=',
  '==',
  '!=',
  '<',
  '>',
  '-eq',
  '-ne',
  '-lt',
  '-le',
  '-gt',
  '-ge',
  '-nt',
  '-ot',
  '-ef',
]);

/** Tests of one operand: files, strings, options, variables (bash(1), CONDITIONAL EXPRESSIONS). */
export function unaryTest(shell: Shell, operator: string, operand: string): boolean {
  const { fs, credentials } = shell.process;
  switch (operator) {
    case '-n':
      return operand !== '';
    case '-z':
      return operand === '';
    case '-t':
      return /^\d+$/.test(operand.trim()) && shell.process.fds.get(Number(operand))?.kind === 'tty';
    case '-o':
      return isSetOption(operand) && shell.options.has(operand);
    case '-v':
      return isSetVariable(shell, operand);
    case '-R':
      return ((shell.variables.raw(operand)?.flags ?? 0) & Flag.nameref) !== 0;
    case '-r':
      return operand !== '' && fs.access(operand, { read: true }).ok;
    case '-w':
      return operand !== '' && fs.access(operand, { write: true }).ok;
    case '-x':
      return operand !== '' && fs.access(operand, { execute: true }).ok;
    case '-h':
    case '-L': {
      const stat = fs.lstat(operand);
      return stat.ok && stat.value.type === 'symlink';
    }
    default: {
      const stat = operand === '' ? undefined : fs.stat(operand);
      return stat?.ok === true && statTest(stat.value, operator, credentials);
    }
  }
}

function statTest(stat: Stat, operator: string, { uid, gid }: { readonly uid: number; readonly gid: number }): boolean {
  switch (operator) {
    case '-a':
    case '-e':
      return true;
    case '-s':
      return stat.size > 0;
    case '-g':
      return (stat.mode & 0o2000) !== 0;
    case '-u':
      return (stat.mode & 0o4000) !== 0;
    case '-k':
      return (stat.mode & 0o1000) !== 0;
    case '-O':
      return stat.uid === uid;
    case '-G':
      return stat.gid === gid;
    case '-N':
      return stat.mtime > stat.atime;
    default:
      return typeTests[operator] === stat.type;
  }
}

/** `-v name`, `-v name[subscript]`, `-v 1`. */
function isSetVariable(shell: Shell, operand: string): boolean {
  if (/^\d+$/.test(operand)) return operand === '0' || shell.positional[Number(operand) - 1] !== undefined;
  const [, name, subscript] = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(operand) ?? [];
  if (name === undefined || subscript === undefined) return shell.get(operand) !== undefined;
  if (subscript === '@' || subscript === '*') {
    const value = shell.variables.get(name)?.value;
    return value !== undefined && (typeof value === 'string' || value.size > 0);
  }
  return shell.variables.element(name, shell.key(name, subscript)) !== undefined;
}

/** Tests of two operands but numbers and patterns. */
export function binaryTest(shell: Shell, left: string, operator: string, right: string): boolean {
  const { fs } = shell.process;
  switch (operator) {
    case '=':
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '-nt':
    case '-ot': {
      const [newer, older] = operator === '-nt' ? [left, right] : [right, left];
      const a = fs.stat(newer);
      const b = fs.stat(older);
      return a.ok && (!b.ok || a.value.mtime > b.value.mtime);
    }
    case '-ef': {
      const a = fs.stat(left);
      const b = fs.stat(right);
      return a.ok && b.ok && a.value.ino === b.value.ino && a.value.dev === b.value.dev;
    }
    default:
      return false;
  }
}
