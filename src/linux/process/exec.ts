import { ok } from '../../sim/result';
import { fail, type Sys } from '../errno';
import { decode } from '../io/bytes';
import { afterSetId } from './credentials';
import { programOf } from './executable';
import type { Task } from './task';
import type { Program } from './types';

/** What exec found behind a path. */
export interface Executable {
  readonly program: Program;
  readonly name: string;
  readonly comm: string;
  readonly argv: readonly string[];
  /** The file itself, as /proc/<pid>/exe shows it. */
  readonly path: string;
  /** Owners that the file's set-id bits make of its user. */
  readonly setUid?: number | undefined;
  readonly setGid?: number | undefined;
}

/** BINPRM_BUF_SIZE. */
const HEAD = 256;
const MAX_SCRIPTS = 4;

/** What `execve(path, argv)` would run, `#!` lines followed. */
export function lookupExecutable(task: Task, path: string, argv: readonly string[], depth = 0): Sys<Executable> {
  const found = task.fs.executable(path, HEAD);
  if (!found.ok) return found;
  const { head, setUid, setGid } = found.value;
  const name = programOf(head);
  const comm = (path.split('/').at(-1) ?? path).slice(0, 15);
  if (name !== undefined) {
    const program = task.kernel.options.programs.get(name);
    if (program === undefined) return fail('ENOEXEC');
    return ok({ program, name, comm, argv, path, setUid, setGid });
  }
  const script = interpreterOf(head);
  if (script === undefined) return fail('ENOEXEC');
  if (depth >= MAX_SCRIPTS) return fail('ELOOP');
  const args = [script.interpreter, ...(script.argument === undefined ? [] : [script.argument]), path];
  const interpreter = lookupExecutable(task, script.interpreter, [...args, ...argv.slice(1)], depth + 1);
  return interpreter.ok ? ok({ ...interpreter.value, comm }) : interpreter;
}

/** `#! interpreter [argument]` (execve(2)): all after the first blank is one argument. */
function interpreterOf(head: Uint8Array): { readonly interpreter: string; readonly argument?: string } | undefined {
  if (head[0] !== 0x23 || head[1] !== 0x21) return undefined;
  const [line = ''] = decode(head.subarray(2)).split('\n', 1);
  const match = /^\s*(\S+)\s*(.*?)\s*$/.exec(line);
  if (match?.[1] === undefined) return undefined;
  return match[2] === undefined || match[2] === ''
    ? { interpreter: match[1] }
    : { interpreter: match[1], argument: match[2] };
}

/** begin_new_exec(): name, arguments, and the file's owner where it says so. */
export function become(task: Task, { argv, comm, name, path, setUid, setGid }: Executable): void {
  task.argv = argv;
  task.comm = comm;
  task.executable = name;
  task.exe = path;
  task.kernelCredentials = afterSetId(task.kernelCredentials, setUid, setGid);
}

/** execve(2): from now on the process runs that. */
export function exec(
  task: Task,
  file: string,
  argv: readonly string[],
  env: ReadonlyMap<string, string> | undefined,
): Sys<void> {
  const found = lookupExecutable(task, file, argv);
  if (!found.ok) return found;
  if (env !== undefined) task.env = new Map(env);
  become(task, found.value);
  task.signals.afterExec();
  task.kernel.run(task, found.value.program);
  return ok(undefined);
}

/** Looks a command up along the process's PATH. */
export function which(task: Task, command: string): string | undefined {
  if (command.includes('/')) return isExecutable(task, command) ? command : undefined;
  for (const folder of (task.env.get('PATH') ?? '/bin:/usr/bin').split(':')) {
    const path = `${folder === '' ? '.' : folder}/${command}`;
    if (isExecutable(task, path)) return path;
  }
  return undefined;
}

function isExecutable({ fs }: Task, path: string): boolean {
  const stat = fs.stat(path);
  return stat.ok && stat.value.type === 'file' && fs.access(path, { execute: true }).ok;
}
