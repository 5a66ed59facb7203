import { withInts } from '../../../gotemplate';
import { CommandError, type Command } from '../../cli/command';
import { flags } from '../../cli/flags';
import { ellipsis } from '../../cli/format';
import type { Session } from '../../cli/session';
import { renderList, renderOne } from '../../cli/table';

interface Listed {
  readonly Name: string;
  readonly Description: string;
  readonly DockerEndpoint: string;
  readonly Current: boolean;
  readonly Error: string;
}

const defaultDescription = 'Current DOCKER_HOST based configuration';

function listed(session: Session): readonly Listed[] {
  const current = session.contextName;
  const all: Listed[] = session.store.list().map(({ Name, Metadata, Endpoints }) => ({
    Name,
    Description: String(Metadata['Description'] ?? ''),
    DockerEndpoint: Endpoints['docker']?.Host ?? '',
    Current: Name === current,
    Error: '',
  }));
  all.push(defaultContext(session, current));
  if (!all.some(({ Current }) => Current)) {
    const path = `${session.store.metaFolder(current)}/meta.json`;
    const problem = `context "${current}": context not found: open ${path}: no such file or directory`;
    all.push({ Name: current, Description: '', DockerEndpoint: '', Current: true, Error: problem });
  }
  return all.toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
}

/** The context of flags and environment; what is wrong with them is its error. */
function defaultContext(session: Session, current: string): Listed {
  const common = { Name: 'default', Description: defaultDescription, Current: current === 'default' };
  try {
    return { ...common, DockerEndpoint: session.defaultEndpoint().host, Error: '' };
  } catch (thrown) {
    if (!(thrown instanceof CommandError)) throw thrown;
    return { ...common, DockerEndpoint: '', Error: thrown.message };
  }
}

export const ls: Command = {
  use: 'ls [OPTIONS]',
  short: 'List contexts',
  aliases: ['docker context ls', 'docker context list'],
  flags: flags(`
    --format string | {format}
    -q, --quiet | Only show context names
  `),
  operands: [0, 0],
  offline: true,
  async run({ session, flags: given, out, error }) {
    const column = (key: string, header: string, cell: (item: Listed) => string) => ({ key, header, cell });
    const format = given.text('format');
    await out(
      renderList<Listed>({
        items: listed(session),
        columns: [
          column('Current', 'CURRENT', ({ Current }) => String(Current)),
          column('Description', 'DESCRIPTION', ({ Description }) => Description),
          column('DockerEndpoint', 'DOCKER ENDPOINT', ({ DockerEndpoint }) => DockerEndpoint),
          column('Error', 'ERROR', ({ Error }) => ellipsis(Error, 45)),
          column('Name', 'NAME', ({ Name, Current }) =>
            Current && (format === '' || format === 'table') ? `${Name} *` : Name,
          ),
        ],
        table: ['Name', 'Description', 'DockerEndpoint', 'Error'],
        format,
        json: ({ Current, Description, DockerEndpoint, Error, Name }) => ({
          Current,
          Description,
          DockerEndpoint,
          Error,
          Name,
        }),
        methods: ({ Current }) => ({ Current }),
        ...(given.on('quiet') ? { quiet: ({ Name }: Listed) => Name } : {}),
      }),
    );
    if (session.environmentHost !== '' && !given.on('quiet'))
      await error(
        'Warning: DOCKER_HOST environment variable overrides the active context. To use a context, either set the global --context flag, or unset DOCKER_HOST environment variable.\n',
      );
    return 0;
  },
};

export const show: Command = {
  use: 'show',
  short: 'Print the name of the current context',
  operands: [0, 0],
  offline: true,
  async run({ session, out }) {
    const name = session.contextName;
    if (name !== 'default') session.store.read(name);
    await out(`${name}\n`);
    return 0;
  },
};

/** A context as `inspect` shows it. */
function inspected(session: Session, name: string): unknown {
  if (name === 'default')
    return {
      Name: 'default',
      Metadata: {},
      Endpoints: { docker: { Host: session.defaultEndpoint().host, SkipTLSVerify: false } },
      TLSMaterial: {},
      Storage: { MetadataPath: '<IN MEMORY>', TLSPath: '<IN MEMORY>' },
    };
  const { Name, Metadata, Endpoints } = session.store.read(name);
  return {
    Name,
    Metadata,
    Endpoints,
    TLSMaterial: session.store.tlsFiles(name),
    Storage: { MetadataPath: session.store.metaFolder(name), TLSPath: session.store.tlsFolder(name) },
  };
}

const escaped = (text: string): string => text.replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);

export const inspect: Command = {
  use: 'inspect [OPTIONS] [CONTEXT] [CONTEXT...]',
  short: 'Display detailed information on one or more contexts',
  flags: flags('-f, --format string | {inspect}'),
  operands: [0, Infinity],
  offline: true,
  async run({ session, args, flags: given, out, error }) {
    const format = given.text('format');
    const found: unknown[] = [];
    const problems: string[] = [];
    for (const name of args.length === 0 ? [session.contextName] : args) {
      try {
        found.push(inspected(session, name));
      } catch (thrown) {
        if (!(thrown instanceof CommandError)) throw thrown;
        problems.push(thrown.message);
      }
    }
    if (format === '') await out(found.length === 0 ? '[]\n' : `${escaped(JSON.stringify(found, null, 4))}\n`);
    else
      for (const value of found)
        await out(`${format === 'json' ? escaped(JSON.stringify(value)) : renderOne(format, withInts(value))}\n`);
    for (const problem of problems) await error(`${problem}\n`);
    return problems.length === 0 ? 0 : 1;
  },
};
