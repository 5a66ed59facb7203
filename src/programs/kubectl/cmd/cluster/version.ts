import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure } from '../../errors';
import { flag } from '../../flags/flag-set';
import { text, type JsonObject } from '../../json';
import { toYaml } from '../../printers/yaml';
import { discover } from '../../rest/discovery';
import { accepts } from '../../rest/client';
import { buildInfo } from '../../../../kubernetes/apimachinery/version';

const kustomizeVersion = 'v5.6.0';

async function run(cli: Cli): Promise<void> {
  const { args, flags, factory } = cli;
  const clientOnly = flags.bool('client');
  const output = flags.string('output');
  if (!clientOnly) {
    void factory.clientConfig;
    if (args.length > 0) throw new Failure(`extra arguments: [${args.join(' ')}]`);
  }
  if (output !== '' && output !== 'yaml' && output !== 'json') throw new Failure("--output must be 'yaml' or 'json'");
  let server: JsonObject | undefined;
  let failure: Failure | undefined;
  if (!clientOnly) {
    try {
      server = await discover(factory.client, '/version', accepts.any);
    } catch (reason) {
      if (!(reason instanceof Failure)) throw reason;
      failure = reason;
    }
  }
  const all = {
    clientVersion: buildInfo,
    kustomizeVersion,
    ...(server === undefined ? {} : { serverVersion: server }),
  };
  if (output === 'yaml') await cli.out(`${toYaml(all)}\n`);
  else if (output === 'json') await cli.out(`${JSON.stringify(all, undefined, 2)}\n`);
  else {
    await cli.out(`Client Version: ${buildInfo.gitVersion}\nKustomize Version: ${kustomizeVersion}\n`);
    if (server !== undefined) await cli.out(`Server Version: ${text(server, 'gitVersion')}\n`);
  }
  if (server !== undefined) await warnOfSkew(cli, server);
  if (failure !== undefined) throw failure;
}

/** Client and server may be one minor version apart. Source: kubectl pkg/cmd/version/skew_warning.go. */
async function warnOfSkew(cli: Cli, server: JsonObject): Promise<void> {
  const minorOf = (minor: string): number => Number(/^\d+/.exec(minor)?.[0] ?? 0);
  const [own, other] = [minorOf(buildInfo.minor), minorOf(text(server, 'minor'))];
  if (text(server, 'major') === buildInfo.major && Math.abs(own - other) <= 1) return;
  await cli.err(
    `WARNING: version difference between client (${buildInfo.major}.${own}) and server (${text(server, 'major')}.${other}) exceeds the supported minor version skew of +/-1\n`,
  );
}

export const version: Command = {
  use: 'version [flags]',
  short: 'Print the client and server version information',
  long: 'Show which versions kubectl and the server of the current context have.',
  example: `# Both versions
  kubectl version`,
  flags: [
    flag.bool('client', false, 'Only the version of kubectl; no server is asked.'),
    flag.string('output', '', "One of 'yaml' or 'json'.", { short: 'o' }),
  ],
  run,
};
