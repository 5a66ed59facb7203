import { decode } from '../../../linux/io/bytes';
import type { Errno } from '../../../linux/errno';
import type { Child, SpawnOptions } from '../../../linux/process/types';
import { ansiQuote } from '../expand/quote';
import { functionText } from '../parse/print';
import { Job } from '../jobs/table';
import type { CommandOptions, Shell } from '../shell';
import { ShellError } from '../state/errors';
import { forkShell } from './fork';
import { complain, errorText } from './io';
import { applyForGood, applyOverlay, inheritedFds, restore, type Overlay } from './redirect';
import { waitForeground } from './wait';
import { runScriptFile } from './script';

/** Looks a command up along the shell's PATH; remembers where it was (`hash`). */
export function findCommand(shell: Shell, name: string): string | undefined {
  if (name.includes('/')) return name;
  const hashed = shell.hashed.get(name);
  if (hashed !== undefined) {
    shell.hashHits.set(name, (shell.hashHits.get(name) ?? 0) + 1);
    return hashed;
  }
  const [path] = searchPath(shell, name, undefined, 1);
  if (path !== undefined && shell.options.has('hashall')) {
    shell.hashed.set(name, path);
    shell.hashHits.set(name, 1);
  }
  return path;
}

/** All executables of that name along PATH, or the first `most`. */
export function searchPath(shell: Shell, name: string, path = shell.get('PATH'), most = Infinity): string[] {
  const { fs } = shell.process;
  const found: string[] = [];
  if (name === '' || path === undefined) return found;
  for (const folder of path.split(':')) {
    const candidate = `${folder === '' ? '.' : folder.replace(/\/$/, '')}/${name}`;
    const stat = fs.stat(candidate);
    if (stat.ok && stat.value.type === 'file' && fs.access(candidate, { execute: true }).ok) {
      found.push(candidate);
      if (found.length >= most) break;
    }
  }
  return found;
}

/** What a program gets: exported variables, exported functions as bash passes them on, and `_`. */
export function environmentOf(shell: Shell, path: string): Map<string, string> {
  const env = new Map(shell.dialect === 'bash' ? shell.variables.environment() : hashed(shell.variables.environment()));
  if (shell.dialect === 'bash') env.set('_', path);
  for (const [name, called] of shell.functions.entries())
    if (called.exported === true)
      env.set(
        `BASH_FUNC_${name}%%`,
        functionText(called)
          .slice(name.length + 1)
          .replace('() \n{', '() {'),
      );
  return env;
}

/** Runs a program in the foreground; its status. */
export async function runExternal(
  shell: Shell,
  words: readonly string[],
  overlay: Overlay,
  text: string,
  { last = false }: CommandOptions,
): Promise<number> {
  const [name = ''] = words;
  const path = findCommand(shell, name);
  if (path === undefined) return redirecting(shell, overlay, () => notFound(shell, words));
  const env = environmentOf(shell, path);
  if (last && !shell.interactive && shell.traps.size === 0) return replace(shell, path, words, env, overlay);
  const fds = inheritedFds(shell, overlay);
  for (const file of overlay.values()) file?.retain();
  const spawned = spawn(shell, { file: path, argv: words, env, fds, ...foreground(shell) });
  for (const file of overlay.values()) file?.release();
  if (!spawned.ok) {
    const { error } = spawned;
    return redirecting(shell, overlay, () => launchFailed(shell, path, words, error));
  }
  return awaitChild(shell, spawned.value, text);
}

/** What goes wrong is said where the command would have said it: `nosuch 2>/dev/null` is quiet. */
async function redirecting(shell: Shell, overlay: Overlay, run: () => Promise<number>): Promise<number> {
  if (overlay.size === 0) return run();
  const saved = applyOverlay(shell, overlay);
  try {
    return await run();
  } finally {
    restore(shell, saved);
  }
}

const foreground = (shell: Shell): Partial<SpawnOptions> => (shell.jobControl ? { group: 0, foreground: true } : {});

function spawn(shell: Shell, options: SpawnOptions): ReturnType<Shell['process']['spawn']> {
  return shell.process.spawn(options);
}

