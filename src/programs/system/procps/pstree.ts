import type { Program } from '../../../linux/process/types';
import { parseOptions } from '../../toolkit/options';
import { readProcesses, type Row } from './processes';

/** pstree(1) of psmisc. */
export const pstree: Program = async (process) => {
  const { stdout, stderr } = process;
  const options = parseOptions(process.args, {
    short: 'aAcgGhH:lnN:psStTuUVZ',
    long: {
      arguments: 'a',
      ascii: 'A',
      'compact-not': 'c',
      'show-pids': 'p',
      'show-parents': 's',
      'numeric-sort': 'n',
      long: 'l',
      unicode: 'U',
      'hide-threads': 'T',
    },
  });
  if (typeof options === 'string') {
    await stderr.write(
      `pstree: ${options}\nUsage: pstree [-acglpsStTuZ] [ -h | -H PID ] [ -n | -N type ]\n              [ -A | -G | -U ] [ PID | USER ]\n   or: pstree -V\n`,
    );
    return 1;
  }
  if (options.has('V', 'version')) {
    await stdout.write('pstree (PSmisc) 23.6\n');
    return 0;
  }
  const rows = readProcesses(process);
  const unicode =
    !options.has('A') &&
    (options.has('U') || /UTF-8/i.test(process.env.get('LC_ALL') ?? process.env.get('LANG') ?? ''));
  const [dash, tee, bar, corner, single] = unicode ? ['─', '├', '│', '└', '┬'] : ['-', '|', '|', '`', '+'];
  const label = (row: Row): string => {
    const pid = options.has('p') ? (options.has('a') ? `,${row.pid}` : `(${row.pid})`) : '';
    const args = options.has('a') && row.argv.length > 1 ? ` ${row.argv.slice(1).join(' ')}` : '';
    return `${row.comm}${pid}${args}`;
  };
  const childrenOf = (row: Row): readonly Row[] =>
    rows
      .filter(({ parent }) => parent === row.pid)
      .sort((a, b) => (options.has('n') || a.comm === b.comm ? a.pid - b.pid : a.comm < b.comm ? -1 : 1));
  const lines: string[] = [];
  /** A subtree as text, to find those that look the same. */
  const shape = (row: Row): string => `${label(row)}[${childrenOf(row).map(shape).join(',')}]`;
  const compact = !options.has('p', 'c', 'a');
  const draw = (row: Row, prefix: string, first: string, count: number): void => {
    const many = count > 1 ? `${count}*[` : '';
    const text = `${first}${many}${label(row)}`;
    const groups: (readonly [Row, number])[] = [];
    for (const child of childrenOf(row)) {
      const same = compact ? groups.findIndex(([other]) => shape(other) === shape(child)) : -1;
      const found = groups[same];
      if (found !== undefined) groups[same] = [found[0], found[1] + 1];
      else groups.push([child, 1]);
    }
    if (groups.length === 0) {
      lines.push(text + (count > 1 ? ']' : ''));
      return;
    }
    if (options.has('a')) {
      lines.push(text);
      groups.forEach(([child, number], index) => {
        const end = index === groups.length - 1;
        draw(child, `${prefix}  ${end ? ' ' : bar}`, `${prefix}  ${end ? corner : tee}${dash}`, number);
      });
      return;
    }
    const indent = prefix + ' '.repeat(text.length - prefix.length);
    groups.forEach(([child, number], index) => {
      const end = index === groups.length - 1;
      const joint = groups.length === 1 ? dash : index === 0 ? single : end ? corner : tee;
      const head = index === 0 ? `${text}${dash}${joint}${dash}` : `${indent} ${joint}${dash}`;
      draw(child, `${indent} ${end ? ' ' : bar} `, head, number);
    });
  };
  const [operand] = options.operands;
  const roots =
    operand === undefined
      ? rows.filter(({ parent, pid }) => pid === 1 || !rows.some((other) => other.pid === parent))
      : /^\d+$/.test(operand)
        ? rows.filter(({ pid }) => pid === Number(operand))
        : rows.filter(
            ({ user, parent }) => user === operand && rows.find(({ pid }) => pid === parent)?.user !== operand,
          );
  if (roots.length === 0) {
    if (operand !== undefined && !/^\d+$/.test(operand)) await stderr.write(`No such user name: ${operand}\n`);
    return 1;
  }
  for (const root of operand === undefined ? roots.slice(0, 1) : roots) draw(root, '', '', 1);
  await stdout.write(lines.map((line) => `${line}\n`).join(''));
  return 0;
};
