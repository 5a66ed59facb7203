import { decode, encode } from '../../../linux/io/bytes';
import type { Program } from '../../../linux/process/types';
import { parseOptions } from '../options';
import { quote, remote } from './remote';

/** ssh-copy-id(1): puts public keys into ~/.ssh/authorized_keys of another host, by ssh. Texts of the script itself. */
export const sshCopyId: Program = async (process) => {
  const { stdout, stderr, fs, env } = process;
  // The script says its own path, which PATH gave it.
  const me = process.which(process.argv[0] ?? '') ?? '/usr/bin/ssh-copy-id';
  const say = (text: string) => stderr.write(`${me}: ${text}\n`);
  const usage = async (): Promise<number> => {
    await stderr.write(
      `Usage: ${me} [-h|-?|-f|-n|-s] [-i [identity_file]] [-p port] [-F alternative ssh_config file] [[-o <ssh -o options>] ...] [user@]hostname\n` +
        '\t-f: force mode -- copy keys without trying to check if they are already installed\n' +
        '\t-n: dry run    -- no keys are actually copied\n' +
        '\t-s: use sftp   -- use sftp instead of executing remote-commands. Can be useful if the remote only allows sftp\n' +
        '\t-h|-?: print this help\n',
    );
    return 1;
  };
  const parsed = parseOptions(process.args, { flags: 'f n s h ?', values: 'i o p F', stopAtOperand: true });
  const [host] = parsed.operands;
  if (parsed.error !== undefined || parsed.has('h', '?') || host === undefined) return usage();
  if (parsed.operands.length > 1) {
    await say('ERROR: Too many arguments.  Expecting a target hostname, got: \n');
    return usage();
  }
  const folder = `${env.get('HOME') ?? '/root'}/.ssh`;
  const listed = fs.readdir(folder);
  const usual = (listed.ok ? listed.value.map((entry) => entry.name) : [])
    .filter((name) => /^id.*\.pub$/.test(name) && !name.endsWith('-cert.pub'))
    .sort((one, other) => newest(`${folder}/${other}`) - newest(`${folder}/${one}`))[0];
  function newest(path: string): number {
    const stat = fs.stat(path);
    return stat.ok ? stat.value.mtime : 0;
  }
  const given = parsed.value('i') ?? (usual === undefined ? undefined : `${folder}/${usual}`);
  if (given === undefined) {
    await say('ERROR: No identities found');
    return 1;
  }
  const file = given.endsWith('.pub') ? given : `${given}.pub`;
  for (const path of parsed.has('f') ? [file] : [file, file.replace(/\.pub$/, '')]) {
    const opened = fs.readText(path);
    if (opened.ok) continue;
    const instead = path === file ? '' : `\t(to install the contents of '${file}' anyway, look at the -f option)`;
    await stdout.write(`\n${me}: ERROR: failed to open ID file '${path}': ${opened.error.message}\n${instead}\n`);
    return 1;
  }
  const text = fs.readText(file);
  const keys = text.ok ? text.value.split('\n').filter((line) => line !== '') : [];
  await say(`INFO: Source of key(s) to be installed: "${file}"`);
  const options = parsed.options.flatMap(({ name, value }) => (/^[opF]$/.test(name) ? [`-${name}`, value] : []));
  let missing = keys;
  if (!parsed.has('f')) {
    await say('INFO: attempting to log in with the new key(s), to filter out any that are already installed');
    // A key lets in if the host's list has it.
    const there = await remote(process, [...options, host, 'cat .ssh/authorized_keys 2>/dev/null || true']);
    if (there.status !== 0) {
      await stderr.write(`\n${me}: ${there.stderr.trimEnd().replace(/^/gm, 'ERROR: ')}\n\n`);
      return 1;
    }
    const known = new Set(decode(there.stdout).split('\n').map(keyOf));
    missing = keys.filter((key) => !known.has(keyOf(key)));
    if (missing.length === 0) {
      await stderr.write(
        `\n${me}: WARNING: All keys were skipped because they already exist on the remote system.\n` +
          '\t\t(if you think this is a mistake, you may want to use -f option)\n\n',
      );
      return 0;
    }
    await say(
      `INFO: ${missing.length} key(s) remain to be installed -- if you are prompted now it is to install the new keys`,
    );
  }
  if (parsed.has('n')) {
    await stdout.write(
      `=-=-=-=-=-=-=-=\nWould have added the following key(s):\n\n${missing.join('\n')}\n=-=-=-=-=-=-=-=\n`,
    );
    return 0;
  }
  const list = '.ssh/authorized_keys';
  const install =
    `cd; umask 077; mkdir -p .ssh && { [ -z "$(tail -1c ${list} 2>/dev/null)" ] || echo >> ${list} || exit 1; } && ` +
    `cat >> ${list} || exit 1`;
  const put = await remote(process, [...options, host, install], encode(missing.map((key) => `${key}\n`).join('')));
  if (put.status !== 0) {
    await stderr.write(put.stderr);
    return 1;
  }
  const words = [...options.map((word) => (/^-[opF]$/.test(word) ? word : quote(word))), quote(host)].join(' ');
  await stdout.write(
    `\nNumber of key(s) added: ${missing.length}\n\nNow try logging into the machine, with:   "ssh ${words}"\n` +
      'and check to make sure that only the key(s) you wanted were added.\n\n',
  );
  return 0;
};

/** Type and key, without the comment. */
const keyOf = (line: string): string => line.split(' ').slice(0, 2).join(' ');
