import { decode, encode } from '../../../../linux/io/bytes';
import { tarBytes, type TarMember } from '../../../../containers/archive/tar';
import { readTar } from '../../../../containers/archive/untar';
import { readBody } from '../../../../linux/net/http/codec';
import { ok } from '../../../../sim/result';
import { CommandError, type Command } from '../../cli/command';
import type { ContextMeta } from '../../cli/context-store';
import type { Session } from '../../cli/session';
import { checkName } from './endpoint';

/** A context as a tar archive: `meta.json`, then its certificates (cli/context/store: Export). */
function archiveOf(session: Session, name: string): Uint8Array {
  const meta = session.store.read(name);
  const members: TarMember[] = [member('meta.json', JSON.stringify(meta), 0o644), folder('tls')];
  for (const [endpoint, files] of Object.entries(session.store.tlsFiles(name))) {
    members.push(folder(`tls/${endpoint}`));
    for (const file of files) {
      const text = session.process.fs.readText(`${session.store.tlsFolder(name)}/${endpoint}/${file}`);
      if (text.ok) members.push(member(`tls/${endpoint}/${file}`, text.value, 0o600));
    }
  }
  return tarBytes(members);
}

const member = (name: string, text: string, mode: number): TarMember => ({
  name,
  type: 'file',
  mode,
  uid: 0,
  gid: 0,
  mtime: 0,
  body: encode(text),
});

const folder = (name: string): TarMember => ({ name, type: 'directory', mode: 0o700, uid: 0, gid: 0, mtime: 0 });

export const exportContext: Command = {
  use: 'export [OPTIONS] CONTEXT [FILE|-]',
  short: 'Export a context to a tar archive FILE or a tar stream on STDOUT.',
  operands: [1, 2],
  offline: true,
  async run({ process, session, args, error }) {
    const [name = '', to = `${name}.dockercontext`] = args;
    if (name !== 'default') checkName(name);
    const bytes = archiveOf(session, name);
    if (to === '-') {
      if (process.fds.get(1)?.kind === 'tty')
        throw new CommandError('cowardly refusing to export to a terminal, specify a file path');
      await process.stdout.write(bytes);
      return 0;
    }
    const path = to.startsWith('/') ? to : `${process.cwd}/${to}`;
    if (process.fs.stat(path).ok) throw new CommandError(`open ${to}: file exists`);
    const written = process.fs.writeFile(path, bytes, 0o644);
    if (!written.ok) throw new CommandError(`open ${to}: ${written.error.message.toLowerCase()}`);
    await error(`Written file "${to}"\n`);
    return 0;
  },
};

export const importContext: Command = {
  use: 'import CONTEXT FILE|-',
  short: 'Import a context from a tar or zip file',
  operands: [2, 2],
  offline: true,
  async run({ process, session, args, out, error }) {
    const [name = '', from = ''] = args;
    checkName(name);
    if (session.store.exists(name)) throw new CommandError(`context "${name}" already exists`);
    const path = from.startsWith('/') ? from : `${process.cwd}/${from}`;
    const bytes =
      from === '-'
        ? ok(await readBody({ read: () => process.stdin.read(), cancel: () => undefined }))
        : process.fs.readFile(path);
    if (!bytes.ok) throw new CommandError(`open ${from}: ${bytes.error.message.toLowerCase()}`);
    const read = readTar(bytes.value);
    if (!read.ok) throw new CommandError(read.error);
    const meta = read.value.find((each) => each.name === 'meta.json');
    if (meta === undefined) throw new CommandError('invalid context: no metadata found');
    const { Metadata, Endpoints } = JSON.parse(decode(meta.body)) as ContextMeta;
    session.store.write({ Name: name, Metadata, Endpoints });
    const tls: Record<string, string> = {};
    for (const each of read.value) {
      const [, file] = /^tls\/docker\/([^/]+)$/.exec(each.name) ?? [];
      if (file !== undefined) tls[file] = decode(each.body);
    }
    session.store.writeTls(name, 'docker', tls);
    await out(`${name}\n`);
    await error(`Successfully imported context "${name}"\n`);
    return 0;
  },
};
