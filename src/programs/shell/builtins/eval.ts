import { closePrivate, environmentOf, findCommand, isBinary } from '../run/external';
import { complain, errorText, usage, warn } from '../run/io';
import { readScript, runScriptFile } from '../run/script';
import { hideTraps, runTrap, showTraps } from '../run/traps';
import { Source } from '../parse/source';
import type { Flow, Shell } from '../shell';
import { Exit } from '../state/errors';
import { readOptions } from './options';
import type { Builtin } from './types';

export const evalBuiltin: Builtin = async (shell, args) => {
  if (shell.dialect === 'bash' && /^-[^-]/.test(args[0] ?? ''))
    return usage(shell, `${args[0]?.slice(0, 2) ?? ''}: invalid option`, 'eval [arg ...]');
  const text = (args[0] === '--' ? args.slice(1) : args).join(' ');
  if (text.trim() === '') return 0;
  const { running, line } = shell;
  shell.traceDepth++;
  try {
    return await shell.interpreter.source(
      shell,
      new Source(text, shell.source.name, 'eval', shell.dialect === 'dash' ? 1 : line),
    );
  } finally {
    shell.traceDepth--;
    shell.running = running;
  }
};

/** `.` and `source` */
export const source: Builtin = async (shell, args) => {
  const [path, ...rest] = args[0] === '--' ? args.slice(1) : args;
  if (path === undefined) {
    await warn(shell, 'filename argument required');
    if (shell.dialect === 'bash')
      await errorText(shell, `${shell.running ?? '.'}: usage: ${shell.running ?? '.'} filename [arguments]\n`);
    return 2;
  }
  const found = locate(shell, path);
  if (found === undefined) {
    if (shell.dialect === 'bash') {
      await complain(shell, `${path}: No such file or directory`);
      return 1;
    }
    await warn(
      shell,
      shell.dialect === 'dash' ? `${path}: not found` : `can't open '${path}': No such file or directory`,
    );
    throw new Exit(2);
  }
  if (shell.dialect !== 'bash' && !shell.process.fs.stat(found).ok) {
    await warn(
      shell,
      shell.dialect === 'dash'
        ? `cannot open ${path}: No such file`
        : `can't open '${path}': No such file or directory`,
    );
    throw new Exit(2);
  }
  const there = shell.process.fs.stat(found);
  if (shell.dialect === 'bash' && there.ok && there.value.type === 'directory') {
    await warn(shell, `${path}: is a directory`);
    return 1;
  }
  const { running, positional, calls, flow } = shell;
  shell.running = undefined;
  const text = await readScript(shell, found);
  if (text === undefined) return 1;
  if (rest.length > 0) shell.positional = rest;
  shell.sourceDepth++;
  const traps = hideTraps(shell);
  shell.calls = [{ name: 'source', source: path, calledAt: shell.line }, ...calls];
  shell.flow = undefined;
  try {
    const status = await shell.interpreter.source(shell, new Source(text, path, 'file'));
    if (flowOf(shell)?.kind === 'return') shell.flow = flow;
    shell.status = status;
    showTraps(shell, traps);
    if (shell.traps.has('RETURN')) await runTrap(shell, 'RETURN');
    return status;
  } finally {
    shell.sourceDepth--;
    shell.calls = calls;
    showTraps(shell, traps);
    if (rest.length > 0) shell.positional = positional;
    shell.running = running;
  }
};

/** A call, because the file changed it behind the type checker's narrowing. */
const flowOf = (shell: Shell): Flow | undefined => shell.flow;

function locate(shell: Shell, path: string): string | undefined {
  const { fs } = shell.process;
  const readable = (candidate: string): boolean => fs.stat(candidate).ok;
  if (path.includes('/')) return path;
  for (const folder of (shell.get('PATH') ?? '').split(':')) {
    const candidate = `${folder === '' ? '.' : folder}/${path}`;
    const stat = fs.stat(candidate);
    if (stat.ok && stat.value.type === 'file') return candidate;
  }
  return shell.dialect === 'bash' && readable(path) ? path : undefined;
}

export const exec: Builtin = async (shell, args) => {
  const options = await readOptions(
    shell,
    args,
    'cla:',
    'exec [-cl] [-a name] [command [argument ...]] [redirection ...]',
  );
  if (options === undefined) return 2;
  const { flags, rest } = options;
  const [name] = rest;
  if (name === undefined) return 0;
  const path = findCommand(shell, name);
  const { process } = shell;
  if (path === undefined || !process.fs.stat(path).ok) {
    await warn(shell, `${name}: not found`);
    return leave(shell, 127);
  }
  closePrivate(shell);
  const zero = `${flags.has('l') ? '-' : ''}${flags.get('a') ?? name}`;
  const env = flags.has('c') ? new Map<string, string>() : environmentOf(shell, path);
  const failed = await process.exec(path, [zero, ...rest.slice(1)], env);
  if (failed.ok) return 0;
  if (failed.error.code === 'ENOEXEC' && !isBinary(shell, path)) {
    throw new Exit(await runScriptFile(shell, path, rest));
  }
  const stat = process.fs.stat(path);
  const why = stat.ok && stat.value.type === 'directory' ? 'Is a directory' : failed.error.message;
  await complain(shell, `${path}: ${why}`);
  await complain(shell, `exec: ${name}: cannot execute: ${why}`);
  return leave(shell, 126);
};

function leave(shell: Shell, status: number): number {
  if (shell.interactive || shell.options.on('execfail')) return status;
  throw new Exit(status);
}
