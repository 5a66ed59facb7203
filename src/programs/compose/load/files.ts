import type { Process } from '../../../linux/process/types';
import { parseDotenv } from './dotenv';
import type { Reading } from './model';
import { absolute } from './paths';
import { LoadError } from './value';
import { dirname, join } from './volumes';

const names = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const overrides = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

const homeOf = ({ env }: Process): string => env.get('HOME') ?? '/root';

/** Reading files as the process may. */
export function reading(process: Process, warn: (message: string) => void): Reading {
  const { fs } = process;
  const isFile = (path: string): boolean => {
    const stat = fs.stat(path);
    return stat.ok && stat.value.type !== 'directory';
  };
  const readFile = (path: string): string => {
    const text = fs.readText(path);
    if (text.ok) return text.value;
    const call = text.error.code === 'EISDIR' ? 'read' : 'open';
    throw new LoadError(`${call} ${path}: ${lower(text.error.message)}`);
  };
  return {
    readFile,
    isFile,
    warn,
    home: homeOf(process),
    readEnvFiles(paths, lookup) {
      const all = new Map<string, string>();
      for (const path of paths) {
        const stat = fs.stat(path);
        if (!stat.ok) throw new LoadError(`couldn't find env file: ${path}`);
        if (stat.value.type === 'directory') throw new LoadError(`${path} is a directory`);
        try {
          for (const [key, value] of parseDotenv(readFile(path), (name) => lookup(name) ?? all.get(name), warn))
            all.set(key, value);
        } catch (error) {
          if (error instanceof LoadError) throw new LoadError(`failed to read ${path}: ${error.message}`);
          throw error;
        }
      }
      return all;
    },
  };
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** The folder that relative paths start from. */
export function workingFolder(process: Process, directory: string | undefined, files: readonly string[]): string {
  if (directory !== undefined) return directory;
  const first = files.find((file) => file !== '-');
  return first === undefined ? process.cwd : dirname(absolute(first, process.cwd, homeOf(process)));
}

/** The compose files: those given, those of COMPOSE_FILE, or the usual names here or in a folder above. */
export function findFiles(
  process: Process,
  given: readonly string[],
  directory: string | undefined,
  environment: ReadonlyMap<string, string>,
  warn: (message: string) => void,
): readonly string[] {
  if (given.length > 0) return given;
  const { fs } = process;
  const variable = environment.get('COMPOSE_FILE');
  if (variable !== undefined) {
    const paths = variable.split(environment.get('COMPOSE_PATH_SEPARATOR') || ':');
    return paths.map((path) => {
      const full = path === '-' ? path : absolute(path, process.cwd, homeOf(process));
      if (full !== '-' && !fs.stat(full).ok) throw new LoadError(`stat ${full}: no such file or directory`);
      return full;
    });
  }
  for (let folder = workingFolder(process, directory, []); ; folder = dirname(folder)) {
    const existing = (candidates: readonly string[]): readonly string[] =>
      candidates.map((name) => join(folder, name)).filter((path) => fs.stat(path).ok);
    const found = existing(names);
    const [main] = found;
    if (main !== undefined) {
      if (found.length > 1) {
        warn(`Found multiple config files with supported names: ${found.join(', ')}`);
        warn(`Using ${main}`);
      }
      const [over, ...more] = existing(overrides);
      if (over !== undefined && more.length > 0) {
        warn(`Found multiple override files with supported names: ${[over, ...more].join(', ')}`);
        warn(`Using ${over}`);
      }
      return over === undefined ? [main] : [main, over];
    }
    if (folder === dirname(folder)) return [];
  }
}
