import { strftime } from '../builtins/strftime';
import type { Shell } from '../shell';
import { accounts } from './tilde';
import { expandEmbedded } from './word';

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const VERSION = '5.2';
const PATCHLEVEL = '15';

/** A prompt string: backslash escapes (bash(1), PROMPTING), then expansions. `\[` and `\]` become \x01 and \x02. */
export async function expandPrompt(shell: Shell, text: string, line = shell.history.length + 1): Promise<string> {
  const decoded = text.replace(/\\(D\{[^}]*\}|[0-7]{3}|[^])/g, (_, code: string) =>
    code === '!' ? String(line) : decode(shell, code),
  );
  return shell.options.on('promptvars') ? expandEmbedded(shell, decoded) : decoded;
}

const byte = (code: number): string => String.fromCharCode(code < 0x80 ? code : 0xdc00 + code);

/** What is put in for an escape must not be expanded again. */
const safe = (text: string): string => text.replace(/[$`\\]/g, '\\$&');

function decode(shell: Shell, code: string): string {
  const { process } = shell;
  const now = new Date(process.clock.now);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = now.getUTCHours();
  switch (code) {
    case 'u':
      return safe(accounts(shell).find(({ uid }) => uid === process.credentials.uid)?.name ?? 'I have no name!');
    case 'h':
      return safe(process.namespaces.uts.hostname.split('.')[0] ?? '');
    case 'H':
      return safe(process.namespaces.uts.hostname);
    case 'w':
      return safe(shortPath(shell));
    case 'W':
      return safe(shortPath(shell).replace(/^.*\/(?=.)/, ''));
    case '$':
      return process.credentials.uid === 0 ? '#' : '\\$';
    case 'd':
      return `${days[now.getUTCDay()] ?? ''} ${months[now.getUTCMonth()] ?? ''} ${two(now.getUTCDate())}`;
    case 't':
      return `${two(hours)}:${two(now.getUTCMinutes())}:${two(now.getUTCSeconds())}`;
    case 'T':
      return `${two(hours % 12 || 12)}:${two(now.getUTCMinutes())}:${two(now.getUTCSeconds())}`;
    case '@':
      return `${two(hours % 12 || 12)}:${two(now.getUTCMinutes())} ${hours < 12 ? 'AM' : 'PM'}`;
    case 'A':
      return `${two(hours)}:${two(now.getUTCMinutes())}`;
    case 'j':
      return String(shell.jobs.size);
    case 'l':
      return safe(process.tty?.path.replace(/^\/dev\//, '') ?? 'tty');
    case 's':
      return safe(shell.name.replace(/^.*\//, '').replace(/^-/, ''));
    case 'v':
      return VERSION;
    case 'V':
      return `${VERSION}.${PATCHLEVEL}`;
    case '#':
      return String(shell.commandNumber);
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 'e':
      return '\x1b';
    case 'a':
      return '\x07';
    case '[':
      return '\x01';
    case ']':
      return '\x02';
    case '\\':
      return '\\';
    default:
      if (/^[0-7]{3}$/.test(code)) return byte(parseInt(code, 8) & 0xff);
      if (code.startsWith('D{')) return safe(strftime(code.slice(2, -1) || '%X', process.clock.now));
      return `\\${code}`;
  }
}

/** The working directory with the home directory as `~`. */
function shortPath(shell: Shell): string {
  const home = shell.get('HOME');
  const cwd = shell.get('PWD') ?? shell.process.cwd;
  if (home === undefined || home === '/' || home === '') return cwd;
  return cwd === home ? '~' : cwd.startsWith(`${home}/`) ? `~${cwd.slice(home.length)}` : cwd;
}
