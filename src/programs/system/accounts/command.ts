import type { Process, Program } from '../../../linux/process/types';
import { type Options, parseOptions, type OptionSpec } from '../../toolkit/options';
import { Database } from './database';

/** What a command of the passwd package has at hand. */
export interface Command {
  readonly process: Process;
  readonly options: Options;
  readonly operands: readonly string[];
  readonly database: Database;
  print(text: string): Promise<void>;
  /** A message after the command's name; the status is the result. */
  fail(message: string, status: number): Promise<number>;
  usage(): Promise<number>;
}

export interface CommandSpec extends OptionSpec {
  readonly name: string;
  readonly usage: string;
  /** What anybody may do, not only root. */
  readonly open?: boolean;
  readonly usageStatus?: number;
}

/** A command that reads and writes the account files. */
export function accountCommand(spec: CommandSpec, run: (command: Command) => Promise<number>): Program {
  return async (process) => {
    const { name, usage } = spec;
    const { stdout, stderr } = process;
    const options = parseOptions(process.args, spec);
    if (typeof options === 'string') {
      await stderr.write(`${name}: ${options}\n${usage}`);
      return spec.usageStatus ?? 2;
    }
    if (options.has('help', 'h')) {
      await stdout.write(usage);
      return 0;
    }
    const fail = async (message: string, status: number): Promise<number> => {
      await stderr.write(`${name}: ${message}\n`);
      return status;
    };
    if (spec.open !== true && process.credentials.uid !== 0) {
      const lock = name.startsWith('group') ? '/etc/group' : '/etc/passwd';
      await stderr.write(`${name}: Permission denied.\n${name}: cannot lock ${lock}; try again later.\n`);
      return name.startsWith('group') ? 10 : 1;
    }
    return run({
      process,
      options,
      operands: options.operands,
      database: new Database(process.fs),
      print: async (text) => {
        await stdout.write(text);
      },
      fail,
      usage: async () => {
        await stderr.write(usage);
        return spec.usageStatus ?? 2;
      },
    });
  };
}

/** What /etc/skel has where nobody made one. */
const skeleton: Readonly<Record<string, string>> = {
  '.bash_logout': '# ~/.bash_logout: executed by bash(1) when login shell exits.\n',
  '.bashrc': `# ~/.bashrc: executed by bash(1) for non-login shells.
case $- in
    *i*) ;;
      *) return;;
esac
HISTCONTROL=ignoreboth
HISTSIZE=1000
HISTFILESIZE=2000
PS1='\\u@\\h:\\w\\$ '
alias ls='ls --color=auto'
`,
  '.profile': `# ~/.profile: executed by the command interpreter for login shells.
if [ -n "$BASH_VERSION" ]; then
    if [ -f "$HOME/.bashrc" ]; then
\t. "$HOME/.bashrc"
    fi
fi
`,
};

/** Makes a home folder with what a new one holds. */
export function makeHome(
  { fs }: Process,
  { home, uid, gid }: { readonly home: string; readonly uid: number; readonly gid: number },
  mode = 0o755,
): void {
  fs.mkdirAll(home);
  fs.chmod(home, mode);
  const listed = fs.readdir('/etc/skel');
  const files: readonly (readonly [string, string])[] = listed.ok
    ? listed.value.flatMap(({ name, type }) => {
        const text = type === 'file' ? fs.readText(`/etc/skel/${name}`) : undefined;
        return text?.ok === true ? [[name, text.value] as const] : [];
      })
    : Object.entries(skeleton);
  for (const [name, text] of files) {
    fs.writeFile(`${home}/${name}`, text);
    fs.chown(`${home}/${name}`, uid, gid);
  }
  fs.chown(home, uid, gid);
}
