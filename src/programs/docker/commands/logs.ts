import { query } from '../cli/api';
import { CommandError, type Command } from '../cli/command';
import { flags } from '../cli/flags';
import { copyOutput } from '../cli/streams';

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
    const response = await api.stream(
      'GET',
      `/containers/${container.Id}/logs${query({
        follow: given.on('follow') ? '1' : undefined,
        since: instant(given.last('since'), process.clock.now),
        stderr: '1',
        stdout: '1',
        tail: given.last('tail') ?? 'all',
        timestamps: given.on('timestamps') ? '1' : undefined,
        until: instant(given.last('until'), process.clock.now),
      })}`,
    );
    await copyOutput(process, response.body, container.Config.Tty);
    return 0;
  },
};

const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** A timestamp or a Go duration, to seconds since the epoch. */
export function instant(text: string | undefined, now: number): string | undefined {
  if (text === undefined) return undefined;
  if (/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) {
    let seconds = 0;
    for (const [, number = '0', unit = 's'] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g))
      seconds += Number(number) * (units[unit] ?? 1);
    return String(now / 1000 - seconds);
  }
  if (/^\d+(\.\d+)?$/.test(text)) return text;
  const parsed = Date.parse(
    /Z|[+-]\d\d:\d\d$/.test(text) ? text : `${text.includes('T') ? text : `${text}T00:00:00`}Z`,
  );
  if (Number.isNaN(parsed))
    throw new CommandError(
      `Error response from daemon: invalid value for "since": parsing time ${JSON.stringify(text)}`,
    );
  return String(parsed / 1000);
}
