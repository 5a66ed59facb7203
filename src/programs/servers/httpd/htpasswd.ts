import { sha1 } from '@noble/hashes/legacy.js';
import { bcrypt } from '../../../containers/registry/bcrypt';
import { encode } from '../../../linux/io/bytes';
import { base64 } from '../../../linux/net/tls/pem';
import type { Process, Program } from '../../../linux/process/types';
import { md5Crypt } from '../nginx/access';
import { passwordMatches } from './access';

const usage = `Usage:
	htpasswd [-cimB25dpsDv] [-C cost] [-r rounds] passwordfile username
	htpasswd -b[cmB25dpsDv] [-C cost] [-r rounds] passwordfile username password

	htpasswd -n[imB25dps] [-C cost] [-r rounds] username
	htpasswd -nb[mB25dps] [-C cost] [-r rounds] username password
 -c  Create a new file.
 -n  Don't update file; display results on stdout.
 -b  Use the password from the command line rather than prompting for it.
 -i  Read password from stdin without verification (for script usage).
 -m  Force MD5 hashing of the password (default).
 -2  Force SHA-256 hashing of the password (secure).
 -5  Force SHA-512 hashing of the password (secure).
 -B  Force bcrypt hashing of the password (very secure).
 -C  Set the computing time used for the bcrypt algorithm
     (higher is more secure but slower, default: 5, valid: 4 to 17).
 -r  Set the number of rounds used for the SHA-256, SHA-512 algorithms
     (higher is more secure but slower, default: 5000).
 -d  Force CRYPT hashing of the password (8 chars max, insecure).
 -s  Force SHA-1 hashing of the password (insecure).
 -p  Do not hash the password (plaintext, insecure).
 -D  Delete the specified user.
 -v  Verify password for the specified user.
On other systems than Windows and NetWare the '-p' flag will probably not work.
The SHA-1 algorithm does not use a salt and is less secure than the MD5 algorithm.
`;

/** htpasswd(1): users and the hashes of their passwords. */
export const htpasswd: Program = async (process) => {
  const flags = new Set<string>();
  const words: string[] = [];
  let cost = 5;
  for (let index = 0; index < process.args.length; index++) {
    const word = process.args[index] ?? '';
    if (!word.startsWith('-') || word === '-' || words.length > 0) {
      words.push(word);
      continue;
    }
    for (const letter of word.slice(1)) {
      if (letter === 'C') cost = Number(process.args[++index] ?? 5);
      else if (letter === 'r') index++;
      else if ('cnbimB25dpsDv'.includes(letter)) flags.add(letter);
      else return say(process, usage, 2);
    }
  }
  const wanted = (flags.has('n') ? 1 : 2) + (flags.has('b') ? 1 : 0);
  if (words.length !== wanted) return say(process, usage, 2);
  if (flags.has('c') && flags.has('n')) return say(process, 'htpasswd: -c and -n options conflict\n', 2);
  const file = flags.has('n') ? undefined : (words[0] ?? '');
  const user = words[flags.has('n') ? 0 : 1] ?? '';
  if (user.includes(':')) return say(process, "htpasswd: username contains illegal character ':'\n", 6);
  const text = file === undefined || flags.has('c') ? undefined : process.fs.readText(file);
  if (text?.ok === false) return say(process, `htpasswd: cannot modify file ${file ?? ''}; use '-c' to create it\n`, 1);
  const lines = (text?.ok === true ? text.value : '').split('\n').filter((line) => line !== '');
  const before = lines.findIndex((line) => line.startsWith(`${user}:`));
  if (flags.has('D')) {
    if (before < 0) return say(process, `User ${user} not found\n`, 0);
    lines.splice(before, 1);
    process.fs.writeFile(file ?? '', `${lines.join('\n')}${lines.length > 0 ? '\n' : ''}`);
    return say(process, `Deleting password for user ${user}\n`, 0);
  }
  const password = await passwordOf(process, flags, words.at(-1) ?? '');
  if (password === undefined) return say(process, 'htpasswd: password verification error\n', 3);
  if (flags.has('v')) {
    if (before < 0) return say(process, `User ${user} not found\n`, 6);
    const hash = lines[before]?.slice(user.length + 1) ?? '';
    return passwordMatches(password, hash)
      ? say(process, `Password for user ${user} correct.\n`, 0)
      : say(process, 'password verification failed\n', 3);
  }
  const line = `${user}:${hashed(process, flags, password, cost)}`;
  if (file === undefined) {
    await process.stdout.write(`${line}\n\n`);
    return 0;
  }
  if (before < 0) lines.push(line);
  else lines[before] = line;
  const written = process.fs.writeFile(file, `${lines.join('\n')}\n`, 0o644);
  if (!written.ok) return say(process, `htpasswd: cannot create file ${file}\n`, 1);
  return say(process, `${before < 0 ? 'Adding' : 'Updating'} password for user ${user}\n`, 0);
};

async function say(process: Process, text: string, status: number): Promise<number> {
  await process.stderr.write(text);
  return status;
}

async function passwordOf(process: Process, flags: ReadonlySet<string>, last: string): Promise<string | undefined> {
  if (flags.has('b')) return last;
  if (flags.has('i') || process.tty === undefined) return (await process.stdin.readLine()) ?? '';
  const prompt = async (text: string): Promise<string> => {
    await process.stderr.write(text);
    const line = (await process.stdin.readLine()) ?? '';
    await process.stderr.write('\n');
    return line;
  };
  if (flags.has('v')) return prompt('Enter password: ');
  const first = await prompt('New password: ');
  return (await prompt('Re-type new password: ')) === first ? first : undefined;
}

function hashed({ random }: Process, flags: ReadonlySet<string>, password: string, cost: number): string {
  const letters = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  if (flags.has('p')) return password;
  if (flags.has('s')) return `{SHA}${base64(sha1(encode(password)))}`;
  if (flags.has('B'))
    return bcrypt(
      password,
      Uint8Array.from({ length: 16 }, () => random.uint32() & 0xff),
      cost,
    );
  const salt = Array.from({ length: 8 }, () => letters.charAt(random.uint32() & 63)).join('');
  return md5Crypt(password, salt, '$apr1$');
}
