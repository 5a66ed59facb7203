import { parseArguments } from '../arguments';
import { editConfig, normalKey, readConfig, removeSection, type ConfigEntry } from '../config';
import { edit } from '../editor';
import { failure, fatal, GitError } from '../error';
import type { Git } from '../git';

export async function config(git: Git, args: readonly string[]): Promise<number> {
  const parsed = parseArguments(args, {
    flags:
      'global system local worktree l/list e/edit get get-all get-regexp unset unset-all add replace-all remove-section rename-section z/null name-only show-origin show-scope bool int path includes',
    values: 'f/file blob default type',
    usage: 'usage: git config [<options>]\n',
  });
  const { fs } = git;
  const chosen =
    parsed.value('f') !== undefined
      ? git.absolute(parsed.value('f') ?? '')
      : parsed.has('global')
        ? git.globalConfig
        : parsed.has('system')
          ? '/etc/gitconfig'
          : parsed.has('local')
            ? localFile(git)
            : undefined;
  const entries: readonly ConfigEntry[] = chosen === undefined ? git.config.entries : readConfig(fs, chosen);
  const end = parsed.has('z') ? '\0' : '\n';
  const origin = ({ file }: ConfigEntry): string => {
    if (parsed.has('show-scope')) {
      const scope =
        file === '/etc/gitconfig' ? 'system' : file === git.globalConfig ? 'global' : file === '' ? 'command' : 'local';
      return `${scope}\t${parsed.has('show-origin') ? `file:${file}\t` : ''}`;
    }
    if (!parsed.has('show-origin')) return '';
    return file === ''
      ? 'command line:\t'
      : `file:${file.startsWith(`${git.cwd}/`) ? file.slice(git.cwd.length + 1) : file}\t`;
  };
  const words = parsed.all;
  const [name = '', value] = words;
  if (parsed.has('l')) {
    if (chosen !== undefined && !fs.readText(chosen).ok)
      fatal(`unable to read config file '${chosen}': No such file or directory`);
    for (const entry of entries)
      git.out(`${origin(entry)}${entry.key}${parsed.has('name-only') ? '' : `=${entry.value}`}${end}`);
    return 0;
  }
  const file = (): string => chosen ?? localFile(git);
  if (parsed.has('e')) {
    const text = fs.readText(file());
    await edit(git, file(), text.ok ? text.value : '');
    return 0;
  }
  if (parsed.has('remove-section') || parsed.has('rename-section')) {
    const text = fs.readText(file());
    const changed = text.ok
      ? removeSection(text.value, name, parsed.has('rename-section') ? value : undefined)
      : undefined;
    if (changed === undefined) fatal(`no such section: ${name}`);
    else fs.writeFile(file(), changed);
    return 0;
  }
  if (words.length === 0) throw new GitError('usage: git config [<options>]\n', 129, '');
  if (parsed.has('get-regexp')) {
    const pattern = new RegExp(name.toLowerCase());
    const found = entries.filter(({ key }) => pattern.test(key));
    for (const entry of found)
      git.out(`${origin(entry)}${entry.key}${parsed.has('name-only') ? '' : ` ${entry.value}`}${end}`);
    return found.length === 0 ? 1 : 0;
  }
  checkKey(name);
  const key = normalKey(name);
  const found = entries.filter((entry) => entry.key === key);
  if (parsed.has('unset') || parsed.has('unset-all')) {
    const text = fs.readText(file());
    const own = readConfig(fs, file()).filter((entry) => entry.key === key);
    if (own.length === 0) return 5;
    if (own.length > 1 && !parsed.has('unset-all')) {
      git.err(`warning: ${key} has multiple values\n`);
      return 5;
    }
    fs.writeFile(file(), editConfig(text.ok ? text.value : '', name, undefined, { all: true }));
    return 0;
  }
  if (value !== undefined && !parsed.has('get')) {
    const path = file();
    const own = readConfig(fs, path).filter((entry) => entry.key === key);
    if (own.length > 1 && !parsed.has('add') && !parsed.has('replace-all')) {
      git.err(`warning: ${key} has multiple values\n`);
      throw new GitError(
        `error: cannot overwrite multiple values with a single value\n       Use a regexp, --add or --replace-all to change ${key}.`,
        5,
        '',
      );
    }
    const text = fs.readText(path);
    fs.mkdirAll(path.slice(0, path.lastIndexOf('/')) || '/');
    const written = fs.writeFile(
      path,
      editConfig(text.ok ? text.value : '', name, value, { add: parsed.has('add'), all: parsed.has('replace-all') }),
    );
    if (!written.ok) failure(`could not lock config file ${path}: ${written.error.message}`, 255);
    return 0;
  }
  const fallback = parsed.value('default');
  const type = parsed.value('type') ?? (parsed.has('bool') ? 'bool' : parsed.has('int') ? 'int' : undefined);
  const typed = (text: string): string => {
    if (type === 'bool')
      return /^(true|yes|on|[1-9]\d*)$/i.test(text)
        ? 'true'
        : /^(false|no|off|0|)$/i.test(text)
          ? 'false'
          : fatal(`bad boolean config value '${text}' for '${key}'`);
    const number = /^(-?\d+)([kmg])?$/i.exec(text);
    if (type !== 'int') return text;
    return number === null
      ? fatal(`bad numeric config value '${text}' for '${key}': invalid unit`)
      : String(Number(number[1]) * 1024 ** ' kmg'.indexOf((number[2] ?? ' ').toLowerCase()));
  };
  if (found.length === 0 && fallback === undefined) return 1;
  for (const entry of parsed.has('get-all') ? found : found.slice(-1))
    git.out(`${origin(entry)}${typed(entry.value)}${end}`);
  if (found.length === 0) git.out(`${fallback ?? ''}${end}`);
  return 0;
}

const localFile = (git: Git): string => {
  const repository = git.findRepository();
  return repository === undefined
    ? fatal(
        '--local can only be used inside a git repository'.replace(
          '--local can only be used inside a git repository',
          'not in a git directory',
        ),
      )
    : `${repository.commonDir}/config`;
};

function checkKey(name: string): void {
  const dot = name.indexOf('.');
  if (dot < 0) throw new GitError(`error: key does not contain a section: ${name}`, 1, '');
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (last === '') throw new GitError(`error: key does not contain variable name: ${name}`, 1, '');
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(last) || !/^[A-Za-z0-9-]+$/.test(name.slice(0, dot)))
    throw new GitError(`error: invalid key: ${name}`, 1, '');
}
