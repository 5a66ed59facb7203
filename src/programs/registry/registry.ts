import { collectGarbage } from '../../containers/registry/garbage';
import { basicAuthentication } from '../../containers/registry/auth';
import { registryHandler } from '../../containers/registry/handle';
import { RegistryStore } from '../../containers/registry/store';
import { serve } from '../../linux/net/http/server';
import { readIdentity } from './identity';
import type { Process, Program } from '../../linux/process/types';
import { readConfig, type RegistryConfig } from './config';
import { RegistryLog } from './log';

const usage = `Usage:
  registry [flags]
  registry [command]

Available Commands:
  completion      Generate the autocompletion script for the specified shell
  garbage-collect \`garbage-collect\` deletes layers not referenced by any manifests
  help            Help about any command
  serve           \`serve\` stores and distributes Docker images

Flags:
  -h, --help      help for registry
  -v, --version   show the version and exit

Use "registry [command] --help" for more information about a command.
`;

/** distribution's `registry`. */
export const registry: Program = async (process) => {
  const [command = '', ...rest] = process.args;
  const version = versionOf(process);
  const path = rest.find((word) => !word.startsWith('-')) ?? process.env.get('REGISTRY_CONFIGURATION_PATH');
  if (command === '-v' || command === '--version') {
    await process.stdout.write(
      `registry github.com/${version.startsWith('3') ? 'distribution' : 'docker'}/distribution ${version.startsWith('3') ? 'v' : ''}${version}\n`,
    );
    return 0;
  }
  if (command !== 'serve' && command !== 'garbage-collect') {
    await process.stdout.write(`\`registry\`\n\n${usage}`);
    return 0;
  }
  if (path === undefined) {
    await process.stderr.write('configuration error: configuration path unspecified\n');
    return 1;
  }
  const config = await readConfig(process, path);
  if (typeof config === 'string') {
    await process.stderr.write(`configuration error: ${config}\n`);
    return 1;
  }
  const store = new RegistryStore(process.fs, config.root);
  if (command === 'serve') return listen(process, config, store, version);
  const options = { dryRun: has(rest, '-d', '--dry-run'), untagged: has(rest, '-m', '--delete-untagged') };
  for (const line of collectGarbage(store, options)) await process.stdout.write(`${line}\n`);
  return 0;
};

const has = (args: readonly string[], ...names: readonly string[]): boolean =>
  args.some((word) => names.includes(word.replace(/=true$/, '')));

function versionOf(process: Process): string {
  const file = process.fs.readText('/etc/registry-version');
  return file.ok ? file.value.trim() : '2.8.3';
}

async function listen(
  process: Process,
  config: RegistryConfig,
  store: RegistryStore,
  version: string,
): Promise<number> {
  const { clock, random, fs } = process;
  const log = new RegistryLog(process, config, version);
  if (config.secret === undefined)
    await log.line(
      'warning',
      'No HTTP secret provided - generated random secret. This may cause problems with uploads if multiple registries are behind a load-balancer. To provide a shared secret, fill in http.secret in the configuration file or set the REGISTRY_HTTP_SECRET environment variable.',
    );
  if (!version.startsWith('3')) await log.line('info', 'redis not configured');
  await log.line('info', `Starting upload purge in ${random.below(60)}m0s`);
  if (config.cache !== undefined) await log.line('info', `using ${config.cache} blob descriptor cache`);
  const identity = readIdentity(process, config);
  if (typeof identity === 'string') {
    await log.line('fatal', identity);
    return 1;
  }
  const [, host = '', port = '5000'] = /^(.*):(\d+)$/.exec(config.address) ?? [];
  const address = host === '' ? '0.0.0.0' : host === 'localhost' ? '127.0.0.1' : host;
  const listener = process.net.listen(process, { address, port: Number(port) });
  if (!listener.ok) {
    await log.line('fatal', `listen tcp ${config.address}: bind: ${listener.error.message.toLowerCase()}`);
    return 1;
  }
  const { htpasswd } = config;
  const handler = registryHandler({
    store,
    now: () => clock.now,
    uuid: () => random.uuid(),
    deletes: config.deletes,
    readOnly: config.readOnly,
    version: Number(version.split('.')[0]),
    ...(htpasswd === undefined ? {} : { authenticate: basicAuthentication(htpasswd.realm, fs, htpasswd.path) }),
  });
  const shown = host === '' ? `[::]:${port}` : `${address}:${port}`;
  await log.line('info', `listening on ${shown}${identity === undefined ? '' : ', tls'}`);
  await serve(
    process,
    listener.value,
    async (request, context) => {
      const started = clock.now;
      const response = await handler(request, context);
      await log.answered(request, response, context.remote, started);
      return response;
    },
    identity === undefined ? {} : { tls: identity },
  );
  return 0;
}
