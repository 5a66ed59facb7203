import { err, ok, type Result } from '../../sim/result';
import type { FileSystem } from '../../linux/fs/types';

/**
 * Go's exec.LookPath as runc init uses it, inside the container: the path to execute, or the text that every user of
 * containers has seen.
 */
export function lookPath(fs: FileSystem, command: string, path: string): Result<string, string> {
  if (command.includes('/')) {
    const problem = findExecutable(fs, command);
    return problem === undefined ? ok(command) : err(`exec: ${JSON.stringify(command)}: ${problem}`);
  }
  for (const folder of path.split(':')) {
    const file = folder === '' ? command : `${folder}/${command}`;
    if (findExecutable(fs, file) === undefined) return ok(file);
  }
  return err(`exec: ${JSON.stringify(command)}: executable file not found in $PATH`);
}

function findExecutable(fs: FileSystem, file: string): string | undefined {
  const stat = fs.stat(file);
  if (!stat.ok) return `stat ${file}: ${lower(stat.error.message)}`;
  if (stat.value.type === 'directory') return 'is a directory: permission denied';
  if ((stat.value.mode & 0o111) === 0) return 'permission denied';
  const access = fs.access(file, { execute: true });
  return access.ok ? undefined : lower(access.error.message);
}

/** Go prints errno texts in lower case. */
export const lower = (message: string): string => message.charAt(0).toLowerCase() + message.slice(1);

/** docker and the kubelet derive the exit status from runc's text: 127 not found, 126 not executable. */
export function startExitCode(message: string): number {
  if (/executable file not found|no such file or directory|system cannot find/.test(message)) return 127;
  if (/permission denied|not a directory|is a directory/.test(message)) return 126;
  return 128;
}
