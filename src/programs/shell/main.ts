import type { Process, SignalName } from '../../linux/process/types';
import { interact } from './editor/repl';
import { saveHistory } from './builtins/history';
import { helpText, usageText, versionText } from './main/help-text';
import { readStartupFiles } from './main/startup';
import { parseCommandLine, type CommandLine } from './main/command-line';
import { importEnvironment } from './main/environment';
import { signalNames } from './jobs/signals';
import { JobTable } from './jobs/table';
import { Source } from './parse/source';
import { finish } from './run/fork';
import { errorText, writeTo } from './run/io';
import { readScript } from './run/script';
import { interpreter } from './run/interpreter';
import { runInput } from './run/input';
import { searchPath } from './run/external';
import { Shell, type Dialect } from './shell';
import { declareDynamic } from './state/dynamic';

/** A shell as a process: what stands between `main` and `exit`. */
export async function shellMain(process: Process, dialect: Dialect): Promise<number> {
  const line = parseCommandLine(process.argv, dialect);
  const { name } = line;
  const started = line.command ?? line.script;
  const shellName = (line.command === undefined ? line.script : line.rest[0]) ?? name;
  const kind = line.command !== undefined ? 'command' : started === undefined ? 'stdin' : 'file';
  const source = new Source('', shellName, kind);
  const shell = new Shell({ process, interpreter, dialect, name: shellName, source }, new JobTable());
  if (line.fault !== undefined) {
    await errorText(
      shell,
      `${name}: ${line.fault}\n${line.fault.endsWith('invalid option') && dialect === 'bash' ? usageText(name) : ''}`,
    );
    return 2;
  }
  if (line.version) {
    await writeTo(shell, 1, versionText);
    return 0;
  }
  if (line.help) {
    await writeTo(shell, 1, helpText(name));
    return 0;
  }
  declareDynamic(shell);
  importEnvironment(shell);
  for (const [option, on] of line.options) shell.options.change(option, on);
  for (const [option, on] of line.shopts) shell.options.shopt(option, on);
  shell.options.shopt('login_shell', line.login);
  const { fds } = process;
  const typed = line.command === undefined && line.script === undefined;
  const atTerminal = typed && fds.get(0)?.kind === 'tty' && fds.get(2)?.kind === 'tty';
  shell.interactive = line.interactive || atTerminal;
  shell.typedTo = shell.interactive;
  if (!shell.interactive) shell.deaf = ignoredSignals(process);
  return finish(shell, async () => {
    if (shell.interactive) prepareInteractive(shell);
    await readStartupFiles(shell, line);
    try {
      return await run(shell, line);
    } finally {
      if (shell.interactive && shell.dialect === 'bash') saveHistory(shell);
    }
  });
}

async function run(shell: Shell, line: CommandLine): Promise<number> {
  const { process } = shell;
  if (line.command !== undefined) {
    shell.positional = line.rest.slice(1);
    if (shell.dialect === 'bash') shell.variables.define('BASH_EXECUTION_STRING', line.command);
    // The kind tells `$-` and messages that this came from -c.
    const source = new Source(line.command, shell.name, 'command');
    return shell.interpreter.source(shell, source, { last: true });
  }
  if (line.script !== undefined) {
    const path = scriptPath(shell, line.script);
    const stat = process.fs.stat(path);
    if (!stat.ok) {
      const text = shell.dialect === 'bash' ? stat.error.message : `cannot open ${line.script}: No such file`;
      await errorText(
        shell,
        shell.dialect === 'bash' ? `${line.name}: ${line.script}: ${text}\n` : `${line.name}: 0: ${text}\n`,
      );
      return shell.dialect === 'bash' ? 127 : 2;
    }
    shell.positional = line.rest;
    shell.runsScript = true;
    const text = await readScript(shell, path);
    if (text === undefined) return 126;
    if (text.slice(0, 80).split('\n')[0]?.includes('\0') === true) {
      await errorText(shell, `${line.script}: ${line.script}: cannot execute binary file\n`);
      return 126;
    }
    return shell.interpreter.source(shell, new Source(text, line.script, 'file'));
  }
  shell.positional = line.rest;
  if (shell.interactive && process.fds.get(0)?.kind === 'tty') return interact(shell);
  return runInput(shell);
}

/** A script without a slash that is not here is looked for along PATH. */
function scriptPath(shell: Shell, script: string): string {
  if (script.includes('/') || shell.process.fs.stat(script).ok) return script;
  return searchPath(shell, script)[0] ?? script;
}

const ignoredSignals = ({ signals }: Process): ReadonlySet<SignalName> =>
  new Set(signalNames.filter((signal) => signals.disposition(signal) === 'ignore'));

/** Job control, history, aliases: what a shell that a person types to has. */
function prepareInteractive(shell: Shell): void {
  const { options, process } = shell;
  options.shopt('expand_aliases', true);
  for (const option of ['emacs', 'history', 'histexpand'] as const) options.change(option, true);
  if (process.tty !== undefined && process.fds.get(0)?.kind === 'tty') {
    options.change('monitor', true);
    shell.jobControl = true;
  }
  const { signals } = process;
  signals.handle('SIGINT', () => {
    shell.interrupted = true;
  });
  signals.handle('SIGHUP', () => {
    shell.terminating = 'SIGHUP';
  });
  // A shell that controls jobs must outlive what stops or ends them. Handled, not ignored: children start with defaults.
  for (const signal of ['SIGTERM', 'SIGQUIT', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'] as const)
    signals.handle(signal, () => undefined);
}
