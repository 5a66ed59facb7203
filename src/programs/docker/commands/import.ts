import { readAll } from '../cli/archive-io';
import type { Command } from '../cli/command';
import { flags } from '../cli/flags';
import { showMessages } from '../cli/pull';
import { readFile } from './load';

export const importImage: Command = {
  use: 'import [OPTIONS] file|URL|- [REPOSITORY[:TAG]]',
  short: 'Import the contents from a tarball to create a filesystem image',
  aliases: ['docker image import', 'docker import'],
  flags: flags(`
    -c, --change list | Apply Dockerfile instruction to the created image
    -m, --message string | Set commit message for imported image
    --platform string | Set platform if server is multi-platform capable
  `),
  operands: [1, 2],
  async run({ api, args, flags: given, process }) {
    const [source = '', reference = ''] = args;
    const remote = /^https?:\/\//.test(source);
    const archive = remote
      ? new Uint8Array(0)
      : source === '-'
        ? await readAll(process.stdin)
        : readFile(process.fs, source);
    const params = new URLSearchParams();
    for (const change of given.all('change')) params.append('changes', change);
    params.set('fromSrc', remote ? source : '-');
    const message = given.text('message');
    if (message !== '') params.set('message', message);
    const platform = given.text('platform');
    if (platform !== '') params.set('platform', platform);
    if (reference !== '') params.set('repo', reference);
    const response = await api.stream('POST', `/images/create?${params.toString()}`, archive);
    await showMessages(process, response.body, 1);
    return 0;
  },
};
