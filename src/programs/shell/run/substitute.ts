import type { Script } from 'unbash';
import type { Child } from '../../../linux/process/types';
import { Source } from '../parse/source';
import { parseSource } from '../parse/syntax';
import type { Shell } from '../shell';
import { fromBytes } from '../text';
import { forkShell, forkWaiting } from './fork';
import { complain, errorText, join, readAll, readFrom } from './io';
import { handlePending } from './traps';
import { prepareRedirects } from './redirect';
import { exitCode } from '../jobs/signals';

/** The statements of a substitution run as a script whose positions index `source`. */
function enter(shell: Shell, script: Script, text: string): void {
  if (script.source !== undefined) {
    shell.source = new Source(script.source, shell.source.name, shell.source.kind, shell.line);
    shell.position = 0;
    return;
  }
  // bash counts from the line of the command that it stands in, and from its first command.
  const position = text.startsWith('`') ? script.pos : (script.commands[0]?.pos ?? script.pos);
  if (position < shell.source.text.length) shell.source = shell.source.counted(position, shell.line);
}

/** `$(…)`: the output of a subshell, without its last newlines. */
export async function substitute(shell: Shell, script: Script, text: string): Promise<string> {
  const file = await readFileInstead(shell, script);
  if (file !== undefined) return file;
  const { process } = shell;
  const pipe = process.pipe();
  pipe.write.retain();
  const fd = process.fds.install(pipe.read, 10);
  shell.privateFds.add(fd);
  const forking = forkWaiting(shell, (sub) => runChecked(sub, script, text), {
    overlay: new Map([[1, pipe.write]]),
    substitution: true,
  });
  let child: Child;
  try {
    child = forking instanceof Promise ? await forking : forking;
  } catch (error) {
    close(shell, fd);
    throw error;
  } finally {
    pipe.write.release();
  }
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = await readFrom(shell, fd, 65_536);
    if (chunk === 'interrupted') {
      if (!shell.interrupted && shell.terminating === undefined) continue;
      close(shell, fd);
      await handlePending(shell);
      continue;
    }
    if (chunk === 'error' || chunk.length === 0) break;
    chunks.push(chunk);
  }
  close(shell, fd);
  shell.substitutionStatus = await statusOfChild(shell, child.pid);
  if (shell.dialect === 'bash') shell.status = shell.substitutionStatus;
  if (shell.interrupted) await handlePending(shell);
  return clean(shell, fromBytes(join(chunks)));
}

function close(shell: Shell, fd: number): void {
  shell.process.fds.close(fd);
  shell.privateFds.delete(fd);
}

async function statusOfChild(shell: Shell, pid: number): Promise<number> {
  for (;;) {
    const told = await shell.process.wait({ pid });
    if (told === 'interrupted') continue;
    return told === undefined ? 127 : exitCode(told.status);
  }
}

function runInside(sub: Shell, script: Script, text = ''): Promise<number> {
  enter(sub, script, text);
  sub.traceDepth++;
  return sub.interpreter.list(sub, script.commands, { last: true });
}

const sound = new WeakSet<Script>();

/** What stands in backquotes or a here-document is first read when it runs. */
async function runChecked(sub: Shell, script: Script, text: string): Promise<number> {
  const backquoted = text.startsWith('`');
  if (!sound.has(script) && (backquoted || 'errors' in script)) {
    const commands = backquoted ? text.slice(1, -1).replace(/\\([$`\\])/g, '$1') : text.slice(2, -1);
    const { fault } = parseSource(new Source(commands, sub.source.name, 'eval', sub.line));
    if (fault !== undefined) {
      const head = `${sub.source.name}: command substitution: line ${fault.line}: `;
      for (const message of fault.messages) await errorText(sub, `${head}${message}\n`);
      if (fault.shown !== undefined) await errorText(sub, `${head}\`${fault.shown}'\n`);
      return 2;
    }
    sound.add(script);
  }
  return runInside(sub, script, text);
}

/** Texts hold no NUL: bash drops them, with a warning. */
async function clean(shell: Shell, text: string): Promise<string> {
  let out = text;
  if (out.includes('\0')) {
    out = out.replaceAll('\0', '');
    await complain(shell, 'warning: command substitution: ignored null byte in input');
  }
  let end = out.length;
  while (end > 0 && out.charAt(end - 1) === '\n') end--;
  return out.slice(0, end);
}

/** `$(<file)` reads the file itself. */
async function readFileInstead(shell: Shell, script: Script): Promise<string | undefined> {
  const [statement, second] = script.commands;
  if (statement === undefined || second !== undefined) return undefined;
  const { command } = statement;
  if (command.type !== 'Command' || command.name !== undefined || command.prefix.length !== 1) return undefined;
  const redirect = command.redirects[0];
  if (redirect?.type !== 'Redirect' || redirect.operator !== '<') return undefined;
  let overlay;
  try {
    overlay = await prepareRedirects(shell, [redirect]);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    await complain(shell, error.message);
    shell.substitutionStatus = 1;
    return '';
  }
  const file = overlay.get(0);
  const text = file === undefined ? '' : ((await readAll(shell, file)) ?? '');
  shell.substitutionStatus = 0;
  return clean(shell, text);
}

/** `<(…)` and `>(…)`: a pipe to a process that runs beside, by its path. */
export async function substituteProcess(shell: Shell, script: Script, operator: '<' | '>'): Promise<string> {
  const { process } = shell;
  const pipe = process.pipe();
  const [mine, its] = operator === '<' ? [pipe.read, pipe.write] : [pipe.write, pipe.read];
  its.retain();
  let fd = 63;
  while (process.fds.get(fd) !== undefined) fd--;
  // The child must not hold the end that this shell keeps.
  const forked = forkShell(shell, (sub) => runInside(sub, script), {
    overlay: new Map([[operator === '<' ? 1 : 0, its]]),
  });
  its.release();
  if (!forked.ok) {
    await errorText(shell, `${shell.prefix}fork: retry: ${forked.error.message}\n`);
    return '/dev/null';
  }
  process.fds.set(fd, mine);
  shell.substitutions.push(fd);
  shell.lastBackground = forked.value.pid;
  return `/dev/fd/${fd}`;
}
