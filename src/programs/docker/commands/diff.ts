import type { Command } from '../cli/command';

const kinds = ['C', 'A', 'D'];

export const diff: Command = {
  use: 'diff CONTAINER',
  short: "Inspect changes to files or directories on a container's filesystem",
  aliases: ['docker container diff', 'docker diff'],
  operands: [1, 1],
  async run({ api, args, out }) {
    const changes = await api.get<readonly { readonly Path: string; readonly Kind: number }[] | null>(
      `/containers/${args[0] ?? ''}/changes`,
    );
    await out((changes ?? []).map(({ Path, Kind }) => `${kinds[Kind] ?? ''} ${Path}\n`).join(''));
    return 0;
  },
};
