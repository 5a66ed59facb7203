import { strftime } from '../toolkit/date-format';
import { users } from '../toolkit/users';
import { decode, encode } from '../../linux/io/bytes';
import type { Process, Program } from '../../linux/process/types';

const usage = `usage:	crontab [-u user] [-n] file
	crontab [ -u user ] [ -i ] { -e | -l | -r }

	-h	(displays this help message)

	file	(default operation is replace, per 1003.2)
	-n	(dry run: checks the syntax, then bails out)
	-u user	(choose the user whose crontab is touched)

	-e	(edit user's crontab)
	-l	(list user's crontab)
	-r	(delete user's crontab)

	-i	(prompt before deleting user's crontab)
`;

/** What `crontab -e` begins with where there is none yet. */
const template = `# Edit this file to introduce tasks to be run by cron.
# 
# Each task to run has to be defined through a single line
# indicating with different fields when the task will be run
# and what command to run for the task
# 
# To define the time you can provide concrete values for
# minute (m), hour (h), day of month (dom), month (mon),
# and day of week (dow) or use '*' in these fields (for 'any').
# 
# Notice that tasks will be started based on the cron's system
# daemon's notion of time and timezones.
# 
# Output of the crontab jobs (including errors) is sent through
# email to the user the crontab file belongs to (unless redirected).
# 
# For example, you can run a backup of all your user accounts
# at 5 a.m every week with:
# 0 5 * * 1 tar -zcf /var/backups/home.tgz /home/
# 
# For more information see the manual pages of crontab(5) and cron(8)
# 
# m h  dom mon dow   command
`;

const folder = '/var/spool/cron/crontabs';

/** crontab(1) of Debian's cron: keeps the tables. No daemon runs them here. */
export const crontab: Program = async (process) => {
  const { stdout, stderr, fs } = process;
  const complain = async (text: string): Promise<number> => {
    await stderr.write(`${text}\n`);
    return 1;
  };
  const misused = (text: string): Promise<number> => complain(`crontab: usage error: ${text}\n${usage.trimEnd()}`);
  let action: string | undefined;
  let file: string | undefined;
  let asks = false;
  let dry = false;
  const people = users(fs);
  let name = people.find(({ uid }) => uid === process.credentials.uid)?.name ?? 'root';
  const args = [...process.args];
  for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
    if (arg === '-' || !arg.startsWith('-')) file ??= arg;
    else
      for (let at = 1; at < arg.length; at++) {
        const letter = arg.charAt(at);
        if (letter === 'h') return complain(usage.trimEnd());
        if (letter === 'u') {
          const given = arg.slice(at + 1) || args.shift();
          if (given === undefined) {
            await stderr.write("crontab: option requires an argument -- 'u'\n");
            return misused('unrecognized option');
          }
          if (process.credentials.uid !== 0 && given !== name) return complain('must be privileged to use -u');
          if (!people.some((person) => person.name === given)) return complain(`crontab:  user \`${given}' unknown`);
          name = given;
          break;
        } else if (letter === 'i') asks = true;
        else if (letter === 'n') dry = true;
        else if ('elr'.includes(letter)) {
          if (action !== undefined) return misused('only one operation permitted');
          action = letter;
        } else {
          await stderr.write(`crontab: invalid option -- '${letter}'\n`);
          return misused('unrecognized option');
        }
      }
  }
  if (action !== undefined && file !== undefined) return misused('no arguments permitted after this option');
  if (action === undefined && file === undefined && dry) return misused('file name must be specified for dry run');
  const path = `${folder}/${name}`;
  const kept = fs.readText(path);
  const table = kept.ok ? kept.value.split('\n').slice(3).join('\n') : undefined;
  if (action === 'l' || action === 'r') {
    if (table === undefined) return complain(`no crontab for ${name}`);
    if (action === 'l') {
      await stdout.write(table);
      return 0;
    }
    if (asks) {
      await stdout.write(`crontab: really delete ${name}'s crontab? (y/n) `);
      if (!/^y/i.test((await process.stdin.readLine()) ?? '')) return 0;
    }
    fs.unlink(path);
    return 0;
  }
  if (action === 'e') return edit(process, name, path, table);
  let text: string;
  if (file === undefined || file === '-') text = await process.stdin.text();
  else {
    const read = fs.readFile(file);
    if (!read.ok) return complain(`${file}: ${read.error.message}`);
    text = decode(read.value);
  }
  const source = file ?? '-';
  const wrong = faultOf(text);
  if (wrong !== undefined) return complain(`"${source}":${wrong}\nerrors in crontab file, can't install.`);
  if (dry) {
    await stderr.write('The syntax of the crontab file was successfully checked.\n');
    return 0;
  }
  store(process, path, text, source);
  return 0;
};

