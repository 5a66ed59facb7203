import { filtersParam, query } from '../cli/api';
import { CommandError, type Command, type Group, type Invocation } from '../cli/command';
import { flags } from '../cli/flags';
import { ellipsis, shortId } from '../cli/format';
import { renderList } from '../cli/table';
import { inspectPlugin } from './inspect';

interface PluginJson {
  readonly Id: string;
  readonly Name: string;
  readonly Enabled: boolean;
  readonly PluginReference: string;
  readonly Config: { readonly Description: string };
}

const ls: Command = {
  use: 'ls [OPTIONS]',
  short: 'List plugins',
  aliases: ['docker plugin ls', 'docker plugin list'],
  flags: flags(`
    -f, --filter filter | Provide filter values (e.g. "enabled=true")
    --format string | {format}
    --no-trunc | Don't truncate output
    -q, --quiet | Only display plugin IDs
  `),
  operands: [0, 0],
  async run({ api, flags: given, out }) {
    const found = await api.get<readonly PluginJson[]>(
      `/plugins${query({ filters: filtersParam(given.all('filter')) })}`,
    );
    const full = given.on('no-trunc');
    const column = (key: string, header: string, cell: (item: PluginJson) => string) => ({ key, header, cell });
    await out(
      renderList({
        items: found,
        columns: [
          column('ID', 'ID', ({ Id }) => (full ? Id : shortId(Id))),
          column('Name', 'NAME', ({ Name }) => Name),
          column('Description', 'DESCRIPTION', ({ Config }) =>
            full ? Config.Description : ellipsis(Config.Description.replace(/\s+/g, ' '), 45),
          ),
          column('Enabled', 'ENABLED', ({ Enabled }) => String(Enabled)),
          column('PluginReference', 'PLUGIN REFERENCE', ({ PluginReference }) => PluginReference),
        ],
        table: ['ID', 'Name', 'Description', 'Enabled'],
        format: given.text('format'),
        ...(given.on('quiet') ? { quiet: ({ Id }: PluginJson) => (full ? Id : shortId(Id)) } : {}),
      }),
    );
    return 0;
  },
};

/** A command that sends one request about a plugin, and prints the plugin's name. */
const acting =
  (
    method: string,
    pathOf: (name: string, invocation: Invocation) => string,
    body?: (rest: readonly string[]) => unknown,
  ) =>
  async (invocation: Invocation): Promise<number> => {
    const [name = '', ...rest] = invocation.args;
    await invocation.api.send(method, pathOf(encodeURIComponent(name), invocation), body?.(rest));
    await invocation.out(`${name}\n`);
    return 0;
  };

const trusted = (text: string): string => `--disable-content-trust | ${text} (default true)`;

/** Fetches what a plugin asks for; that is where one that does not exist is found out. */
async function privileges({ api, args }: Invocation): Promise<void> {
  await api.send('GET', `/plugins/privileges${query({ remote: args[0] ?? '' })}`, undefined, {
    'X-Registry-Auth': 'e30=',
  });
}

export const plugin: Group = {
  name: 'plugin',
  short: 'Manage plugins',
  commands: [
    {
      use: 'create [OPTIONS] PLUGIN PLUGIN-DATA-DIR',
      short:
        'Create a plugin from a rootfs and configuration. Plugin data directory must contain config.json and rootfs directory.',
      flags: flags('--compress | Compress the context using gzip'),
      operands: [2, 2],
      run: ({ args, process }) => {
        const [, folder = ''] = args;
        const config = process.fs.readText(`${folder}/config.json`);
        const message = process.fs.stat(folder).ok
          ? config.ok
            ? 'plugins are not run here'
            : `open ${folder}/config.json: no such file or directory`
          : `stat ${folder}: no such file or directory`;
        return Promise.reject(new CommandError(message));
      },
    },
    {
      use: 'disable [OPTIONS] PLUGIN',
      short: 'Disable a plugin',
      flags: flags('-f, --force | Force the disable of an active plugin'),
      operands: [1, 1],
      run: acting(
        'POST',
        (name, { flags: given }) => `/plugins/${name}/disable${query({ force: given.on('force') ? '1' : undefined })}`,
      ),
    },
    {
      use: 'enable [OPTIONS] PLUGIN',
      short: 'Enable a plugin',
      flags: flags('--timeout int | HTTP client timeout (in seconds) (default 30)'),
      operands: [1, 1],
      run: acting(
        'POST',
        (name, { flags: given }) => `/plugins/${name}/enable${query({ timeout: given.last('timeout') ?? '30' })}`,
      ),
    },
    inspectPlugin,
    {
      use: 'install [OPTIONS] PLUGIN [KEY=VALUE...]',
      short: 'Install a plugin',
      flags: flags(`
        --alias string | Local name for plugin
        --disable | Do not enable the plugin on install
        ${trusted('Skip image verification')}
        --grant-all-permissions | Grant all permissions necessary to run the plugin
      `),
      operands: [1, Infinity],
      async run(invocation) {
        await privileges(invocation);
        return 0;
      },
    },
    ls,
    {
      use: 'push [OPTIONS] PLUGIN[:TAG]',
      short: 'Push a plugin to a registry',
      flags: flags(trusted('Skip image signing')),
      operands: [1, 1],
      run: acting('POST', (name) => `/plugins/${name}/push`),
    },
    {
      use: 'rm [OPTIONS] PLUGIN [PLUGIN...]',
      short: 'Remove one or more plugins',
      aliases: ['docker plugin rm', 'docker plugin remove'],
      flags: flags('-f, --force | Force the removal of an active plugin'),
      operands: [1, Infinity],
      async run(invocation) {
        const { args, flags: given, api, out, error } = invocation;
        let status = 0;
        for (const name of args) {
          try {
            await api.send(
              'DELETE',
              `/plugins/${encodeURIComponent(name)}${query({ force: given.on('force') ? '1' : undefined })}`,
            );
            await out(`${name}\n`);
          } catch (thrown) {
            if (!(thrown instanceof CommandError)) throw thrown;
            await error(`${thrown.message}\n`);
            status = 1;
          }
        }
        return status;
      },
    },
    {
      use: 'set PLUGIN KEY=VALUE [KEY=VALUE...]',
      short: 'Change settings for a plugin',
      operands: [2, Infinity],
      run: acting(
        'POST',
        (name) => `/plugins/${name}/set`,
        (rest) => rest,
      ),
    },
    {
      use: 'upgrade [OPTIONS] PLUGIN [REMOTE]',
      short: 'Upgrade an existing plugin',
      flags: flags(`
        ${trusted('Skip image verification')}
        --grant-all-permissions | Grant all permissions necessary to run the plugin
        --skip-remote-check | Do not check if specified remote plugin matches existing plugin image
      `),
      operands: [1, 2],
      async run({ api, args }) {
        await api.get(`/plugins/${encodeURIComponent(args[0] ?? '')}/json`);
        return 0;
      },
    },
  ],
};
