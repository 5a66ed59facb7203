import { parseReference, withDefaultTag } from '../../../containers/images/reference';
import { CommandError, type Command } from '../cli/command';
import { flags } from '../cli/flags';

export const commit: Command = {
  use: 'commit [OPTIONS] CONTAINER [REPOSITORY[:TAG]]',
  short: "Create a new image from a container's changes",
  aliases: ['docker container commit', 'docker commit'],
  flags: flags(`
    -a, --author string | Author (e.g., "John Hannibal Smith <hannibal@a-team.com>")
    -c, --change list | Apply Dockerfile instruction to the created image
    -m, --message string | Commit message
    -p, --pause | Pause container during commit (default true)
  `),
  operands: [1, 2],
  stopsAtOperand: true,
  async run({ api, args, flags: given, out }) {
    const [container = '', name = ''] = args;
    const params = new URLSearchParams();
    params.set('author', given.text('author'));
    for (const change of given.all('change')) params.append('changes', change);
    params.set('comment', given.text('message'));
    params.set('container', container);
    if (given.given('pause') && !given.on('pause')) params.set('pause', '0');
    if (name !== '') {
      const parsed = parseReference(name);
      if (!parsed.ok) throw new CommandError(parsed.error);
      if (parsed.value.digest !== undefined) throw new CommandError('refusing to create a tag with a digest reference');
      const { domain, path, tag = 'latest' } = withDefaultTag(parsed.value);
      params.set('repo', `${domain}/${path}`);
      params.set('tag', tag);
    }
    params.sort();
    const { Id } = (await api.send('POST', `/commit?${params.toString()}`)).json<{ readonly Id: string }>();
    await out(`${Id}\n`);
    return 0;
  },
};