async function edit(process: Process, name: string, path: string, table: string | undefined): Promise<number> {
  const { fs, stderr, env } = process;
  if (table === undefined) await stderr.write(`no crontab for ${name} - using an empty one\n`);
  const folder = `/tmp/crontab.${process.random.string(6, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789')}`;
  const file = `${folder}/crontab`;
  const before = table ?? template;
  fs.mkdirAll(folder, 0o700);
  fs.writeFile(file, before, 0o600);
  const editor = env.get('VISUAL') ?? env.get('EDITOR') ?? 'vi';
  const tidy = (): void => {
    fs.unlink(file);
    fs.rmdir(folder);
  };
  for (;;) {
    const child = process.spawn({ file: '/bin/sh', argv: ['sh', '-c', `${editor} ${file}`] });
    const ended = child.ok ? await child.value.wait() : undefined;
    if (ended?.kind !== 'exited' || ended.code !== 0) {
      await stderr.write(`crontab: "${editor}" exited with status ${ended?.kind === 'exited' ? ended.code : 1}\n`);
      tidy();
      return 1;
    }
    const read = fs.readText(file);
    const text = read.ok ? read.value : before;
    if (text === before) {
      await stderr.write('No modification made\n');
      tidy();
      return 0;
    }
    const wrong = faultOf(text);
    if (wrong === undefined) {
      await stderr.write('crontab: installing new crontab\n');
      store(process, path, text, file);
      tidy();
      return 0;
    }
    await stderr.write(`crontab: installing new crontab\n"${file}":${wrong}\nerrors in crontab file, can't install.\n`);
    await process.stdout.write('Do you want to retry the same edit? (y/n) ');
    if (!/^y/i.test((await process.stdin.readLine()) ?? '')) {
      await stderr.write(`crontab: edits left in ${file}\n`);
      return 1;
    }
  }
}

/** With the three lines in front that cron itself writes. */
function store(process: Process, path: string, text: string, source: string): void {
  process.fs.mkdirAll(folder, 0o1730);
  const head =
    '# DO NOT EDIT THIS FILE - edit the master and reinstall.\n' +
    `# (${source} installed on ${strftime('%a %b %e %H:%M:%S %Y', process.clock.now)})\n` +
    '# (Cron version -- $Id: crontab.c,v 2.13 1994/01/17 03:20:37 vixie Exp $)\n';
  process.fs.writeFile(path, encode(head + text), 0o600);
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const days = 'sun mon tue wed thu fri sat'.split(' ');
const fields: readonly (readonly [string, number, number, readonly string[]])[] = [
  ['bad minute', 0, 59, []],
  ['bad hour', 0, 23, []],
  ['bad day-of-month', 1, 31, []],
  ['bad month', 1, 12, months],
  ['bad day-of-week', 0, 7, days],
];

/** The first fault of a table as `N: bad minute`, counted as cron does: from the line before. */
function faultOf(text: string): string | undefined {
  const lines = text.split('\n');
  const unfinished = lines.pop() !== '';
  for (const [index, raw] of lines.entries()) {
    const line = raw.trimStart();
    if (line === '' || line.startsWith('#') || /^["']?\w+["']?\s*=/.test(line)) continue;
    if (line.startsWith('@')) {
      if (/^@(reboot|yearly|annually|monthly|weekly|daily|midnight|hourly)\s+\S/.test(line)) continue;
      return `${index}: bad time specifier`;
    }
    const words = line.split(/\s+/);
    for (const [at, [message, low, high, names]] of fields.entries()) {
      if (!fits(words[at] ?? '', low, high, names)) return `${index}: ${message}`;
    }
    if (words.length < 6 || words[5] === '') return `${index}: bad command`;
  }
  return unfinished ? `${lines.length}: missing newline before EOF` : undefined;
}

function fits(field: string, low: number, high: number, names: readonly string[]): boolean {
  const value = (word: string): number => {
    const named = names.indexOf(word.toLowerCase());
    return named >= 0 ? named + low : /^\d+$/.test(word) ? Number(word) : NaN;
  };
  return field.split(',').every((part) => {
    const [, range = '', step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    if (step === '0' || range === '') return false;
    if (range === '*') return true;
    const [first = NaN, last = first, ...more] = range.split('-').map(value);
    return more.length === 0 && first >= low && last <= high && first <= last;
  });
}
