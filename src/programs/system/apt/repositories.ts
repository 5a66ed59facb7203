import type { Program } from '../../../linux/process/types';
import { parseOptions } from '../../toolkit/options';
import { distribution } from './sources';
import { aptKeyUsage } from './usage';

const deprecated = 'Warning: apt-key is deprecated. Manage keyring files in trusted.gpg.d instead (see apt-key(8)).\n';
const begin = '-----BEGIN PGP PUBLIC KEY BLOCK-----';
const keyring = '/etc/apt/trusted.gpg.d';

/** apt-key(8). */
export const aptKey: Program = async (process) => {
  const { stdout, stderr, fs } = process;
  const args = process.args.filter((arg) => !arg.startsWith('--'));
  const [verb, file] = args;
  if (verb === undefined || verb === 'help') {
    await stdout.write(aptKeyUsage);
    return verb === undefined ? 1 : 0;
  }
  await stderr.write(deprecated);
  if (verb === 'add') {
    const text = file === undefined || file === '-' ? await process.stdin.text() : undefined;
    const read = text === undefined ? fs.readText(file ?? '') : undefined;
    if (read?.ok === false) {
      await stderr.write(`gpg: can't open '${file ?? ''}': ${read.error.message}\n`);
      return 2;
    }
    const key = text ?? (read?.ok === true ? read.value : '');
    if (!key.includes(begin) && key.charCodeAt(0) < 128) {
      await stderr.write('gpg: no valid OpenPGP data found.\n');
      return 2;
    }
    fs.mkdirAll(keyring);
    fs.writeFile(`${keyring}/apt-key-${process.pid}.asc`, key);
    await stdout.write('OK\n');
    return 0;
  }
  if (verb === 'list' || verb === 'finger' || verb === 'fingerprint') {
    const listed = fs.readdir(keyring);
    for (const { name } of listed.ok ? listed.value : [])
      await stdout.write(`${keyring}/${name}\n${'-'.repeat(keyring.length + name.length + 1)}\n\n`);
    return 0;
  }
  if (verb === 'del' || verb === 'rm' || verb === 'remove') {
    await stdout.write('OK\n');
    return 0;
  }
  if (verb === 'adv') return 0;
  await stdout.write(aptKeyUsage);
  return 1;
};

/** gpg(1) as far as keyrings of archives need it: --dearmor, and looking at keys. */
export const gpg: Program = async (process) => {
  const { stdout, stderr, fs } = process;
  const options = parseOptions(process.args, {
    short: 'o:vqaknK',
    long: {
      dearmor: 'dearmor',
      dearmour: 'dearmor',
      'output:': 'o',
      yes: 'yes',
      batch: 'batch',
      'no-tty': 'batch',
      'no-default-keyring': 'x',
      'keyring:': 'keyring',
      'keyserver:': 'keyserver',
      'recv-keys': 'recv',
      'show-keys': 'show',
      import: 'import',
      'list-keys': 'k',
    },
  });
  if (typeof options === 'string') {
    await stderr.write(`gpg: ${options.replace(/^\w+ option '(.*)'$/, 'invalid option "$1"')}\n`);
    return 2;
  }
  if (options.has('version')) {
    await stdout.write('gpg (GnuPG) 2.2.40\nlibgcrypt 1.10.1\n');
    return 0;
  }
  const [file] = options.operands;
  const text = file === undefined ? await process.stdin.text() : undefined;
  const read = text === undefined ? fs.readText(file ?? '') : undefined;
  if (read?.ok === false) {
    await stderr.write(`gpg: can't open '${file ?? ''}': ${read.error.message}\n`);
    return 2;
  }
  const armored = text ?? (read?.ok === true ? read.value : '');
  if (!options.has('dearmor')) {
    if (armored === '') {
      await stderr.write('gpg: no valid OpenPGP data found.\n');
      return 2;
    }
    return 0;
  }
  const body =
    /-----BEGIN PGP [^-]*-----\r?\n(?:[\w-]+: .*\r?\n)*\r?\n?([\s\S]*?)(?:\r?\n=[\w+/]{4})?\r?\n-----END/.exec(
      armored,
    )?.[1];
  if (body === undefined) {
    await stderr.write('gpg: no valid OpenPGP data found.\n');
    return 2;
  }
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of body) {
    const value = letters.indexOf(letter);
    if (value < 0) continue;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
  }
  const output = options.value('o');
  if (output === undefined) await stdout.write(new Uint8Array(bytes));
  else {
    if (fs.stat(output).ok && !options.has('yes')) {
      if (options.has('batch') || process.tty === undefined) {
        await stderr.write(`gpg: dearmoring failed: File exists\n`);
        return 2;
      }
      await stderr.write(`File '${output}' exists. Overwrite? (y/N) `);
      if (!/^y/i.test((await process.stdin.readLine()) ?? '')) {
        await stderr.write('Enter new filename: gpg: signal Interrupt caught ... exiting\n');
        return 2;
      }
    }
    const written = fs.writeFile(output, new Uint8Array(bytes));
    if (!written.ok) {
      await stderr.write(
        `gpg: can't create '${output}': ${written.error.message}\ngpg: dearmoring failed: ${written.error.message}\n`,
      );
      return 2;
    }
  }
  return 0;
};

/** add-apt-repository(1) of software-properties. */
export const addAptRepository: Program = async (process) => {
  const { stdout, stderr, fs, credentials } = process;
  const options = parseOptions(process.args, {
    short: 'hyrnmd',
    long: { yes: 'y', remove: 'r', 'no-update': 'n', 'no-prompt': 'y' },
  });
  if (typeof options === 'string') {
    await stderr.write(
      `Usage: add-apt-repository <sourceline>\n\nadd-apt-repository: error: ${options.replace(/^unrecognized option '(.*)'$/, 'no such option: $1')}\n`,
    );
    return 2;
  }
  const line = options.operands.join(' ');
  if (options.has('h', 'help') || line === '') {
    const text = 'Usage: add-apt-repository <sourceline>\n';
    await (line === '' && !options.has('h', 'help') ? stderr : stdout).write(
      line === '' && !options.has('h', 'help')
        ? `${text}\nadd-apt-repository: error: need a repository as argument\n`
        : text,
    );
    return options.has('h', 'help') ? 0 : 1;
  }
  if (credentials.uid !== 0) {
    await stderr.write('Error: must run as root\n');
    return 1;
  }
  const { codename } = distribution(fs);
  const source = line.startsWith('deb ') ? line : /^https?:/.test(line) ? `deb ${line} ${codename} main` : undefined;
  if (source === undefined) {
    await stderr.write(
      line.startsWith('ppa:')
        ? `Cannot add PPA: '${line}'.\nERROR: '${line.slice(4).split('/')[0] ?? ''}' user or team does not exist.\n`
        : `Error: '${line}' invalid\n`,
    );
    return 1;
  }
  const uri = /(https?:\/\/\S+)/.exec(source)?.[1] ?? '';
  const file = `/etc/apt/sources.list.d/archive_uri-${uri.replace(/[^\w.]+/g, '_').replace(/_$/, '')}-${codename}.list`;
  fs.mkdirAll('/etc/apt/sources.list.d');
  if (options.has('r')) fs.unlink(file);
  else fs.writeFile(file, `${source}\n`);
  await stdout.write(`Repository: '${source}'\n${options.has('r') ? 'Removing' : 'Adding'} repository.\n`);
  return 0;
};
