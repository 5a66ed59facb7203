import { functionText } from '../parse/print';
import { findCommand, runExternal, searchPath } from '../run/external';
import { complain, out, warn } from '../run/io';
import { runBuiltin } from '../run/simple';
import type { Shell } from '../shell';
import { builtins } from './index';
import { readOptions } from './options';
import type { Builtin } from './types';

export const keywords = new Set(
  ['if', 'then', 'else', 'elif', 'fi', 'case', 'esac', 'for', 'select', 'while', 'until', 'do', 'done', 'in'].concat([
    ...['function', 'time', '{', '}', '!', '[[', ']]', 'coproc'],
  ]),
);

interface Meaning {
  readonly kind: 'alias' | 'keyword' | 'function' | 'builtin' | 'file';
  readonly value: string;
}

/** Everything a name means, in the order of preference. */
function meanings(shell: Shell, name: string, { functions = true, builtin = true } = {}): Meaning[] {
  const found: Meaning[] = [];
  const alias = shell.aliases.get(name);
  if (builtin && alias !== undefined && shell.options.on('expand_aliases')) found.push({ kind: 'alias', value: alias });
  if (builtin && keywords.has(name)) found.push({ kind: 'keyword', value: name });
  if (functions && shell.functions.has(name)) found.push({ kind: 'function', value: name });
  if (builtin && builtins(shell)[name] !== undefined && !shell.disabled.has(name))
    found.push({ kind: 'builtin', value: name });
  if (name.includes('/')) {
    const stat = shell.process.fs.stat(name);
    if (stat.ok && stat.value.type !== 'directory' && shell.process.fs.access(name, { execute: true }).ok) {
      found.push({ kind: 'file', value: name });
    }
  } else for (const path of searchPath(shell, name)) found.push({ kind: 'file', value: path });
  return found;
}

/** `type` falls back on a file along PATH that cannot be run. */
function unusable(shell: Shell, name: string): Meaning[] {
  for (const folder of (shell.get('PATH') ?? '').split(':')) {
    const value = `${folder === '' ? '.' : folder}/${name}`;
    const stat = shell.process.fs.stat(value);
    if (stat.ok && stat.value.type === 'file') return [{ kind: 'file', value }];
  }
  return [];
}

function describe(shell: Shell, name: string, { kind, value }: Meaning): string {
  switch (kind) {
    case 'alias':
      return shell.dialect === 'bash' ? `${name} is aliased to \`${value}'\n` : `${name} is an alias for ${value}\n`;
    case 'keyword':
      return `${name} is a shell keyword\n`;
    case 'function': {
      const found = shell.functions.get(name);
      if (shell.dialect !== 'bash' || found === undefined) return `${name} is a shell function\n`;
      return `${name} is a function\n${functionText(found)}\n`;
    }
    case 'builtin':
      return `${name} is a shell builtin\n`;
    case 'file':
      return shell.hashed.get(name) === value && shell.dialect === 'bash'
        ? `${name} is hashed (${value})\n`
        : `${name} is ${value}\n`;
  }
}

export const type: Builtin = async (shell, args) => {
  const options = await readOptions(shell, args, 'afptP', 'type [-afptP] name [name ...]');
  if (options === undefined) return 2;
  const { flags, rest } = options;
  let status = 0;
  for (const name of rest) {
    const all = meanings(shell, name, { functions: !flags.has('f') && !flags.has('P'), builtin: !flags.has('P') });
    if (all.length === 0 && !name.includes('/')) all.push(...unusable(shell, name));
    const shown = flags.has('a') ? all : all.slice(0, 1);
    if (shown.length === 0) {
      status = 1;
      if (!flags.has('t') && !flags.has('p') && !flags.has('P')) {
        await (shell.dialect === 'bash' ? warn(shell, `${name}: not found`) : out(shell, `${name}: not found\n`));
      }
      continue;
    }
    for (const meaning of shown) {
      if (flags.has('t')) await out(shell, `${meaning.kind}\n`);
      else if (flags.has('p') || flags.has('P')) {
        if (meaning.kind === 'file') status = (await out(shell, `${meaning.value}\n`)) || status;
      } else status = (await out(shell, describe(shell, name, meaning))) || status;
    }
  }
  return shell.dialect === 'bash' || status === 0 ? status : 127;
};

