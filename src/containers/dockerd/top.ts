import { decode } from '../../linux/io/bytes';
import { err, ok, type Result } from '../../sim/result';
import type { ContainerHost } from '../host';
import { Output, OutputFile } from '../shim/output';
import { refuse, type ApiError } from './api-types';
import { cgroupOf, type Container } from './container';
import type { Engine } from './engine';

interface Top {
  readonly Processes: readonly (readonly string[])[];
  readonly Titles: readonly string[];
}

/** `docker top`: the host's own ps, and of its lines those of the container's processes (daemon/top_unix.go). */
export async function topOf(engine: Engine, container: Container, given: string): Promise<Result<Top, ApiError>> {
  const { host } = engine.options;
  const args = given === '' ? '-ef' : given;
  for (const [, key = '', value = ''] of args.matchAll(/\s+([^\s]*)=\s*(PID[^\s]*)/g))
    if (key !== 'pid') return refuse(500, `specifying "${key}=${value}" is not allowed`);
  const group = cgroupOf(container);
  const pids = host.init.host
    .processes(host.init)
    .filter(({ cgroup }) => cgroup === group || cgroup.startsWith(`${group}/`))
    .map(({ pid }) => pid);
  const words = args.split(' ');
  // Some options cannot be with -q: then without it.
  const quick = await runPs(host, [...words, `-q${pids.join(',')}`]);
  const printed = quick.ok ? quick : await runPs(host, words);
  if (!printed.ok) return refuse(500, `ps: ${printed.error}`);
  const parsed = parse(printed.value, new Set(pids));
  if (parsed.ok) engine.tell(container, 'top');
  return parsed;
}

async function runPs(host: ContainerHost, args: readonly string[]): Promise<Result<string, string>> {
  const output = new Output(host.clock);
  const errors = new Output(host.clock);
  let out = '';
  let problem = '';
  output.listen((bytes) => void (out += decode(bytes)));
  errors.listen((bytes) => void (problem += decode(bytes)));
  const fds = new Map([
    [1, new OutputFile('pipe:[ps]', output)],
    [2, new OutputFile('pipe:[ps]', errors)],
  ]);
  const spawned = host.spawn({ file: '/usr/bin/ps', argv: ['ps', ...args], fds });
  if (!spawned.ok) return err(`exec: "ps": executable file not found in $PATH`);
  const status = await spawned.value.wait();
  if (status.kind === 'exited' && status.code === 0) return ok(out);
  const [line = ''] = problem.split('\n');
  return err(line === '' ? `exit status ${status.kind === 'exited' ? status.code : 1}` : line);
}

const fieldsOf = (line: string): readonly string[] => line.split(/[\t\n\f\r ]+/).filter((field) => field !== '');

/** What overhangs belongs to the last column. */
function parse(text: string, pids: ReadonlySet<number>): Result<Top, ApiError> {
  const [head = '', ...lines] = text.split('\n');
  const titles = fieldsOf(head);
  const at = titles.indexOf('PID');
  if (at < 0) return refuse(500, "Couldn't find PID field in ps output");
  const processes: (readonly string[])[] = [];
  let before = false;
  for (const line of lines) {
    if (line === '') continue;
    const fields = fieldsOf(line);
    const field = fields[at] ?? '';
    const row = [...fields.slice(0, titles.length - 1), fields.slice(titles.length - 1).join(' ')];
    if (field === '-') {
      // A thread of the process above.
      if (before) processes.push(row);
      continue;
    }
    if (!/^\d+$/.test(field))
      return refuse(500, `Unexpected pid '${field}': strconv.Atoi: parsing ${JSON.stringify(field)}: invalid syntax`);
    before = pids.has(Number(field));
    if (before) processes.push(row);
  }
  return ok({ Processes: processes, Titles: titles });
}
