/** Our part of the standard library, in Python; loaded with the first program. */
const files = import.meta.glob<string>('./lib/**/*.py', { eager: true, query: '?raw', import: 'default' });

/** By path below the library's folder, as `os.py` or `http/server.py`. */
export const library: ReadonlyMap<string, string> = new Map(
  Object.entries(files).map(([path, text]) => [path.slice('./lib/'.length), text]),
);
