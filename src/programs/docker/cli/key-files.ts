import type { Process } from '../../../linux/process/types';
import { bad } from './container-options';

/** Lines of `--env-file` or `--label-file`, and what flags add to them; a variable without a value is the caller's. */
export function readKeyValues(
  process: Process,
  files: readonly string[],
  given: readonly string[],
  fromEnvironment: boolean,
): readonly string[] {
  const entries = files.flatMap((path) => readKeyFile(process, path, fromEnvironment));
  if (!fromEnvironment) return [...entries, ...given];
  const own = given.map((entry) => {
    const value = entry.includes('=') ? undefined : process.env.get(entry);
    return value === undefined ? entry : `${entry}=${value}`;
  });
  return [...entries, ...own];
}

/** docker/cli pkg/kvfile. */
function readKeyFile(process: Process, path: string, fromEnvironment: boolean): readonly string[] {
  const read = process.fs.readText(path);
  if (!read.ok) {
    const what = read.error.code === 'EISDIR' ? `read ${path}` : `open ${path}`;
    throw bad(`${what}: ${read.error.message.charAt(0).toLowerCase()}${read.error.message.slice(1)}`);
  }
  const wrong = (why: string) => bad(`invalid env file (${path}): ${why}`);
  return read.value
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line) => line.replace(/\r$/, '').trimStart())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => {
      const equals = line.indexOf('=');
      const key = equals < 0 ? line : line.slice(0, equals);
      if (key === '') throw wrong(`no variable name on line '${line}'`);
      if (/[ \t]/.test(key)) throw wrong(`variable '${key}' contains whitespaces`);
      if (equals >= 0) return [line];
      const value = fromEnvironment ? process.env.get(key) : undefined;
      return value === undefined ? [] : [`${key}=${value}`];
    });
}