/** `command`: without functions; `-v` and `-V` tell what a name means. */
export const command: Builtin = async (shell, args, invocation) => {
  const options = await readOptions(shell, args, 'pvV', 'command [-pVv] command [arg ...]');
  if (options === undefined) return 2;
  const { flags, rest } = options;
  const [name, ...others] = rest;
  if (name === undefined) return 0;
  if (flags.has('v') || flags.has('V')) {
    let status = 1;
    for (const each of shell.dialect === 'dash' ? [name] : rest) {
      const [meaning] = meanings(shell, each);
      if (meaning === undefined) {
        if (flags.has('V') && shell.dialect !== 'bash') await out(shell, `${each}: not found\n`);
        else if (flags.has('V')) await warn(shell, `${each}: not found`);
        continue;
      }
      status = 0;
      if (flags.has('V')) await out(shell, describe(shell, each, meaning));
      else if (meaning.kind === 'alias') await out(shell, `alias ${each}='${meaning.value}'\n`);
      else await out(shell, `${meaning.value}\n`);
    }
    return status === 0 || shell.dialect === 'bash' ? status : 127;
  }
  const builtin = builtins(shell)[name];
  if (builtin !== undefined && !shell.disabled.has(name)) {
    return runBuiltin(shell, name, builtin, shifted(invocation, args.length - others.length, others));
  }
  shell.running = undefined;
  if (flags.has('p') && !name.includes('/')) {
    const path = searchPath(shell, name, '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin')[0];
    if (path === undefined) {
      await complain(shell, `${name}: command not found`);
      return 127;
    }
    return runExternal(shell, [path, ...others], new Map(), rest.join(' '), {});
  }
  return runExternal(shell, rest, new Map(), rest.join(' '), {});
};

/** The invocation of a builtin behind `command` or `builtin`: array arguments keep their elements. */
function shifted(
  { arrays, options }: Parameters<Builtin>[2],
  by: number,
  args: readonly string[],
): Parameters<Builtin>[2] {
  if (arrays === undefined) return { args, arrays, options };
  return { args, options, arrays: new Map([...arrays].map(([index, elements]) => [index - by, elements])) };
}

export const builtin: Builtin = async (shell, args, invocation) => {
  const [name, ...others] = args[0] === '--' ? args.slice(1) : args;
  if (name === undefined) return 0;
  const found = builtins(shell)[name];
  if (found !== undefined)
    return runBuiltin(shell, name, found, shifted(invocation, args.length - others.length, others));
  await warn(shell, `${name}: not a shell builtin`);
  return 1;
};

export const hash: Builtin = async (shell, args) => {
  const options = await readOptions(shell, args, 'lrp:dt', 'hash [-lr] [-p pathname] [-dt] [name ...]');
  if (options === undefined) return 2;
  const { flags, rest } = options;
  if (flags.has('r')) {
    shell.hashed.clear();
    shell.hashHits.clear();
  }
  const path = flags.get('p');
  if (rest.length === 0) {
    if (flags.has('r')) return 0;
    if (shell.hashed.size === 0)
      return shell.dialect === 'bash' ? out(shell, `${shell.running ?? 'hash'}: hash table empty\n`) : 0;
    const lines = [...shell.hashed.entries()].map(([name, where]) =>
      flags.has('l')
        ? `builtin hash -p ${where} ${name}\n`
        : `${String(shell.hashHits.get(name) ?? 0).padStart(4)}\t${where}\n`,
    );
    return out(shell, (flags.has('l') ? '' : 'hits\tcommand\n') + lines.join(''));
  }
  let status = 0;
  for (const name of rest) {
    if (flags.has('d')) shell.hashed.delete(name);
    else if (flags.has('t')) {
      const where = shell.hashed.get(name);
      if (where === undefined) {
        await warn(shell, `${name}: not found`);
        status = 1;
      } else await out(shell, rest.length > 1 ? `${name}\t${where}\n` : `${where}\n`);
    } else if (path !== undefined) shell.hashed.set(name, path);
    else if (!name.includes('/')) {
      shell.hashed.delete(name);
      if (builtins(shell)[name] === undefined && findCommand(shell, name) === undefined) {
        await warn(shell, `${name}: not found`);
        status = 1;
      } else shell.hashHits.set(name, 0);
    }
  }
  return status;
};

export const enable: Builtin = async (shell, args) => {
  const options = await readOptions(shell, args, 'adnpsf:', 'enable [-a] [-dnps] [-f filename] [name ...]');
  if (options === undefined) return 2;
  const { flags, rest } = options;
  const names = Object.keys(builtins(shell)).sort();
  if (rest.length === 0) {
    const lines = names
      .filter((name) => flags.has('a') || shell.disabled.has(name) === flags.has('n'))
      .map((name) => `enable ${shell.disabled.has(name) ? '-n ' : ''}${name}\n`);
    return out(shell, lines.join(''));
  }
  let status = 0;
  for (const name of rest) {
    if (!names.includes(name)) {
      await warn(shell, `${name}: not a shell builtin`);
      status = 1;
    } else if (flags.has('n')) shell.disabled.set(name, true);
    else shell.disabled.delete(name);
  }
  return status;
};
