import { query } from '../cli/api';
import type { Command } from '../cli/command';
import { tabulate } from '../cli/table';

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
    await out(tabulate([Titles, ...Processes], 20));
    return 0;
  },
};
