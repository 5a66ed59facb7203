import { query } from '../cli/api';
import { CommandError, type Command } from '../cli/command';
import { flags } from '../cli/flags';
import { copyOutput } from '../cli/streams';
import { timestamp } from '../cli/timestamp';

export const logs: Command = {
  use: 'logs [OPTIONS] CONTAINER',
  short: 'Fetch the logs of a container',
  aliases: ['docker container logs', 'docker logs'],
  flags: flags(`
    --details | Show extra details provided to logs
    -f, --follow | Follow log output
    --since string | Show logs since timestamp (e.g. "2013-01-02T13:23:37Z") or relative (e.g. "42m" for 42 minutes)
    -n, --tail string | Number of lines to show from the end of the logs (default "all")
    -t, --timestamps | Show timestamps
    --until string | Show logs before a timestamp (e.g. "2013-01-02T13:23:37Z") or relative (e.g. "42m" for 42 minutes)
  `),
  operands: [1, 1],
  async run({ api, args, flags: given, process }) {
    const container = await api.get<{ Id: string; Config: { Tty: boolean } }>(
      `/containers/${encodeURIComponent(args[0] ?? '')}/json`,
    );
    const instant = (name: 'since' | 'until'): string | undefined => {
      const text = given.text(name);
      if (text === '') return undefined;
      try {
        return timestamp(text, process.clock.now);
      } catch (thrown) {
        if (!(thrown instanceof CommandError)) throw thrown;
        throw new CommandError(`invalid value for "${name}": ${thrown.message}`);
      }
    };
    const response = await api.stream(
      'GET',
      `/containers/${container.Id}/logs${query({
        details: given.on('details') ? '1' : undefined,
        follow: given.on('follow') ? '1' : undefined,
        since: instant('since'),
        stderr: '1',
        stdout: '1',
        tail: given.last('tail') ?? 'all',
        timestamps: given.on('timestamps') ? '1' : undefined,
        until: instant('until'),
      })}`,
    );
    await copyOutput(process, response.body, container.Config.Tty);
    return 0;
  },
};
