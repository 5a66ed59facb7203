import { lab } from '../../containers/testing/lab';
import { programs } from './index';

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** Runs python3 with these arguments on a host of its own: what it printed and its status. */
export async function runPython(args: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const { host, clock } = lab(programs);
  for (const folder of ['/usr/local/lib/python3.12/site-packages', '/app', '/tmp']) host.fs.mkdirAll(folder);
  for (const [path, text] of Object.entries(files)) {
    host.fs.mkdirAll(path.replace(/\/[^/]*$/, ''));
    host.fs.writeFile(path, text);
  }
  for (const name of ['out', 'err']) host.fs.writeFile(`/tmp/${name}`, '');
  const out = host.fs.open('/tmp/out', { write: true });
  const err = host.fs.open('/tmp/err', { write: true });
  const empty = host.fs.open('/dev/null', { read: true });
  const main = programs['python3'];
  if (!out.ok || !err.ok || !empty.ok || main === undefined) throw new Error('the host has no disk');
  const child = host.spawn({
    file: main,
    argv: ['python3', ...args],
    cwd: '/app',
    fds: new Map([
      [0, empty.value],
      [1, out.value],
      [2, err.value],
    ]),
  });
  if (!child.ok) throw new Error(child.error.message);
  let status = -1;
  void child.value.wait().then((ended) => {
    status = ended.kind === 'exited' ? ended.code : 255;
  });
  await clock.runUntil(() => status >= 0, { limit: 60_000 });
  const read = (path: string): string => {
    const text = host.fs.readText(path);
    return text.ok ? text.value : '';
  };
  return { stdout: read('/tmp/out'), stderr: read('/tmp/err'), status };
}
