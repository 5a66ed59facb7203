import type { CtrCommand } from './ctr';

const [release, revision] = ['v2.1.5', 'fcd43222d6b07379a4be9786bda52438f0dd16a1'];

/** ctr version. */
export const version: CtrCommand = {
  names: ['version'],
  usage: 'Print the client and server versions',
  run: async ({ process }) => {
    const text = `  Version:  ${release}\n  Revision: ${revision}\n`;
    await process.stdout.write(`Client:\n${text}  Go version: go1.24.9\n\nServer:\n${text}`);
    return 0;
  },
};
