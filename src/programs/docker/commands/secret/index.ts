import { filtersParam, query, type Api } from '../../cli/api';
import { CommandError, type Command, type Group, type Invocation } from '../../cli/command';
import { keyValues } from '../../cli/container-options';
import { flags } from '../../cli/flags';
import { humanDuration } from '../../cli/format';
import { renderList } from '../../cli/table';
import { inspectAll } from '../inspect';

interface FileJson {
  readonly ID: string;
  readonly CreatedAt: string;
  readonly UpdatedAt: string;
  readonly Spec: {
    readonly Name: string;
    readonly Labels: Readonly<Record<string, string>> | null;
    readonly Data?: string;
    readonly Driver?: { readonly Name: string };
  };
}

/** Go's time.String: `2026-11-20 20:42:21.316719194 +0000 UTC`. */
const goTime = (text: string): string => `${text.slice(0, 19).replace('T', ' ')}${text.slice(19, -1)} +0000 utc`;

/** Bytes in base64. */
const base64 = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};

async function contents({ process }: Invocation, path: string): Promise<Uint8Array> {
  if (path === '-') {
    const chunks: Uint8Array[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk);
    const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const chunk of chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  }
  const read = process.fs.readFile(path);
  if (read.ok) return read.value;
  const why = `${read.error.message.charAt(0).toLowerCase()}${read.error.message.slice(1)}`;
  throw new CommandError(`error reading content from ${JSON.stringify(path)}: open ${path}: ${why}`);
}

/** The commands of `docker secret`, and of `docker config`, which differ in few words. */
export function fileGroup(kind: 'secret' | 'config'): Group {
  const upper = kind.toUpperCase();
  const path = (name: string): string => `/${kind}s/${encodeURIComponent(name)}`;
  const create: Command = {
    use: kind === 'secret' ? 'create [OPTIONS] SECRET [file|-]' : 'create [OPTIONS] CONFIG file|-',
    short:
      kind === 'secret' ? 'Create a secret from a file or STDIN as content' : 'Create a config from a file or STDIN',
    flags: flags(
      `${kind === 'secret' ? '-d, --driver string | Secret driver\n' : ''}-l, --label list | ${kind === 'secret' ? 'Secret' : 'Config'} labels\n--template-driver string | Template driver`,
    ),
    operands: kind === 'secret' ? [1, 2] : [2, 2],
    async run(invocation) {
      const { api, args, flags: given, out } = invocation;
      const [Name = '', file] = args;
      const driver = given.text('driver');
      if (file !== undefined && driver !== '')
        throw new CommandError('When using secret driver secret data must be empty');
      if (file === undefined && driver === '') throw new CommandError('secret data must not be empty');
      const Data = file === undefined ? undefined : base64(await contents(invocation, file));
      const { ID } = (
        await api.send('POST', `/${kind}s/create`, {
          Name,
          Labels: keyValues(given.all('label')),
          ...(Data === undefined ? {} : { Data }),
          ...(driver === '' ? {} : { Driver: { Name: driver } }),
          ...(given.given('template-driver') ? { Templating: { Name: given.text('template-driver') } } : {}),
        })
      ).json<{ ID: string }>();
      await out(`${ID}\n`);
      return 0;
    },
  };
  const ls: Command = {
    use: 'ls [OPTIONS]',
    short: `List ${kind}s`,
    aliases: [`docker ${kind} ls`, `docker ${kind} list`],
    flags: flags(`
      -f, --filter filter | Filter output based on conditions provided
      --format string | {format}
      -q, --quiet | Only display IDs
    `),
    operands: [0, 0],
    async run({ api, flags: given, out, process }) {
      const files = await api.get<readonly FileJson[]>(
        `/${kind}s${query({ filters: filtersParam(given.all('filter')) })}`,
      );
      const ago = (at: string): string => `${humanDuration(process.clock.now - Date.parse(at))} ago`;
      const column = (key: string, header: string, cell: (item: FileJson) => string) => ({ key, header, cell });
      await out(
        renderList({
          items: [...files].sort((a, b) => (a.Spec.Name < b.Spec.Name ? -1 : 1)),
          columns: [
            column('ID', 'ID', ({ ID }) => ID),
            column('Name', 'NAME', ({ Spec }) => Spec.Name),
            ...(kind === 'secret' ? [column('Driver', 'DRIVER', ({ Spec }) => Spec.Driver?.Name ?? '')] : []),
            column('CreatedAt', 'CREATED', ({ CreatedAt }) => ago(CreatedAt)),
            column('UpdatedAt', 'UPDATED', ({ UpdatedAt }) => ago(UpdatedAt)),
            column('Labels', 'LABELS', ({ Spec }) =>
              Object.entries(Spec.Labels ?? {})
                .map(([key, value]) => `${key}=${value}`)
                .join(','),
            ),
          ],
          table: ['ID', 'Name', ...(kind === 'secret' ? ['Driver'] : []), 'CreatedAt', 'UpdatedAt'],
          format: given.text('format'),
          ...(given.on('quiet') ? { quiet: ({ ID }: FileJson) => ID } : {}),
        }),
      );
      return 0;
    },
  };
  const pretty = ({ ID, Spec, CreatedAt, UpdatedAt }: FileJson): string => {
    const labels = Object.entries(Spec.Labels ?? {}).map(
      ([key, value]) => ` - ${key}${value === '' ? '' : `=${value}`}\n`,
    );
    const data = kind === 'config' ? `Data:\n${atob(Spec.Data ?? '')}\n` : '';
    const driver = kind === 'secret' ? `Driver:            \t${Spec.Driver?.Name ?? ''}\n` : '';
    return `ID:\t\t\t${ID}\nName:\t\t\t${Spec.Name}\n${labels.length === 0 ? '' : `Labels:\n${labels.join('')}`}${driver}Created at:            \t${goTime(CreatedAt)}\nUpdated at:            \t${goTime(UpdatedAt)}\n${data}`;
  };
  const get = (api: Api, name: string): Promise<FileJson> => api.get<FileJson>(path(name));
  const inspect: Command = {
    use: `inspect [OPTIONS] ${upper} [${upper}...]`,
    short: `Display detailed information on one or more ${kind}s`,
    flags: flags(`
      -f, --format string | {inspect}
      --pretty | Print the information in a human friendly format
    `),
    operands: [1, Infinity],
    async run(invocation) {
      const { api, args, flags: given, out } = invocation;
      if (!given.on('pretty')) return inspectAll(invocation, async (name) => ({ kind, value: await get(api, name) }));
      if (given.given('format')) throw new CommandError('--format is incompatible with human friendly format');
      for (const name of args) await out(`${pretty(await get(api, name))}\n`);
      return 0;
    },
  };
  const rm: Command = {
    use: `rm ${upper} [${upper}...]`,
    short: `Remove one or more ${kind}s`,
    aliases: [`docker ${kind} rm`, `docker ${kind} remove`],
    operands: [1, Infinity],
    async run({ api, args, out }) {
      const problems: string[] = [];
      for (const name of args) {
        try {
          await api.send('DELETE', path(name));
          await out(`${name}\n`);
        } catch (thrown) {
          if (!(thrown instanceof CommandError)) throw thrown;
          problems.push(thrown.message);
        }
      }
      if (problems.length > 0) throw new CommandError(problems.join('\n'));
      return 0;
    },
  };
  return {
    name: kind,
    short: kind === 'secret' ? 'Manage Swarm secrets' : 'Manage Swarm configs',
    swarm: 'manager',
    commands: [create, inspect, ls, rm],
  };
}

export const secret = fileGroup('secret');