/** Waits for a child that runs in the foreground. */
export async function awaitChild(shell: Shell, child: Child, text: string): Promise<number> {
  const job = new Job(shell.jobControl ? child.pid : undefined, text, false);
  job.processes.push({ pid: child.pid, text, status: undefined });
  return waitForeground(shell, job);
}

/** execve(2) in this process: nothing of the shell is left if it works. */
async function replace(
  shell: Shell,
  path: string,
  words: readonly string[],
  env: ReadonlyMap<string, string>,
  overlay: Overlay,
): Promise<number> {
  applyForGood(shell, overlay);
  closePrivate(shell);
  const failed = await shell.process.exec(path, words, env);
  return failed.ok ? 0 : launchFailed(shell, path, words, failed.error);
}

export function closePrivate(shell: Shell): void {
  for (const fd of shell.privateFds) shell.process.fds.close(fd);
  shell.privateFds.clear();
}

/** What did not start: a script without `#!` runs in a subshell, all else is a message. */
async function launchFailed(shell: Shell, path: string, words: readonly string[], error: Errno): Promise<number> {
  if (error.code === 'ENOEXEC') {
    if (!isBinary(shell, path)) {
      const forked = forkShell(shell, (sub) => runScriptFile(sub, path, words), foreground(shell));
      if (forked.ok) return awaitChild(shell, forked.value, words.join(' '));
    }
    await complain(shell, `${path}: cannot execute binary file: Exec format error`);
    return 126;
  }
  if (error.code === 'EAGAIN') {
    throw new ShellError(`fork: ${shell.dialect === 'bash' ? 'retry: ' : ''}${error.message}`, { status: 254 });
  }
  const [name = path] = words;
  const stat = shell.process.fs.stat(path);
  if (stat.ok && stat.value.type === 'directory') {
    await complain(shell, shell.dialect === 'bash' ? `${name}: Is a directory` : `${name}: Permission denied`);
    return 126;
  }
  if (error.code === 'ENOENT') {
    const [, interpreter] = stat.ok ? (/^#! *(\S+)/.exec(headOf(shell, path)) ?? []) : [];
    if (interpreter !== undefined && shell.dialect === 'bash') {
      await complain(shell, `${name}: cannot execute: required file not found`);
      return 127;
    }
    if (shell.dialect === 'bash') await complain(shell, `${name}: ${error.message}`);
    else await complain(shell, `${name}: not found`);
    return 127;
  }
  await complain(shell, `${name}: ${error.message}`);
  return 126;
}

/** check_binary_file() of bash: a NUL in the first line. */
export function isBinary(shell: Shell, path: string): boolean {
  const head = shell.process.fs.readHead(path, 80);
  return !head.ok || decode(head.value).split('\n')[0]?.includes('\0') === true;
}

function headOf(shell: Shell, path: string): string {
  const head = shell.process.fs.readHead(path, 128);
  return head.ok ? decode(head.value) : '';
}

/** As bash's messages show what cannot be printed. */
const printable = (name: string): string => (/[\x00-\x1f\x7f]/.test(name) ? ansiQuote(name) : name);

async function notFound(shell: Shell, words: readonly string[]): Promise<number> {
  const [name = ''] = words;
  const handler = shell.functions.get('command_not_found_handle');
  if (handler !== undefined && shell.dialect === 'bash') {
    const forked = forkShell(shell, (sub) => sub.interpreter.callFunction(sub, handler, words), foreground(shell));
    if (forked.ok) return awaitChild(shell, forked.value, words.join(' '));
  }
  const bash = (shell.get('PATH') ?? '') === '' && name !== '' ? 'No such file or directory' : 'command not found';
  await errorText(
    shell,
    `${shell.ownPrefix}${shell.dialect === 'bash' ? printable(name) : name}: ${shell.dialect === 'bash' ? bash : 'not found'}\n`,
  );
  return 127;
}

/** The environment in the order of the table in which dash and ash keep their variables (var.c, hashvar()). */
function hashed(environment: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  const bucket = (name: string): number => {
    let hash = name.charCodeAt(0) << 4;
    for (let at = 0; at < name.length; at++) hash += name.charCodeAt(at);
    return hash % 39;
  };
  return [...environment].sort(([a], [b]) => bucket(a) - bucket(b));
}
