import { GitError } from './error';
import type { Git } from './git';

/** What git_editor() takes, in order. */
function editorOf({ process: { env }, config }: Git): string {
  return env.get('GIT_EDITOR') ?? config.get('core.editor') ?? env.get('VISUAL') ?? env.get('EDITOR') ?? 'vi';
}

/** Lets the user change a file's text in the editor of their choice. */
export async function edit(git: Git, path: string, text: string): Promise<string> {
  git.fs.writeFile(path, text);
  const editor = editorOf(git);
  await git.flush();
  const status = await runShell(git, `${editor} "$@"`, [path], editor);
  if (status !== 0) {
    throw new GitError(
      `error: There was a problem with the editor '${editor}'.\nPlease supply the message using either -m or -F option.`,
      1,
      '',
    );
  }
  const edited = git.fs.readText(path);
  return edited.ok ? edited.value : '';
}

/** Runs a line of shell with arguments; its exit status. */
export async function runShell(git: Git, line: string, args: readonly string[], name: string): Promise<number> {
  const { process } = git;
  const child = process.spawn({
    file: process.which('sh') ?? '/bin/sh',
    argv: ['sh', '-c', line, name, ...args],
    env: process.env,
    cwd: git.cwd,
  });
  if (!child.ok) return 127;
  const status = await child.value.wait();
  return status.kind === 'exited' ? status.code : 128;
}
