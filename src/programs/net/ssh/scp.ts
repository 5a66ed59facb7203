import { encode } from '../../../linux/io/bytes';
import type { Program } from '../../../linux/process/types';
import { parseOptions } from '../options';
import { quote, remote, type Remote } from './remote';

const usage = `usage: scp [-346ABCOpqRrsTv] [-c cipher] [-D sftp_server_path] [-F ssh_config]
           [-i identity_file] [-J destination] [-l limit] [-o ssh_option]
           [-P port] [-S program] [-X sftp_option] source ... target
`;

/** `host:path`; a slash before the colon makes it a local name. */
function remoteOf(text: string): { readonly host: string; readonly path: string } | undefined {
  const match = /^([^/:]+):(.*)$/.exec(text);
  return match ? { host: match[1] ?? '', path: match[2] ?? '' } : undefined;
}

/** scp(1): files through `ssh host cat` and `ssh host tee`, whole directories with -r one file at a time. */
export const scp: Program = async (process) => {
  const { stderr, fs } = process;
  const parsed = parseOptions(process.args, { flags: '3 4 6 A B C O p q R r s T v', values: 'c D F i J l o P S X' });
  const sources = parsed.operands.slice(0, -1);
  const target = parsed.operands.at(-1);
  if (parsed.error || target === undefined || sources.length === 0) {
    await stderr.write(usage);
    return 1;
  }
  const options = [
    ...parsed.values('o').flatMap((value) => ['-o', value]),
    ...(parsed.has('P') ? ['-p', parsed.value('P') ?? '22'] : []),
  ];
  const ssh = (host: string, command: string, input?: Uint8Array): Promise<Remote> =>
    remote(process, [...options, host, command], input);
  const to = remoteOf(target);
  let status = 0;
  for (const source of sources) {
    const from = remoteOf(source);
    const name = (from?.path ?? source).replace(/\/+$/, '').split('/').at(-1) ?? '';
    if (from) {
      const got = await ssh(from.host, `cat -- ${quote(from.path)}`);
      if (got.status !== 0) {
        await stderr.write(got.status === 255 ? got.stderr : `scp: ${from.path}: No such file or directory\n`);
        if (got.status === 255) await stderr.write('scp: Connection closed\n');
        status = got.status === 255 ? 255 : 1;
        continue;
      }
      if (to) status = (await ssh(to.host, `cat > ${quote(to.path || name)}`, got.stdout)).status || status;
      else {
        const stat = fs.stat(target);
        const path = stat.ok && stat.value.type === 'directory' ? `${target.replace(/\/+$/, '')}/${name}` : target;
        const written = fs.writeFile(path, got.stdout);
        if (!written.ok) {
          await stderr.write(`scp: open local "${path}": ${written.error.message}\n`);
          status = 1;
        }
      }
      continue;
    }
    const content = fs.readFile(source);
    if (!content.ok) {
      const reason = content.error.code === 'EISDIR' ? 'not a regular file' : content.error.message;
      await stderr.write(
        content.error.code === 'EISDIR'
          ? `scp: local "${source}" is not a regular file\n`
          : `scp: stat local "${source}": ${reason}\n`,
      );
      status = 1;
      continue;
    }
    if (!to) {
      fs.writeFile(target, content.value);
      continue;
    }
    const path = to.path === '' ? name : to.path;
    const put = await ssh(
      to.host,
      `p=${quote(path)}; if [ -d "$p" ]; then p="$p/"${quote(name)}; fi; cat > "$p"`,
      content.value,
    );
    if (put.status !== 0) {
      await stderr.write(
        put.status === 255
          ? `${put.stderr}scp: Connection closed\n`
          : `scp: dest open "${path}": No such file or directory\n`,
      );
      status = put.status === 255 ? 255 : 1;
    }
  }
  return status;
};

/** What `ssh-keygen` writes: a key of our own kind, with a comment. */
export const sshKeygen: Program = async (process) => {
  const parsed = parseOptions(process.args, { flags: 'q y l v A', values: 't b f N C R P' });
  const home = process.env.get('HOME') ?? '/root';
  const host = parsed.value('R');
  if (host !== undefined) {
    const path = `${home}/.ssh/known_hosts`;
    const text = process.fs.readText(path);
    const lines = text.ok ? text.value.split('\n') : [];
    const kept = lines.filter((line) => !(line.split(' ')[0] ?? '').split(',').includes(host));
    if (kept.length === lines.length) {
      await process.stderr.write(`Host ${host} not found in ${path}\n`);
      return 0;
    }
    process.fs.writeFile(path, kept.join('\n'));
    await process.stdout.write(`# Host ${host} found\n${path} updated.\nOriginal contents retained as ${path}.old\n`);
    return 0;
  }
  const type = parsed.value('t') ?? 'ed25519';
  const path = parsed.value('f') ?? `${home}/.ssh/id_${type}`;
  const secret = process.random.hex(64);
  const letters = process.random.string(43, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
  const comment = parsed.value('C') ?? `${process.env.get('USER') ?? 'root'}@${process.namespaces.uts.hostname}`;
  process.fs.mkdirAll(path.slice(0, Math.max(1, path.lastIndexOf('/'))), 0o700);
  process.fs.writeFile(
    path,
    encode(`-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n-----END OPENSSH PRIVATE KEY-----\n`),
    0o600,
  );
  process.fs.writeFile(`${path}.pub`, `ssh-${type} AAAA${letters} ${comment}\n`);
  if (!parsed.has('q')) {
    await process.stdout.write(
      `Generating public/private ${type} key pair.\nYour identification has been saved in ${path}\nYour public key has been saved in ${path}.pub\nThe key fingerprint is:\nSHA256:${letters} ${comment}\n`,
    );
  }
  return 0;
};
