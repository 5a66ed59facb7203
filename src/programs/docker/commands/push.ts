import { fullString, repositoryOf } from '../../../containers/images/reference';
import { query } from '../cli/api';
import { CommandError, type Command } from '../cli/command';
import { flags } from '../cli/flags';
import { referenceOf, showMessages } from '../cli/pull';
import { authHeader } from '../cli/registry-auth';

export const push: Command = {
  use: 'push [OPTIONS] NAME[:TAG]',
  short: 'Upload an image to a registry',
  aliases: ['docker image push', 'docker push'],
  flags: flags(`
    -a, --all-tags | Push all tags of an image to the repository
    --disable-content-trust | Skip image signing (default true)
    --platform string | Push a platform-specific manifest as a single-platform image to the registry.\\nImage index won't be pushed, meaning that other manifests, including attestations won't be preserved.\\n'os[/arch[/variant]]': Explicit platform (eg. linux/amd64)
    -q, --quiet | Suppress verbose output
  `),
  operands: [1, 1],
  async run({ api, args, flags: given, out, process, session }) {
    const parsed = referenceOf(args[0] ?? '');
    const all = given.on('all-tags');
    const quiet = given.on('quiet');
    const nameOnly = parsed.tag === undefined && parsed.digest === undefined;
    if (all && !nameOnly) throw new CommandError("tag can't be used with --all-tags/-a");
    const reference = nameOnly && !all ? { ...parsed, tag: 'latest' } : parsed;
    if (nameOnly && !all && !quiet) await out('Using default tag: latest\n');
    const path = `/images/${repositoryOf(reference)}/push${query({ tag: reference.tag, platform: given.last('platform') })}`;
    const response = await api.stream('POST', path, {}, authHeader(session.config, reference.domain));
    await showMessages(process, response.body, quiet ? undefined : 1);
    if (quiet) await out(`${fullString(reference)}\n`);
    return 0;
  },
};
