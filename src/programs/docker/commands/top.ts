import { query } from '../cli/api';
import type { Command } from '../cli/command';

export const top: Command = {
  use: 'top CONTAINER [ps OPTIONS]',
  short: 'Display the running processes of a container',
  aliases: ['docker container top', 'docker top'],
  operands: [1, Infinity],
  stopsAtOperand: true,
  async run({ api, args, out }) {
    const [name = '', ...options] = args;
    const psArgs = query({ ps_args: options.length === 0 ? undefined : options.join(' ') });
    const { Titles, Processes } = await api.get<{ Titles: string[]; Processes: string[][] }>(
      `/containers/${encodeURIComponent(name)}/top${psArgs}`,
    );
    // A tabwriter with cells of at least twenty columns.
    const line = (cells: readonly string[]): string =>
      `${cells.map((cell, index) => (index === cells.length - 1 ? cell : cell.padEnd(Math.max(20, cell.length + 3)))).join('')}\n`;
    await out([Titles, ...Processes].map(line).join(''));
    return 0;
  },
};
